"""Other programs: the servers, node, npm and git."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from netpresenter_next.config.options import PREFIX


class ProgramFailed(Exception):
    """A program ended with an error; the message says how."""


def start(
    command: Sequence[str],
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> "subprocess.Popen[str]":
    """Start a program without the settings of this environment (NETPRESENTER_...)."""
    others = {
        name: value for name, value in os.environ.items() if not name.startswith(PREFIX)
    }
    return subprocess.Popen(  # noqa: S603  (our own commands)
        command,
        env={**others, **(environment or {})},
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def run(
    command: Sequence[str],
    text: str = "",
    folder: Path | None = None,
    seconds: float | None = None,
) -> str:
    """Run a program to its end, with ``text`` as its input; returns its output.

    Raises ProgramFailed, also if it is not ready in time.
    """
    with start(command, folder=folder) as process:
        try:
            output, _ = process.communicate(text, seconds)
        except subprocess.TimeoutExpired as error:
            process.kill()
            raise ProgramFailed(f"it was not ready in {seconds:.0f} seconds") from error
    if process.returncode:
        raise ProgramFailed(f"it ended with status {process.returncode}")
    return output
