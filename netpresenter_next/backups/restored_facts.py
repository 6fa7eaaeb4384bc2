"""What a restore reactivates: tokens, people and passwords, compared with the old data.

Both databases may be of any version, and the old one may be damaged.  It is only read;
what cannot be read is reported as unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netpresenter_next.backups import copying
from netpresenter_next.storage import connections
from netpresenter_next.storage.database import SQLITE

MOST_LISTED = 50

# People who can sign in again, but could not before the restore.  They are compared by
# id, because a user name may have been given to somebody else meanwhile.
_PEOPLE = """
SELECT new.user_name,
  CASE WHEN old.id IS NOT NULL AND NOT old.active THEN 'disabled'
    WHEN old.id IS NOT NULL THEN 'blocked'
    WHEN EXISTS (
      SELECT 1 FROM before.users AS same
      WHERE same.user_name_key = new.user_name_key
        AND same.active AND NOT same.is_blocked) THEN 'another account'
    ELSE 'deleted' END
FROM users AS new LEFT JOIN before.users AS old ON old.id = new.id
WHERE new.active AND NOT new.is_blocked
  AND (old.id IS NULL OR NOT old.active OR old.is_blocked)
ORDER BY new.user_name_key
"""
# People whose password was changed or removed after the backup.  A password that was
# only rehashed is listed too: one name too many is the safer error.
_PASSWORDS = """
SELECT new.user_name FROM users AS new JOIN before.users AS old ON old.id = new.id
WHERE new.password_hash IS NOT NULL AND new.password_hash IS NOT old.password_hash
  AND new.active AND NOT new.is_blocked
ORDER BY new.user_name_key
"""
_ADMINISTRATORS = """
SELECT new.user_name FROM users AS new LEFT JOIN before.users AS old ON old.id = new.id
WHERE new.role = 'administrator' AND new.active AND NOT new.is_blocked
  AND (old.id IS NULL OR old.role <> 'administrator')
ORDER BY new.user_name_key
"""
_TOKENS = """
SELECT new.hint, new.label, substr(new.created_at, 1, 16),
  CASE WHEN old.id IS NULL THEN 'not in the previous database'
    WHEN old.revoked_at IS NOT NULL THEN 'revoked after the backup' ELSE '' END
FROM scim_tokens AS new LEFT JOIN before.scim_tokens AS old ON old.id = new.id
WHERE new.revoked_at IS NULL ORDER BY new.id
"""
_TOKENS_UNCOMPARED = """
SELECT hint, label, substr(created_at, 1, 16), '' FROM scim_tokens
WHERE revoked_at IS NULL ORDER BY id
"""


@dataclass(frozen=True)
class Token:
    """A SCIM token that is active in the restored database."""

    hint: str
    label: str
    created: str  # to the minute, in UTC
    mark: str  # why it may have to be revoked; empty where there is no reason


@dataclass(frozen=True)
class Facts:
    """What the restore reactivated, as far as the old database could be read."""

    tokens: Sequence[Token]
    # False where the old database is missing or cannot be read.
    is_compared: bool = False
    # User names, each with the state before the restore: deleted, disabled, blocked, or
    # another account with that name.
    people: Sequence[tuple[str, str]] = field(default=())
    people_number: int = 0
    administrators: Sequence[str] = field(default=())
    # User names of people whose old password is valid again.
    passwords: Sequence[str] = field(default=())
    passwords_number: int = 0
    was_forced: bool | None = None  # whether Force was on before; None if unknown


def compare(restored: Path, before: Path | None) -> Facts:
    """Compare the restored database with the old one; both must be closed.

    Raises SQLITE.Error where the restored database cannot be read.
    """
    with copying.open_read_only(restored) as connection:
        if before is not None and before.exists():
            try:
                return _compare(connection, before)
            except SQLITE.Error:
                pass  # damaged, or of another application
        return Facts(_read_tokens(connection, _TOKENS_UNCOMPARED))


def _compare(connection: Any, before: Path) -> Facts:
    address = connections.address_to_examine(before)
    connection.execute("ATTACH DATABASE ? AS before", (address,))
    people = connection.execute(_PEOPLE).fetchall()
    administrators = connection.execute(_ADMINISTRATORS).fetchall()
    passwords = connection.execute(_PASSWORDS).fetchall()
    return Facts(
        tokens=_read_tokens(connection, _TOKENS),
        is_compared=True,
        people=people[:MOST_LISTED],
        people_number=len(people),
        administrators=[name for (name,) in administrators[:MOST_LISTED]],
        passwords=[name for (name,) in passwords[:MOST_LISTED]],
        passwords_number=len(passwords),
        was_forced=_read_old_force(connection),
    )


def _read_old_force(connection: Any) -> bool:
    tables = "SELECT 1 FROM before.sqlite_master WHERE name = 'sign_in_settings'"
    if not connection.execute(tables).fetchone():
        return False  # a version without sign-in with Microsoft
    forced = "SELECT 1 FROM before.sign_in_settings WHERE is_forced"
    return connection.execute(forced).fetchone() is not None


def _read_tokens(connection: Any, query: str) -> list[Token]:
    return [Token(*row) for row in connection.execute(query)]
