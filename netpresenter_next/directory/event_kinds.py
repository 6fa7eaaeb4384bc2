"""The kinds of events by which the logs are filtered."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from netpresenter_next.directory.events import AUDIT, PROVISIONING, Event


class Kind(StrEnum):
    """A kind of events, as addresses of pages name it."""

    CREATED = "created"
    UPDATED = "updated"
    DISABLED = "disabled"
    ENABLED = "enabled"
    DELETED = "deleted"
    ERASED = "erased"
    BLOCKED = "blocked"
    MEMBER_ADDED = "added-to-group"
    MEMBER_REMOVED = "removed-from-group"
    REFUSED = "refused"
    REFUSED_TOKEN = "refused-token"  # noqa: S105 - a kind of events
    CONNECTION_TESTED = "tested-connection"
    SIGN_IN = "sign-in"
    FAILED_SIGN_IN = "failed-sign-in"
    ACCESS = "access"
    ROLES = "roles"
    IDENTITY = "identity"
    TOKENS = "tokens"
    BACKUPS = "backups"
    ALARMS = "alarms"
    SETTINGS = "settings"
    IMPORT = "import"


EVENTS: Mapping[Kind, Sequence[Event]] = {
    Kind.CREATED: (Event.PERSON_CREATED, Event.GROUP_CREATED),
    Kind.UPDATED: (Event.PERSON_CHANGED, Event.GROUP_CHANGED),
    Kind.DISABLED: (Event.PERSON_DISABLED,),
    Kind.ENABLED: (Event.PERSON_ENABLED,),
    Kind.DELETED: (Event.PERSON_DELETED, Event.GROUP_DELETED),
    Kind.ERASED: (Event.PERSON_ERASED,),
    Kind.BLOCKED: (
        Event.PERSON_BLOCKED,
        Event.PERSON_UNBLOCKED,
        Event.PERSON_BLOCKED_AGAIN,
        Event.PERSON_ALLOWED_AGAIN,
    ),
    Kind.MEMBER_ADDED: (Event.MEMBERS_ADDED,),
    Kind.MEMBER_REMOVED: (Event.MEMBERS_REMOVED,),
    Kind.REFUSED: (Event.SCIM_REFUSED,),
    Kind.REFUSED_TOKEN: (Event.TOKEN_REFUSED, Event.FORMER_TOKEN_REFUSED),
    Kind.CONNECTION_TESTED: (Event.CONNECTION_TESTED,),
    Kind.SIGN_IN: (
        Event.SIGNED_IN,
        Event.SIGNED_IN_FOR_EMERGENCY,
        Event.SIGNED_IN_WITH_MICROSOFT,
        Event.SIGNED_OUT,
        Event.SESSIONS_ENDED,
        Event.SIGNED_OUT_BY_MICROSOFT,
    ),
    Kind.FAILED_SIGN_IN: (
        Event.SIGN_IN_FAILED,
        Event.SIGN_IN_REFUSED,
        Event.MICROSOFT_SIGN_IN_REFUSED,
        Event.MICROSOFT_SIGN_IN_FAILED,
    ),
    Kind.ACCESS: (
        Event.PASSWORD_SET,
        Event.PASSWORD_LINK_MADE,
        Event.PASSWORD_LINK_USED,
        Event.PASSWORD_LINK_REFUSED,
        Event.DATA_EXPORTED,
        Event.PEOPLE_EXPORTED,
        Event.ACCOUNT_UNLOCKED,
        Event.EMERGENCY_GRANTED,
        Event.EMERGENCY_WITHDRAWN,
        Event.EMERGENCY_SEEN,
        Event.PERSON_HIDDEN,
        Event.PERSON_SHOWN,
        Event.LANGUAGE_CHOSEN,
        Event.MOBILE_HIDDEN,
        Event.MOBILE_SHOWN,
    ),
    Kind.ROLES: (
        Event.ROLE_CHANGED,
        Event.ROLE_KEPT,
        Event.ROLE_MAPPING_ADDED,
        Event.ROLE_MAPPING_REMOVED,
        Event.ADMINISTRATORS_SEEN,
    ),
    Kind.IDENTITY: (
        Event.MICROSOFT_LINKED,
        Event.MICROSOFT_UNLINKED,
        Event.OBJECT_ID_CONFIRMED,
        Event.EXTERNAL_ID_CHANGED,
        Event.CLAIMABLE_SET,
        Event.CLAIMABLE_WITHDRAWN,
        Event.CLAIMED,
        Event.CONFLICT_OPENED,
        Event.CONFLICT_CLOSED,
        Event.ACCOUNT_LINKED,
        Event.LINK_WITHDRAWN,
        Event.KEPT_APART,
        Event.DECISION_WITHDRAWN,
    ),
    Kind.TOKENS: (Event.TOKEN_ISSUED, Event.TOKEN_REVOKED),
    Kind.SETTINGS: (
        Event.SCIM_SWITCHED_ON,
        Event.SCIM_SWITCHED_OFF,
        Event.SETTINGS_CHANGED,
        Event.CERTIFICATE_MADE,
        Event.SIGN_IN_TESTED,
        Event.FORCE_ON,
        Event.FORCE_OFF,
    ),
    Kind.BACKUPS: (
        Event.BACKUP_MADE,
        Event.BACKUP_FAILED,
        Event.BACKUP_RESTORED,
        Event.RESTORATION_ENDED,
    ),
    Kind.ALARMS: (
        Event.ALARM_TESTED,
        Event.ALARM_TEST_FAILED,
        Event.ALARM_DROPPED,
    ),
    Kind.IMPORT: (
        Event.IMPORT_STARTED,
        Event.IMPORT_ENDED,
        Event.IMPORT_DISCARDED,
    ),
}
# The kinds to choose from on the page of each log.
OFFERED: Mapping[str, Sequence[Kind]] = {
    PROVISIONING: (
        Kind.CREATED,
        Kind.UPDATED,
        Kind.DISABLED,
        Kind.ENABLED,
        Kind.DELETED,
        Kind.BLOCKED,
        Kind.MEMBER_ADDED,
        Kind.MEMBER_REMOVED,
        Kind.REFUSED,
        Kind.REFUSED_TOKEN,
        Kind.ROLES,
        Kind.IDENTITY,
        Kind.CONNECTION_TESTED,
    ),
    AUDIT: (
        Kind.SIGN_IN,
        Kind.FAILED_SIGN_IN,
        Kind.CREATED,
        Kind.UPDATED,
        Kind.DISABLED,
        Kind.ENABLED,
        Kind.DELETED,
        Kind.ERASED,
        Kind.BLOCKED,
        Kind.MEMBER_ADDED,
        Kind.MEMBER_REMOVED,
        Kind.ACCESS,
        Kind.ROLES,
        Kind.IDENTITY,
        Kind.TOKENS,
        Kind.SETTINGS,
        Kind.BACKUPS,
        Kind.ALARMS,
        Kind.IMPORT,
    ),
}
