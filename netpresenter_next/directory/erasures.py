"""Erasing a person: the account at once, and then every trace in other rows.

That somebody was created, disabled or deleted stays in the event log, as evidence, but
without a name.  A job (``erasure_parts``) reads the log in parts that do not delay
other writers, and continues after a restart.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from netpresenter_next.directory import (
    deletions,
    emergency_access,
    erasure_texts,
    errors,
    events,
    guesses,
    people,
    people_imports,
    search_index,
)
from netpresenter_next.directory.arrived_attributes import forget_values_of
from netpresenter_next.directory.erasure_texts import ERASED, Eraser, is_code
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import BlockedBy
from netpresenter_next.storage.encryption import EncryptionKey
from netpresenter_next.storage.erasure_models import ERASURES, Stage
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.identity_models import (
    BLOCKS,
)
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import (
    EMERGENCY_SIGN_INS,
)

# The entries about a person that are anonymised at once; a job does the others.
AT_ONCE = 200
# The kinds of actors whose name is that of a person.
_KINDS_OF_PEOPLE = ("person", "Microsoft account")

# New values of the columns of an entry, by its id.
Changes = Mapping[str, Mapping[str, Any]]


class Preparation(NamedTuple):
    """What was read before the write lock is taken, so that others do not wait."""

    texts: Sequence[str]
    user_names: Sequence[str]
    # Of the newest entries about the person.
    changes: Changes


def prepare(user_id: str) -> Preparation:
    """Read by which texts a person is or was known, in read transactions."""
    texts = erasure_texts.collect(user_id)
    with database.read() as connection:
        user_names = erasure_texts.collect_user_names(connection, user_id)
        about = _list_entries_about(connection, user_id)
    changes = find_changes(about, Eraser(texts), user_id)
    return Preparation(texts, user_names, changes)


def erase(
    connection: Connection,
    key: EncryptionKey,
    user_id: str,
    actor: Actor,
    actor_id: str | None = None,
    *,
    prepared: Preparation,
) -> str:
    """Erase a present or deleted person; returns their name, for the last time.

    This transaction deletes the account and notes the erasure, which a job completes,
    also after the server was stopped or killed.  ``actor_id`` is the id of the person
    who does it.  Raises NoSuchPerson, LastAdministrator, and AccountError for that
    person themselves, or for somebody who is being erased.
    """
    name = _name_of(connection, user_id)
    if user_id == actor_id:
        raise errors.AccountError(_("You cannot erase yourself."))
    if is_in_progress(connection, user_id):
        raise errors.AccountError(_("This person is being erased already."))
    # The account may have changed since it was prepared.
    texts = erasure_texts.add_present(connection, user_id, prepared.texts)
    if name not in (user_names := [*prepared.user_names]):
        user_names += erasure_texts.leave_out_others(connection, [name], user_id)
    is_present = _delete_account(connection, user_id, actor)
    search_index.index_one(connection, user_id)
    if is_present:  # else the name may be that of somebody else by now
        guesses.reset_limits(connection, guesses.digest_user_name(key, name))
    _forget_decisions(connection, user_id)
    people_imports.forget(connection, user_names)
    change_entries(connection, prepared.changes)
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


def is_in_progress(connection: Connection, user_id: str) -> bool:
    """Are other rows still being searched for this person?"""
    query = select(ERASURES.c.stage).where(ERASURES.c.user_id == user_id)
    return connection.execute(query).first() is not None


def _delete_account(connection: Connection, user_id: str, actor: Actor) -> bool:
    """Delete the account with all rows that refer to it; returns whether it existed."""
    try:
        person = people.find_by_id(connection, user_id)
    except errors.NoSuchPerson:  # already deleted
        return False
    if person.is_emergency:  # refused for the last one who has it
        emergency_access.set_granted(connection, person, actor, granted=False)
    people.delete_person(connection, person, actor)
    return True


def _forget_decisions(connection: Connection, user_id: str) -> None:
    """Remove names from the rows that outlive an account; a block keeps object IDs."""
    by_name = BLOCKS.c.kind == BlockedBy.USER_NAME
    connection.execute(delete(BLOCKS).where(BLOCKS.c.user_id == user_id, by_name))
    deletions.forget_name_of(connection, user_id)
    theirs = EMERGENCY_SIGN_INS.c.user_id == user_id
    connection.execute(delete(EMERGENCY_SIGN_INS).where(theirs))
    forget_values_of(connection, user_id)


def _list_entries_about(connection: Connection, user_id: str) -> Sequence[JournalEntry]:
    query = select(JOURNAL).where(JOURNAL.c.target_id == user_id)
    newest = query.order_by(JOURNAL.c.at.desc(), JOURNAL.c.id.desc())
    return every(JournalEntry, connection.execute(newest.limit(AT_ONCE)))


# ------------------------------------------------------------------ the event log
def find_changes(
    entries: Sequence[JournalEntry], eraser: Eraser, user_id: str
) -> Changes:
    """Return the columns of entries to change, by the id of the entry.

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


