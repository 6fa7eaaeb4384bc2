"""Functions for all commands: application context, secrets, output."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
from flask import Flask
from sqlalchemy import Connection

from netpresenter_next.config import commands, options
from netpresenter_next.config.options import Config
from netpresenter_next.directory.errors import NoSuchGroup, NoSuchPerson
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.findings import Finding
from netpresenter_next.storage.instances import Purpose

password_file = click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Read the password from FILE, or from standard input for '-'.",
)
confirmed = click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class CommandRefused(click.ClickException):
    """The command is valid, but it cannot be carried out."""

    exit_code = 1


class InvalidUsage(click.ClickException):
    """The command or a setting is not valid."""

    exit_code = 2


@contextmanager
def open_application() -> Iterator[Config]:
    """Run the block in an application context, on an existing instance.

    The instance is printed to standard error, because the command may change it.
    """
    settings = require_instance(Purpose.USE)
    with enter_app_context(make_database_app(settings), settings):
        yield settings


@contextmanager
def open_for_reading() -> Iterator[Config]:
    """Run the block in an application context, on an existing instance."""
    settings = options.load()
    instances.require(settings, Purpose.USE)
    with enter_app_context(make_database_app(settings), settings):
        yield settings


@contextmanager
def open_read_transaction() -> Iterator[Connection]:
    """Run the block in a read transaction, on an existing instance."""
    with open_for_reading(), database.read() as connection:
        yield connection


def require_instance(purpose: Purpose) -> Config:
    """Read the settings, and print the instance to standard error.

    Raises ConfigError, and DatabaseUnusable where its condition forbids the purpose.
    """
    settings = options.load()
    instances.require(settings, purpose)
    click.echo(f"Instance: {to_printable(settings.instance)}", err=True)
    return settings


def make_database_app(settings: Config) -> Flask:
    """Make an application with the database and without pages, for a command."""
    app = Flask("netpresenter_next")
    database.init_app(app, settings)
    return app


@contextmanager
def enter_app_context(app: Flask, settings: Config) -> Iterator[None]:
    """Run the block in an application context; an unknown name is refused."""
    try:
        with app.app_context():
            yield
    except NoSuchPerson as error:
        listing = commands.format_command(settings, "user", "list")
        raise CommandRefused(f"{error} To list the users, type: {listing}") from error
    except NoSuchGroup as error:
        listing = commands.format_command(settings, "group", "list")
        raise CommandRefused(f"{error} To list the groups, type: {listing}") from error


def confirm(what: str, yes: bool) -> None:
    """Ask at the terminal whether to go on; ``what`` says what will happen.

    Raises CommandRefused, and InvalidUsage without ``yes`` where nobody can answer.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise InvalidUsage(f"{to_printable(what)} Confirm that with --yes.")
    if not click.confirm(f"{to_printable(what)} Continue?", err=True):
        raise CommandRefused("Nothing was changed.")


def read_password(file: Any) -> str:
    """Return the password from the file, else ask for it twice at the terminal."""
    return read_secret(file, "password")


def read_secret(file: Any, name: str) -> str:
    """Return a secret from the file, else ask for it twice at the terminal."""
    if file is not None:
        return _read_secret_file(file, name)
    if not sys.stdin.isatty():
        raise InvalidUsage(
            f"Give the {name} with --{name}-file FILE, or '-' for standard input."
        )
    answer = click.prompt(
        name.capitalize(), hide_input=True, confirmation_prompt=True, err=True
    )
    return str(answer)


def _read_secret_file(file: Any, name: str) -> str:
    try:
        text = str(file.read())
    except UnicodeDecodeError as error:
        raise InvalidUsage(f"The {name} in {file.name} is not UTF-8.") from error
    lines = text.splitlines()
    if len(lines) != 1 or not lines[0]:
        raise InvalidUsage(f"{file.name} must contain the {name} on a single line.")
    return lines[0]


def to_printable(value: Any) -> str:
    """Return a value as text, with unprintable characters replaced for a terminal."""
    text = "" if value is None else str(value)
    return "".join(
        each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text
    )


def format_finding(finding: Finding) -> str:
    """Format a finding as one line, with what to do about it."""
    advice = f" {finding.advice}" if finding.advice else ""
    line = f"{finding.severity:8} {finding.subject}: {finding.what}{advice}"
    return to_printable(line)


def format_time(value: datetime | None) -> str:
    """Format a time to the minute, in UTC; an empty text for None."""
    return value.strftime("%Y-%m-%d %H:%M") if value else ""


def print_json(value: Mapping[str, Any] | Sequence[Mapping[str, Any]]) -> None:
    """Print JSON for other programs."""
    click.echo(json.dumps(value, indent=2, default=_to_json_text))


def _to_json_text(value: Any) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
