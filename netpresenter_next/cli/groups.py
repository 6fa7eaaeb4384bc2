"""The commands of ``group``: local groups are changed, provisioned ones are shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import click
from sqlalchemy import Connection, func, select

from netpresenter_next.cli.console import (
    CommandRefused,
    InvalidUsage,
    as_json,
    confirm,
    confirmed,
    format_time,
    open_application,
    open_read_transaction,
    print_json,
    to_printable,
)
from netpresenter_next.cli.tables import print_table
from netpresenter_next.config import commands
from netpresenter_next.config.options import Config
from netpresenter_next.directory import (
    errors,
    local_groups,
    people,
    role_mappings,
    searching,
)
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.local_groups import Removal
from netpresenter_next.lib.text import format_count
from netpresenter_next.storage import database
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS, USERS, Group
from netpresenter_next.storage.rows import every

members = click.option(
    "--member",
    "user_names",
    multiple=True,
    metavar="USER_NAME",
    help="A person, by user name; may be given several times.",
)


class _GroupRow:
    """A row of the list of groups."""

    id: str
    display_name: str
    external_id: str | None
    is_local: bool
    members: int
    is_mapped: bool
    modified_at: datetime


class Member(NamedTuple):
    """A person in a group."""

    id: str
    user_name: str
    display_name: str | None


def _format_source(is_local: bool) -> str:
    return "local" if is_local else "Entra"


@click.command("list")
@click.option("--search", metavar="TEXT", help="Only groups with each word of TEXT.")
@as_json
def list_groups(search: str | None, as_json: bool) -> None:
    """List the groups, by name."""
    of_group = MEMBERSHIPS.c.group_id == GROUPS.c.id
    number = select(func.count()).select_from(MEMBERSHIPS).where(of_group)
    columns = (
        *(GROUPS.c.id, GROUPS.c.display_name, GROUPS.c.external_id, GROUPS.c.is_local),
        number.scalar_subquery().label("members"),
        role_mappings.is_mapped(GROUPS.c.id),
        GROUPS.c.modified_at,
    )
    query = select(*columns).order_by(GROUPS.c.shown_name_key, GROUPS.c.id)
    if search:
        query = query.where(searching.has_words(search, GROUPS.c.shown_name_key))
    with open_read_transaction() as connection:
        rows = every(_GroupRow, connection.execute(query))
    if as_json:
        print_json([_to_document(row) for row in rows])
        return
    titles = ("NAME", "SOURCE", "MEMBERS", "ROLE GIVEN", "CHANGED (UTC)")
    print_table(titles, [_format_cells(row) for row in rows])


def _to_document(row: _GroupRow) -> dict[str, Any]:
    names = ("id", "display_name", "external_id", "is_local", "members", "modified_at")
    listed = {name: getattr(row, name) for name in names}
    return {**listed, "role_given": "administrator" if row.is_mapped else None}


def _format_cells(row: _GroupRow) -> tuple[Any, ...]:
    role = "administrator" if row.is_mapped else ""
    what = (row.display_name, _format_source(row.is_local), row.members, role)
    return (*what, format_time(row.modified_at))


@click.command("show")
@click.argument("group")
@as_json
def show_group(group: str, as_json: bool) -> None:
    """Show one group, by name or id, with its members."""
    with open_read_transaction() as connection:
        found = local_groups.find(connection, group)
        listed = _list_members(connection, found)
    if as_json:
        print_json(_describe(found, listed))
        return
    for title, value in (
        ("Id", found.id),
        ("Name", found.display_name),
        ("Source", _format_source(found.is_local)),
        ("External ID", found.external_id),
        ("Created (UTC)", format_time(found.created_at)),
        ("Changed (UTC)", format_time(found.modified_at)),
        ("Members", len(listed)),
    ):
        click.echo(f"{title + ':':<19}{to_printable(value)}".rstrip())
    if listed:
        cells = [(each.user_name, each.display_name) for each in listed]
        print_table(("USER NAME", "DISPLAY NAME"), cells)


def _list_members(connection: Connection, group: Group) -> Sequence[Member]:
    query = (
        select(USERS.c.id, USERS.c.user_name, USERS.c.display_name)
        .join(MEMBERSHIPS, MEMBERSHIPS.c.user_id == USERS.c.id)
        .where(MEMBERSHIPS.c.group_id == group.id)
        .order_by(USERS.c.user_name_key)
    )
    return [Member(*row) for row in connection.execute(query)]


def _describe(group: Group, listed: Sequence[Member]) -> Mapping[str, Any]:
    names = ("id", "display_name", "external_id", "is_local", "created_at")
    return {
        **{name: getattr(group, name) for name in (*names, "modified_at")},
        "members": [each._asdict() for each in listed],
        "document": group.document,
    }


# ------------------------------------------------------------------ changing
@click.command()
@click.argument("group")
@members
def add(group: str, user_names: tuple[str, ...]) -> None:
    """Make a local group or, with --member, add people to one.

    The people are local or provisioned ones.  A group of Microsoft Entra ID is changed
    there.
    """
    with open_application() as settings, database.write() as connection:
        if not user_names:
            made = local_groups.make(connection, group, COMMAND_LINE)
            said = f"The group {made.display_name} is made."
        else:
            found = _find_to_fill(connection, settings, group)
            ids = _find_people(connection, user_names)
            number = local_groups.add_members(connection, found, ids, COMMAND_LINE)
            said = f"{_count(number)} added to {found.display_name}."
    click.echo(to_printable(said), err=True)


def _find_to_fill(connection: Connection, settings: Config, text: str) -> Group:
    try:
        return local_groups.find(connection, text)
    except errors.NoSuchGroup as error:
        making = commands.format_command(settings, "group", "add", text)
        raise CommandRefused(f"{error} To make it first, type: {making}") from error


@click.command()
@click.argument("group")
@members
@click.option("--everybody", is_flag=True, help="Remove all members.")
def remove(group: str, user_names: tuple[str, ...], everybody: bool) -> None:
    """Remove people from a local group."""
    if everybody is bool(user_names):
        raise InvalidUsage("Give either --member USER_NAME or --everybody.")
    with open_application():
        if everybody:
            with database.read() as connection:
                found = local_groups.find(connection, group)
            done = local_groups.empty(database.write, found.id, COMMAND_LINE)
            _refuse_interrupted(done)
            number = done.removed
        else:
            with database.write() as connection:
                found = local_groups.find(connection, group)
                ids = _find_people(connection, user_names)
                number = local_groups.remove_members(
                    connection, found, ids, COMMAND_LINE
                )
    said = f"{_count(number)} removed from {found.display_name}."
    click.echo(to_printable(said), err=True)


def _refuse_interrupted(done: Removal) -> None:
    """End with an error if only a part of the members was removed."""
    if not done.is_done:
        left = format_count(done.left, "member is", "members are")
        raise CommandRefused(
            f"The database is busy with other work, so {left} left in "
            f"{done.group.display_name}. The same command continues."
        )


def _find_people(connection: Connection, user_names: Sequence[str]) -> list[str]:
    """Return the ids of people; raises NoSuchPerson for an unknown one."""
    return [people.find_by_name(connection, each).id for each in user_names]


def _count(number: int) -> str:
    return format_count(number, "person was", "people were")


@click.command()
@click.argument("group")
@click.argument("new_name")
def rename(group: str, new_name: str) -> None:
    """Give a local group another name."""
    with open_application(), database.write() as connection:
        found = local_groups.find(connection, group)
        renamed = local_groups.rename(connection, found, new_name, COMMAND_LINE)
    said = f"{found.display_name} is now named {renamed.display_name}."
    click.echo(to_printable(said), err=True)


@click.command()
@click.argument("group")
@confirmed
def delete(group: str, yes: bool) -> None:
    """Delete a local group, but not its members."""
    with open_application():
        with database.read() as connection:
            found = local_groups.find(connection, group)
            local_groups.refuse_managed(found)
            number = len(_list_members(connection, found))
        people_in_it = format_count(number, "member", "members")
        confirm(
            f"The group {found.display_name} of {people_in_it} will be deleted.", yes
        )
        _refuse_interrupted(local_groups.delete(database.write, found.id, COMMAND_LINE))
    click.echo(to_printable(f"The group {found.display_name} is deleted."), err=True)
