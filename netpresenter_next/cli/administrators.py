"""The commands that let administrators in: ``create-admin`` and ``force-sign-in``."""

from typing import Any

import click

from netpresenter_next.cli.console import (
    enter_app_context,
    make_database_app,
    open_application,
    password_file,
    read_password,
    require_instance,
)
from netpresenter_next.directory import access, force_switch
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database
from netpresenter_next.storage.instances import Purpose
from netpresenter_next.upkeep import migrating


@click.command()
@click.argument("user_name")
@password_file
def create_admin(user_name: str, password_file: Any) -> None:
    """Create a local administrator.

    The first one also gets emergency access: provisioning never touches it.

    Choose a name that nobody has in Microsoft Entra ID, such as "admin" or
    "emergency-admin", not your own e-mail address or user principal name:
    provisioning could not create the person with that name.
    """
    settings = require_instance(Purpose.MAKE)
    # The password first: no instance is created for a password that is refused.
    password_hash = access.hash_new_password(
        read_password(password_file), administrator=True, user_name=user_name
    )
    app = make_database_app(settings)
    migrating.prepare(app, settings)
    with enter_app_context(app, settings), database.write() as connection:
        person = access.create_administrator(
            connection, user_name, password_hash, COMMAND_LINE
        )
    click.echo(f"{person.user_name} is now an administrator.", err=True)


@click.command()
@click.argument("state", type=click.Choice(("off",)))
def force_sign_in(state: str) -> None:
    """Give local sign-in back to everybody who has a password."""
    with open_application(), database.write() as connection:
        force_switch.switch_off(connection, COMMAND_LINE)
    click.echo(f"Force sign in with Microsoft is {state}.", err=True)
