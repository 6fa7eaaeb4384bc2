"""The rules of identity: which accounts belong together, and who decides it.

All functions are pure, and nothing else decides these questions.  The table "Who is
who" in docs/design.md describes the same rules; a test checks every row of that table.
"""

from dataclasses import dataclass
from enum import StrEnum

from netpresenter_next.storage.choices import Reason, RoleSource, Source
from netpresenter_next.storage.models import ADMINISTRATOR, Person, User


class AccessLevel(StrEnum):
    """What an account may do here."""

    USER = "user"
    ADMINISTRATOR = "administrator"
    # An administrator who can sign in without Microsoft; always a local account.
    EMERGENCY = "emergency access"


@dataclass(frozen=True)
class IdentityFacts:
    """What is known of one account and its Microsoft identity; object IDs are GUIDs."""

    source: Source
    access_level: AccessLevel
    # If a mapping gave the role, provisioning is trusted with this administrator.
    role_source: RoleSource = RoleSource.ASSIGNED
    # The object ID of the Microsoft account that signs in as this person.
    linked: str | None = None
    # The object ID that provisioning sends for this person, as externalId.
    provisioned: str | None = None
    # The object ID that an administrator has confirmed.
    confirmed: str | None = None


def access_level_of(person: Person | User) -> AccessLevel:
    """Return what an account may do here."""
    if person.is_emergency:
        return AccessLevel.EMERGENCY
    is_administrator = person.role == ADMINISTRATOR
    return AccessLevel.ADMINISTRATOR if is_administrator else AccessLevel.USER


def identity_facts_of(person: Person | User, linked: str | None) -> IdentityFacts:
    """Return the facts about a person; ``linked`` is the linked object ID."""
    return IdentityFacts(
        person.source,
        access_level_of(person),
        role_source=person.role_source,
        linked=linked,
        provisioned=person.object_id if is_visible_to_scim(person.source) else None,
        confirmed=person.confirmed_object_id,
    )


def is_visible_to_scim(source: Source) -> bool:
    """Can SCIM clients see the account?  Otherwise they cannot read or change it."""
    return source is not Source.LOCAL


# ------------------------------------------------------------- values of two people
class Identifier(StrEnum):
    """A value that two people may have in common."""

    USER_NAME = "user name"
    WORK_EMAIL = "work e-mail"
    OBJECT_ID = "object ID"


class DuplicateOutcome(StrEnum):
    """What happens to a SCIM request with a value that another account has."""

    STORED = "stored"
    # Both keep it, but the value signs nobody in until one of them is linked.
    SHARED = "stored, in conflict"
    REFUSED = "refused"
    # An administrator decides, because SCIM clients cannot see the other account.
    REFUSED_IN_CONFLICT = "refused, in conflict"


def decide_on_duplicate(value: Identifier, other: Source) -> DuplicateOutcome:
    """Decide on a value in a SCIM request that another account has.

    An account has the linked object ID and the one in its externalId.
    """
    if not is_visible_to_scim(other):
        return DuplicateOutcome.REFUSED_IN_CONFLICT
    return {
        Identifier.USER_NAME: DuplicateOutcome.REFUSED,
        Identifier.WORK_EMAIL: DuplicateOutcome.STORED,
        Identifier.OBJECT_ID: DuplicateOutcome.SHARED,
    }[value]


# ------------------------------------------------------------- a linked account
class LinkState(StrEnum):
    """Whether the linked Microsoft account is the one that provisioning sends."""

    NONE = "none"
    AGREES = "agrees"
    # Provisioning sends another object ID, so the linked account cannot sign in.
    DISAGREES = "disagrees"
    # The same for a confirmed administrator: the linked account can still sign in, and
    # the other one cannot until an administrator confirms it.
    WAITS = "waits for confirmation"


