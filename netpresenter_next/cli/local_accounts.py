"""The commands of ``user`` about local accounts: adding, editing, passwords, deleting.

They follow the rules of the pages, and are refused for people whom Microsoft Entra ID
manages.
"""

import secrets
from collections.abc import Callable, Mapping
from typing import Any

import click
from sqlalchemy import Connection

from netpresenter_next.cli.console import (
    InvalidUsage,
    confirm,
    confirmed,
    open_application,
    password_file,
    read_password,
)
from netpresenter_next.config import commands
from netpresenter_next.config.options import Config
from netpresenter_next.directory import (
    access,
    errors,
    force,
    local_people,
    password_links,
    people,
)
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.pages import person_details
from netpresenter_next.pages import set_password as set_password_page
from netpresenter_next.schema.building import make_local_type
from netpresenter_next.scim_http import endpoints
from netpresenter_next.storage import database
from netpresenter_next.storage.models import ADMINISTRATOR, Person

by_link = click.option(
    "--link",
    is_flag=True,
    help="Print a one-time link by which the person sets a password, within 24 hours.",
)
_DETAILS = {
    "given_name": "The given name.",
    "family_name": "The family name.",
    "display_name": "The name as lists show it.",
    "email": "The work e-mail address.",
    "work_phone": "The work telephone number.",
    "mobile_phone": "The mobile telephone number.",
    "title": "The job title.",
    "department": "The department.",
}


def _details(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each of what is known about a person."""
    for name, text in reversed(_DETAILS.items()):
        option = f"--{name.replace('_', '-')}"
        command = click.option(option, metavar="TEXT", help=text)(command)
    return command


@click.command()
@click.argument("user_name")
@password_file
@by_link
@_details
def add(user_name: str, password_file: Any, link: bool, **details: str | None) -> None:
    """Add a local person, for somebody who is not in Microsoft Entra ID.

    The command asks for a password, unless it is in a file, or the person sets one with
    a one-time link.
    """
    with open_application() as settings:
        if link:
            _check_link(settings, password_file)
        begun = {"userName": user_name, "active": True}
        document = _write_details(settings, begun, details)
        password_hash = None if link else _hash_password(password_file, user_name)
        with database.write() as connection:
            made = local_people.add(connection, document, COMMAND_LINE, password_hash)
            secret = _make_link(connection, made) if link else ""
        if link:
            _print_link(settings, secret)
    click.echo(f"{made.user_name} is added.", err=True)


@click.command()
@click.argument("user_name")
@_details
def edit(user_name: str, **details: str | None) -> None:
    """Change what is known about a local person; '' removes a value."""
    if all(each is None for each in details.values()):
        raise InvalidUsage("Give at least one value to change, such as --title TEXT.")
    with open_application() as settings, database.write() as connection:
        person = people.find_by_name(connection, user_name)
        local_people.refuse_managed(person)
        document = _write_details(settings, person.document, details)
        local_people.edit(connection, person, document, COMMAND_LINE, person.version)
    click.echo(f"{person.user_name} is changed.", err=True)


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
@confirmed
def delete(user_name: str, yes: bool) -> None:
    """Delete a local person; the entries of the log stay."""
    with open_application():
        with database.read() as connection:
            person = people.find_by_name(connection, user_name)
            local_people.refuse_managed(person)
        confirm(f"{person.user_name} will be deleted, with all sessions.", yes)
        with database.write() as connection:
            person = people.find_by_name(connection, user_name)
            local_people.delete(connection, person, COMMAND_LINE)
    click.echo(f"{person.user_name} is deleted.", err=True)


@click.command()
@click.argument("user_name")
@password_file
@by_link
def set_password(user_name: str, password_file: Any, link: bool) -> None:
    """Give a person a new local password; their sessions end.

    With --link, print a one-time link by which the person sets it; until then nothing
    changes.
    """
    with open_application() as settings:
        if link:
            _check_link(settings, password_file)
            with database.write() as connection:
                person = people.find_by_name(connection, user_name)
                secret = _make_link(connection, person)
            _print_link(settings, secret)
            return
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


# ------------------------------------------------------------------ details
def _write_details(
    settings: Config, document: Mapping[str, Any], details: Mapping[str, str | None]
) -> dict[str, Any]:
    """Return the document with the given details; raises InvalidUsage."""
    given = {name: each.strip() for name, each in details.items() if each is not None}
    local_type = make_local_type(endpoints.read_resource_types(settings).user)
    written = person_details.write(given, local_type, document)
    for name, fault in written.faults.items():
        raise InvalidUsage(f"--{name.replace('_', '-')}: {fault}")
    return written.document


# ------------------------------------------------------------------ passwords
def _hash_password(password_file: Any, user_name: str) -> str:
    return access.hash_new_password(
        read_password(password_file), administrator=False, user_name=user_name
    )


def _check_link(settings: Config, password_file: Any) -> None:
    """Raise InvalidUsage or AccountError if there can be no link."""
    if password_file is not None:
        raise InvalidUsage("Give either --link or --password-file.")
    if not settings.base_url:
        raise errors.AccountError(
            "The public address of the server is not known, so there can be no link: "
            "set NETPRESENTER_BASE_URL."
        )


def _make_link(connection: Connection, person: Person) -> str:
    nonce = secrets.token_urlsafe(16)
    return password_links.make(connection, person, COMMAND_LINE, nonce)


def _print_link(settings: Config, secret: str) -> None:
    click.echo(f"{settings.base_url}{set_password_page.PATH}?link={secret}")
    click.echo(
        "Send this link to the person alone: who has it can set their password. It "
        "works once, within 24 hours.",
        err=True,
    )
