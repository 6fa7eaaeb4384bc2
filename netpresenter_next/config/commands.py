"""The words of a command to type: which instance, where the program is, what it does.

A command without its instance acts on another one, and a program that is not on the
PATH is not found.  So messages and pages name commands with these two functions alone.
"""

import os
import re
import shlex
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path

from netpresenter_next.config.options import PREFIX, Config

NAME = "netpresenter-next"
_IS_WINDOWS = os.name == "nt"
_PLAIN = re.compile(r"[\w.@:/\\-]+", re.ASCII)


def to_type(config: Config, *words: str) -> str:
    """Return the whole command, to be typed on the server whatever its folder."""
    settings = {f"{PREFIX}INSTANCE": str(config.instance.absolute())}
    if config.database_url:  # may hold a password one day: it is theirs to fill in
        settings[f"{PREFIX}DATABASE_URL"] = "..."
    return written(settings, [*_program(), *words])


def short(*words: str) -> str:
    """Return the command for somebody who must not learn the paths of the server."""
    return " ".join([NAME, *words])


def written(
    settings: Mapping[str, str],
    command: Sequence[str],
    *,
    for_windows: bool = _IS_WINDOWS,
) -> str:
    """Write a command with its settings for a shell, or for Windows' Command Prompt."""
    if for_windows:
        chosen = [f'set "{name}={value}"' for name, value in settings.items()]
        return " && ".join([*chosen, " ".join(map(_quoted_for_windows, command))])
    chosen = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    return " ".join([*chosen, shlex.join(command)])


def _quoted_for_windows(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else '"{}"'.format(word.replace('"', '""'))


def _program() -> list[str]:
    """Return what starts this very program: the script beside its Python, if any."""
    script = Path(sysconfig.get_path("scripts"), NAME + ".exe" * _IS_WINDOWS)
    return (
        [str(script)]
        if script.is_file()
        else [sys.executable, "-m", "netpresenter_next"]
    )