def link_state_of(facts: IdentityFacts) -> LinkState:
    """Decide whether the linked Microsoft account may sign in."""
    if facts.linked is None:
        return LinkState.NONE
    if facts.provisioned in (None, facts.linked):
        return LinkState.AGREES
    is_confirmed = facts.confirmed == facts.linked
    if facts.access_level is AccessLevel.ADMINISTRATOR and is_confirmed:
        return LinkState.WAITS
    return LinkState.DISAGREES


def may_claim(facts: IdentityFacts, object_id: str | None) -> bool:
    """May provisioning send this object ID for the account?

    A claimable account may only get the object ID that is linked with it, so that
    nobody else with the same user name claims it.
    """
    is_claimable = facts.source is Source.CLAIMABLE
    return not is_claimable or object_id in (None, facts.linked)


# ------------------------------------------------------------- a first sign-in
def check_link_by_external_id(facts: IdentityFacts, object_id: str) -> Reason | None:
    """Decide on the first sign-in with the object ID in a person's externalId.

    Returns None if the Microsoft account may be linked, else the reason against it.  If
    the person is an administrator, this object ID must have been confirmed, or the role
    must come from a role mapping.
    """
    if facts.access_level is AccessLevel.EMERGENCY:
        return Reason.EMERGENCY_ACCESS
    if facts.linked is not None:
        return Reason.LINK_DISAGREES
    is_mapped = facts.role_source is RoleSource.MAPPED
    is_trusted = is_mapped or facts.confirmed == object_id
    if facts.access_level is AccessLevel.ADMINISTRATOR and not is_trusted:
        return Reason.UNCONFIRMED
    return None


def check_link_by_user_name(facts: IdentityFacts) -> Reason | None:
    """Decide on the first sign-in with a person's user name, if settings allow that.

    Returns None if the Microsoft account may be linked, else the reason against it.  An
    administrator of the Entra directory can give anybody any user name, so a user name
    alone never gives access to an administrator's account, or to an account that is
    linked or has an object ID.
    """
    if facts.access_level is AccessLevel.EMERGENCY:
        return Reason.EMERGENCY_ACCESS
    if facts.access_level is AccessLevel.ADMINISTRATOR:
        return Reason.NAME_OF_ADMINISTRATOR
    if facts.linked is not None:
        return Reason.NAME_OF_LINKED
    if facts.provisioned is not None:
        return Reason.NAME_OF_OTHER_OBJECT_ID
    return None


def check_link_by_owner(facts: IdentityFacts, object_id: str) -> Reason | None:
    """Decide whether people may link a Microsoft account with their own account.

    Returns None if they may, else the reason against it.
    """
    if facts.access_level is AccessLevel.EMERGENCY:
        return Reason.EMERGENCY_ACCESS
    if facts.linked is not None:
        return Reason.ALREADY_LINKED
    if facts.provisioned not in (None, object_id):
        return Reason.OTHER_OBJECT_ID
    return None


def may_become_claimable(facts: IdentityFacts, *, is_same_name: bool) -> bool:
    """May provisioning claim a local account that its owner has just linked?

    Only if the user names are equal, and never an administrator's account.
    """
    is_local_user = (facts.source, facts.access_level) == (
        Source.LOCAL,
        AccessLevel.USER,
    )
    return is_local_user and is_same_name


def find_confirmed_by_promotion(facts: IdentityFacts) -> str | None:
    """Return the object ID that is confirmed by making a person an administrator.

    It is the linked one, unless provisioning contradicts it.  None means that the
    confirmation is still missing.
    """
    return facts.linked if link_state_of(facts) is LinkState.AGREES else None


def find_unconfirmed(facts: IdentityFacts) -> str | None:
    """Return the object ID from provisioning that an administrator has to confirm."""
    if facts.provisioned is None or facts.provisioned == facts.confirmed:
        return None
    if link_state_of(facts) in (LinkState.DISAGREES, LinkState.WAITS):
        return facts.provisioned
    waits = check_link_by_external_id(facts, facts.provisioned) is Reason.UNCONFIRMED
    return facts.provisioned if waits else None
