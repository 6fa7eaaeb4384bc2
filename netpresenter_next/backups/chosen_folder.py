"""The folder in which backups are kept: which one it is, and whether it will do."""

import os
from pathlib import Path

from netpresenter_next.backups.making import default_folder
from netpresenter_next.config.options import Config

LONGEST = 400


def of(config: Config, folder: str) -> Path:
    """Return the folder that a setting means; empty for one in the instance folder."""
    return Path(folder) if folder else default_folder(config)


def fault(folder: str) -> str:
    """Say why a folder that somebody chose cannot hold backups; empty when it can."""
    if len(folder) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if not folder.isprintable() or folder != folder.strip():
        return "Use no invisible characters."
    path = Path(folder)
    if not path.is_absolute():
        return "Enter the absolute path."
    try:
        is_there = path.is_dir()
        may_write = os.access(path, os.W_OK | os.X_OK)
    except (OSError, ValueError):  # too long, or behind one that it may not look into
        is_there = may_write = False
    if not is_there:
        return "The server finds no such folder: create it first."
    return "" if may_write else "The server has no permission to write to this folder."


def is_within(folder: Path, other: Path) -> bool:
    """Is a folder within another, or is it the same, wherever links lead?"""
    return folder.resolve().is_relative_to(other.resolve())
