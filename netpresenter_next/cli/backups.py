"""The command line's ``backup`` and ``restore``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from netpresenter_next.backups import archives, making, restoring
from netpresenter_next.backups.archives import Manifest
from netpresenter_next.backups.copying import Progress
from netpresenter_next.cli import console, restored
from netpresenter_next.cli.console import (
    CommandRefused,
    InvalidUsage,
    confirmed,
    format_time,
    read_secret,
    require_instance,
    to_printable,
)
from netpresenter_next.config.options import Config
from netpresenter_next.directory import events, made_backups
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.text import format_count, format_size
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.instances import Condition, Purpose

passphrase_file = click.option(
    "--passphrase-file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Read the passphrase from FILE, or from standard input for '-'.",
)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--with-key",
    is_flag=True,
    help="Include the encryption key, encrypted with a passphrase.",
)
@passphrase_file
def backup(target: Path, with_key: bool, passphrase_file: Any) -> None:
    """Make a backup, also while a server runs, and print its path.

    TARGET is a folder, or a file that does not exist yet.  The backup is verified by a
    test restore before it gets its name.  Without the encryption key, the client secret
    or certificate for Microsoft must be entered again after a restore.
    """
    if passphrase_file and not with_key:
        raise InvalidUsage("A passphrase is for the encryption key: add --with-key.")
    settings = require_instance(Purpose.BACK_UP)
    passphrase = read_secret(passphrase_file, "passphrase") if with_key else None
    with show_progress("Backup") as progress:
        made = making.make(settings, target, passphrase=passphrase, progress=progress)
    click.echo(made.path)
    _record(settings, made.path)
    click.echo(
        f"{describe_backup(made.manifest)} Verified by a test restore.", err=True
    )
    if not made.manifest.has_key:
        click.echo("The encryption key is not included; see --with-key.", err=True)


def _record(settings: Config, path: Path) -> None:
    """Record the backup in the audit log; it is valid without the entry, too."""
    if instances.examine(settings).condition is not Condition.CURRENT:
        return  # the tables of an older database are not known
    try:
        with console.make_database_app(settings).app_context():
            with database.write() as connection:
                made_backups.record(connection, COMMAND_LINE, path.absolute())
            database.disconnect()
    except (*database.WRITE_FAILURES, events.NotWritten):
        note = "The database could not be written: the audit log lacks this backup."
        click.echo(note, err=True)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@passphrase_file
@confirmed
def restore(file: Path, passphrase_file: Any, yes: bool) -> None:
    """Replace the database with a backup, or restore it into a new instance.

    The server must be stopped first.  The backup is checked before anything is changed;
    the old files are moved aside.  With the passphrase, the encryption key is restored
    too.
    """
    settings = require_instance(Purpose.RESTORE)
    manifest = archives.read_manifest(file)
    click.echo(describe_backup(manifest), err=True)
    if not yes:
        _ask_to_confirm(settings)
    passphrase = _read_passphrase(manifest, passphrase_file)
    with show_progress("Restore") as progress:
        report = restoring.restore(settings, file, passphrase, progress)
    for line in restored.format_report(settings, report):
        click.echo(to_printable(line), err=True)


def _ask_to_confirm(settings: Config) -> None:
    if not sys.stdin.isatty():
        raise InvalidUsage("Confirm with --yes that the database may be replaced.")
    where = database.database_file(settings)
    action = "will be moved aside and replaced" if where.exists() else "will be created"
    if not click.confirm(f"{to_printable(where)} {action}. Continue?", err=True):
        raise CommandRefused("Nothing was restored.")


def _read_passphrase(manifest: Manifest, file: Any) -> str | None:
    if file is None and not (manifest.has_key and sys.stdin.isatty()):
        return None
    if file is not None:
        return read_secret(file, "passphrase")
    question = "Passphrase of the encryption key (empty to leave the key out)"
    answer = click.prompt(
        question, default="", show_default=False, hide_input=True, err=True
    )
    return str(answer) or None


def describe_backup(manifest: Manifest) -> str:
    """Return the content, time and version of a backup as a sentence."""
    people = format_count(manifest.counts.get("users", 0), "person", "people")
    groups = format_count(manifest.counts.get("groups", 0), "group")
    return (
        f"A backup of {format_time(manifest.made_at)} UTC, made by version "
        f"{to_printable(manifest.version)} at step {manifest.step}: {people}, "
        f"{groups}, {format_size(manifest.size)}."
    )


@contextmanager
def show_progress(label: str) -> Iterator[Progress | None]:
    """Show a progress bar while the block runs; only on a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1000, label=label, file=sys.stderr) as bar:
        shown = 0

        def report(done: int, total: int) -> None:
            nonlocal shown
            permille = done * 1000 // total if total else 1000
            bar.update(permille - shown)
            shown = permille

        yield report
