"""Enums: the values a column may hold, for the type checker and for the database."""

from collections.abc import Iterable
from enum import StrEnum

from sqlalchemy import CheckConstraint, Enum, column


class Source(StrEnum):
    """Where an account was created, which decides who manages it."""

    # Created here; SCIM clients cannot see it.
    LOCAL = "local"
    # Created here, and its owner connected a Microsoft account with the same user name:
    # the first SCIM change claims the account.
    CLAIMABLE = "claimable"
    PROVISIONED = "provisioned"


class Role(StrEnum):
    """What a person may do here."""

    ADMINISTRATOR = "administrator"
    USER = "user"


class RoleSource(StrEnum):
    """What gave a person their role: role mappings never remove an assigned role."""

    ASSIGNED = "assigned"
    MAPPED = "mapped"


class SignInMethod(StrEnum):
    """How somebody signed in."""

    LOCAL = "local"
    MICROSOFT = "microsoft"


class BlockedBy(StrEnum):
    """The value by which a block recognizes a person, even after a deletion."""

    OBJECT_ID = "object ID"
    USER_NAME = "user name"


class Reason(StrEnum):
    """Why a sign-in is refused, or why two accounts are in conflict."""

    # Conflicts, which an administrator resolves.  Between provisioning and an account:
    LOCAL_USER_NAME = "local_user_name"
    LOCAL_WORK_EMAIL = "local_work_email"
    LOCAL_OBJECT_ID = "local_object_id"
    CLAIM_DISAGREES = "claim_disagrees"
    SHARED_OBJECT_ID = "shared_object_id"
    LINK_DISAGREES = "link_disagrees"
    # The externalId no longer holds the linked object ID, nor any other object ID.
    LINK_UNBACKED = "link_unbacked"
    # Provisioning sends somebody else for an account than an administrator linked.
    LINK_CONTRADICTED = "link_contradicted"
    DISABLE_REFUSED = "disable_refused"
    # Between a Microsoft account that signs in and an account:
    UNCONFIRMED = "unconfirmed_administrator"
    NAME_OF_ADMINISTRATOR = "name_of_administrator"
    NAME_OF_LINKED = "name_of_linked"
    NAME_OF_OTHER_OBJECT_ID = "name_of_other_object_id"
    EMERGENCY_ACCESS = "emergency_access"
    OWNED = "owned_by_another"
    OTHER_OBJECT_ID = "other_object_id"

    # No conflict: the sign-in is refused, and there is nothing else to resolve.
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


# The reasons that open a conflict; the others are only shown and logged.
CONFLICT_REASONS = (
    Reason.LOCAL_USER_NAME,
    Reason.LOCAL_WORK_EMAIL,
    Reason.LOCAL_OBJECT_ID,
    Reason.CLAIM_DISAGREES,
    Reason.SHARED_OBJECT_ID,
    Reason.LINK_DISAGREES,
    Reason.LINK_UNBACKED,
    Reason.LINK_CONTRADICTED,
    Reason.DISABLE_REFUSED,
    Reason.UNCONFIRMED,
    Reason.NAME_OF_ADMINISTRATOR,
    Reason.NAME_OF_LINKED,
    Reason.NAME_OF_OTHER_OBJECT_ID,
    Reason.EMERGENCY_ACCESS,
    Reason.OWNED,
    Reason.OTHER_OBJECT_ID,
)
# The reasons for which two people can be kept apart.
KEPT_APART_REASONS = (Reason.LOCAL_USER_NAME, Reason.LOCAL_WORK_EMAIL)


class Channel(StrEnum):
    """The way in which an alarm is sent."""

    EMAIL = "e-mail"
    WEBHOOK = "webhook"


class MessageState(StrEnum):
    """What became of a message about an alarm."""

    WAITING = "waiting"
    SENT = "sent"
    DROPPED = "dropped"


class ShownNumbers(StrEnum):
    """Which telephone numbers of a person their colleagues see."""

    NONE = "none"
    WORK = "work"
    WORK_AND_MOBILE = "work_and_mobile"


class Language(StrEnum):
    """The languages of the pages, by their codes of BCP 47."""

    ENGLISH = "en"
    DUTCH = "nl"


class MailSecurity(StrEnum):
    """How the connection to the mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class WebhookFormat(StrEnum):
    """What a webhook takes: JSON for a program, or a message for a chat application."""

    SIGNED_JSON = "signed_json"
    TEAMS = "teams"
    SLACK = "slack"


class ImportState(StrEnum):
    """What becomes of an import of people."""

    # Its lines are compared with the people; nothing was changed.
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    DONE = "done"
    # Its rows are being deleted.
    DISCARDED = "discarded"


class LineOutcome(StrEnum):
    """What a line of an import does to a person, or did."""

    CREATED = "created"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


def one_of(choices: type[StrEnum]) -> Enum:
    """Return the column type for these values; result rows hold the enum members."""
    return Enum(choices, native_enum=False, length=None, values_callable=_values)


def only(name: str, choices: Iterable[StrEnum]) -> CheckConstraint:
    """Return the CHECK constraint that allows a column only these values."""
    return CheckConstraint(column(name).in_(_values(choices)), name=name)


def _values(choices: Iterable[StrEnum]) -> list[str]:
    return [each.value for each in choices]
