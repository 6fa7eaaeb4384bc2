"""All that is held about one person, as JSON: without secrets, made in parts."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    select,
    tuple_,
)

from netpresenter_next.directory import events, guesses
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.encryption import EncryptionKey
from netpresenter_next.storage.event_models import JOURNAL, MEMBERS
from netpresenter_next.storage.identity_models import BLOCKS, CONFLICTS
from netpresenter_next.storage.import_models import IMPORT_LINES
from netpresenter_next.storage.models import (
    GROUPS,
    MEMBERSHIPS,
    SESSIONS,
    USERS,
    Person,
)
from netpresenter_next.storage.scim_models import ARRIVED
from netpresenter_next.storage.sign_in_models import EMERGENCY_SIGN_INS, IDENTITIES
from netpresenter_next.storage.throttle_models import GUESSES

CHUNK = 500
Row = Mapping[str, Any]
# What is written of each table, by name: a new column is left out until somebody
# decides that it is no secret.  Never the hash of a password, the digest of a session,
# the id of a session at Microsoft, or a token.
_ACCOUNT = (
    *("id", "user_name", "display_name", "work_email", "external_id", "object_id"),
    *("source", "active", "disabled_at", "is_blocked", "role", "role_source"),
    *(
        "is_emergency",
        "is_hidden",
        "hides_mobile",
        "confirmed_object_id",
        "former_object_id",
    ),
    *("language", "version"),
    *("password_changed_at", "password_used_at", "last_sign_in_at"),
    *("last_sign_in_method", "created_at", "modified_at"),
)
_SESSION = (
    *("method", "created_at", "authenticated_at", "seen_at", "address", "user_agent"),
)
_IDENTITY = (
    *("tenant_id", "object_id", "subject", "user_name", "app_roles", "linked_at"),
    "linked_by",
)
_CONFLICT = (
    "reason",
    "value",
    "claimant",
    "claimant_object_id",
    "opened_at",
    "seen_at",
)
_ENTRY = (
    *("id", "at", "log", "event", "succeeded", "actor_kind", "actor_name", "address"),
    *("request_id", "target_type", "target_id", "target_name", "facts", "changes"),
    *("times", "last_at"),
)
_LINE = ("line", "fields", "outcome", "reason", "attributes")


def _columns(table: Table, names: Sequence[str]) -> list[Column[Any]]:
    return [table.c[name] for name in names]


def record_export(connection: Connection, person: Person, actor: Actor) -> None:
    """Record that all data about a person are exported."""
    events.record(connection, actor, Event.DATA_EXPORTED, target_of_person(person))


def stream(key: EncryptionKey, person: Person) -> Iterator[str]:
    """Yield the parts of a JSON object, with a list of rows for each section.

    Rows are read in chunks, each in a transaction of its own: neither memory nor other
    requests suffer from somebody about whom there is a lot.
    """
    yield f'{{"exported_at": "{now().isoformat()}"'
    for name, rows in _read_sections(key, person):
        separator = ""
        yield f',\n"{name}": ['
        for row in rows:
            yield f"{separator}\n{json.dumps(row, default=_to_text)}"
            separator = ","
        yield "]"
    yield "}\n"


def _to_text(value: datetime) -> str:
    return value.isoformat()


def _read_sections(
    key: EncryptionKey, person: Person
) -> Iterator[tuple[str, Iterator[Row]]]:
    user_id = person.id
    yield "account", _read_once(_of(USERS, _ACCOUNT, USERS.c.id == user_id))
    yield "document", iter([person.document])
    theirs = select(GROUPS.c.id, GROUPS.c.display_name).join(
        MEMBERSHIPS, MEMBERSHIPS.c.group_id == GROUPS.c.id
    )
    theirs = theirs.where(MEMBERSHIPS.c.user_id == user_id)
    yield "groups", _read(theirs, GROUPS.c.id)
    for name, table, names, order in (
        ("sessions", SESSIONS, _SESSION, "created_at"),
        ("microsoft_account", IDENTITIES, _IDENTITY, "object_id"),
        ("conflicts", CONFLICTS, _CONFLICT, "opened_at"),
        ("blocks", BLOCKS, ("kind", "value", "blocked_at", "blocked_by"), "value"),
        ("emergency_sign_ins", EMERGENCY_SIGN_INS, ("at", "address"), "at"),
    ):
        query = _of(table, names, table.c.user_id == user_id)
        yield name, _read_once(query.order_by(table.c[order]))
    yield (
        "attributes_last_sent",
        _read_once(
            _of(
                ARRIVED,
                ("name", "last_value", "last_at"),
                ARRIVED.c.resource_id == user_id,
            )
        ),
    )
    digest = guesses.digest_user_name(key, person.user_name)
    at = GUESSES.c.at.label("seconds_since_1970")
    guessed = select(at, GUESSES.c.network).where(GUESSES.c.account == digest)
    yield "wrong_passwords", _read_once(guessed)
    named = IMPORT_LINES.c.user_name_key == person.user_name_key
    yield "import_lines", _read_once(_of(IMPORT_LINES, _LINE, named))
    yield from _read_log(person)


def _read_log(person: Person) -> Iterator[tuple[str, Iterator[Row]]]:
    about = JOURNAL.c.target_id == person.id
    by_them = JOURNAL.c.actor_id == person.id
    for name, condition in (("log_about", about), ("log_by", by_them)):
        query = _of(JOURNAL, _ENTRY, condition)
        yield name, _read(query, JOURNAL.c.at, JOURNAL.c.id)
    # Without the names of the others that such an entry has.
    changed = _of(MEMBERS, ("entry_id", "at"), MEMBERS.c.user_id == person.id)
    changed = changed.add_columns(JOURNAL.c.event, JOURNAL.c.target_name.label("group"))
    changed = changed.where(JOURNAL.c.id == MEMBERS.c.entry_id)
    yield "membership_changes", _read(changed, MEMBERS.c.at, MEMBERS.c.entry_id)


def _of(
    table: Table, names: Sequence[str], condition: ColumnElement[bool]
) -> Select[Any]:
    return select(*_columns(table, names)).where(condition)


def _read_once(query: Select[Any]) -> Iterator[Row]:
    """Read rows of which there are few."""
    with database.read() as connection:
        rows = _fetch(connection, query.limit(CHUNK))
    yield from rows


def _read(query: Select[Any], *key: Column[Any]) -> Iterator[Row]:
    """Read rows in the order of a key, some at a time."""
    following = query.order_by(*key).limit(CHUNK)
    while True:
        with database.read() as connection:
            rows = _fetch(connection, following)
        yield from rows
        if len(rows) < CHUNK:
            return
        last = [rows[-1][each.name] for each in key]
        following = query.where(tuple_(*key) > tuple_(*last)).order_by(*key)
        following = following.limit(CHUNK)


def _fetch(connection: Connection, query: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]
