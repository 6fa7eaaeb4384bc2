"""The commands of ``user`` about access, for local and provisioned accounts."""

import click

from netpresenter_next.cli.console import open_application
from netpresenter_next.directory import (
    access,
    emergency_access,
    people,
    personal_data,
    unlocking,
)
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database, encryption
from netpresenter_next.storage.choices import Role, Source


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
        is_provisioned = person.source is Source.PROVISIONED
        where = "in Microsoft Entra ID" if is_provisioned else "on their page"
        still = f"{person.user_name} is still disabled: enable the account {where}."
        click.echo(still, err=True)


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
        emergency_access.set_granted(
            connection, person, COMMAND_LINE, granted=state == "on"
        )
    click.echo(f"Emergency access of {person.user_name} is {state}.", err=True)
