"""What an instance is: its folder, the keys in it, and the state of its database.

Only ``serve`` and ``create-admin`` make one; only they and ``migrate`` change its
tables.  Whatever else finds it absent or of another version refuses, and leaves
nothing behind: the database is looked at without a log being made beside it.
"""

import errno
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

from netpresenter_next.config import commands
from netpresenter_next.config.options import PACKAGE, Config, ConfigError, secret_key
from netpresenter_next.storage import connections, database, encryption, header

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

# The steps by which a database came to be what it is, in the order of their names.
STEPS = tuple(
    sorted(
        path.stem.partition("_")[0]
        for path in (PACKAGE / "storage" / "migrations" / "versions").glob("[0-9]*.py")
    )
)
OWNER_ONLY = 0o600
OTHERS = 0o077  # permissions of everybody but the owner
# Says, while the files of a restore are moved, which backup goes where.
RESTORING = "restoring.json"
# Tells its backups from those of others. It is no part of the database, else whatever
# is restored from a backup of this one would pass for it.
ID_FILE = "instance_id"
ID = re.compile("[0-9a-f]{32}")


class InUse(Exception):
    """A server runs on the instance; the message says what to do."""


class Condition(Enum):
    """In what condition the database of an instance was found."""

    ABSENT = "there is none, and there was none"
    LOST = "there is none, although there was one"
    FOREIGN = "it cannot be read, or is of something else"
    OLDER = "it lacks steps"
    CURRENT = "it is as this version wants it"
    NEWER = "it has steps that this version does not know"
    HALF_RESTORED = "a restore was cut off"


class Purpose(Enum):
    """What somebody wants of an instance, and the conditions that allow it."""

    MAKE = frozenset({Condition.ABSENT, Condition.OLDER, Condition.CURRENT})
    MIGRATE = frozenset({Condition.OLDER, Condition.CURRENT})
    BACK_UP = (Condition.OLDER, Condition.CURRENT)  # no frozenset: it would be MIGRATE
    USE = frozenset({Condition.CURRENT})
    RESTORE = frozenset(Condition)


class Found(NamedTuple):
    """What was found; for a foreign database, also how one can tell."""

    condition: Condition
    step: str = ""
    fault: str = ""


def require(config: Config, purpose: Purpose) -> Found:
    """Look at the instance, and refuse it where it does not serve the purpose.

    Raises DatabaseUnusable, which names the folder and what to type.
    """
    found = examine(config)
    if found.condition not in purpose.value:
        raise database.DatabaseUnusable(refusal(config, found))
    return found


def examine(config: Config) -> Found:
    """Look at the database of an instance; writes nothing."""
    path = database.database_file(config)
    if not config.instance.is_dir():
        return Found(Condition.ABSENT)
    if (config.instance / RESTORING).exists():
        return Found(Condition.HALF_RESTORED)
    try:
        if connections.is_open_here(path) and _holds_something(path):
            return _of_step(_step(path))
        seen = header.read(path)
        if seen is None or not (seen.application_id or seen.has_tables):
            # A first start has not come further.
            was_in_use = (config.instance / "in-use").exists()
            return Found(Condition.LOST if was_in_use else Condition.ABSENT)
        if seen.application_id != database.APPLICATION_ID:
            fault = "is not a database of Netpresenter Next"
            return Found(Condition.FOREIGN, fault=fault)
        if seen.missing:
            fault = f"is cut off: {seen.missing} bytes are missing at its end"
            return Found(Condition.FOREIGN, fault=fault)
        return _of_step(_step(path))
    except header.NotADatabase as error:
        return Found(Condition.FOREIGN, fault=str(error))
    except database.SQLITE.Error as error:
        return Found(Condition.FOREIGN, fault=f"cannot be read: {error}")


