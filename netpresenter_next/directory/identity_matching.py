"""Finds the account that a sign-in with Microsoft is for.

A Microsoft account is identified by tenant ID and object ID, which never change and are
never reused.  E-mail addresses do not identify anybody, because the administrator of
any directory can choose them; user names do only where the settings allow it.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select

from netpresenter_next.directory import blocks, deletions, errors, identity_rules
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.identity_rules import IdentityFacts, LinkState
from netpresenter_next.directory.sign_in_settings import read_settings
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import marked
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.models import USERS, Person, is_visible
from netpresenter_next.storage.rows import every, first
from netpresenter_next.storage.sign_in_models import IDENTITIES, Identity

# The rules by which a person was found; stored with the link.
IDENTITY, EXTERNAL_ID, USER_NAME, CREATED, SELF = (
    marked("identity"),
    "externalId",
    marked("user name"),
    marked("creation at the first sign-in"),
    marked("the person themselves"),
)


_NAME_REASONS = {
    Reason.NAME_OF_ADMINISTRATOR,
    Reason.NAME_OF_LINKED,
    Reason.NAME_OF_OTHER_OBJECT_ID,
}


class Match(NamedTuple):
    """The person who was found, or None to create one, and the rule that applied."""

    person: Person | None
    rule: str


class SignInRefused(errors.AccountError):
    """Authenticated by Microsoft, but refused here.

    ``kind`` names the page to show, ``reason`` the cause for administrators, ``person``
    the account that is in the way, ``conflict`` the one that this opens.
    """

    kind = "not_provisioned"

    def __init__(
        self,
        reason: Reason,
        person: Person | None = None,
        conflict: DetectedConflict | None = None,
        more: str = "",
    ) -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.person = person
        self.conflict = conflict
        self.more = more

    @property
    def page(self) -> str:
        """Return the page to show, without revealing an account with the same name."""
        return SignInRefused.kind if self.reason in _NAME_REASONS else self.kind


class NotProvisioned(SignInRefused):
    """There is no account for this Microsoft account (yet)."""


class IdentityConflict(SignInRefused):
    """The Microsoft account and an account here contradict each other."""

    kind = "conflict"


class Disabled(SignInRefused):
    """The account is disabled or blocked."""

    kind = "disabled"


def make_identity_conflict(
    reason: Reason, person: Person, claims: Claims
) -> IdentityConflict:
    """Return the exception for a conflict of a Microsoft account with a person."""
    conflict = DetectedConflict(
        person, reason, claims.object_id, claims.account_name, claims.object_id
    )
    return IdentityConflict(reason, person, conflict)


def find_identity(connection: Connection, user_id: str) -> Identity | None:
    """Return a person's Microsoft identity, if one is linked."""
    query = select(IDENTITIES).where(IDENTITIES.c.user_id == user_id)
    return first(Identity, connection.execute(query))


def read_identity_facts(
    connection: Connection, person: Person, tenant_id: str
) -> IdentityFacts:
    """Return what is known of a person, without a link to another directory."""
    link = find_identity(connection, person.id)
    is_here = link is not None and link.tenant_id == tenant_id
    return identity_rules.identity_facts_of(
        person, link.object_id if link is not None and is_here else None
    )


def find_unconfirmed_object_id(person: Person, identity: Identity | None) -> str | None:
    """Return the object ID that an administrator has to confirm, if there is one."""
    linked = identity.object_id if identity is not None else None
    facts = identity_rules.identity_facts_of(person, linked)
    return identity_rules.find_unconfirmed(facts)


# --------------------------------------------------------------- finding
def match(connection: Connection, claims: Claims) -> Match:
    """Find the person to sign in, without changing anything.

    Raises NotProvisioned, IdentityConflict and Disabled.
    """
    person = find_by_identity(connection, claims)
    if person is not None:
        facts = read_identity_facts(connection, person, claims.tenant_id)
        if identity_rules.link_state_of(facts) is LinkState.DISAGREES:
            raise IdentityConflict(Reason.LINK_DISAGREES, person)
        return Match(person, IDENTITY)
    if blocks.is_object_id_blocked(connection, claims.object_id):
        raise Disabled(Reason.BLOCKED)
    person = find_by_external_id(connection, claims)
    if person is not None:
        return Match(person, EXTERNAL_ID)
    return _match_user_name_or_create(connection, claims)


def _match_user_name_or_create(connection: Connection, claims: Claims) -> Match:
    """Find a person by user name, or allow to create one, for an unknown object ID."""
    options = read_settings(connection)
    namesake = _find_by_user_name(connection, claims)
    if claims.is_guest:
        raise NotProvisioned(Reason.GUEST)
    if namesake is not None:
        return _match_namesake(
            connection, claims, namesake, bool(options.match_user_names)
        )
    if not options.create_people:
        raise NotProvisioned(Reason.NO_ACCOUNT)
    if blocks.is_user_name_blocked(connection, claims.user_name):
        raise Disabled(Reason.BLOCKED)
    if deletions.was_deleted(connection, claims.object_id, claims.user_name):
        raise NotProvisioned(Reason.DELETED)
    return Match(None, CREATED)


def _match_namesake(
    connection: Connection, claims: Claims, namesake: Person, may_match: bool
) -> Match:
    facts = read_identity_facts(connection, namesake, claims.tenant_id)
    if namesake.is_emergency:
        raise NotProvisioned(Reason.EMERGENCY_ACCESS, namesake)
    if not identity_rules.is_visible_to_scim(facts.source):
        raise NotProvisioned(Reason.LOCAL_NAMESAKE, namesake)
    if not may_match and facts.provisioned is not None:
        raise NotProvisioned(Reason.NAME_OF_OTHER_OBJECT_ID, namesake)
    if not may_match:
        raise NotProvisioned(Reason.EXTERNAL_ID_DIFFERS, namesake)
    reason = identity_rules.check_link_by_user_name(facts)
    if reason is not None:
        raise make_identity_conflict(reason, namesake, claims)
    return Match(namesake, USER_NAME)


def find_by_identity(connection: Connection, claims: Claims) -> Person | None:
    """Find the person who is linked with this Microsoft account."""
    query = select(USERS).join(IDENTITIES, IDENTITIES.c.user_id == USERS.c.id)
    this = (
        IDENTITIES.c.tenant_id == claims.tenant_id,
        IDENTITIES.c.object_id == claims.object_id,
    )
    return first(Person, connection.execute(query.where(*this)))


def list_with_object_id(connection: Connection, object_id: str) -> Sequence[Person]:
    """Return the people, at most two, with this object ID as externalId."""
    query = select(USERS).where(USERS.c.object_id == object_id, is_visible())
    return every(Person, connection.execute(query.limit(2)))


def find_by_external_id(connection: Connection, claims: Claims) -> Person | None:
    """Find the person whose externalId is this object ID, and who may be linked.

    Raises IdentityConflict if there are several, or if the person may not be linked.
    """
    found = list_with_object_id(connection, claims.object_id)
    if not found:
        return None
    if len(found) > 1:
        raise IdentityConflict(Reason.SHARED_OBJECT_ID, found[0])
    facts = read_identity_facts(connection, found[0], claims.tenant_id)
    reason = identity_rules.check_link_by_external_id(facts, claims.object_id)
    if reason is not None:
        raise make_identity_conflict(reason, found[0], claims)
    return found[0]


def _find_by_user_name(connection: Connection, claims: Claims) -> Person | None:
    query = select(USERS).where(USERS.c.user_name_key == fold(claims.user_name))
    return first(Person, connection.execute(query)) if claims.user_name else None
