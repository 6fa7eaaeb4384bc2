"""The command line: its main group, and the commands without a module of their own.

``serve``, ``create-admin`` and ``restore`` create an instance, and only they and
``migrate`` change its tables.  The others refuse an instance that is missing or not up
to date.
The exit status is 1 for a refused command, and 2 for an invalid command or setting.
"""

import logging
import secrets
import sys
from io import TextIOWrapper
from typing import Any

import click

from netpresenter_next import create_app
from netpresenter_next.cli.backups import backup, restore
from netpresenter_next.cli.console import (
    CommandRefused,
    Commands,
    as_json,
    format_time,
    make_database_app,
    open_application,
    open_read_transaction,
    password_file,
    prepare_application,
    print_json,
    print_table,
    read_password,
    require_instance,
)
from netpresenter_next.cli.doctor import doctor
from netpresenter_next.cli.users import user
from netpresenter_next.config import commands
from netpresenter_next.directory import access, force_switch, scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib import names
from netpresenter_next.server import process
from netpresenter_next.storage import database
from netpresenter_next.storage.instances import Purpose
from netpresenter_next.storage.models import ScimToken
from netpresenter_next.upkeep import migrating


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="netpresenter-next", message="%(version)s")
def main() -> None:
    """Netpresenter Next: people and groups from Microsoft Entra ID."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal may lack some characters
            stream.reconfigure(errors="replace")


main.add_command(user)
main.add_command(doctor)
main.add_command(backup)
main.add_command(restore)


@main.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address or host name to listen on.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 for any free port.",
)
def serve(host: str, port: int) -> None:
    """Run the server until Ctrl+C or SIGTERM; an instance can have only one."""
    _log_to_standard_error()
    settings = require_instance(Purpose.MAKE)
    app = create_app(settings)
    process.serve(app, settings, host, port)


class PlainFormatter(logging.Formatter):
    """Formats a log entry on one line, without control characters for terminals.

    Log entries can contain untrusted text of clients.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Format the message on one line."""
        return names.replace_hidden(super().formatMessage(record)).replace("\n", " ")

    def formatException(self, ei: Any) -> str:
        """Format the lines of a traceback."""
        return names.replace_hidden(super().formatException(ei))


def _log_to_standard_error() -> None:
    handler = logging.StreamHandler()
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(PlainFormatter(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Otherwise every request that waits for a thread would log a warning.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)


@main.command()
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
    with prepare_application(settings), database.write() as connection:
        person = access.create_administrator(
            connection, user_name, password_hash, COMMAND_LINE
        )
    click.echo(f"{person.user_name} is now an administrator.", err=True)


@main.command()
def migrate() -> None:
    """Bring the database of an instance up to date, as 'serve' does."""
    settings = require_instance(Purpose.MIGRATE)
    before, after = migrating.migrate(make_database_app(settings), settings)
    if before == after:
        click.echo(f"Nothing to do: the database is at step {after}.", err=True)
    else:
        click.echo(
            f"The database was migrated from step {before} to step {after}.", err=True
        )


@main.command()
@click.argument("state", type=click.Choice(("off",)))
def force_sign_in(state: str) -> None:
    """Give local sign-in back to everybody who has a password."""
    with open_application(), database.write() as connection:
        force_switch.switch_off(connection, COMMAND_LINE)
    click.echo(f"Force sign in with Microsoft is {state}.", err=True)


@main.group()
def token() -> None:
    """SCIM tokens: what Microsoft Entra ID calls Secret Token."""


@token.command("create")
@click.option("--label", default="Command line", help="What the token is for.")
def create_token(label: str) -> None:
    """Generate a token and print it; it cannot be shown again."""
    with open_application(), database.write() as connection:
        secret = scim_tokens.issue(
            connection, COMMAND_LINE, label, secrets.token_urlsafe()
        )
    click.echo(secret)
    click.echo("Save this token now: it cannot be shown again.", err=True)


@token.command("list")
@as_json
def list_tokens(as_json: bool) -> None:
    """List the active tokens."""
    with open_read_transaction() as connection:
        rows = scim_tokens.list_live(connection)
    if as_json:
        print_json([_token_to_document(row) for row in rows])
        return
    titles = ("ID", "TOKEN", "LABEL", "CREATED (UTC)", "BY", "LAST USED (UTC)", "FROM")
    print_table(titles, [_format_token_cells(row) for row in rows])


def _token_to_document(row: ScimToken) -> dict[str, Any]:
    names = ("id", "hint", "label", "created_at", "created_by", "last_used_at")
    return {name: getattr(row, name) for name in (*names, "last_used_from")}


def _format_token_cells(row: ScimToken) -> tuple[Any, ...]:
    used = format_time(row.last_used_at) or "never"
    made = (format_time(row.created_at), row.created_by)
    return (row.id, row.hint, row.label, *made, used, row.last_used_from)


@token.command("revoke")
@click.argument("token_id", metavar="ID")
def revoke_token(token_id: str) -> None:
    """Revoke a token at once, by its id from 'token list'."""
    with open_application() as settings, database.write() as connection:
        revoked = scim_tokens.revoke(connection, COMMAND_LINE, token_id)
    if not revoked:
        listing = commands.format_command(settings, "token", "list")
        raise CommandRefused(
            f"There is no active token {token_id!r}. To list them, type: {listing}"
        )
    click.echo("Revoked.", err=True)
