"""The commands ``user list`` and ``user show``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import click
from sqlalchemy import Connection, Select, select

from netpresenter_next.cli.console import (
    as_json,
    format_time,
    open_read_transaction,
    print_json,
    to_printable,
)
from netpresenter_next.cli.tables import print_table
from netpresenter_next.directory import (
    identity_matching,
    people,
    searching,
    sessions,
)
from netpresenter_next.lib.text import describe_browser, fold
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import (
    Group,
    Membership,
    Person,
    Session,
    User,
)
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.sign_in_models import Identity

_USERS = User.__table__
# The fields of the list and of its JSON, in this order.
_LISTED_COLUMNS = (
    _USERS.c.id,
    _USERS.c.user_name,
    _USERS.c.display_name,
    _USERS.c.work_email,
    _USERS.c.source,
    _USERS.c.active,
    _USERS.c.is_blocked,
    _USERS.c.role,
    _USERS.c.is_emergency,
    _USERS.c.last_sign_in_at,
)

# What is shown of a session.
_SESSION = ("method", "created_at", "seen_at", "address")


class _UserRow:
    """A row of the list of people."""

    id: str
    user_name: str
    display_name: str | None
    work_email: str | None
    source: Source
    active: bool
    is_blocked: bool
    role: str
    is_emergency: bool
    last_sign_in_at: datetime | None


@click.command("list")
@click.option(
    "--search",
    metavar="TEXT",
    help="Only people with each word of TEXT in names, e-mail addresses or numbers.",
)
@as_json
def list_users(search: str | None, as_json: bool) -> None:
    """List the people, by user name."""
    query: Select[Any] = select(*_LISTED_COLUMNS).order_by(_USERS.c.user_name_key)
    with open_read_transaction() as connection:
        if search and search.strip():
            found = searching.find_people(connection, search)
            query = query.where(_USERS.c.id.in_(found.ids))
            for notice in found.notices:
                click.echo(notice, err=True)
        people = every(_UserRow, connection.execute(query))
    if as_json:
        print_json([_to_document(person) for person in people])
        return
    titles = ("USER NAME", "DISPLAY NAME", "WORK E-MAIL", "SOURCE", "STATE", "ROLE")
    print_table(titles, [_format_cells(person) for person in people])


def _to_document(person: _UserRow) -> dict[str, Any]:
    return {column.name: getattr(person, column.name) for column in _LISTED_COLUMNS}


def _format_cells(person: _UserRow) -> tuple[Any, ...]:
    work_email = person.work_email or ""
    is_same = fold(work_email) == fold(person.user_name)
    names = (person.user_name, person.display_name, "" if is_same else work_email)
    return (*names, _format_source(person), _format_state(person), _format_role(person))


def _format_source(person: _UserRow | Person) -> str:
    return "Entra" if person.source is Source.PROVISIONED else "local"


def _format_state(person: _UserRow | Person) -> str:
    if person.is_blocked:
        return "blocked"
    return "active" if person.active else "disabled"


def _format_role(person: _UserRow | Person) -> str:
    return f"{person.role}, emergency access" if person.is_emergency else person.role


class Details(NamedTuple):
    """What ``user show`` shows besides the person."""

    groups: Sequence[str]
    identity: Identity | None
    sessions: Sequence[Session]


@click.command("show")
@click.argument("user_name")
@as_json
def show_user(user_name: str, as_json: bool) -> None:
    """Show one person, with groups, Microsoft account and sessions."""
    with open_read_transaction() as connection:
        person = people.find_by_name(connection, user_name)
        details = Details(
            groups=_read_group_names(connection, person.id),
            identity=identity_matching.find_identity(connection, person.id),
            sessions=sessions.list_for_person(connection, person.id),
        )
    if as_json:
        print_json(_describe(person, details))
        return
    for title, value in _list_fields(person, details):
        click.echo(f"{title + ':':<19}{to_printable(value)}".rstrip())


def _describe(person: Person, details: Details) -> Mapping[str, Any]:
    """Return a person as JSON: without what identifies a session."""
    listed = {each.name: getattr(person, each.name) for each in _LISTED_COLUMNS}
    identity = details.identity
    linked = ("tenant_id", "object_id", "user_name", "app_roles", "linked_at")
    return {
        **listed,
        "groups": details.groups,
        "microsoft_account": (
            None
            if identity is None
            else {each: getattr(identity, each) for each in linked}
        ),
        "sessions": [
            {
                **{each: getattr(session, each) for each in _SESSION},
                "browser": describe_browser(session.user_agent),
            }
            for session in details.sessions
        ],
        "document": person.document,
    }


def _read_group_names(connection: Connection, user_id: str) -> list[str]:
    names = (
        select(Group.display_name)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.user_id == user_id)
        .order_by(Group.display_name_key)
    )
    return list(connection.scalars(names))


def _list_fields(person: Person, details: Details) -> list[tuple[str, Any]]:
    return [
        ("Id", person.id),
        ("User name", person.user_name),
        ("Display name", person.display_name),
        ("Work e-mail", person.work_email),
        ("External ID", person.external_id),
        ("Source", _format_source(person)),
        ("State", _format_state(person)),
        ("Role", _format_role(person)),
        ("Local password", "yes" if person.password_hash else "no"),
        ("Groups", ", ".join(details.groups)),
        ("Created (UTC)", format_time(person.created_at)),
        ("Last sign-in", format_time(person.last_sign_in_at) or "never"),
        ("Microsoft account", _format_identity(details.identity)),
        *_list_sessions(details.sessions),
    ]


def _format_identity(identity: Identity | None) -> str:
    if identity is None:
        return "none"
    since = format_time(identity.linked_at)
    named = f"{identity.user_name}, " if identity.user_name else ""
    return f"{named}object ID {identity.object_id}, connected {since} UTC"


def _list_sessions(found: Sequence[Session]) -> list[tuple[str, str]]:
    """Return a line for each session, the latest used first; the first has a title."""
    lines = [
        f"{each.method}, last used {format_time(each.seen_at)} UTC, from "
        f"{each.address}, {describe_browser(each.user_agent)}"
        for each in found
    ]
    titles = [f"Session {number}" for number in range(1, len(lines) + 1)]
    return list(zip(titles, lines, strict=True)) or [("Sessions", "none")]
