"""Checks of the machine and the files of an instance, without database queries."""

import os
import platform
import shutil
import stat
from collections.abc import Iterator
from importlib.metadata import version
from urllib.parse import urlsplit

from netpresenter_next.backups import folders
from netpresenter_next.config.options import LOOPBACK_NAMES, PREFIX, Config
from netpresenter_next.lib.text import format_size
from netpresenter_next.storage import database, errors, instances
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.state import State

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
DATABASE, DISK, FILES, ADDRESS, VERSIONS = (
    "Database",
    "Disk",
    "Files",
    "Public address",
    "Versions",
)
LEAST_FREE = 64 * 2**20  # bytes: with less, the disk will be full within days


def report_fault(state: State) -> Iterator[Finding]:
    """Report a recorded fault of the database, if there is one."""
    if (fault := state.fault) is not None:
        details = f" ({'; '.join(fault.details)})" if fault.details else ""
        since = f"Since {fault.since:%Y-%m-%d %H:%M} UTC"
        what = f"{fault.kind.sentence} {since}{details}."
        yield Finding(ERROR, DATABASE, what, fault.kind.advice)


def check_machine(config: Config, step: str) -> Iterator[Finding]:
    """Return the findings, good or bad; a file that cannot be read is one, too."""
    yield from check_versions(step)
    for check in (check_disk, check_files):
        try:
            yield from check(config)
        except OSError as error:
            what = f"{error.filename or config.instance}: {error.strerror}."
            yield Finding(ERROR, FILES, what, "Make the server's account its owner.")
    yield from check_address(config)


def check_writable(config: Config) -> Iterator[Finding]:
    """Report why the database cannot be written, as far as its files show."""
    kind = errors.find_cause(database.database_file(config))
    if kind is not None:
        yield Finding(ERROR, DATABASE, kind.sentence, kind.advice)


def check_disk(config: Config) -> Iterator[Finding]:
    """Report whether the disk has space to go on, and for a backup."""
    free, used = (
        shutil.disk_usage(config.instance).free,
        folders.measure_database(config),
    )
    what = f"{format_size(free)} are free; the database takes {format_size(used)}."
    if free < LEAST_FREE:
        yield Finding(
            ERROR, DISK, what, "Free some space: otherwise nothing can be saved soon."
        )
    elif free < 2 * used:
        advice = "Free some space: a backup needs twice the size of the database."
        yield Finding(WARNING, DISK, what, advice)
    else:
        yield Finding(OK, DISK, what)


def check_files(config: Config) -> Iterator[Finding]:
    """Report files that other users of the machine can read."""
    if os.name == "nt":
        return  # Windows has no permissions of this kind
    paths = [config.instance, *sorted(config.instance.iterdir())]
    modes = [(path.name, path.lstat().st_mode) for path in paths]
    readable = [
        name
        for name, mode in modes
        if mode & instances.OTHERS and not stat.S_ISLNK(mode)
    ]
    if readable:
        advice = f"Type: chmod -R go= {config.instance}"
        what = f"Other users of this machine can read {', '.join(readable[:5])}."
        yield Finding(WARNING, FILES, what, advice)
    else:
        yield Finding(OK, FILES, "No other user of this machine can read them.")


def check_address(config: Config) -> Iterator[Finding]:
    """Report whether the public address is set, and uses https."""
    name = f"{PREFIX}BASE_URL"
    url = urlsplit(config.base_url)
    if not config.base_url:
        advice = f"Set {name} to the https address at which the server is reached."
        what = "None is set: Microsoft Entra ID cannot reach the server."
        yield Finding(WARNING, ADDRESS, what, advice)
    elif url.scheme == "http" and url.hostname not in LOOPBACK_NAMES:
        advice = f"Put a reverse proxy with https in front, and change {name}."
        what = f"{config.base_url}: passwords and tokens are sent unencrypted."
        yield Finding(WARNING, ADDRESS, what, advice)
    else:
        yield Finding(OK, ADDRESS, f"{config.base_url}")


def check_versions(step: str) -> Iterator[Finding]:
    """Report the versions, and a version of SQLite that can damage the database."""
    sqlite = database.SQLITE.sqlite_version
    what = (
        f"Netpresenter Next {version('netpresenter-next')}, database step {step}, "
        f"Python {platform.python_version()}, SQLite {sqlite}."
    )
    if tuple(map(int, sqlite.split("."))) < database.SQLITE_WITHOUT_WAL_BUG:
        safe = ".".join(map(str, database.SQLITE_WITHOUT_WAL_BUG))
        advice = (
            "In rare cases, this version of SQLite damages the database: use a "
            f"Python that comes with SQLite {safe} or later, and keep backups."
        )
        yield Finding(WARNING, VERSIONS, what, advice)
    else:
        yield Finding(OK, VERSIONS, what)
