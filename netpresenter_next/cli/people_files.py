"""The commands ``user export`` and ``user import``, for people in CSV files."""

import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import BinaryIO

import click
from sqlalchemy import Connection

from netpresenter_next.cli.console import (
    CommandRefused,
    open_application,
    open_for_reading,
    to_printable,
)
from netpresenter_next.config.options import Config
from netpresenter_next.directory import (
    import_runs,
    people_imports,
    searching,
)
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.import_runs import Worker
from netpresenter_next.directory.people_imports import Line
from netpresenter_next.lib import csv_text
from netpresenter_next.lib.csv_text import NotCsv
from netpresenter_next.lib.text import format_count
from netpresenter_next.pages.settings import people_csv, users
from netpresenter_next.schema.building import make_local_type
from netpresenter_next.scim_http import endpoints
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import ImportState, LineOutcome
from netpresenter_next.storage.import_models import Import
from netpresenter_next.storage.installation import open_installation

# Seconds: how long, and how often, to try again while others write; how often to print
# progress.
PATIENCE, RETRY_SECONDS, PROGRESS_SECONDS = 30.0, 0.1, 1.0
CHUNK = 500
DISCARDED = "Somebody else discarded the import."


@click.command("export")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    metavar="FILE",
    help="Write to FILE, readable only by its owner, and not to standard output.",
)
@click.option(
    "--for-spreadsheets", is_flag=True, help="Keep values from becoming formulas."
)
@click.option("--search", default="", metavar="TEXT", help="As 'user list' does.")
@click.option(
    "--source",
    type=click.Choice(list(users.SOURCES)),
    metavar="SOURCE",
    help="entra or local.",
)
@click.option(
    "--status",
    type=click.Choice(list(users.STATUSES)),
    metavar="STATUS",
    help="active, disabled or blocked.",
)
@click.option(
    "--role",
    type=click.Choice(list(users.ROLES)),
    metavar="ROLE",
    help="administrator or user.",
)
@click.option(
    "--only",
    type=click.Choice(list(users.MARKS)),
    metavar="MARK",
    help=f"{', '.join(users.MARKS)}.",
)
def export_people(
    output: Path | None,
    for_spreadsheets: bool,
    search: str,
    source: str | None,
    status: str | None,
    role: str | None,
    only: str | None,
) -> None:
    """Write people as CSV, by name: all, or those of the filters of the page Users.

    'user import' reads what this writes.
    """
    names = {"source": source, "status": status, "role": role, "only": only}
    search = search.strip()
    with open_for_reading() as settings:
        opened = partial(open_installation, settings)
        with database.read() as connection:
            chosen = users.make_filter(connection, opened, names)
            found = searching.find_everybody(connection, search) if search else None
        parts = people_csv.stream(chosen, found, for_spreadsheets=for_spreadsheets)
        if output is None:
            for part in parts:
                sys.stdout.buffer.write(part.encode())
            sys.stdout.buffer.flush()
            return
        with open(output, "wb", opener=_open_privately) as file:
            for part in parts:
                file.write(part.encode())


def _open_privately(path: str, flags: int) -> int:
    descriptor = os.open(path, flags, 0o600)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):  # and no device
        os.fchmod(descriptor, 0o600)  # also of a file that was there
    return descriptor


@click.command("import")
@click.argument("file", type=click.File("rb"))
@click.option("--dry-run", is_flag=True, help="Only say what each line would do.")
def import_people(file: BinaryIO, dry_run: bool) -> None:
    """Create and change local people as a CSV file says.

    The first line names the columns; 'user export' writes such a file, and the page
    Import has an example.  Lines that are refused are printed, and the exit status is
    then 1.  After Ctrl+C, or a kill, the same command continues with the next line.
    """
    content = file.read(csv_text.LARGEST_FILE + 1)
    if len(content) > csv_text.LARGEST_FILE:
        raise CommandRefused("The file is larger than 4 MiB: split it.")
    try:
        lines = people_csv.read_file(content)
    except NotCsv as error:
        raise CommandRefused(str(error)) from error
    with open_application() as settings:
        worker = _make_worker(settings)
        if dry_run:
            _try_out(worker, lines)
            return
        digest = hashlib.sha256(content).hexdigest()
        current = _find(digest)
        if current is None:
            name = Path(str(file.name)).name
            import_id = import_runs.stage(worker, name, digest, lines)
        else:
            import_id = current.id
            click.echo(f"Continuing after {_describe_progress(current)}.", err=True)
        try:
            _run(worker, import_id)
        except KeyboardInterrupt:
            _explain_interruption(import_id)
            raise


