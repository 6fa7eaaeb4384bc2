"""The rules of identity: which accounts belong together, and who decides it.

All functions are pure, and nothing else decides these questions.  The table "Who is
who" in docs/design.md describes the same rules; a test checks every row of that table.
"""

from dataclasses import dataclass
from enum import StrEnum

from netpresenter_next.storage.choices import Reason, RoleSource, Source
from netpresenter_next.storage.models import ADMINISTRATOR, Person, User


class Standing(StrEnum):
    """What an account may do here."""

    USER = "user"
    ADMINISTRATOR = "administrator"
    # An administrator who can sign in without Microsoft; always a local account.
    EMERGENCY = "emergency access"


@dataclass(frozen=True)
class Known:
    """What is known of one account and its Microsoft identity; object IDs are GUIDs."""

    source: Source
    standing: Standing
    # If a mapping gave the role, provisioning is trusted with this administrator.
    role_source: RoleSource = RoleSource.ASSIGNED
    # The object ID of the Microsoft account that signs in as this person.
    linked: str | None = None
    # The object ID that provisioning sends for this person, as externalId.
    provisioned: str | None = None
    # The object ID that an administrator has confirmed.
    confirmed: str | None = None


def standing_of(person: Person | User) -> Standing:
    """Return what an account may do here."""
    if person.is_emergency:
        return Standing.EMERGENCY
    is_administrator = person.role == ADMINISTRATOR
    return Standing.ADMINISTRATOR if is_administrator else Standing.USER


def read_known(person: Person | User, linked: str | None) -> Known:
    """Return the facts about a user; ``linked`` is the linked object ID."""
    return Known(
        person.source,
        standing_of(person),
        role_source=person.role_source,
        linked=linked,
        provisioned=person.object_id if sees(person.source) else None,
        confirmed=person.confirmed_object_id,
    )


def sees(source: Source) -> bool:
    """Can SCIM clients see the account?  Otherwise they cannot read or change it."""
    return source is not Source.LOCAL


# ------------------------------------------------------------- values of two people
class Value(StrEnum):
    """A value that two people may have in common."""

    USER_NAME = "user name"
    WORK_EMAIL = "work e-mail"
    OBJECT_ID = "object ID"


class Clash(StrEnum):
    """What happens to a SCIM request with a value that another account has."""

    STORED = "stored"
    # Both keep it, but the value signs nobody in until one of them is linked.
    SHARED = "stored, in conflict"
    REFUSED = "refused"
    # An administrator decides, because SCIM clients cannot see the other account.
    REFUSED_IN_CONFLICT = "refused, in conflict"


def clash(value: Value, other: Source) -> Clash:
    """Decide on a value in a SCIM request that another account has.

    An account has the linked object ID and the one in its externalId.
    """
    if not sees(other):
        return Clash.REFUSED_IN_CONFLICT
    return {
        Value.USER_NAME: Clash.REFUSED,
        Value.WORK_EMAIL: Clash.STORED,
        Value.OBJECT_ID: Clash.SHARED,
    }[value]


# ------------------------------------------------------------- a linked account
class Link(StrEnum):
    """Whether the linked Microsoft account is the one that provisioning sends."""

    NONE = "none"
    AGREES = "agrees"
    # Provisioning sends another object ID, so the linked account cannot sign in.
    DISAGREES = "disagrees"
    # The same for a confirmed administrator: the linked account can still sign in, and
    # the other one cannot until an administrator confirms it.
    WAITS = "waits for confirmation"


def link_of(known: Known) -> Link:
    """Decide whether the linked Microsoft account may sign in."""
    if known.linked is None:
        return Link.NONE
    if known.provisioned in (None, known.linked):
        return Link.AGREES
    is_confirmed = known.confirmed == known.linked
    if known.standing is Standing.ADMINISTRATOR and is_confirmed:
        return Link.WAITS
    return Link.DISAGREES


def may_claim(known: Known, object_id: str | None) -> bool:
    """May provisioning send this object ID for the account?

    A claimable account may only get the object ID that is linked with it, so that
    nobody else with the same user name claims it.
    """
    is_claimable = known.source is Source.CLAIMABLE
    return not is_claimable or object_id in (None, known.linked)


# ------------------------------------------------------------- a first sign-in
def link_by_external_id(known: Known, object_id: str) -> Reason | None:
    """Decide on the first sign-in with the object ID in a person's externalId.

    Returns None if the Microsoft account may be linked, else the reason against it.  If
    the person is an administrator, this object ID must have been confirmed, or the role
    must come from a role mapping.
    """
    if known.standing is Standing.EMERGENCY:
        return Reason.EMERGENCY_ACCESS
    if known.linked is not None:
        return Reason.LINK_DISAGREES
    is_mapped = known.role_source is RoleSource.MAPPED
    is_vouched = is_mapped or known.confirmed == object_id
    if known.standing is Standing.ADMINISTRATOR and not is_vouched:
        return Reason.UNCONFIRMED
    return None


def link_by_user_name(known: Known) -> Reason | None:
    """Decide on the first sign-in with a person's user name, if settings allow that.

    Returns None if the Microsoft account may be linked, else the reason against it.  An
    administrator of the Entra directory can give anybody any user name, so a user name
    alone never gives access to an administrator's account, or to an account that is
    linked or has an object ID.
    """
    if known.standing is Standing.EMERGENCY:
        return Reason.EMERGENCY_ACCESS
    if known.standing is Standing.ADMINISTRATOR:
        return Reason.NAME_OF_ADMINISTRATOR
    if known.linked is not None:
        return Reason.NAME_OF_LINKED
    if known.provisioned is not None:
        return Reason.NAME_OF_OTHER_OBJECT_ID
    return None


def link_by_owner(known: Known, object_id: str) -> Reason | None:
    """Decide whether people may link a Microsoft account with their own account.

    Returns None if they may, else the reason against it.
    """
    if known.standing is Standing.EMERGENCY:
        return Reason.EMERGENCY_ACCESS
    if known.linked is not None:
        return Reason.ALREADY_LINKED
    if known.provisioned not in (None, object_id):
        return Reason.OTHER_OBJECT_ID
    return None


def becomes_claimable(known: Known, *, is_same_name: bool) -> bool:
    """May provisioning claim a local account that its owner has just linked?

    Only if the user names are equal, and never an administrator's account.
    """
    is_local_user = (known.source, known.standing) == (Source.LOCAL, Standing.USER)
    return is_local_user and is_same_name


def vouches(known: Known) -> str | None:
    """Return the object ID that is confirmed by making a person an administrator.

    It is the linked one, unless provisioning contradicts it.  None means that the
    confirmation is still missing.
    """
    return known.linked if link_of(known) is Link.AGREES else None


def find_unconfirmed(known: Known) -> str | None:
    """Return the object ID from provisioning that an administrator has to confirm."""
    if known.provisioned is None or known.provisioned == known.confirmed:
        return None
    if link_of(known) in (Link.DISAGREES, Link.WAITS):
        return known.provisioned
    waits = link_by_external_id(known, known.provisioned) is Reason.UNCONFIRMED
    return known.provisioned if waits else None
