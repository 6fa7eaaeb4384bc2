"""The commands of ``token``, for the SCIM tokens."""

import secrets
from typing import Any

import click
from sqlalchemy import Connection

from netpresenter_next.cli.console import (
    CommandRefused,
    as_json,
    format_time,
    open_application,
    open_read_transaction,
    print_json,
)
from netpresenter_next.cli.tables import print_table
from netpresenter_next.config import commands
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database
from netpresenter_next.storage.models import ScimToken


@click.command("create")
@click.option("--label", default="Command line", help="What the token is for.")
def create_token(label: str) -> None:
    """Generate a token and print it; it cannot be shown again."""
    with open_application(), database.write() as connection:
        secret = scim_tokens.issue(
            connection, COMMAND_LINE, label, secrets.token_urlsafe()
        )
    click.echo(secret)
    click.echo("Save this token now: it cannot be shown again.", err=True)


@click.command("list")
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


@click.command("revoke")
@click.argument("token_id", metavar="ID")
def revoke_token(token_id: str) -> None:
    """Revoke a token at once, by its id or its characters from 'token list'."""
    with open_application() as settings, database.write() as connection:
        token_id = _find_token(connection, token_id)
        revoked = scim_tokens.revoke(connection, COMMAND_LINE, token_id)
    if not revoked:
        listing = commands.format_command(settings, "token", "list")
        raise CommandRefused(
            f"There is no active token {token_id!r}. To list them, type: {listing}"
        )
    click.echo("Revoked.", err=True)


def _find_token(connection: Connection, text: str) -> str:
    """Return the id of the token whose first and last characters these are.

    Any other text is returned as it is; raises CommandRefused if two tokens match.
    """
    # Not every keyboard has the sign that stands for the characters between them.
    shown = text.replace("...", "\N{HORIZONTAL ELLIPSIS}")
    tokens = scim_tokens.list_unrevoked(connection)
    found = [each.id for each in tokens if each.hint == shown]
    if len(found) > 1:
        raise CommandRefused(
            f"Several tokens match. Give one of the ids: {', '.join(found)}"
        )
    return found[0] if found else text
