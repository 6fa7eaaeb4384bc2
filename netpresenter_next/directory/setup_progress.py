"""The steps of setting Microsoft Entra ID up, and which of them have been done."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, Table, func, select

from netpresenter_next.directory import (
    force_switch,
    provisioning_settings,
    scim_traffic,
)
from netpresenter_next.storage.choices import Role
from netpresenter_next.storage.ids import first_id_at
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import (
    GROUPS,
    SCIM_TOKENS,
    USERS,
    is_visible,
    is_visible_group,
)
from netpresenter_next.storage.sign_in_models import IDENTITIES


class Step(StrEnum):
    """A step, in the order in which an administrator takes them."""

    COPY_URL = "copy_url"
    TEST_CONNECTION = "test_connection"
    FIRST_PERSON = "first_person"
    FIRST_GROUP = "first_group"
    ADMINISTRATOR_SIGN_IN = "administrator_sign_in"
    FORCE_POSSIBLE = "force_possible"


class Progress(NamedTuple):
    """A step, whether it is done, and when that was, if it is known."""

    step: Step
    is_done: bool
    at: datetime | None = None


def list_progress(connection: Connection, installation: Installation) -> list[Progress]:
    """Return all steps.

    What came later proves what must have come before: after the first person there was
    a connection, although the record of its test may have been deleted since.
    """
    conditions = force_switch.check_conditions(connection, installation)
    may_force = all(each.is_met for each in conditions)
    administrator = _find_connected_administrator(connection)
    person, group = _find_first(connection, USERS), _find_first(connection, GROUPS)
    probe = scim_traffic.find_first_probe(connection)
    copied = provisioning_settings.read(connection).url_copied_at
    is_provisioned = person is not None or group is not None
    is_tested = probe is not None or is_provisioned
    return [
        Progress(Step.COPY_URL, copied is not None or is_tested, copied),
        Progress(Step.TEST_CONNECTION, is_tested, probe),
        Progress(Step.FIRST_PERSON, person is not None, person),
        Progress(Step.FIRST_GROUP, group is not None, group),
        Progress(Step.ADMINISTRATOR_SIGN_IN, administrator is not None, administrator),
        Progress(Step.FORCE_POSSIBLE, may_force),
    ]


def _find_first(connection: Connection, table: Table) -> datetime | None:
    """Return when the first person or group arrived that SCIM sees.

    Not when a local account was created that provisioning has taken over since: that
    was before there was a token, as a rule.
    """
    arrived = select(table.c.created_at).order_by(table.c.id).limit(1)
    arrived = arrived.where(is_visible() if table is USERS else is_visible_group())
    at: datetime | None = None
    connected_at = connection.scalar(select(func.min(SCIM_TOKENS.c.created_at)))
    if connected_at is not None:
        later = arrived.where(table.c.id >= first_id_at(connected_at))
        at = connection.scalar(later)
    return at or connection.scalar(arrived)


def _find_connected_administrator(connection: Connection) -> datetime | None:
    administrators = (
        select(IDENTITIES.c.linked_at)
        .join(USERS)
        .where(USERS.c.role == Role.ADMINISTRATOR)
    )
    first = administrators.order_by(IDENTITIES.c.linked_at).limit(1)
    at: datetime | None = connection.scalar(first)
    return at
