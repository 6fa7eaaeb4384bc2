"""Replacing the files of a database: an interrupted replacement can be resumed.

The files of the old database, its write-ahead log included, are moved into a folder
and stay there.  From the first move to the last, a marker file describes the restore.
While it exists, nothing opens the database, and the next restore resumes from it.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from netpresenter_next.backups import copying
from netpresenter_next.config.options import Config
from netpresenter_next.storage import database, encryption, instances
from netpresenter_next.storage.state import DAMAGE_FILE

# Read by the next start, which records the restore in the database and removes it.
RESTORED = "restored.json"
# The files of a SQLite database, the main file first.
SUFFIXES = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Plan:
    """The paths that a restore reads and writes."""

    config: Config
    file: Path  # the backup
    database: Path
    aside: Path  # the folder for the files of the old database
    before: Path  # the old database, in its place or already moved

    @property
    def marker(self) -> Path:
        """The file that exists while files are being moved."""
        return self.config.instance / instances.RESTORING

    @property
    def folders(self) -> list[Path]:
        """The folders with old files, also those of an interrupted restore."""
        moved = self.before != self.database and self.before.parent != self.aside
        return [self.before.parent, self.aside] if moved else [self.aside]

    @property
    def files(self) -> list[Path]:
        """The files of the database, the main file first."""
        return [
            self.database.with_name(self.database.name + suffix) for suffix in SUFFIXES
        ]


def make_plan(config: Config, file: Path) -> Plan:
    """Plan a restore; what an interrupted restore moved aside stays where it is."""
    path = database.database_file(config).resolve()
    aside, before = _choose_aside_folder(path.parent), path
    interrupted = _read(config.instance / instances.RESTORING)
    if interrupted and (folder := Path(str(interrupted.get("aside")))).is_dir():
        moved = folder / path.name
        before = moved if moved.exists() else path
        # If both exist, the one in place was put there by the interrupted restore.
        if not (moved.exists() and path.exists()):
            aside = folder
    # After a restore that no start has seen, compare with the database before that.
    unseen = _read(config.instance / RESTORED)
    if unseen and (old := Path(str(unseen.get("before")))).exists():
        before = old
    plan = Plan(config, file.absolute(), path, aside, before)
    if before == aside / path.name:
        _move_aside(plan)  # its log too, before the database is read
    return plan


def _choose_aside_folder(folder: Path) -> Path:
    name = f"before-restore-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    path, number = folder / name, 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{name}-{number}"
    return path


def replace_files(
    plan: Plan, prepared: Path, key: bytes | None, notice: Mapping[str, Any]
) -> None:
    """Move the old files aside and the prepared database into their place.

    ``notice`` is for the next start.  The next restore resumes an interrupted one.
    """
    instance, folder = plan.config.instance, plan.database.parent
    _write(plan.marker, {"file": str(plan.file), "aside": str(plan.aside)})
    plan.aside.mkdir(mode=0o700, exist_ok=True)
    copying.synchronize(folder)
    _move_aside(plan)
    _key_draft(plan).unlink(missing_ok=True)  # of an interrupted restore
    if key is not None:
        _replace_key(plan, key)
    os.replace(prepared, plan.database)
    copying.synchronize(folder)
    (instance / "in-use").touch(mode=instances.OWNER_ONLY)
    _write(instance / RESTORED, notice)
    if not any(plan.aside.iterdir()):
        plan.aside.rmdir()
    (instance / DAMAGE_FILE).unlink(missing_ok=True)  # it concerns the old database
    plan.marker.unlink()
    copying.synchronize(instance)


def _move_aside(plan: Plan) -> None:
    # The main file first: a log without its database cannot be opened by mistake, but
    # a database without its log looks complete.
    for old in plan.files:
        if os.path.lexists(old):
            os.replace(old, plan.aside / old.name)
    copying.synchronize(plan.aside)
    copying.synchronize(plan.database.parent)


def _replace_key(plan: Plan, key: bytes) -> None:
    path = plan.config.instance / encryption.KEY_FILE
    old_key, draft = plan.aside / encryption.KEY_FILE, _key_draft(plan)
    if not old_key.exists():  # otherwise an interrupted restore copied it
        shutil.copy2(path, old_key)
        copying.synchronize(old_key)
        copying.synchronize(plan.aside)
    _write_bytes(draft, key)
    os.replace(draft, path)
    copying.synchronize(path.parent)


def _key_draft(plan: Plan) -> Path:
    return plan.config.instance / f"{encryption.KEY_FILE}.restored"


def _write(path: Path, document: Mapping[str, Any]) -> None:
    draft = path.with_name(f"{path.name}.new")
    _write_bytes(draft, json.dumps(document, indent=2).encode("ascii"))
    os.replace(draft, path)
    copying.synchronize(path.parent)


def _write_bytes(path: Path, content: bytes) -> None:
    path.unlink(missing_ok=True)
    copying.create_file(path)
    path.write_bytes(content)
    copying.synchronize(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return document if isinstance(document, dict) else {}
