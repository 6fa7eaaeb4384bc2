"""What people see about themselves on the home page."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    colleague_settings,
    colleague_views,
    colleagues,
    identity_matching,
    role_mappings,
    sessions,
)
from netpresenter_next.directory.colleague_views import (
    MOBILE,
    SHOWN_TYPES,
    Colleague,
    Number,
    is_number_shown,
)
from netpresenter_next.directory.colleagues import MOST_GROUPS, Absence, NamedRow
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, User
from netpresenter_next.storage.sign_in_models import Identity


class OwnNumber(NamedTuple):
    """A telephone number, and whether colleagues see it."""

    number: Number
    is_shown: bool


class OwnGroup(NamedTuple):
    """A group of the person, and whether a role mapping belongs to it."""

    id: str
    name: str
    is_mapped: bool


class OwnProfile(NamedTuple):
    """The profile of the signed-in person."""

    colleague: Colleague
    numbers: Sequence[OwnNumber]
    manager: NamedRow | None
    # At most one more than ``MOST_GROUPS``.
    groups: Sequence[OwnGroup]
    # Why colleagues do not see the person, if so.
    absence: Absence | None
    identity: Identity | None
    other_sessions: int
    # Is there a mobile number that colleagues would see?
    may_hide_mobile: bool


def read(connection: Connection, user: User) -> OwnProfile:
    """Return the profile of a signed-in person."""
    settings = colleague_settings.read(connection)
    shown = settings.shown_numbers
    hides_mobile = user.hides_mobile
    numbers = colleague_views.list_numbers(user.document)
    managers = colleagues.list_managers(connection, user.id)
    return OwnProfile(
        colleague=colleague_views.describe(user, shown),
        numbers=[
            OwnNumber(each, is_number_shown(each, shown, hides_mobile=hides_mobile))
            for each in numbers
        ],
        may_hide_mobile=MOBILE in SHOWN_TYPES[shown]
        and (hides_mobile or any(each.type == MOBILE for each in numbers)),
        manager=managers[0] if managers else None,
        groups=_list_groups(connection, user.id),
        absence=colleagues.find_absence(colleagues.facts_of(user, settings)),
        identity=identity_matching.find_identity(connection, user.id),
        other_sessions=max(sessions.count_for_person(connection, user.id) - 1, 0),
    )


def _list_groups(connection: Connection, user_id: str) -> Sequence[OwnGroup]:
    query = (
        select(GROUPS.c.id, GROUPS.c.display_name, role_mappings.is_mapped(GROUPS.c.id))
        .join(MEMBERSHIPS, MEMBERSHIPS.c.group_id == GROUPS.c.id)
        .where(MEMBERSHIPS.c.user_id == user_id)
        .order_by(GROUPS.c.shown_name_key, GROUPS.c.id)
        .limit(MOST_GROUPS + 1)
    )
    return [OwnGroup(*row) for row in connection.execute(query)]
