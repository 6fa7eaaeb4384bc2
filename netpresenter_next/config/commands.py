"""Command lines for messages and pages, complete with the instance and the program.

Without the setting of its instance a command would act on another one, and without the
path of the program a shell may not find it.  So messages and pages show every command
by ``format_command`` or ``format_short_command``.
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


def format_command(config: Config, *words: str) -> str:
    """Return the complete command line, valid in any folder of the server."""
    settings = {f"{PREFIX}INSTANCE": str(config.instance.absolute())}
    if config.database_url:  # a secret: the administrator fills it in
        settings[f"{PREFIX}DATABASE_URL"] = "..."
    return format_for_shell(settings, [*_find_program(), *words])


def format_short_command(*words: str) -> str:
    """Return the command line without paths, which not every reader may know."""
    return " ".join([NAME, *words])


def format_for_shell(
    settings: Mapping[str, str],
    command: Sequence[str],
    *,
    for_windows: bool = _IS_WINDOWS,
) -> str:
    """Quote a command and its settings for a shell, or for Windows' Command Prompt."""
    if for_windows:
        variables = [f'set "{name}={value}"' for name, value in settings.items()]
        return " && ".join([*variables, " ".join(map(_quote_for_windows, command))])
    variables = [f"{name}={shlex.quote(value)}" for name, value in settings.items()]
    return " ".join([*variables, shlex.join(command)])


def _quote_for_windows(word: str) -> str:
    return word if _PLAIN.fullmatch(word) else '"{}"'.format(word.replace('"', '""'))


def _find_program() -> list[str]:
    """Return the words that start this program: its script, else ``python -m``."""
    script = Path(sysconfig.get_path("scripts"), NAME + ".exe" * _IS_WINDOWS)
    return (
        [str(script)]
        if script.is_file()
        else [sys.executable, "-m", "netpresenter_next"]
    )
