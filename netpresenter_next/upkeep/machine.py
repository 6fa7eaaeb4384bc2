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
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, write_minute
from netpresenter_next.storage import database, errors, instances
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.state import State

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
DATABASE, DISK, FILES, ADDRESS, VERSIONS = (
    marked("Database"),
    marked("Disk"),
    marked("Files"),
    marked("Public address"),
    marked("Versions"),
)
LEAST_FREE = 64 * 2**20  # bytes: with less, the disk will be full within days


def report_fault(state: State) -> Iterator[Finding]:
    """Report a recorded fault of the database, if there is one."""
    if (fault := state.fault) is not None:
        time = write_minute(fault.since)
        since = _("Since %(time)s UTC.", time=time)
        if fault.details:
            details = "; ".join(fault.details)
            since = _("Since %(time)s UTC (%(details)s).", time=time, details=details)
        what = f"{_(fault.kind.sentence)} {since}"
        yield Finding(ERROR, DATABASE, what, _(fault.kind.advice))


def check_machine(config: Config, step: str) -> Iterator[Finding]:
    """Return the findings, good or bad; a file that cannot be read is one, too."""
    yield from check_versions(step)
    for check in (check_disk, check_files):
        try:
            yield from check(config)
        except OSError as error:
            what = f"{error.filename or config.instance}: {error.strerror}."
            advice = _("Make the server's account its owner.")
            yield Finding(ERROR, FILES, what, advice)
    yield from check_address(config)


def check_writable(config: Config) -> Iterator[Finding]:
    """Report why the database cannot be written, as far as its files show."""
    kind = errors.find_cause(database.database_file(config))
    if kind is not None:
        yield Finding(ERROR, DATABASE, _(kind.sentence), _(kind.advice))


def check_disk(config: Config) -> Iterator[Finding]:
    """Report whether the disk has space to go on, and for a backup."""
    free, used = (
        shutil.disk_usage(config.instance).free,
        folders.measure_database(config),
    )
    what = _(
        "%(free)s are free; the database takes %(used)s.",
        free=format_size(free),
        used=format_size(used),
    )
    if free < LEAST_FREE:
        advice = _("Free some space: otherwise nothing can be saved soon.")
        yield Finding(ERROR, DISK, what, advice)
    elif free < 2 * used:
        advice = _("Free some space: a backup needs twice the size of the database.")
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
        command = f"chmod -R go= {config.instance}"
        advice = _("Type: %(command)s", command=command)
        what = _(
            "Other users of this machine can read %(names)s.",
            names=", ".join(readable[:5]),
        )
        yield Finding(WARNING, FILES, what, advice)
    else:
        yield Finding(OK, FILES, _("No other user of this machine can read them."))


def check_address(config: Config) -> Iterator[Finding]:
    """Report whether the public address is set, and uses https."""
    name = f"{PREFIX}BASE_URL"
    url = urlsplit(config.base_url)
    if not config.base_url:
        advice = _(
            "Set %(name)s to the https address at which the server is reached.",
            name=name,
        )
        what = _("None is set: Microsoft Entra ID cannot reach the server.")
        yield Finding(WARNING, ADDRESS, what, advice)
    elif url.scheme == "http" and url.hostname not in LOOPBACK_NAMES:
        advice = _(
            "Put a reverse proxy with https in front, and change %(name)s.", name=name
        )
        what = _(
            "%(address)s: passwords and tokens are sent unencrypted.",
            address=config.base_url,
        )
        yield Finding(WARNING, ADDRESS, what, advice)
    else:
        yield Finding(OK, ADDRESS, f"{config.base_url}")


def check_versions(step: str) -> Iterator[Finding]:
    """Report the versions, and a version of SQLite that can damage the database."""
    sqlite = database.SQLITE.sqlite_version
    what = _(
        "Netpresenter Next %(version)s, database step %(step)s, Python %(python)s, "
        "SQLite %(sqlite)s.",
        version=version("netpresenter-next"),
        step=step,
        python=platform.python_version(),
        sqlite=sqlite,
    )
    if tuple(map(int, sqlite.split("."))) < database.SQLITE_WITHOUT_WAL_BUG:
        safe = ".".join(map(str, database.SQLITE_WITHOUT_WAL_BUG))
        advice = _(
            "In rare cases, this version of SQLite damages the database: use a Python "
            "that comes with SQLite %(version)s or later, and keep backups.",
            version=safe,
        )
        yield Finding(WARNING, VERSIONS, what, advice)
    else:
        yield Finding(OK, VERSIONS, what)
