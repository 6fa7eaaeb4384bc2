"""The file of a backup: a zip of a manifest, the database, and perhaps the key.

A file that is restored is untrusted input: only the expected members are extracted,
and only with the sizes that the manifest declares.
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
from netpresenter_next.lib.text import format_size

DATABASE, MANIFEST, KEY = "netpresenter.db", "manifest.json", "encryption_key.sealed"
FORMAT = 1
_LARGEST_MANIFEST, _LARGEST_KEY = 256 * 1024, 4096  # bytes
_CHUNK = 1024 * 1024
_NUMBER_LIMIT = 2**63  # every number in a manifest is smaller
# What reading a manifest raises that is not valid.
_MANIFEST_ERRORS = (
    ArithmeticError,
    AttributeError,
    KeyError,
    RecursionError,
    TypeError,
    ValueError,
)
# What zipfile raises for files that are damaged, encrypted, or of another format.
_ZIP_ERRORS = (
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
    """The description of a backup.

    All of it is checked against the content, except when and by what it was made.
    """

    made_at: datetime  # in UTC
    version: str  # of the program
    step: str  # the newest migration of the database
    counts: dict[str, int]  # the number of rows of each table
    size: int  # of the database, in bytes
    digest: str  # SHA-256 of the database, in hexadecimal
    has_key: bool  # whether it contains the encryption key, itself encrypted
    instance: str = ""  # the id of the instance; empty where it is unknown


def make_manifest(
    database: Path,
    step: str,
    counts: dict[str, int],
    *,
    has_key: bool,
    instance: str,
) -> Manifest:
    """Return the manifest for a backup, made now, of a closed database file."""
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


def write_archive(
    target: Path,
    database: Path,
    manifest: Manifest,
    key: bytes | None,
    progress: Progress,
) -> None:
    """Write the file of a backup and flush it to the disk; only its owner may read it.

    Raises OSError, also where the file exists already.
    """
    copying.create_file(target)
    with target.open("r+b") as file:
        with ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_member(MANIFEST, manifest), _to_json(manifest))
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


def _to_json(manifest: Manifest) -> str:
    values = asdict(manifest) | {"made_at": manifest.made_at.isoformat()}
    return json.dumps({"format": FORMAT, **values}, indent=2)


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a backup, and validate only that; raises BackupFailed."""
    with _open_archive(path) as archive:
        return _read_manifest(archive)


def read_encrypted_key(path: Path) -> bytes:
    """Return the encrypted key of a backup that has one; raises BackupFailed."""
    with _open_archive(path) as archive:
        return _read_member(archive, KEY, _LARGEST_KEY)


def extract(path: Path, target: Path, progress: Progress) -> Manifest:
    """Write the database of a backup to a new file that only its owner may read.

    Raises BackupFailed where the database does not match the manifest, and OSError.
    """
    manifest = read_manifest(path)
    if shutil.disk_usage(target.parent).free < manifest.size:
        raise BackupFailed(
            f"There is no room in {target.parent} for the "
            f"{format_size(manifest.size)} of the database in {path}: make room."
        )
    with _open_archive(path) as archive:
        copying.create_file(target)
        with archive.open(DATABASE) as source, target.open("r+b") as sink:
            _copy(source, sink, manifest.size, progress)
        copying.synchronize(target)
        if _digest(target) != manifest.digest:
            raise BackupFailed("The database is not the one that was backed up.")
    return manifest


def _copy(source: Any, sink: Any, length: int, progress: Progress) -> None:
    """Copy ``length`` bytes and refuse any more: the size in a zip may be false."""
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
def _open_archive(path: Path) -> Iterator[ZipFile]:
    try:
        with path.open("rb") as file, ZipFile(file) as archive:
            _check_members(archive)
            yield archive
    except BackupFailed as error:
        raise BackupFailed(f"{path} is not a valid backup. {error}") from None
    except _ZIP_ERRORS as error:
        raise BackupFailed(f"{path} is damaged, or not a backup: {error}.") from error
    except RuntimeError as error:
        raise BackupFailed(f"{path} is not a backup: {error}.") from error
    except OSError as error:
        if error.errno is not None:
            raise
        # Raised by a decompressor, not by the operating system.
        raise BackupFailed(f"{path} is damaged, or not a backup: {error}.") from error


def _check_members(archive: ZipFile) -> None:
    names = archive.namelist()
    allowed = {DATABASE, MANIFEST, KEY}
    if unknown := next((name for name in names if name not in allowed), None):
        raise BackupFailed(
            f"It contains {unknown[:80]!r}, which does not belong in a backup."
        )
    if len(set(names)) != len(names):
        raise BackupFailed("It contains a file twice.")
    for name in (MANIFEST, DATABASE):
        if name not in names:
            raise BackupFailed(f"It does not contain {name}.")


def _read_member(archive: ZipFile, name: str, limit: int) -> bytes:
    try:
        with archive.open(name) as member:
            content = member.read(limit + 1)
    except KeyError:
        raise BackupFailed(f"It does not contain {name}.") from None
    if len(content) > limit:
        raise BackupFailed(f"Its {name} is too long.")
    return content


def _read_manifest(archive: ZipFile) -> Manifest:
    try:
        values = json.loads(_read_member(archive, MANIFEST, _LARGEST_MANIFEST))
        if values["format"] != FORMAT:
            raise BackupFailed(
                "It was made by a newer version of Netpresenter Next: install that "
                "version."
            )
        manifest = _parse_manifest(values)
    except _MANIFEST_ERRORS as error:
        raise BackupFailed("Its manifest is not valid.") from error
    if manifest.has_key != (KEY in archive.namelist()):
        raise BackupFailed(f"Its manifest does not match its {KEY}.")
    return manifest


def _parse_manifest(values: dict[str, Any]) -> Manifest:
    """Validate the values of a manifest; raises one of _MANIFEST_ERRORS."""
    counts, made_at = values["counts"], datetime.fromisoformat(values["made_at"])
    instance = values.get("instance", "")
    numbers = [values["size"], *counts.values()]
    texts = [values["version"], values["step"], instance, *counts]
    is_valid = (
        all(type(each) is int and 0 <= each < _NUMBER_LIMIT for each in numbers)
        and all(isinstance(text, str) and text.isprintable() for text in texts)
        and _HASH.fullmatch(values["digest"])
        and isinstance(values["has_key"], bool)
        and made_at.tzinfo
    )
    if not is_valid:
        raise ValueError
    names = ("version", "step", "size", "digest", "has_key")
    others = {name: values[name] for name in names} | {"instance": instance}
    return Manifest(made_at=made_at.astimezone(UTC), counts=dict(counts), **others)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