def change_entries(connection: Connection, changes: Changes) -> None:
    """Change entries of the log as ``find_changes`` says."""
    for entry_id, values in changes.items():
        this = update(JOURNAL).where(JOURNAL.c.id == entry_id)
        connection.execute(this.values(dict(values)))


def _is_by(row: JournalEntry, eraser: Eraser, user_id: str) -> bool:
    """Did the person do it?  A name decides only where no id was recorded.

    Others may have, or get, the same name, and so may the command line or a token.
    """
    if row.actor_id is not None:
        return row.actor_id == user_id
    if row.actor_kind not in _KINDS_OF_PEOPLE:
        return False
    return bool(eraser.erase(row.actor_name) != row.actor_name)


def _anonymise(row: JournalEntry, eraser: Eraser, user_id: str) -> dict[str, Any]:
    """Return what stays of an entry about the person: what happened, when, by whom."""
    is_known = row.actor_kind in (events.SCIM, "person", events.COMMAND_LINE.kind)
    by_others = is_known and not _is_by(row, eraser, user_id)
    facts = {name: _keep_fact(name, fact) for name, fact in (row.facts or {}).items()}
    changes = [{"attribute": each.get("attribute")} for each in row.changes or ()]
    return {
        "target_name": ERASED,
        "actor_name": _erase_actor(row, eraser, is_kept=by_others),
        "actor_id": row.actor_id if by_others else None,
        "address": row.address if by_others else None,
        "facts": facts or None,
        "changes": changes or None,
        # A digest of what was counted, which may be of the name.
        "counted_as": None,
    }


def _erase_actor(row: JournalEntry, eraser: Eraser, *, is_kept: bool) -> str:
    """Return who did it; the label of a token that did it may name the person."""
    if not is_kept:
        return row.actor_name and ERASED
    if row.actor_kind == events.SCIM:
        return eraser.erase_in_label(row.actor_name)
    return row.actor_name


def _erase_target(row: JournalEntry, eraser: Eraser) -> str | None:
    """Return what an entry is about; other people keep the name that they had."""
    is_other_person = row.target_type == "User" and row.target_id is not None
    if is_other_person or row.target_type == "Settings" or row.target_name is None:
        return row.target_name
    return str(eraser.erase(row.target_name))


def _keep_fact(name: str, fact: Any) -> Any:
    if is_code(name, fact):
        return fact
    return ERASED if isinstance(fact, str) else [ERASED]


def _erase_texts(row: JournalEntry, eraser: Eraser, user_id: str) -> dict[str, Any]:
    """Return the values of an entry about somebody else without the person's texts.

    Other people, as its target or as who did it, keep their name; a group or a file
    does not, if it names the person.
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
    return {
        "target_name": _erase_target(row, eraser),
        "actor_name": _erase_actor(row, eraser, is_kept=not by_themselves),
        "actor_id": None if by_themselves else row.actor_id,
        "address": None if by_themselves else row.address,
        "facts": facts or row.facts,
        "changes": changes or row.changes,
    }
