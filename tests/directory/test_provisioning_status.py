"""The state of provisioning, by its table."""

from datetime import timedelta
from itertools import product

import pytest

from netpresenter_next.directory import provisioning_status
from netpresenter_next.directory.provisioning_status import Facts, State, find_state
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.scim_models import ScimCycle

PRESENT = now()
AGES = [None, 0, 1.99, 2, 25.9, 26, 24 * 100]


def ago(hours):
    return None if hours is None else PRESENT - timedelta(hours=hours)


def expected(facts):
    """The table again, as a list of conditions; the first that holds decides."""
    last, rejected = facts.last_contact, facts.rejected_at
    hours = None if last is None else (PRESENT - last) / timedelta(hours=1)
    rows = [
        (not facts.is_enabled, State.OFF),
        (last is None and rejected is None, State.WAITING),
        (not facts.has_active_token, State.REJECTED),
        (last is None, State.REJECTED),
        (rejected is not None and rejected > (last or PRESENT), State.REJECTED),
        (facts.failing_since is not None, State.FAILING),
        (hours is not None and hours < 2, State.CONNECTED),
        (hours is not None and hours < 26, State.QUIET),
        (True, State.NO_CONTACT),
    ]
    return next(state for holds, state in rows if holds)


def test_every_combination_has_the_state_of_the_table():
    found = set()
    for enabled, active, last, rejected, failing in product(
        (True, False), (True, False), AGES, AGES, (None, 3)
    ):
        facts = Facts(
            enabled, active, ago(last), ago(rejected), ago(rejected), ago(failing)
        )
        state = find_state(facts, PRESENT)
        assert state is expected(facts), facts
        found.add(state)
    assert found == set(State)


def test_silence_alone_is_never_an_error():
    for hours in AGES[1:]:
        facts = Facts(True, True, ago(hours), None, None, None)
        assert find_state(facts, PRESENT) in (
            State.CONNECTED,
            State.QUIET,
            State.NO_CONTACT,
        )


def cycle(hours, writes=0, refused=0):
    return ScimCycle(started_at=ago(hours), writes=writes, refused=refused)


@pytest.mark.parametrize(
    ("cycles", "since"),
    [
        ([], None),
        ([cycle(1)], None),
        ([cycle(1, writes=2, refused=1)], None),
        ([cycle(1, refused=2)], 1),
        ([cycle(1), cycle(2, refused=2), cycle(3, refused=1), cycle(4, writes=1)], 3),
        ([cycle(1, writes=1), cycle(2, refused=2)], None),
    ],
)
def test_failing_begins_with_the_first_cycle_in_which_all_was_refused(cycles, since):
    assert provisioning_status.find_failing_since(cycles) == ago(since)
