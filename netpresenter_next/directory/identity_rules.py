"""Who is who: what an identity is, and who may move it.

Everything here is a pure decision on facts, and the only place that decides it.  The
table "Who is who" in docs/design.md says the same in words; a test walks that table.
"""

from dataclasses import dataclass
from enum import StrEnum

from netpresenter_next.storage.choices import Reason, RoleSource, Source
from netpresenter_next.storage.models import ADMINISTRATOR, Person, User


class Standing(StrEnum):
    """What an account may do here."""

    USER = "user"
    ADMINISTRATOR = "administrator"
    # For the day on which Microsoft does not work: local for ever.
    EMERGENCY = "emergency access"


@dataclass(frozen=True)
class Known:
    """What is known of one account and its Microsoft identity; object IDs are GUIDs."""

    source: Source
    standing: Standing
    # Where a mapping gave the role, provisioning answers for it.
    role_source: RoleSource = RoleSource.ASSIGNED
    # The Microsoft account that signs in as this person.
    linked: str | None = None
    # The object ID that provisioning gives this person, in externalId.
    provisioned: str | None = None
    # The object ID for which an administrator has given their word.
    confirmed: str | None = None


def standing_of(person: Person | User) -> Standing:
    """Return what an account may do here."""
    if person.is_emergency:
        return Standing.EMERGENCY
    is_administrator = person.role == ADMINISTRATOR
    return Standing.ADMINISTRATOR if is_administrator else Standing.USER


def known_of(person: Person | User, linked: str | None) -> Known:
    """Return the facts of a row of users; ``linked`` is its Microsoft account."""
    return Known(
        person.source,
        standing_of(person),
        role_source=person.role_source,
        linked=linked,
        provisioned=person.object_id if sees(person.source) else None,
        confirmed=person.confirmed_object_id,
    )


def sees(source: Source) -> bool:
    """Does SCIM see an account?  What it cannot see, it can neither read nor change."""
    return source is not Source.LOCAL


# ------------------------------------------------------------- values of two people
class Value(StrEnum):
    """A value in which two people may clash."""

    USER_NAME = "user name"
    WORK_EMAIL = "work e-mail"
    OBJECT_ID = "object ID"


class Clash(StrEnum):
    """What becomes of a SCIM create or change with a value that another account has."""

    STORED = "stored"
    # Both keep it; until one of them is linked, it lets nobody in.
    SHARED = "stored, in conflict"
    REFUSED = "refused"
    # An administrator decides: SCIM cannot even see the other account.
    REFUSED_IN_CONFLICT = "refused, in conflict"


def clash(value: Value, other: Source) -> Clash:
    """Decide on a value that SCIM sends and another account has.

    An account's object IDs are that of its link and that in its externalId.
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
    """How the Microsoft account that is linked stands to what provisioning says."""

    NONE = "none"
    AGREES = "agrees"
    # Provisioning gives another object ID, and is believed: nobody signs in.
    DISAGREES = "disagrees"
    # It does so for an administrator: the linked account goes on signing in, and the
    # other one does not until an administrator confirms it.
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
    """May provisioning give this account that object ID?

    A claimable account is that of the Microsoft account it is connected with, and of
    nobody else who has the same user name.
    """
    is_claimable = known.source is Source.CLAIMABLE
    return not is_claimable or object_id in (None, known.linked)


# ------------------------------------------------------------- a first sign-in
def link_by_external_id(known: Known, object_id: str) -> Reason | None:
    """Decide on a first sign-in of the object ID that is in a person's externalId.

    An administrator's identity moves with an administrator's word alone: a
    confirmation of that very object ID, or a role mapping, by which an administrator
    let provisioning say who is one.  None means that the account is linked.
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
    """Decide on a first sign-in under a person's user name, where that may match.

    Whoever administers the directory can give anybody any name, so a name never moves
    what an attacker wants.  None means that the account is linked.
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
    """Decide on connecting an account, by its owner who is signed in here.

    None means that the account is linked.
    """
    if known.standing is Standing.EMERGENCY:
        return Reason.EMERGENCY_ACCESS
    if known.linked is not None:
        return Reason.ALREADY_LINKED
    if known.provisioned not in (None, object_id):
        return Reason.OTHER_OBJECT_ID
    return None


def becomes_claimable(known: Known, *, is_same_name: bool) -> bool:
    """May provisioning find an account that its owner just connected?

    Only under the same user name, and never an administrator's.
    """
    is_local_user = (known.source, known.standing) == (Source.LOCAL, Standing.USER)
    return is_local_user and is_same_name


def vouches(known: Known) -> str | None:
    """Return the object ID for which making somebody administrator gives one's word.

    It is the linked one, unless provisioning says otherwise; where none is linked,
    the word is still to be given.
    """
    return known.linked if link_of(known) is Link.AGREES else None


def unconfirmed(known: Known) -> str | None:
    """Return the object ID that provisioning says and that waits for a confirmation."""
    if known.provisioned is None or known.provisioned == known.confirmed:
        return None
    if link_of(known) in (Link.DISAGREES, Link.WAITS):
        return known.provisioned
    waits = link_by_external_id(known, known.provisioned) is Reason.UNCONFIRMED
    return known.provisioned if waits else None
