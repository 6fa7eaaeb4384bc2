"""Lists of people by source, status, role and what needs attention.

Each filter is read from an index, so a page costs the same however many people there
are, and whichever filters are combined.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    String,
    and_,
    literal_column,
    or_,
    select,
    text,
    true,
)

from netpresenter_next.directory import shut_out
from netpresenter_next.directory.shut_out import SignInRules
from netpresenter_next.directory.sorted_lists import (
    IndexedRows,
    MergedRows,
    PeopleByAge,
    SortedRows,
    load_rows,
)
from netpresenter_next.storage.choices import Reason, Role, Source
from netpresenter_next.storage.identity_models import CONFLICTS, MARKED
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.statements import list_of
from netpresenter_next.storage.totals import MOST_COUNTED, count_some


class Mark(StrEnum):
    """What needs attention about somebody, as addresses of pages name it."""

    GUEST = "guest"
    # No Microsoft account is linked with a person whom provisioning may see.
    NEVER_MICROSOFT = "never-microsoft"
    # Neither a password nor a Microsoft account, nor an object ID to find one by.
    NO_METHOD = "no-method"
    CONFLICT = "conflict"
    NO_OBJECT_ID = "no-object-id"
    SHARED_OBJECT_ID = "shared-object-id"
    # Here as a person of Microsoft Entra ID, and never created or changed by it.
    UNSENT = "unsent"
    # Everybody who cannot sign in, for whatever reason.
    CANNOT_SIGN_IN = "cannot-sign-in"


# The conditions, spelled like those of the indexes that have these people.
_MARKED: Mapping[Mark, str] = {
    Mark.GUEST: MARKED["ix_users_guests"],
    Mark.NEVER_MICROSOFT: MARKED["ix_users_never_microsoft"],
    Mark.NO_METHOD: MARKED["ix_users_without_method"],
    Mark.NO_OBJECT_ID: MARKED["ix_users_without_object_id"],
    Mark.UNSENT: MARKED["ix_users_unsent"],
}
_ADMINISTRATORS = MARKED["ix_users_listed_administrators"]
# The sign + keeps SQLite from using an index for the column.
_UNINDEXED_SOURCE = literal_column("+users.source", String)
MAY_ENTER = (True, False)
_STATUSES = (MAY_ENTER, (True, True), (False, False), (False, True))


@dataclass(frozen=True)
class Filter:
    """Which people to list; empty collections and None are all of them."""

    sources: Collection[Source] = ()
    # Is somebody active, and are they blocked?
    statuses: Collection[tuple[bool, bool]] = ()
    role: Role | None = None
    mark: Mark | None = None
    # By which somebody can sign in or not; only one mark needs them, and it has to have
    # them: other rules than the present ones would choose the wrong people.
    rules: SignInRules | None = None

    def __post_init__(self) -> None:
        if self.mark is Mark.CANNOT_SIGN_IN:
            self.require_rules()

    @property
    def is_empty(self) -> bool:
        """Does it choose everybody?"""
        return not (self.sources or self.statuses or self.role or self.mark)

    def require_rules(self) -> SignInRules:
        """Return the rules; raises ValueError if there are none."""
        if self.rules is None:
            raise ValueError(f"{Mark.CANNOT_SIGN_IN} needs the rules of signing in.")
        return self.rules


def list_people(connection: Connection, chosen: Filter) -> SortedRows:
    """Return the people of a filter, by name.

    Of more than ``MOST_COUNTED`` in conflict, or administrators with a mark, only some
    are compared with further filters; ``leaves_out_some`` says so.
    """
    if chosen.is_empty:
        return IndexedRows(connection, USERS)
    if chosen.mark in (Mark.CONFLICT, Mark.SHARED_OBJECT_ID):
        return _list_in_conflict(connection, chosen)
    if chosen.mark is not None and chosen.role is Role.ADMINISTRATOR:
        administrators = select(USERS.c.id).where(text(_ADMINISTRATORS))
        found = connection.scalars(administrators.limit(MOST_COUNTED)).all()
        return list_found(connection, found, chosen)
    if chosen.mark is Mark.CANNOT_SIGN_IN:
        return _list_shut_out(connection, chosen)
    return IndexedRows(connection, USERS, _list_kinds(chosen))


def leaves_out_some(connection: Connection, chosen: Filter) -> bool:
    """May people be missing in the list, because only some were compared?"""
    if chosen.mark in (Mark.CONFLICT, Mark.SHARED_OBJECT_ID):
        is_alone = not (chosen.sources or chosen.statuses or chosen.role)
        found = count_some(connection, _select_in_conflict(chosen.mark))
        return found > MOST_COUNTED and not is_alone
    if chosen.mark is not None and chosen.role is Role.ADMINISTRATOR:
        administrators = select(USERS.c.id).where(text(_ADMINISTRATORS))
        return count_some(connection, administrators) > MOST_COUNTED
    if chosen.mark is Mark.CANNOT_SIGN_IN:
        return shut_out.find_ids(connection, chosen.require_rules())[1]
    return False


def _list_shut_out(connection: Connection, chosen: Filter) -> SortedRows:
    """Return who is disabled or blocked, and who cannot sign in for other reasons."""
    statuses = chosen.statuses or _STATUSES
    outside = [each for each in statuses if each != MAY_ENTER]
    plain = replace(chosen, mark=None, statuses=outside)
    parts: list[SortedRows] = []
    if outside:
        parts.append(IndexedRows(connection, USERS, _list_kinds(plain)))
    if MAY_ENTER in statuses:
        found, _ = shut_out.find_ids(connection, chosen.require_rules())
        parts.append(list_found(connection, found, replace(chosen, statuses=[])))
    return MergedRows(parts)


def list_found(
    connection: Connection, user_ids: Sequence[str], chosen: Filter
) -> SortedRows:
    """Return those of some people, at most ``MOST_COUNTED``, whom a filter chooses."""
    query = select(USERS.c.shown_name_key, USERS.c.id)
    query = query.where(USERS.c.id.in_(list_of("ids"))).params(ids=list(user_ids))
    return load_rows(connection, query.where(*_list_conditions(chosen)))


def _list_kinds(chosen: Filter) -> Sequence[ColumnElement[bool]]:
    """Return a condition for each kind of people, which an index has by name."""
    more: list[ColumnElement[bool]] = []
    if chosen.mark is not None:
        more.append(_spell(_MARKED[chosen.mark], uses_index=True))
    if chosen.role is not None:
        condition = f"role = '{chosen.role.value}'"
        more.append(_spell(condition, uses_index=condition == _ADMINISTRATORS))
    return [
        and_(
            USERS.c.source == source,
            USERS.c.active == active,
            USERS.c.is_blocked == is_blocked,
            *more,
        )
        for source in chosen.sources or Source
        for active, is_blocked in chosen.statuses or _STATUSES
    ]


def _spell(condition: str, *, uses_index: bool) -> ColumnElement[bool]:
    """Return a condition; the sign + keeps SQLite from using an index for it."""
    terms = condition.split(" AND ")
    return and_(true(), *(text(each if uses_index else f"+{each}") for each in terms))


def _list_conditions(chosen: Filter) -> list[ColumnElement[bool]]:
    """Return the conditions of a filter for people who are found by their ids."""
    conditions: list[ColumnElement[bool]] = []
    if chosen.sources:
        conditions.append(_UNINDEXED_SOURCE.in_(chosen.sources))
    if chosen.statuses:
        each_status = (
            _spell(
                f"active = {active:d} AND is_blocked = {is_blocked:d}",
                uses_index=False,
            )
            for active, is_blocked in chosen.statuses
        )
        conditions.append(or_(*each_status))
    if chosen.role is not None:
        conditions.append(_spell(f"role = '{chosen.role.value}'", uses_index=False))
    if chosen.mark is Mark.CANNOT_SIGN_IN:
        conditions.append(shut_out.is_shut_out(chosen.require_rules()))
    elif condition := chosen.mark and _MARKED.get(chosen.mark):
        conditions.append(_spell(condition, uses_index=False))
    elif chosen.mark is not None:
        theirs = _select_in_conflict(chosen.mark).where(
            CONFLICTS.c.user_id == USERS.c.id
        )
        conditions.append(theirs.correlate(USERS).exists())
    return conditions


def _select_in_conflict(mark: Mark | None) -> Select[str]:
    query = select(CONFLICTS.c.user_id).distinct()
    if mark is Mark.SHARED_OBJECT_ID:
        return query.where(CONFLICTS.c.reason == Reason.SHARED_OBJECT_ID)
    return query


def _list_in_conflict(connection: Connection, chosen: Filter) -> SortedRows:
    query = _select_in_conflict(chosen.mark)
    ids = query.order_by(CONFLICTS.c.user_id).limit(MOST_COUNTED + 1)
    found = connection.scalars(ids).all()
    is_alone = not (chosen.sources or chosen.statuses or chosen.role)
    if len(found) > MOST_COUNTED and is_alone:
        return PeopleByAge(connection, query, CONFLICTS.c.user_id)
    return list_found(connection, found, chosen)
