"""Erasing a person: the account at once, and then every trace in other rows.

That somebody was created, disabled or deleted stays in the event log, as evidence, but
without a name.  A job reads the log in parts that do not delay other writers.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, insert, select, update

from netpresenter_next.directory import (
    access,
    deletions,
    errors,
    events,
    guesses,
    people,
    people_imports,
    search_index,
)
from netpresenter_next.directory.arrived_attributes import forget_values_of
from netpresenter_next.directory.erasure_columns import DONE_BY, WITH_TEXTS
from netpresenter_next.directory.erasure_texts import ERASED, Eraser, collect, is_code
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.storage.choices import BlockedBy
from netpresenter_next.storage.encryption import EncryptionKey
from netpresenter_next.storage.erasure_models import ERASURES, Erasure, Stage
from netpresenter_next.storage.event_models import JOURNAL, MEMBERS, JournalEntry
from netpresenter_next.storage.identity_models import (
    BLOCKS,
)
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import (
    EMERGENCY_SIGN_INS,
)

# The entries about a person that are anonymised at once; a job does the others.
AT_ONCE = 500
# How many entries are read at a time, and how often without a change.
CHUNK, MOST_CHUNKS = 500, 20


def erase(
    connection: Connection,
    key: EncryptionKey,
    user_id: str,
    actor: Actor,
    actor_id: str | None = None,
) -> str:
    """Erase a present or deleted person; returns their name, for the last time.

    ``actor_id`` is the id of the person who does it.  Raises NoSuchPerson,
    LastAdministrator, and AccountError for that person themselves, or for somebody who
    is being erased.
    """
    name = _name_of(connection, user_id)
    if user_id == actor_id:
        raise errors.AccountError("You cannot erase yourself.")
    if is_in_progress(connection, user_id):
        raise errors.AccountError("This person is being erased already.")
    texts = collect(connection, user_id)
    eraser = Eraser(texts)
    is_present = _delete_account(connection, user_id, actor)
    search_index.index_one(connection, user_id)
    if is_present:  # else the name may be that of somebody else by now
        guesses.reset_limits(connection, guesses.digest_user_name(key, name))
    _forget_decisions(connection, user_id)
    people_imports.forget(connection, texts)
    about = _list_entries_about(connection, user_id)
    _apply(connection, _find_changes(about, eraser, user_id))
    row = {"user_id": user_id, "texts": texts, "stage": Stage.LOG, "position": ""}
    connection.execute(insert(ERASURES), row)
    target = Target("User", user_id, ERASED)
    events.record(connection, actor, Event.PERSON_ERASED, target)
    return name


def _name_of(connection: Connection, user_id: str) -> str:
    try:
        return people.find_by_id(connection, user_id).user_name
    except errors.NoSuchPerson:
        if deleted := deletions.find(connection, user_id):
            return deleted.user_name or user_id
        raise


def _delete_account(connection: Connection, user_id: str, actor: Actor) -> bool:
    """Delete the account with all rows that refer to it; returns whether it existed."""
    try:
        person = people.find_by_id(connection, user_id)
    except errors.NoSuchPerson:  # already deleted
        return False
    if person.is_emergency:  # refused for the last one who has it
        access.set_emergency(connection, person, actor, emergency=False)
    people.delete_person(connection, person, actor)
    return True


def _forget_decisions(connection: Connection, user_id: str) -> None:
    """Remove names from the rows that outlive an account; a block keeps object IDs."""
    by_name = BLOCKS.c.kind == BlockedBy.USER_NAME
    connection.execute(delete(BLOCKS).where(BLOCKS.c.user_id == user_id, by_name))
    deletions.forget_name_of(connection, user_id)
    for table in (EMERGENCY_SIGN_INS, MEMBERS):
        _delete_of(connection, table, user_id)
    forget_values_of(connection, user_id)


def _delete_of(connection: Connection, table: Table, user_id: str) -> None:
    connection.execute(delete(table).where(table.c.user_id == user_id))


def _list_entries_about(connection: Connection, user_id: str) -> Sequence[JournalEntry]:
    query = select(JOURNAL).where(JOURNAL.c.target_id == user_id)
    return every(JournalEntry, connection.execute(query.limit(AT_ONCE)))


# ------------------------------------------------------------------ the event log
Changes = Mapping[str, Mapping[str, Any]]


def _find_changes(
    entries: Sequence[JournalEntry], eraser: Eraser, user_id: str
) -> Changes:
    """Return the columns to change, by the id of the entry.

    Entries about the person are anonymised; in others, their texts are replaced.
    """
    found = {}
    for row in entries:
        change = _anonymise if row.target_id == user_id else _erase_texts
        values = change(row, eraser, user_id)
        changed = {
            name: value for name, value in values.items() if getattr(row, name) != value
        }
        if changed:
            found[row.id] = changed
    return found


def _apply(connection: Connection, changes: Changes) -> None:
    for entry_id, values in changes.items():
        this = update(JOURNAL).where(JOURNAL.c.id == entry_id)
        connection.execute(this.values(dict(values)))


def _is_by(row: JournalEntry, eraser: Eraser, user_id: str) -> bool:
    """Did the person do it?  A name decides only where no id was recorded.

    Others may have, or get, the same name.
    """
    if row.actor_id is not None:
        return row.actor_id == user_id
    return bool(eraser.erase(row.actor_name) != row.actor_name)


def _anonymise(row: JournalEntry, eraser: Eraser, user_id: str) -> dict[str, Any]:
    """Return what stays of an entry about the person: what happened, when, by whom."""
    is_known = row.actor_kind in (events.SCIM, "person", "command line")
    by_others = is_known and not _is_by(row, eraser, user_id)
    facts = {name: _keep_fact(name, fact) for name, fact in (row.facts or {}).items()}
    changes = [{"attribute": each.get("attribute")} for each in row.changes or ()]
    return {
        "target_name": ERASED,
        "actor_name": row.actor_name if by_others else row.actor_name and ERASED,
        "actor_id": row.actor_id if by_others else None,
        "address": row.address if by_others else None,
        "facts": facts or None,
        "changes": changes or None,
        # A digest of what was counted, which may be of the name.
        "counted_as": None,
    }


def _keep_fact(name: str, fact: Any) -> Any:
    if is_code(name, fact):
        return fact
    return ERASED if isinstance(fact, str) else [ERASED]


def _erase_texts(row: JournalEntry, eraser: Eraser, user_id: str) -> dict[str, Any]:
    """Return the values of an entry about somebody else without the person's texts.

    Whom an id names, as its target or as who did it, keeps their name.
    """
    by_themselves = _is_by(row, eraser, user_id)
    facts = {
        name: fact if is_code(name, fact) else eraser.erase(fact)
        for name, fact in (row.facts or {}).items()
    }
    changes = [
        {**eraser.erase(each), "attribute": each.get("attribute")}
        for each in row.changes or ()
    ]
    is_named = row.target_id is not None
    return {
        "target_name": row.target_name if is_named else eraser.erase(row.target_name),
        "actor_name": ERASED if by_themselves else row.actor_name,
        "actor_id": None if by_themselves else row.actor_id,
        "address": None if by_themselves else row.address,
        "facts": facts or row.facts,
        "changes": changes or row.changes,
    }


# ------------------------------------------------------------------ in batches
def find_next(connection: Connection) -> Erasure | None:
    """Return an erasure that is not complete."""
    found = every(Erasure, connection.execute(select(ERASURES).limit(1)))
    return found[0] if found else None


def is_in_progress(connection: Connection, user_id: str) -> bool:
    """Are other rows still being searched for this person?"""
    query = select(ERASURES.c.stage).where(ERASURES.c.user_id == user_id)
    return connection.execute(query).first() is not None


class LogPart(NamedTuple):
    """What a part of the log needs: changes of entries, and the last one that was read.

    There is none if the end of the log was reached.
    """

    changes: Changes
    position: str
    is_end: bool


def read_log(connection: Connection, erasure: Erasure) -> LogPart:
    """Read log entries until one has to be changed, in a read transaction."""
    eraser, position = Eraser(erasure.texts), erasure.position
    for _ in range(MOST_CHUNKS):
        later = select(JOURNAL).where(JOURNAL.c.id > position)
        query = later.order_by(JOURNAL.c.id).limit(CHUNK)
        entries = every(JournalEntry, connection.execute(query))
        if not entries:
            return LogPart({}, position, True)
        position = entries[-1].id
        if changes := _find_changes(entries, eraser, erasure.user_id):
            return LogPart(changes, position, False)
    return LogPart({}, position, False)


def note_log_part(connection: Connection, erasure: Erasure, part: LogPart) -> None:
    """Change the entries of a part of the log, and remember how far it was read."""
    _apply(connection, part.changes)
    stage = Stage.INDEX_START if part.is_end else Stage.LOG
    _set(connection, erasure, stage=stage, position=part.position)


def continue_elsewhere(connection: Connection, erasure: Erasure) -> None:
    """Do the next step of an erasure after the log was read."""
    if erasure.stage is Stage.INDEX_START:
        search_index.begin_rewriting(connection)
        _set(connection, erasure, stage=Stage.INDEX)
    elif erasure.stage is Stage.INDEX:
        if search_index.rewrite_some(connection):
            _set(connection, erasure, stage=Stage.REST)
    else:
        _erase_rest(connection, erasure)
        _delete_of(connection, ERASURES, erasure.user_id)


def _set(connection: Connection, erasure: Erasure, **values: str) -> None:
    this = ERASURES.c.user_id == erasure.user_id
    connection.execute(update(ERASURES).where(this).values(**values))


def _erase_rest(connection: Connection, erasure: Erasure) -> None:
    """Remove the person's texts from the small tables, and what was sent meanwhile."""
    forget_values_of(connection, erasure.user_id)
    people_imports.forget(connection, erasure.texts)
    eraser = Eraser(erasure.texts)
    for column in DONE_BY:
        named = column.in_(erasure.texts)
        if connection.execute(select(column).where(named).limit(1)).first():
            changed = update(column.table).where(named)
            connection.execute(changed.values({column.name: ERASED}))
    for column in WITH_TEXTS:
        key = list(column.table.primary_key)
        for *ids, old in connection.execute(select(*key, column)).all():
            if (new := eraser.erase(old)) != old:
                this = (part == value for part, value in zip(key, ids, strict=True))
                changed = update(column.table).where(*this)
                connection.execute(changed.values({column.name: new}))
