"""Closed lists: what a column may hold, for the type checker and for the database."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, column


class Source(StrEnum):
    """Who made an account, and so who may manage it."""

    # Made here: SCIM cannot see it.
    LOCAL = "local"
    # Made here; its owner connected a Microsoft account of the same user name, so
    # provisioning may take it over.
    CLAIMABLE = "claimable"
    PROVISIONED = "provisioned"


class Role(StrEnum):
    """What a person may do here."""

    ADMINISTRATOR = "administrator"
    USER = "user"


class RoleSource(StrEnum):
    """What gave a person their role; no mapping takes away what it did not give."""

    ASSIGNED = "assigned"
    MAPPED = "mapped"


class SignInMethod(StrEnum):
    """How somebody signed in."""

    LOCAL = "local"
    MICROSOFT = "microsoft"


class BlockedBy(StrEnum):
    """What a block goes by, as it outlives the account."""

    OBJECT_ID = "object ID"
    USER_NAME = "user name"


class Reason(StrEnum):
    """Why somebody is not let in, or two accounts are in conflict."""

    # Conflicts: an administrator decides.  Provisioning, and what is here:
    LOCAL_USER_NAME = "local_user_name"
    LOCAL_WORK_EMAIL = "local_work_email"
    LOCAL_OBJECT_ID = "local_object_id"
    CLAIM_DISAGREES = "claim_disagrees"
    SHARED_OBJECT_ID = "shared_object_id"
    LINK_DISAGREES = "link_disagrees"
    # The externalId no longer holds the object ID that is linked, nor another one.
    LINK_UNBACKED = "link_unbacked"
    DISABLE_REFUSED = "disable_refused"
    # Sign-in with Microsoft, and what is here:
    UNCONFIRMED = "unconfirmed_administrator"
    NAME_OF_ADMINISTRATOR = "name_of_administrator"
    NAME_OF_LINKED = "name_of_linked"
    NAME_OF_OTHER_OBJECT_ID = "name_of_other_object_id"
    EMERGENCY_ACCESS = "emergency_access"
    OWNED = "owned_by_another"
    OTHER_OBJECT_ID = "other_object_id"

    # No conflict: somebody is not let in, and nobody else is concerned.
    ALREADY_LINKED = "already_linked"
    NO_ACCOUNT = "no_account"
    LOCAL_NAMESAKE = "local_namesake"
    EXTERNAL_ID_DIFFERS = "external_id_differs"
    GUEST = "guest"
    DELETED = "deleted"
    NAME_REFUSED = "name_refused"
    DISABLED = "disabled"
    BLOCKED = "blocked"
    DIRECTORY_CHANGED = "directory_changed"


# What is a row of conflicts; the other reasons are told to somebody and in the journal.
CONFLICT_REASONS = (
    Reason.LOCAL_USER_NAME,
    Reason.LOCAL_WORK_EMAIL,
    Reason.LOCAL_OBJECT_ID,
    Reason.CLAIM_DISAGREES,
    Reason.SHARED_OBJECT_ID,
    Reason.LINK_DISAGREES,
    Reason.LINK_UNBACKED,
    Reason.DISABLE_REFUSED,
    Reason.UNCONFIRMED,
    Reason.NAME_OF_ADMINISTRATOR,
    Reason.NAME_OF_LINKED,
    Reason.NAME_OF_OTHER_OBJECT_ID,
    Reason.EMERGENCY_ACCESS,
    Reason.OWNED,
    Reason.OTHER_OBJECT_ID,
)


def one_of(choices: type[StrEnum]) -> Enum:
    """Return the type of a column that holds these values; rows hold the members."""
    return Enum(choices, native_enum=False, length=None, values_callable=_values)


def only(name: str, choices: Iterable[StrEnum]) -> CheckConstraint:
    """Return the constraint by which the database refuses any other value."""
    return CheckConstraint(column(name).in_(_values(choices)), name=name)


def _values(choices: Iterable[StrEnum]) -> list[str]:
    return [each.value for each in choices]
