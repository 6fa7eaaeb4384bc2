"""Exchanging the files of a database: all of it, or a state that says how to go on.

The files of the old database are moved aside together, log and all, and stay there.
From the first move to the last there is a file that says what is going on; while it
is there, nothing opens the database, and the next try takes up where one was cut off.
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

# Told to the next start, which adds it to the database and removes the file.
RESTORED = "restored.json"
# What belongs to a database file of SQLite, the file itself first.
SUFFIXES = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True)
class Plan:
    """Where everything is, and goes."""

    config: Config
    file: Path  # the backup
    database: Path
    aside: Path  # for the files before it
    before: Path  # the database before it, wherever it is now

    @property
    def intent(self) -> Path:
        """What says that files are being moved, as long as they are."""
        return self.config.instance / instances.RESTORING

    @property
    def folders(self) -> list[Path]:
        """Where old files are: also those that an earlier try has moved."""
        moved = self.before != self.database and self.before.parent != self.aside
        return [self.before.parent, self.aside] if moved else [self.aside]

    @property
    def files(self) -> list[Path]:
        """The database with what belongs to it, the file itself first."""
        return [
            self.database.with_name(self.database.name + suffix) for suffix in SUFFIXES
        ]


def planned(config: Config, file: Path) -> Plan:
    """Say where everything goes; what a try that was cut off has moved stays there."""
    path = database.database_file(config).resolve()
    aside, before = _new_aside(path.parent), path
    earlier = _read(config.instance / instances.RESTORING)
    if earlier and (cut_off := Path(str(earlier.get("aside")))).is_dir():
        was = cut_off / path.name
        before = was if was.exists() else path
        # Beside one that is there, the one in place is what the try has moved in.
        if not (was.exists() and path.exists()):
            aside = cut_off
    # Of one that no start has seen yet, the database before it is what counts.
    unseen = _read(config.instance / RESTORED)
    if unseen and (old := Path(str(unseen.get("before")))).exists():
        before = old
    plan = Plan(config, file.absolute(), path, aside, before)
    if before == aside / path.name:
        _move_aside(plan)  # its log, before anybody reads it
    return plan


def _new_aside(folder: Path) -> Path:
    name = f"before-restore-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}"
    path, number = folder / name, 1
    while os.path.lexists(path):
        number += 1
        path = folder / f"{name}-{number}"
    return path


def exchange(
    plan: Plan, prepared: Path, key: bytes | None, told: Mapping[str, Any]
) -> None:
    """Move the old files aside and the new one in; the next try takes up a cut."""
    instance, folder = plan.config.instance, plan.database.parent
    _write(plan.intent, {"file": str(plan.file), "aside": str(plan.aside)})
    plan.aside.mkdir(mode=0o700, exist_ok=True)
    copying.synchronize(folder)
    _move_aside(plan)
    _key_draft(plan).unlink(missing_ok=True)  # of a try that was cut off
    if key is not None:
        _replace_key(plan, key)
    os.replace(prepared, plan.database)
    copying.synchronize(folder)
    (instance / "in-use").touch(mode=instances.OWNER_ONLY)
    _write(instance / RESTORED, told)
    if not any(plan.aside.iterdir()):
        plan.aside.rmdir()
    (instance / DAMAGE_FILE).unlink(missing_ok=True)  # it was of the one before
    plan.intent.unlink()
    copying.synchronize(instance)


def _move_aside(plan: Plan) -> None:
    # The file first: a log without its database is of no use to anybody, but a
    # database without its log looks whole.
    for old in plan.files:
        if os.path.lexists(old):
            os.replace(old, plan.aside / old.name)
    copying.synchronize(plan.aside)
    copying.synchronize(plan.database.parent)


def _replace_key(plan: Plan, key: bytes) -> None:
    path = plan.config.instance / encryption.KEY_FILE
    kept, draft = plan.aside / encryption.KEY_FILE, _key_draft(plan)
    if not kept.exists():  # else it is there from the try that was cut off
        shutil.copy2(path, kept)
        copying.synchronize(kept)
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
    copying.make_file(path)
    path.write_bytes(content)
    copying.synchronize(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
