"""Compares the database with the responses that clients received.

It is read over SCIM and from the file.
"""

import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

from ledger import ACKNOWLEDGED, REFUSED, SENT, Ledger, Person
from load import Scim
from sqlalchemy import create_engine

from invariants import check_invariants


def find_faults(ledger: Ledger, scim: Scim, file: Path, groups: list[str]) -> list[str]:
    """Return what is lost, half-written, or stored although no client sent it."""
    found = scim.everybody()
    faults = [
        f"{name}: not created by a client" for name in found.keys() - ledger.people
    ]
    for person in ledger.people.values():
        fault = _find_fault(person, found.get(person.name))
        faults += [f"{person.name}: {fault}"] if fault else []
    for group in groups:
        faults += _find_membership_faults(ledger, group, scim.members(group), found)
    return faults + _find_file_faults(ledger, file)


def _find_fault(person: Person, document: dict[str, Any] | None) -> str | None:
    if document is None:
        if person.created == ACKNOWLEDGED and person.deleted is None:
            return "lost"
        return None
    if person.created == REFUSED:
        return "refused, but stored"
    if person.deleted == ACKNOWLEDGED:
        return "deleted, but stored"
    if person.id not in (None, document["id"]):
        return f"has another id, {document['id']}"
    title = document.get("title")
    if title not in person.possible_titles:
        return f"title {title!r}, not one of {person.possible_titles}"
    return None


def _find_membership_faults(
    ledger: Ledger, group: str, members: set[str], found: dict[str, Any]
) -> list[str]:
    there = [each for each in ledger.people.values() if each.name in found]
    sure = {p.id for p in there if p.groups.get(group) == ACKNOWLEDGED}
    possible = {p.id for p in there if p.groups.get(group) in (ACKNOWLEDGED, SENT)}
    lost, unknown = sure - members, members - possible
    faults = [f"{each}: lost from group {group}" for each in lost]
    return faults + [f"{each}: added to group {group} by nobody" for each in unknown]


# -------------------------------------------------------------------------- the file
def _find_file_faults(ledger: Ledger, file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        faults = find_corruption(connection)
        faults += _find_half_written(connection)
        faults += _find_missing_journal_entries(connection, ledger)
    engine = create_engine(f"sqlite:///{file}")
    try:
        with engine.connect() as reading:
            check_invariants(reading)
    except AssertionError as error:
        faults.append(f"columns do not match the documents: {error}")
    finally:
        engine.dispose()
    return faults


def find_corruption(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite's own checks find."""
    found = connection.execute("PRAGMA integrity_check").fetchall()
    faults = [] if found == [("ok",)] else [str(each) for each in found]
    broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    return faults + [f"foreign key without a row: {each}" for each in broken]


def _journal(connection: sqlite3.Connection, event: str) -> list[tuple[str, list[Any]]]:
    query = "SELECT target_id, changes FROM journal WHERE event = ? AND succeeded = 1"
    rows = connection.execute(query, (event,)).fetchall()
    return [(target, json.loads(changes or "[]")) for target, changes in rows]


def _find_half_written(connection: sqlite3.Connection) -> list[str]:
    """Return changes without an entry in the journal, and entries without a change."""
    made = Counter(target for target, _ in _journal(connection, "person.created"))
    gone = Counter(target for target, _ in _journal(connection, "person.deleted"))
    changed = Counter(target for target, _ in _journal(connection, "person.changed"))
    query = "SELECT id, version FROM users WHERE source != 'local'"
    versions = dict(connection.execute(query).fetchall())
    wanted = {each: 1 + changed[each] for each in (made - gone)}
    faults = [
        f"{each}: version {versions.get(each)}, by the journal {wanted.get(each)}"
        for each in versions.keys() | wanted.keys()
        if versions.get(each) != wanted.get(each)
    ]
    joined = {
        (group, change["new"])
        for group, changes in _journal(connection, "members.added")
        for change in changes
        if change["new"] in versions
    }
    query = "SELECT group_id, user_id FROM memberships"
    different = joined ^ set(connection.execute(query).fetchall())
    return faults + [f"membership {each}: half-written" for each in different]


def _find_missing_journal_entries(
    connection: sqlite3.Connection, ledger: Ledger
) -> list[str]:
    """Return the people with an acknowledged change that is not in the journal."""
    made = {target for target, _ in _journal(connection, "person.created")}
    gone = {target for target, _ in _journal(connection, "person.deleted")}
    titles = {
        (target, change.get("new"))
        for target, changes in _journal(connection, "person.changed")
        for change in changes
    }
    joined = {
        (group, change["new"])
        for group, changes in _journal(connection, "members.added")
        for change in changes
    }
    faults = []
    for person in ledger.people.values():
        missing = [
            person.created == ACKNOWLEDGED and person.id not in made,
            person.deleted == ACKNOWLEDGED and person.id not in gone,
            *(
                (person.id, str(value)) not in titles
                for value in list_acknowledged(person.titles)
            ),
            *(
                (group, person.id) not in joined
                for group in list_acknowledged(person.groups)
            ),
        ]
        faults += [f"{person.name}: {sum(missing)} not in the journal"] * any(missing)
    return faults


def list_acknowledged(states: dict[Any, str]) -> list[Any]:
    """Return the keys of acknowledged writes."""
    return [key for key, state in states.items() if state == ACKNOWLEDGED]


# ----------------------------------------------------------------- unanswered writes
def resolve_unanswered(ledger: Ledger, scim: Scim, groups: list[str]) -> list[str]:
    """Repeat unanswered POST requests, look up the others; return what is wrong."""
    faults = [
        fault
        for person in ledger.people.values()
        if person.created == SENT
        for fault in _repeat(person, scim)
    ]
    found = scim.everybody()
    members = {group: scim.members(group) for group in groups}
    for person in ledger.people.values():
        document = found.get(person.name, {})
        if person.deleted == SENT:
            person.deleted = None if document else ACKNOWLEDGED
        if person.deleted is None:
            title = document.get("title")
            _resolve(person.titles, {int(title)} if title else set())
        of = {group for group in groups if person.id in members[group]}
        _resolve(person.groups, of)
    return faults


def _resolve(states: dict[Any, str], there: set[Any]) -> None:
    for key, state in states.items():
        if state == SENT:
            states[key] = ACKNOWLEDGED if key in there else REFUSED


def _repeat(person: Person, scim: Scim) -> list[str]:
    """Send a POST again, after which there must be exactly one account."""
    status, document = scim.ask("POST", "/Users", person.body)
    if status not in (201, 409):
        return [f"{person.name}: repeated, {status} {document}"]
    found = scim.find(person.name)
    if len(found) != 1:
        return [f"{person.name}: {len(found)} accounts after a repeat"]
    person.created, person.id = ACKNOWLEDGED, found[0]["id"]
    same = all(found[0].get(name) == person.body[name] for name in _COMPARED)
    return [] if same else [f"{person.name}: {found[0]} is not what was sent"]


_COMPARED = ("userName", "externalId", "displayName", "active", "name")
