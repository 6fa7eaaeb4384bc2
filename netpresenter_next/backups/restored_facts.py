"""What a restored database brings back to life, compared with the one before it.

Both may be of any version, and the one before may be damaged: it is read without being
changed, and what cannot be read is said to be unknown.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netpresenter_next.backups import copying
from netpresenter_next.storage.database import SQLITE

MOST_LISTED = 50

# Who may come in by this database and could not by the one before.  By id: a user name
# may have been given to somebody else since.
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
# Whose password is another one than before, or had been taken away.  One that was only
# hashed anew looks changed as well: better one name too many.
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
_TOKENS_ALONE = """
SELECT hint, label, substr(created_at, 1, 16), '' FROM scim_tokens
WHERE revoked_at IS NULL ORDER BY id
"""


@dataclass(frozen=True)
class Token:
    """A SCIM token that works again."""

    hint: str
    label: str
    created: str  # to the minute, in UTC
    mark: str  # why it should perhaps not; empty where nothing is known against it


@dataclass(frozen=True)
class Facts:
    """What came alive again, as far as the database before could be read."""

    tokens: Sequence[Token]
    # False where the database before is missing or cannot be read.
    is_compared: bool = False
    # User names, each with what they were before: gone, disabled, blocked, or another
    # account of that name.
    people: Sequence[tuple[str, str]] = field(default=())
    people_number: int = 0
    administrators: Sequence[str] = field(default=())
    passwords: Sequence[str] = field(default=())  # whose work again as they were
    passwords_number: int = 0
    was_forced: bool | None = None  # Force was on before; None where nobody knows


def compare(restored: Path, before: Path | None) -> Facts:
    """Compare a closed copy with the database before it, which nothing uses.

    Raises SQLITE.Error where the copy itself cannot be read.
    """
    with copying.reading(restored) as connection:
        if before is not None and before.exists():
            try:
                return _compared(connection, before)
            except SQLITE.Error:
                pass  # damaged, or of something else
        return Facts(_tokens(connection, _TOKENS_ALONE))


def _compared(connection: Any, before: Path) -> Facts:
    has_log = Path(f"{before}-wal").exists()
    mode = "mode=ro" if has_log else "mode=ro&immutable=1"
    address = f"{before.absolute().as_uri()}?{mode}"
    connection.execute("ATTACH DATABASE ? AS before", (address,))
    people = connection.execute(_PEOPLE).fetchall()
    administrators = connection.execute(_ADMINISTRATORS).fetchall()
    passwords = connection.execute(_PASSWORDS).fetchall()
    return Facts(
        tokens=_tokens(connection, _TOKENS),
        is_compared=True,
        people=people[:MOST_LISTED],
        people_number=len(people),
        administrators=[name for (name,) in administrators[:MOST_LISTED]],
        passwords=[name for (name,) in passwords[:MOST_LISTED]],
        passwords_number=len(passwords),
        was_forced=_was_forced(connection),
    )


def _was_forced(connection: Any) -> bool:
    tables = "SELECT 1 FROM before.sqlite_master WHERE name = 'sign_in_settings'"
    if not connection.execute(tables).fetchone():
        return False  # before there was sign-in with Microsoft
    forced = "SELECT 1 FROM before.sign_in_settings WHERE is_forced"
    return connection.execute(forced).fetchone() is not None


def _tokens(connection: Any, query: str) -> list[Token]:
    return [Token(*row) for row in connection.execute(query)]
