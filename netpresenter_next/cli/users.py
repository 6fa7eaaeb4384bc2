"""The commands of ``user``, for local and provisioned accounts."""

from datetime import datetime
from typing import Any

import click
from sqlalchemy import Connection, Select, select

from netpresenter_next.cli.console import (
    as_json,
    format_time,
    open_application,
    open_read_transaction,
    password_file,
    print_json,
    print_table,
    read_password,
    to_printable,
)
from netpresenter_next.config import commands
from netpresenter_next.directory import (
    access,
    force,
    people,
    personal_data,
    searching,
    unlocking,
)
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database, encryption
from netpresenter_next.storage.choices import Role, Source
from netpresenter_next.storage.models import (
    ADMINISTRATOR,
    Group,
    Membership,
    Person,
    User,
)
from netpresenter_next.storage.rows import every

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
    names = (person.user_name, person.display_name, person.work_email)
    return (*names, _format_source(person), _format_state(person), _format_role(person))


def _format_source(person: _UserRow | Person) -> str:
    return "Entra" if person.source is Source.PROVISIONED else "local"


def _format_state(person: _UserRow | Person) -> str:
    if person.is_blocked:
        return "blocked"
    return "active" if person.active else "disabled"


def _format_role(person: _UserRow | Person) -> str:
    return f"{person.role}, emergency access" if person.is_emergency else person.role


@click.command("show")
@click.argument("user_name")
@as_json
def show_user(user_name: str, as_json: bool) -> None:
    """Show one person."""
    with open_read_transaction() as connection:
        person = people.find_by_name(connection, user_name)
        groups = _read_group_names(connection, person.id)
    if as_json:
        listed = {each.name: getattr(person, each.name) for each in _LISTED_COLUMNS}
        print_json({**listed, "groups": groups, "document": person.document})
        return
    for title, value in _list_fields(person, groups):
        click.echo(f"{title + ':':<18}{to_printable(value)}".rstrip())


def _read_group_names(connection: Connection, user_id: str) -> list[str]:
    names = (
        select(Group.display_name)
        .join(Membership, Membership.group_id == Group.id)
        .where(Membership.user_id == user_id)
        .order_by(Group.display_name_key)
    )
    return list(connection.scalars(names))


def _list_fields(person: Person, groups: list[str]) -> list[tuple[str, Any]]:
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
        ("Groups", ", ".join(groups)),
        ("Created (UTC)", format_time(person.created_at)),
        ("Last sign-in", format_time(person.last_sign_in_at) or "never"),
    ]


@click.command()
@click.argument("user_name")
def export_data(user_name: str) -> None:
    """Print all data about a person as JSON, without secrets."""
    with open_application() as settings:
        key = encryption.read_key(settings.instance)
        with database.write() as connection:
            person = people.find_by_name(connection, user_name)
            personal_data.record_export(connection, person, COMMAND_LINE)
        for part in personal_data.stream(key, person):
            click.echo(part, nl=False)


@click.command()
@click.argument("user_name")
@click.argument("new_name")
def rename(user_name: str, new_name: str) -> None:
    """Give a local account another user name; its sessions continue.

    Use it when a local account has the user name of a person in Microsoft Entra ID:
    provisioning cannot create that person.
    """
    with open_application(), database.write() as connection:
        person = people.find_by_name(connection, user_name)
        renamed = access.rename(connection, person, new_name, COMMAND_LINE)
    click.echo(f"{person.user_name} is now named {renamed.user_name}.", err=True)


@click.command()
@click.argument("user_name")
def block(user_name: str) -> None:
    """Block a person, whatever provisioning sends, and end their sessions."""
    with open_application(), database.write() as connection:
        person = people.find_by_name(connection, user_name)
        access.set_blocked(connection, person, COMMAND_LINE, blocked=True)
    click.echo(f"{person.user_name} is blocked.", err=True)


@click.command()
@click.argument("user_name")
def unblock(user_name: str) -> None:
    """Lift the block of a person."""
    with open_application(), database.write() as connection:
        person = people.find_by_name(connection, user_name)
        access.set_blocked(connection, person, COMMAND_LINE, blocked=False)
    click.echo(f"{person.user_name} is no longer blocked.", err=True)
    if not person.active:
        click.echo(
            f"{person.user_name} is still disabled: enable the account in Microsoft "
            "Entra ID.",
            err=True,
        )


@click.command()
@click.argument("user_name")
@password_file
def set_password(user_name: str, password_file: Any) -> None:
    """Give a person a new local password; their sessions end."""
    with open_application() as settings:
        with database.read() as connection:
            person = people.find_by_name(connection, user_name)
        password_hash = access.hash_new_password(
            read_password(password_file),
            administrator=person.role == ADMINISTRATOR,
            user_name=person.user_name,
        )
        with database.write() as connection:
            person = people.find_by_name(connection, user_name)
            access.set_password(connection, person, password_hash, COMMAND_LINE)
            is_kept_out = force.forbids_local_sign_in(connection, person.id)
    click.echo(f"{person.user_name} has a new password.", err=True)
    if is_kept_out:
        click.echo(
            "Force sign in with Microsoft is on, so the password cannot be used. To "
            "allow local sign-in again, type: "
            f"{commands.format_command(settings, 'force-sign-in', 'off')}",
            err=True,
        )


@click.command()
@click.argument("user_name")
def unlock(user_name: str) -> None:
    """Unlock an account after too many wrong passwords, and print a link.

    The wrong passwords so far are no longer counted.  A browser that opens the link
    within an hour is recognised as the owner's, so that wrong passwords of others do
    not count against it.  The password is still needed.
    """
    with open_application() as settings:
        key = encryption.read_key(settings.instance)
        with database.write() as connection:
            person = people.find_by_name(connection, user_name)
            code = unlocking.unlock(connection, key, person, COMMAND_LINE)
    click.echo(f"{settings.base_url}/sign-in?code={code}")
    click.echo(
        f"{person.user_name} is unlocked. The link has to be opened in their browser "
        "within an hour, at the address of this server.",
        err=True,
    )


@click.command()
@click.argument("user_name")
@click.argument("role", type=click.Choice([each.value for each in Role]))
def set_role(user_name: str, role: str) -> None:
    """Make a person an administrator or a user; their sessions end."""
    with open_application(), database.write() as connection:
        person = people.find_by_name(connection, user_name)
        access.set_role(connection, person, Role(role), COMMAND_LINE)
    click.echo(f"{person.user_name} is now {role}.", err=True)


@click.command()
@click.argument("user_name")
@click.argument("state", type=click.Choice(("on", "off")))
def set_emergency(user_name: str, state: str) -> None:
    """Grant a local administrator emergency access, or withdraw it."""
    with open_application(), database.write() as connection:
        person = people.find_by_name(connection, user_name)
        access.set_emergency(connection, person, COMMAND_LINE, emergency=state == "on")
    click.echo(f"Emergency access of {person.user_name} is {state}.", err=True)
