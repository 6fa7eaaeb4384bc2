"""An instance: its folder, its keys, its lock, and the condition of its database.

``serve``, ``create-admin`` and ``restore`` create an instance, and only they and
``migrate`` change its tables.  Others refuse an instance that is absent or of another
version.
Examining it creates no files, not even a write-ahead log.
"""

import errno
import json
import os
import re
import secrets
from contextlib import ExitStack, closing, suppress
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from netpresenter_next.config import commands
from netpresenter_next.config.options import (
    PACKAGE,
    Config,
    ConfigError,
    parse_secret_key,
)
from netpresenter_next.storage import connections, database, encryption, header

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# The migrations in their order.  The step of a database is its newest migration.
STEPS = tuple(
    sorted(
        path.stem.partition("_")[0]
        for path in (PACKAGE / "storage" / "migrations" / "versions").glob("[0-9]*.py")
    )
)
OWNER_ONLY = 0o600
OTHERS = 0o077  # permissions of everybody but the owner
# Exists while a restore moves files; it names the backup and the folder of old files.
RESTORING = "restoring.json"
# Identifies the backups of an instance.  The id is not in the database, because an
# instance that is restored from a backup of another one must have its own id.
ID_FILE = "instance_id"
ID = re.compile("[0-9a-f]{32}")


class InUse(Exception):
    """A server runs on the instance; the message says what to do."""


class Condition(Enum):
    """The condition of the database of an instance."""

    ABSENT = "there is no database, and there was none"
    LOST = "the database is missing, but there was one"
    FOREIGN = "it cannot be read, or belongs to another application"
    OLDER = "it needs migrations"
    CURRENT = "it is up to date"
    NEWER = "it has migrations that this version does not know"
    HALF_RESTORED = "a restore was interrupted"


class Purpose(Enum):
    """A purpose of opening an instance, with the conditions that allow it."""

    MAKE = frozenset({Condition.ABSENT, Condition.OLDER, Condition.CURRENT})
    MIGRATE = frozenset({Condition.OLDER, Condition.CURRENT})
    # A tuple: an equal frozenset would make this member an alias of MIGRATE.
    BACK_UP = (Condition.OLDER, Condition.CURRENT)
    USE = frozenset({Condition.CURRENT})
    RESTORE = frozenset(Condition)


class InstanceStatus(NamedTuple):
    """The result of examining one; ``problem`` says why a database is foreign."""

    condition: Condition
    step: str = ""
    problem: str = ""


def require(config: Config, purpose: Purpose) -> InstanceStatus:
    """Examine an instance, and refuse it where its condition does not allow a purpose.

    Raises DatabaseUnusable, which names the folder and what to type.
    """
    status = examine(config)
    if status.condition not in purpose.value:
        raise database.DatabaseUnusable(explain_refusal(config, status))
    return status


def examine(config: Config) -> InstanceStatus:
    """Return the condition of the database of an instance; writes nothing."""
    path = database.database_file(config)
    if not config.instance.is_dir():
        return InstanceStatus(Condition.ABSENT)
    if (config.instance / RESTORING).exists():
        return InstanceStatus(Condition.HALF_RESTORED)
    try:
        if connections.is_open_in_this_process(path) and _is_not_empty(path):
            return _classify_step(_read_step(path))
        file_header = header.read(path)
        if file_header is None or not (
            file_header.application_id or file_header.has_tables
        ):
            # Without the file in-use, a first start was interrupted.
            was_in_use = (config.instance / "in-use").exists()
            return InstanceStatus(Condition.LOST if was_in_use else Condition.ABSENT)
        if file_header.application_id != database.APPLICATION_ID:
            problem = "is not a database of Netpresenter Next"
            return InstanceStatus(Condition.FOREIGN, problem=problem)
        if file_header.missing:
            problem = f"is cut off: {file_header.missing} bytes are missing at its end"
            return InstanceStatus(Condition.FOREIGN, problem=problem)
        return _classify_step(_read_step(path))
    except header.NotADatabase as error:
        return InstanceStatus(Condition.FOREIGN, problem=str(error))
    except database.SQLITE.Error as error:
        return InstanceStatus(Condition.FOREIGN, problem=f"cannot be read: {error}")