def _holds_something(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def _of_step(step: str | None) -> Found:
    if step is None:
        return Found(Condition.FOREIGN, fault="does not record its version")
    if step not in STEPS:
        return Found(Condition.NEWER, step)
    return Found(Condition.CURRENT if step == STEPS[-1] else Condition.OLDER, step)


def _step(path: Path) -> str | None:
    """Return the step of a database that is ours."""
    # SQLite makes a log even to read, unless the file is said not to change; where
    # there is a log, the newest step may stand in it.
    mode = "mode=ro" if connections.has_log(path) else "mode=ro&immutable=1"
    address = f"{path.absolute().as_uri()}?{mode}"
    with closing(database.SQLITE.connect(address, uri=True)) as connection:
        names = connection.execute("SELECT name FROM sqlite_master")
        if "alembic_version" not in {name for (name,) in names}:
            return None
        steps = connection.execute("SELECT version_num FROM alembic_version")
        row = steps.fetchone()
    return str(row[0]) if row else None


def refusal(config: Config, found: Found) -> str:
    """Say why an instance does not serve a purpose, and what to type."""
    folder = config.instance
    match found.condition:
        case Condition.ABSENT:
            return (
                f"There is no instance in {folder}. Set NETPRESENTER_INSTANCE to the "
                "folder of your instance. To create one there, type: "
                f"{commands.to_type(config, 'serve')}"
            )
        case Condition.LOST:
            return (
                f"The database {database.database_file(config)} is missing or empty "
                "although this instance was in use: restore a backup, or delete the "
                f"file {folder / 'in-use'} to start with an empty one."
            )
        case Condition.OLDER:
            return (
                f"The database of {folder} is of an older version (step {found.step}, "
                f"not {STEPS[-1]}). Stop the server, and type: "
                f"{commands.to_type(config, 'migrate')}"
            )
        case Condition.NEWER:
            return (
                f"The database of {folder} is of a newer version (step {found.step}, "
                f"not {STEPS[-1]}): install that version of Netpresenter Next, or "
                "restore a backup made with this one."
            )
        case Condition.HALF_RESTORED:
            again = commands.to_type(config, "restore", _restoring(config))
            return (
                f"A restore into {folder} was interrupted, so its database cannot be "
                f"used. To start the restore again, type: {again}"
            )
    return f"{database.database_file(config)} {found.fault}."


def _restoring(config: Config) -> str:
    try:
        said = json.loads((config.instance / RESTORING).read_bytes())
        return str(said["file"])
    except (OSError, ValueError, LookupError, TypeError):
        return "FILE"


def make(config: Config) -> None:
    """Make what is missing of an instance: its folder, keys and id, for its owner only.

    Raises OSError.
    """
    config.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    encryption.make_key(config.instance)
    if not config.secret_key:
        encryption.keep(config.instance / "secret_key", lambda: secrets.token_hex(32))
    # A folder made before there were ids may be one that cannot be written now.
    with suppress(OSError):
        encryption.keep(config.instance / ID_FILE, lambda: secrets.token_hex(16))


def own_id(config: Config) -> str:
    """Return what tells the instance from others; empty where it has none."""
    try:
        text = (config.instance / ID_FILE).read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return text if ID.fullmatch(text) else ""


def signing_key(config: Config) -> str:
    """Return the key that signs cookies: the setting, else the one made once."""
    if config.secret_key:
        return config.secret_key
    path = config.instance / "secret_key"
    try:
        return secret_key(path.read_text(encoding="ascii").strip())
    except ValueError:
        raise ConfigError(
            f"{path} contains no valid key: delete it, and a new one is created."
        ) from None


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Hold the instance as a server does: the write lock and the throttle are its own.

    Raises InUse.
    """
    with hold(config):
        yield


def hold(config: Config) -> ExitStack:
    """Take the instance until what is returned is closed; raises InUse."""
    path, held = config.instance / "serve.lock", ExitStack()
    try:
        lock = FileLock(path, mode=OWNER_ONLY)
        lock.acquire(blocking=False)
        held.callback(lock.release)
    except (Timeout, BlockingIOError) as error:
        raise _in_use(config) from error
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise
        _lock_to_look(config, path if path.exists() else config.instance, held)
    return held


def identity(config: Config) -> tuple[int, int]:
    """Return what tells the file of the database from one that took its place."""
    seen = database.database_file(config).stat()
    return seen.st_dev, seen.st_ino


def _lock_to_look(config: Config, path: Path, held: ExitStack) -> None:
    """Lock a file or folder that is read-only: one can still look at the pages."""
    if fcntl is None:  # Windows
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    descriptor = os.open(path, os.O_RDONLY)
    held.callback(os.close, descriptor)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        held.close()
        raise _in_use(config) from error


def _in_use(config: Config) -> InUse:
    return InUse(
        f"A server runs on {config.instance}. Stop it first, or set "
        "NETPRESENTER_INSTANCE to another folder. Only one process can serve an "
        "instance: run another WSGI server with one worker and several threads."
    )
