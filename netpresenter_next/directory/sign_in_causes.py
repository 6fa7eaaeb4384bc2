"""What can be found out about a person's sign-in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.directory.provisioning_status import State
from netpresenter_next.storage.event_models import JournalEntry


class Way(StrEnum):
    """A way to sign in."""

    LOCAL = "local"
    MICROSOFT = "microsoft"


class Cause(StrEnum):
    """What is found: codes for programs, and keys of the sentences."""

    CAN_SIGN_IN = "can_sign_in"
    CANNOT_SIGN_IN = "cannot_sign_in"
    BLOCKED = "blocked"
    DISABLED = "disabled"
    DISABLED_HERE = "disabled_here"
    NO_METHOD = "no_method"
    NOT_SET_UP = "not_set_up"
    CREDENTIALS = "credentials"
    UNREACHABLE = "unreachable"
    OTHER_OBJECT_ID = "other_object_id"
    WAITS = "waits_for_confirmation"
    NO_OBJECT_ID = "no_object_id"
    OBJECT_ID_BLOCKED = "object_id_blocked"
    OBJECT_ID_TAKEN = "object_id_taken"
    OBJECT_ID_SHARED = "object_id_shared"
    UNCONFIRMED = "unconfirmed_administrator"
    FORCED = "forced"
    SLOWED = "slowed"
    WRONG_GUESSES = "wrong_passwords"
    NO_LOCAL_SIGN_IN = "no_local_password"
    CONFLICT = "conflict"
    REFUSED = "refused"
    FAILED = "failed"
    PROVISIONING = "provisioning"
    # For a name that nobody here has:
    NOT_HERE = "not_here"
    DELETED = "deleted"
    DELETED_LOCAL = "deleted_local"
    DELETED_AND_BLOCKED = "deleted_and_blocked"
    CREATION_REFUSED = "creation_refused"
    NO_SUCH_REFERENCE = "no_such_reference"


Value = str | int | datetime | State | None | Sequence[str]


@dataclass(frozen=True)
class Found:
    """One cause, which ways to sign in it closes, and the values for its sentence.

    Instead of values, it may have the conflict or the log entry that it is about.
    """

    cause: Cause
    closes: frozenset[Way] = frozenset()
    values: Mapping[str, Value] = field(default_factory=dict)
    conflict: NamedConflict | None = None
    entry: JournalEntry | None = None