def _is_not_empty(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _classify_step(step: str | None) -> InstanceStatus:
    if step is None:
        return InstanceStatus(Condition.FOREIGN, problem="does not record its version")
    if step not in STEPS:
        return InstanceStatus(Condition.NEWER, step)
    return InstanceStatus(
        Condition.CURRENT if step == STEPS[-1] else Condition.OLDER, step
    )


def _read_step(path: Path) -> str | None:
    """Return the newest migration of a database, if it records one."""
    address = connections.address_to_examine(path)
    with closing(database.SQLITE.connect(address, uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master")
        if "alembic_version" not in {name for (name,) in names}:
            return None
        steps = connection.execute("SELECT version_num FROM alembic_version")
        row = steps.fetchone()
    return str(row[0]) if row else None


def explain_refusal(config: Config, status: InstanceStatus) -> str:
    """Return why an instance cannot be used, and what to type."""
    folder = config.instance
    match status.condition:
        case Condition.ABSENT:
            return (
                f"There is no instance in {folder}. Set NETPRESENTER_INSTANCE to the "
                "folder of your instance. To create one there, type: "
                f"{commands.format_command(config, 'serve')}"
            )
        case Condition.LOST:
            return (
                f"The database {database.database_file(config)} is missing or empty "
                "although this instance was in use: restore a backup, or delete the "
                f"file {folder / 'in-use'} to start with an empty one."
            )
        case Condition.OLDER:
            return (
                f"The database of {folder} is of an older version (step {status.step}, "
                f"not {STEPS[-1]}). Stop the server, and type: "
                f"{commands.format_command(config, 'migrate')}"
            )
        case Condition.NEWER:
            return (
                f"The database of {folder} is of a newer version (step {status.step}, "
                f"not {STEPS[-1]}): install that version of Netpresenter Next, or "
                "restore a backup made with this one."
            )
        case Condition.HALF_RESTORED:
            backup = _read_interrupted_backup(config)
            again = commands.format_command(config, "restore", backup)
            return (
                f"A restore into {folder} was interrupted, so its database cannot be "
                f"used. To start the restore again, type: {again}"
            )
    return f"{database.database_file(config)} {status.problem}."


def _read_interrupted_backup(config: Config) -> str:
    try:
        document = json.loads((config.instance / RESTORING).read_bytes())
        return str(document["file"])
    except (OSError, ValueError, LookupError, TypeError):
        return "FILE"


def create_missing_files(config: Config) -> None:
    """Create the folder, keys and id of an instance where they are missing.

    Only their owner may read them.  Raises OSError.
    """
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    encryption.make_key(config.instance)
    if not config.secret_key:
        encryption.create_once(
            config.instance / "secret_key", lambda: secrets.token_hex(32)
        )
    # The folder of an older version, without an id, may be read-only now.
    with suppress(OSError):
        encryption.create_once(config.instance / ID_FILE, lambda: secrets.token_hex(16))


def read_id(config: Config) -> str:
    """Return the id of the instance; empty where it has none."""
    try:
        text = (config.instance / ID_FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return text if ID.fullmatch(text) else ""


def signing_key(config: Config) -> str:
    """Return the key that signs cookies: the setting, else the generated one."""
    if config.secret_key:
        return config.secret_key
    path = config.instance / "secret_key"
    try:
        return parse_secret_key(path.read_text(encoding="ascii").strip())
    except ValueError:
        raise ConfigError(
            f"{path} contains no valid key: delete it, and a new one is created."
        ) from None


def lock(config: Config) -> ExitStack:
    """Lock an instance for this process until the result is closed; raises InUse.

    A server holds the lock while it runs: the limits that it counts in memory, and the
    queue for its write lock, are not shared with other processes.
    """
    path, held = config.instance / "serve.lock", ExitStack()
    try:
        file_lock = FileLock(path, mode=OWNER_ONLY)
        file_lock.acquire(blocking=False)
        held.callback(file_lock.release)
    except (Timeout, BlockingIOError) as error:
        raise _make_in_use(config) from error
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise
        _lock_read_only(config, path if path.exists() else config.instance, held)
    return held


def read_database_identity(config: Config) -> tuple[int, int]:
    """Return the device and inode of the database file: another file has others."""
    status = database.database_file(config).stat()
    return status.st_dev, status.st_ino


def _lock_read_only(config: Config, path: Path, held: ExitStack) -> None:
    """Lock a read-only file or folder: its server can still show pages."""
    if fcntl is None:  # Windows
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    descriptor = os.open(path, os.O_RDONLY)
    held.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held.close()
        raise _make_in_use(config) from error


def _make_in_use(config: Config) -> InUse:
    return InUse(
        f"A server runs on {config.instance}. Stop it first, or set "
        "NETPRESENTER_INSTANCE to another folder. Only one process can serve an "
        "instance: run another WSGI server with one worker and several threads."
    )
