"""The file of a backup: a zip of the database, a manifest, and perhaps the sealed key.

Whoever gives a file to be restored may have made it: nothing is taken from it but the
members that there must be, of the sizes that the manifest says.
"""

import hashlib
import json
import os
import re
import shutil
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from lzma import LZMAError
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from netpresenter_next.backups import copying
from netpresenter_next.backups.copying import BackupFailed, Progress
from netpresenter_next.lib.text import size

DATABASE, MANIFEST, KEY = "netpresenter.db", "manifest.json", "encryption_key.sealed"
FORMAT = 1
_LARGEST_MANIFEST, _LARGEST_KEY = 256 * 1024, 4096  # bytes
_CHUNK = 1024 * 1024
_LARGEST = 2**63  # a number that a manifest may hold is less
_NO_MANIFEST = (
    ArithmeticError,
    AttributeError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)
_NOT_A_ZIP = (
    BadZipFile,
    EOFError,
    LZMAError,
    NotImplementedError,
    OverflowError,
    ValueError,
    struct.error,
    zlib.error,
)
_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself; all of it is checked but who made it, and when."""

    made_at: datetime  # in UTC
    version: str  # of the program
    step: str  # of the database
    counts: dict[str, int]  # how many rows each table has
    size: int  # of the database, in bytes
    digest: str  # SHA-256 of the database, in hexadecimal
    has_key: bool  # the encryption key is in it, sealed
    instance: str = ""  # the id of the one it is of; empty where nobody knows


def describe(
    database: Path,
    step: str,
    counts: dict[str, int],
    *,
    has_key: bool,
    instance: str,
) -> Manifest:
    """Return the manifest of a backup that is made now of a closed database."""
    return Manifest(
        made_at=datetime.now(UTC),
        version=metadata.version("netpresenter-next"),
        step=step,
        counts=counts,
        size=database.stat().st_size,
        digest=_digest(database),
        has_key=has_key,
        instance=instance,
    )


def pack(
    target: Path,
    database: Path,
    manifest: Manifest,
    key: bytes | None,
    progress: Progress,
) -> None:
    """Write the file of a backup, for its owner only, and to the disk; raises OSError.

    There must be none of that name.
    """
    copying.make_file(target)
    with target.open("r+b") as file:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_member(MANIFEST, manifest), _written(manifest))
            if key is not None:
                archive.writestr(_member(KEY, manifest), key)
            inside = archive.open(_member(DATABASE, manifest), "w", force_zip64=True)
            with database.open("rb") as source, inside as sink:
                _copy(source, sink, manifest.size, progress)
        file.flush()
        os.fsync(file.fileno())


def _member(name: str, manifest: Manifest) -> ZipInfo:
    info = ZipInfo(name, manifest.made_at.timetuple()[:6])
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def _written(manifest: Manifest) -> str:
    values = asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps({"format": FORMAT, **values}, indent=2)


def manifest_of(path: Path) -> Manifest:
    """Read the manifest of a backup, and check nothing else; raises BackupFailed."""
    with _opened(path) as archive:
        return _manifest(archive)


def key_of(path: Path) -> bytes:
    """Return the sealed key of a backup that has one; raises BackupFailed."""
    with _opened(path) as archive:
        return _small(archive, KEY, _LARGEST_KEY)


def extract(path: Path, target: Path, progress: Progress) -> Manifest:
    """Write the database of a backup to a new file, for its owner only.

    Raises BackupFailed where it is not what the manifest says, and OSError.
    """
    manifest = manifest_of(path)
    if shutil.disk_usage(target.parent).free < manifest.size:
        raise BackupFailed(
            f"There is no room in {target.parent} for the {size(manifest.size)} of the "
            f"database in {path}: make room."
        )
    with _opened(path) as archive:
        copying.make_file(target)
        with archive.open(DATABASE) as source, target.open("r+b") as sink:
            _copy(source, sink, manifest.size, progress)
        copying.synchronize(target)
        if _digest(target) != manifest.digest:
            raise BackupFailed("The database is not the one that was backed up.")
    return manifest


def _copy(source: Any, sink: Any, length: int, progress: Progress) -> None:
    """Copy no more than so many bytes: what a file says of its size may be a lie."""
    done = 0
    while done < length and (chunk := source.read(min(_CHUNK, length - done))):
        sink.write(chunk)
        done += len(chunk)
        progress(done, length)
    if done < length or source.read(1):
        raise BackupFailed(
            "The database does not have the size that the manifest says."
        )


@contextmanager
def _opened(path: Path) -> Iterator[ZipFile]:
    try:
        with path.open("rb") as file, ZipFile(file) as archive:
            _check_members(archive)
            yield archive
    except BackupFailed as error:
        raise BackupFailed(f"{path} is not a valid backup. {error}") from None
    # What zipfile raises for files that are damaged, encrypted, or of another kind.
    except _NOT_A_ZIP as error:
        raise BackupFailed(f"{path} is damaged, or not a backup: {error}.") from error
    except RuntimeError as error:
        raise BackupFailed(f"{path} is not a backup: {error}.") from error
    except OSError as error:
        if error.errno is not None:
            raise
        # Of what unpacks, not of the system.
        raise BackupFailed(f"{path} is damaged, or not a backup: {error}.") from error


def _check_members(archive: ZipFile) -> None:
    names = archive.namelist()
    allowed = {DATABASE, MANIFEST, KEY}
    if strange := next((name for name in names if name not in allowed), None):
        raise BackupFailed(
            f"It contains {strange[:80]!r}, which does not belong in a backup."
        )
    if len(set(names)) != len(names):
        raise BackupFailed("It contains a file twice.")
    for name in (MANIFEST, DATABASE):
        if name not in names:
            raise BackupFailed(f"It does not contain {name}.")


def _small(archive: ZipFile, name: str, most: int) -> bytes:
    try:
        with archive.open(name) as member:
            text = member.read(most + 1)
    except KeyError:
        raise BackupFailed(f"It does not contain {name}.") from None
    if len(text) > most:
        raise BackupFailed(f"Its {name} is too long.")
    return text


def _manifest(archive: ZipFile) -> Manifest:
    try:
        values = json.loads(_small(archive, MANIFEST, _LARGEST_MANIFEST))
        if values["format"] != FORMAT:
            raise BackupFailed(
                "It was made by a newer version of Netpresenter Next: install that "
                "version."
            )
        manifest = _checked(values)
    except _NO_MANIFEST as error:
        raise BackupFailed("Its manifest is not valid.") from error
    if manifest.has_key != (KEY in archive.namelist()):
        raise BackupFailed(f"Its manifest does not match its {KEY}.")
    return manifest


def _checked(values: dict[str, Any]) -> Manifest:
    counts, at = values["counts"], datetime.fromisoformat(values["made_at"])
    instance = values.get("instance", "")
    numbers = [values["size"], *counts.values()]
    texts = [values["version"], values["step"], instance, *counts]
    is_right = (
        all(type(each) is int and 0 <= each < _LARGEST for each in numbers)
        and all(isinstance(text, str) and text.isprintable() for text in texts)
        and _HASH.fullmatch(values["digest"])
        and isinstance(values["has_key"], bool)
        and at.tzinfo
    )
    if not is_right:
        raise ValueError
    others = ("version", "step", "size", "digest", "has_key")
    known = {name: values[name] for name in others} | {"instance": instance}
    return Manifest(made_at=at.astimezone(UTC), counts=dict(counts), **known)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
