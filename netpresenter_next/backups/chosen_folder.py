"""The folder for nightly backups: the default, or another one that was chosen."""

import os
from pathlib import Path

from netpresenter_next.backups.making import default_folder
from netpresenter_next.config.options import Config
from netpresenter_next.lib.translation import gettext as _

LONGEST = 400


def resolve(config: Config, folder: str) -> Path:
    """Return the folder of a setting; an empty setting means the default folder."""
    return Path(folder) if folder else default_folder(config)


def find_problem(folder: str) -> str:
    """Return why a folder cannot be used for backups, or an empty text when it can."""
    if len(folder) > LONGEST:
        return _("Use at most %(number)s characters.", number=LONGEST)
    if not folder.isprintable() or folder != folder.strip():
        return _("Use no invisible characters.")
    path = Path(folder)
    if not path.is_absolute():
        return _("Enter the absolute path.")
    try:
        exists = path.is_dir()
        may_write = os.access(path, os.W_OK | os.X_OK)
    except (OSError, ValueError):  # too long, or in a folder that may not be read
        exists = may_write = False
    if not exists:
        return _("The server finds no such folder: create it first.")
    if not may_write:
        return _("The server has no permission to write to this folder.")
    return ""


def is_within(folder: Path, other: Path) -> bool:
    """Is a folder the same as another or inside it, once links are followed?"""
    return folder.resolve().is_relative_to(other.resolve())
