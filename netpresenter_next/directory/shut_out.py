"""People who cannot sign in now, found by the database.

The same rule as ``sign_in_checks``, which explains it for one person; a test compares
both, and what signing in does.  Whether Microsoft can be reached is left out.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    exists,
    false,
    not_,
    or_,
    select,
    text,
    true,
)

from netpresenter_next.directory import force, sign_in_settings
from netpresenter_next.storage.choices import BlockedBy, RoleSource, Source
from netpresenter_next.storage.identity_models import (
    BLOCKS,
    CONFLICTS,
    IS_UNCONFIRMED,
    MARKED,
)
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import ADMINISTRATOR, USERS, is_visible
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.statements import list_of
from netpresenter_next.storage.totals import MOST_COUNTED

_MAY_ENTER = and_(USERS.c.active, ~USERS.c.is_blocked)
_HAS_PASSWORD = USERS.c.password_hash.is_not(None)
_OBJECT_ID = USERS.c.object_id


@dataclass(frozen=True)
class SignInRules:
    """What decides for everybody how people sign in."""

    tenant_id: str = ""
    # Is sign-in with Microsoft set up, with credentials that may work?
    is_set_up: bool = False
    may_match_user_names: bool = False
    is_forced: bool = False


def read_rules(connection: Connection, installation: Installation) -> SignInRules:
    """Return how people sign in at present."""
    registration = sign_in_settings.read_registration(connection, installation)
    settings = sign_in_settings.read_settings(connection)
    is_usable = not registration.has_unusable_credentials
    return SignInRules(
        registration.tenant_id,
        registration.is_complete and is_usable,
        bool(settings.match_user_names),
        bool(settings.is_forced),
    )


def is_shut_out(rules: SignInRules) -> ColumnElement[bool]:
    """Return the condition for people who cannot sign in, neither way."""
    local = and_(_HAS_PASSWORD, ~force.MUST_USE_MICROSOFT)
    return not_(and_(_MAY_ENTER, or_(local, _may_use_microsoft(rules))))


def _may_use_microsoft(rules: SignInRules) -> ColumnElement[bool]:
    if not rules.is_set_up:
        return false()
    here = and_(
        IDENTITIES.c.user_id == USERS.c.id, IDENTITIES.c.tenant_id == rules.tenant_id
    )
    linked = select(IDENTITIES.c.object_id).where(here).correlate(USERS)
    linked_id = linked.scalar_subquery()
    is_linked = linked.exists()
    agrees = or_(
        ~is_visible(),
        _OBJECT_ID.is_(None),
        linked_id == _OBJECT_ID,
        and_(USERS.c.role == ADMINISTRATOR, USERS.c.confirmed_object_id == linked_id),
    )
    first_time = and_(is_visible(), _may_link(rules))
    return and_(
        ~USERS.c.is_emergency,
        or_(and_(is_linked, agrees), and_(~is_linked, first_time)),
    )


def _may_link(rules: SignInRules) -> ColumnElement[bool]:
    """Return the condition for a first sign-in with Microsoft to find a person."""
    other = USERS.alias("other")
    owned = exists().where(
        IDENTITIES.c.object_id == _OBJECT_ID, IDENTITIES.c.user_id != USERS.c.id
    )
    blocked = exists().where(
        BLOCKS.c.value == _OBJECT_ID, BLOCKS.c.kind == BlockedBy.OBJECT_ID
    )
    shared = exists().where(
        other.c.object_id == _OBJECT_ID, other.c.id != USERS.c.id, is_visible(other)
    )
    is_user = USERS.c.role != ADMINISTRATOR
    is_trusted = or_(
        is_user,
        USERS.c.role_source == RoleSource.MAPPED,
        USERS.c.confirmed_object_id == _OBJECT_ID,
    )
    by_object_id = and_(_OBJECT_ID.is_not(None), ~owned, ~blocked, ~shared, is_trusted)
    by_name = and_(_OBJECT_ID.is_(None), is_user)
    return or_(by_object_id, by_name if rules.may_match_user_names else false())


def list_candidates(
    connection: Connection, rules: SignInRules
) -> tuple[Sequence[str], bool]:
    """Return ids of people, neither disabled nor blocked, who may be shut out.

    Of each of the few possible causes at most ``MOST_COUNTED``; the second value says
    whether there are more.
    """
    queries = [
        select(USERS.c.id).where(
            USERS.c.source == source,
            USERS.c.active == true(),
            USERS.c.is_blocked == false(),
            text(condition),
        )
        for condition in _list_conditions(rules)
        for source in Source
    ]
    queries += [
        select(USERS.c.id).where(IS_UNCONFIRMED),
        select(CONFLICTS.c.user_id),
        # Blocked object IDs that provisioning sends for somebody else.
        select(USERS.c.id)
        .join(BLOCKS, BLOCKS.c.value == _OBJECT_ID)
        .where(BLOCKS.c.kind == BlockedBy.OBJECT_ID),
        # Linked in another directory, by the index of the directories.
        select(IDENTITIES.c.user_id).where(IDENTITIES.c.tenant_id < rules.tenant_id),
        select(IDENTITIES.c.user_id).where(IDENTITIES.c.tenant_id > rules.tenant_id),
    ]
    if rules.is_forced:
        queries += force.LOSING
    parts = [connection.scalars(each.limit(MOST_COUNTED + 1)).all() for each in queries]
    has_more = any(len(each) > MOST_COUNTED for each in parts)
    return list({user_id for part in parts for user_id in part}), has_more


def _list_conditions(rules: SignInRules) -> list[str]:
    """Return the conditions, each of an index, of people without a way to sign in."""
    if not rules.is_set_up:
        return ["password_hash IS NULL"]
    return [MARKED["ix_users_without_method"]]


def find_ids(connection: Connection, rules: SignInRules) -> tuple[Sequence[str], bool]:
    """Return the people of ``list_candidates`` who cannot sign in, at most so many.

    At most ``MOST_COUNTED``; the second value says whether there may be more.
    """
    candidates, has_more = list_candidates(connection, rules)
    some = _select_among(rules).order_by(USERS.c.id).limit(MOST_COUNTED + 1)
    found = connection.scalars(some, {"ids": list(candidates)}).all()
    return found[:MOST_COUNTED], has_more or len(found) > MOST_COUNTED


def find_among(
    connection: Connection, rules: SignInRules, ids: Collection[str]
) -> frozenset[str]:
    """Return which of some people cannot sign in, although they are active.

    That is, neither disabled nor blocked.
    """
    found = connection.scalars(_select_among(rules), {"ids": list(ids)})
    return frozenset(found)


def _select_among(rules: SignInRules) -> Select[str]:
    return select(USERS.c.id).where(
        USERS.c.id.in_(list_of("ids")), _MAY_ENTER, is_shut_out(rules)
    )