def _make_worker(settings: Config) -> Worker:
    types = endpoints.read_resource_types(settings)
    describe = people_csv.make_describe(make_local_type(types.user))
    return Worker(
        _write_patiently, COMMAND_LINE, describe, _Progress(_read_progress).note
    )


@contextmanager
def _write_patiently() -> Iterator[Connection]:
    """Open a write transaction, also if others write for long.

    Raises Busy after ``PATIENCE``.
    """
    end = time.monotonic() + PATIENCE
    with ExitStack() as opened:
        while True:
            try:
                connection = opened.enter_context(database.write())
                break
            except database.Busy:
                if time.monotonic() > end:
                    raise
                time.sleep(RETRY_SECONDS)
        yield connection


def _find(digest: str) -> Import | None:
    """Return the import of this file that is under way."""
    with database.read() as connection:
        current = people_imports.find_current(connection)
    if current is None or current.state not in people_imports.UNDER_WAY:
        return None
    return current if current.digest == digest else None


class _Progress:
    """Prints now and then how far an import is."""

    def __init__(self, describe: Callable[[], str]) -> None:
        self._describe = describe
        self._due = time.monotonic() + PROGRESS_SECONDS

    def note(self) -> bool:
        """Print the progress if it is due; the work is never over before its end."""
        if time.monotonic() >= self._due:
            self._due = time.monotonic() + PROGRESS_SECONDS
            if said := self._describe():
                click.echo(said, err=True)
        return False


def _read_progress() -> str:
    with database.read() as connection:
        current = people_imports.find_current(connection)
    return "" if current is None else f"{_describe_progress(current).capitalize()}."


def _describe_progress(row: Import) -> str:
    is_checked = row.state is ImportState.CHECKING
    verb = "checking" if is_checked else "applying"
    done = row.checked_to if is_checked else row.applied_to
    return f"{verb} {done:,} of {format_count(row.lines, 'line')}"


def _explain_interruption(import_id: str) -> None:
    with database.read() as connection:
        row = people_imports.find(connection, import_id)
    if row is not None:
        click.echo(
            f"Interrupted after {_describe_progress(row)}. The same command continues; "
            "the page Import has a button to discard the rest.",
            err=True,
        )


def _try_out(worker: Worker, lines: Sequence[Line]) -> None:
    """Print what the lines of a file would do; exits with 1 if some are refused."""
    counts = people_imports.no_counts()
    text = format_count(len(lines), "line")
    progress = _Progress(lambda: f"Checking {sum(counts.values()):,} of {text}.")
    for line, plan in import_runs.try_out(worker, lines):
        counts[plan.outcome] += 1
        if plan.outcome is LineOutcome.REFUSED:
            _print_line(line.line, line.user_name, plan.reason)
        progress.note()
    _end(counts, " Nothing is changed: this was a dry run.")


def _run(worker: Worker, import_id: str) -> None:
    """Check an import and apply it; exits with 1 if some lines are refused."""
    import_runs.check(worker, import_id)
    import_runs.apply(worker, import_id)
    _end(_print_refused(import_id).counts)


def _end(counts: Mapping[str, int], more: str = "") -> None:
    numbers = ", ".join(f"{number:,} {name}" for name, number in counts.items())
    click.echo(f"{numbers}.{more}", err=True)
    if counts[LineOutcome.REFUSED]:
        raise click.exceptions.Exit(1)


def _print_refused(import_id: str) -> Import:
    """Print the refused lines of an import; returns it."""
    with database.read() as connection:
        row = people_imports.find(connection, import_id)
    if row is None:
        raise CommandRefused(DISCARDED)
    after = 0
    while True:
        with database.read() as connection:
            found = people_imports.list_lines(
                connection, import_id, LineOutcome.REFUSED, after, CHUNK
            )
        for line in found:
            _print_line(line.line, line.user_name, line.reason)
        if len(found) < CHUNK:
            return row
        after = found[-1].number


def _print_line(number: int, user_name: str, reason: str | None) -> None:
    who = f" ({user_name})" if user_name else ""
    click.echo(to_printable(f"Line {number}{who}: {reason}"))
