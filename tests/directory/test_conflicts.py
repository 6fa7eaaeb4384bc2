"""Identity conflicts: which are closed, and which stay open."""

import pytest
from sqlalchemy import select

from factories import ENTRA
from netpresenter_next.directory import conflicts
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.identity_models import CONFLICTS

# In this order, so that a comparison other than "equal" closes too many.
ACCOUNTS = [f"{digit}000aaaa-1111-2222-3333-444444444444" for digit in "123"]


@pytest.fixture
def open_for(rows):
    """Returns the Microsoft accounts that have caused an open conflict."""
    account = CONFLICTS.c.claimant_object_id
    return lambda: [each[0] for each in rows(select(account).order_by(account))]


@pytest.mark.parametrize(
    ("close", "reason"),
    [
        (conflicts.close_caused_before_link, Reason.UNCONFIRMED),
        (conflicts.close_with_local_accounts, Reason.LOCAL_USER_NAME),
    ],
)
def test_closing_the_conflicts_of_an_account_leaves_those_of_others(
    app, people, open_for, close, reason
):
    with app.app_context(), database.write() as connection:
        for each in ACCOUNTS:
            conflict = DetectedConflict(
                people.ada, reason, each, "jane@example.org", each
            )
            conflicts.open_(connection, conflict, ENTRA)
        close(connection, ACCOUNTS[1], ENTRA)
    assert open_for() == [ACCOUNTS[0], ACCOUNTS[2]]


def test_an_object_id_that_is_shared_no_more_is_no_conflict(people, open_for):
    shared, other = ACCOUNTS[:2]
    people.provisioned("jane@example.org", externalId=shared)
    karin = people.provisioned("karin@example.org", externalId=shared)
    assert open_for() == [shared, shared]
    people.change(karin, externalId=other)
    assert open_for() == []
