"""The content of the database, its changes by a request, and who may make them."""

import time
from typing import NamedTuple

from netpresenter_next.storage import database

STRANGER, USER, ADMINISTRATOR = "stranger", "user", "administrator"
ROLES = (STRANGER, USER, ADMINISTRATOR)
# Records of its use, which any request may leave.
TRACES = {
    ("journal", "*"),
    ("guesses", "*"),
    ("sessions", "seen_at"),
    ("scim_tokens", "last_used_at"),
    ("scim_tokens", "last_used_from"),
}
# What the jobs of the server record, which may begin during a request.
JOBS = {("upkeep_runs", "*")}
# Tables that the database makes of others, also where rows are restored.
DERIVED = ("sqlite_", "search_", "unindexed_people")
# What an own form may change as well: a sign-in, and a user about themselves.
SIGN_IN = {
    ("sessions", "*"),
    ("emergency_sign_ins", "*"),
    ("users", "last_sign_in_at"),
    ("users", "last_sign_in_method"),
    ("users", "password_used_at"),
}
OWN = {("users", "password_hash"), ("users", "password_changed_at")}


class Change(NamedTuple):
    """A changed column of one row; None if the row was added or deleted."""

    table: str
    key: object
    column: str | None


class Stored:
    """The rows of an instance's database, read by a separate connection."""

    def __init__(self, instance):
        file = instance.folder / "netpresenter.db"
        self._connection = database.SQLITE.connect(file, timeout=20)
        self._connection.isolation_level = None
        self._version = None
        self.remember()

    def close(self):
        """Close the connection."""
        self._connection.close()

    def remember(self):
        """Save the present rows, to be restored later."""
        self._saved = self._rows = self._read()
        self._has_changed()

    def _has_changed(self):
        """Tell whether another connection has committed since the last call."""
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        before, self._version = self._version, version
        return version != before

    def _tables(self):
        query = "SELECT name FROM sqlite_master WHERE type = 'table'"
        names = (name for (name,) in self._connection.execute(query))
        return [name for name in names if not name.startswith(DERIVED)]

    def _read(self):
        self._connection.execute("BEGIN")
        found = {}
        for table in self._tables():
            columns = list(self._connection.execute(f"PRAGMA table_info({table})"))
            names = [each[1] for each in columns]
            keys = [at for at, each in enumerate(columns) if each[5]]
            rows = self._connection.execute(f"SELECT * FROM {table}").fetchall()
            found[table] = {
                tuple(row[at] for at in keys): dict(zip(names, row, strict=True))
                for row in rows
            }
        self._connection.execute("COMMIT")
        return found

    def changes(self):
        """Return the changes since the last call."""
        if not self._has_changed():
            return set()
        before, self._rows = self._rows, self._read()
        return {
            change
            for table, rows in self._rows.items()
            for key in before[table].keys() | rows.keys()
            for change in _changes(table, key, before[table].get(key), rows.get(key))
        }

    def restore(self):
        """Restore the saved rows, with sessions that begin now."""
        run = self._connection.execute
        run("PRAGMA foreign_keys=OFF")
        run("BEGIN IMMEDIATE")
        now = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime())
        for row in self._saved["sessions"].values():
            row.update(created_at=now, authenticated_at=now, seen_at=now)
        for table, rows in self._saved.items():
            run(f"DELETE FROM {table}")
            for row in rows.values():
                marks = ", ".join("?" * len(row))
                run(f"INSERT INTO {table} VALUES ({marks})", list(row.values()))
        run("COMMIT")
        self._rows = self._saved
        self._has_changed()


def _changes(table, key, before, after):
    if before is None or after is None:
        return [Change(table, key, None)] if before != after else []
    return [Change(table, key, each) for each in after if after[each] != before[each]]


def forbidden(changes, role, *, is_own_form, user_id=None):
    """Return the changes that a request of this role may not make.

    ``is_own_form`` says that it was a form of a page of the server, with its token.
    """
    allowed = TRACES | JOBS
    if is_own_form and role == ADMINISTRATOR:
        return set()
    if is_own_form:
        allowed |= SIGN_IN
    return {
        each
        for each in changes
        if not {(each.table, "*"), (each.table, each.column)} & allowed
        and not (
            is_own_form
            and role == USER
            and each.key == (user_id,)
            and (each.table, each.column) in OWN
        )
    }
