"""The command line's ``backup`` and ``restore``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from netpresenter_next.instances import Purpose
from netpresenter_next.storage import archives, backups
from netpresenter_next.storage.archives import Manifest
from netpresenter_next.storage.copying import Progress
from netpresenter_next.terminal import (
    Misused,
    moment,
    named_instance,
    printable,
    read_secret,
)
from netpresenter_next.texts import count

passphrase_file = click.option(
    "--passphrase-file",
    type=click.File(encoding="utf-8"),
    metavar="FILE",
    help="Read the passphrase from FILE, or from standard input for '-'.",
)


@click.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--with-key", is_flag=True, help="Put the encryption key in, sealed.")
@passphrase_file
def backup(target: Path, with_key: bool, passphrase_file: Any) -> None:
    """Make a backup, also while a server runs, and print its path.

    TARGET is a folder, or a file that is not there yet.  It is restored to a temporary
    place, checked and counted before it gets its name.  Without the encryption key, the
    client secret or certificate for Microsoft must be entered anew after a restore.
    """
    if passphrase_file and not with_key:
        raise Misused("A passphrase is for the encryption key: add --with-key.")
    settings = named_instance(Purpose.BACK_UP)
    passphrase = read_secret(passphrase_file, "passphrase") if with_key else None
    with shown_progress("Backup") as progress:
        made = backups.make(settings, target, passphrase=passphrase, progress=progress)
    click.echo(made.path)
    click.echo(f"{in_words(made.manifest)} Checked and counted.", err=True)
    if not made.manifest.has_key:
        click.echo("The encryption key is not in it; see --with-key.", err=True)


def in_words(manifest: Manifest) -> str:
    """Say what is in a backup, and of when and which version it is."""
    people = count(manifest.counts.get("users", 0), "person", "people")
    groups = count(manifest.counts.get("groups", 0), "group")
    return (
        f"A backup of {moment(manifest.made_at)} UTC, made by version "
        f"{printable(manifest.version)} at step {manifest.step}: {people}, {groups}, "
        f"{archives.size(manifest.size)}."
    )


@contextmanager
def shown_progress(label: str) -> Iterator[Progress | None]:
    """Show a bar while the block runs, on a terminal alone."""
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
