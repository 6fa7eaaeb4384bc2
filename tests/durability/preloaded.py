"""Commands that begin at once: children of a process that has imported the program.

Importing takes longer than most commands do.  A kill at a random moment would nearly
always hit an import, and twenty kills would cost half a minute.
"""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TextIO

LONGEST = 2**16
# What a command would import, or read, only when it comes to it.
ALSO = ("alembic.command", "alembic.runtime.migration", "sqlalchemy.dialects.sqlite")


class Ended(NamedTuple):
    """How a command ended: its status (negative for a signal), and after how long."""

    status: int
    seconds: float


@dataclass(frozen=True)
class Command:
    """Words after the name of the program, settings, and what stands ready to read."""

    words: Sequence[str]
    environment: Mapping[str, str]
    text: str = ""


class Parent:
    """The process that forks, as the tests see it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=Path(__file__).parents[2],
        )
        theirs.close()

    def close(self) -> None:
        """End it."""
        self._ours.close()
        self._process.kill()
        self._process.wait()

    def _ask(self, files: Sequence[int], **question: Any) -> Any:
        # One question at a time, so each arrives whole.
        asked = json.dumps(question).encode()
        if files:
            socket.send_fds(self._ours, [asked], files)
        else:
            self._ours.send(asked)
        return json.loads(self._ours.recv(LONGEST))

    def run(self, command: Command, kill_after: float | None = None) -> Ended:
        """Run a command to its end, or kill it so many seconds after it began."""
        with self._files(command) as files:
            pid = self._ask(files, **vars(command))["pid"]
            return Ended(**self._ask([], pid=pid, kill_after=kill_after))

    @property
    def said(self) -> str:
        """What the last command wrote, on both streams."""
        return (self._folder / "output").read_text(encoding="utf-8")

    @contextlib.contextmanager
    def _files(self, command: Command) -> Iterator[list[int]]:
        (self._folder / "input").write_text(command.text, encoding="utf-8")
        with (
            open(self._folder / "input", encoding="utf-8") as read,
            open(self._folder / "output", "w", encoding="utf-8") as written,
        ):
            yield [read.fileno(), written.fileno()]

    @contextlib.contextmanager
    def started(self, command: Command) -> Iterator["Child"]:
        """Start a command that goes on; it ends with the block at the latest."""
        read, write = os.pipe()
        with open(os.devnull, encoding="utf-8") as nothing:
            pid = self._ask([nothing.fileno(), write], **vars(command))["pid"]
        os.close(write)
        with open(read, encoding="utf-8") as output:
            child = Child(self, pid, output)
            try:
                yield child
            finally:
                if not child.has_ended:
                    child.send(signal.SIGKILL)
                    child.end()

    def wait(self, pid: int) -> int:
        """Return the status with which a child ended."""
        status: int = Ended(**self._ask([], pid=pid, kill_after=None)).status
        return status


class Child:
    """A command that runs; reads as its output both of its streams."""

    def __init__(self, parent: Parent, pid: int, output: TextIO) -> None:
        self.output, self.has_ended = output, False
        self._parent, self._pid = parent, pid

    def send(self, number: int) -> None:
        """Send a signal."""
        os.kill(self._pid, number)

    def listening(self) -> int:
        """Return the port at which it listens, once it does."""
        for line in self.output:
            if found := re.match(r"Listening on http://127\.0\.0\.1:(\d+)$", line):
                return int(found[1])
        raise AssertionError("it ended before it listened")

    def end(self) -> tuple[int, str]:
        """Wait for its end; returns its status, and what it had yet to say."""
        said = self.output.read()
        self.has_ended = True
        return self._parent.wait(self._pid), said


# ------------------------------------------------------------- the process that forks
def serve(number: int) -> None:
    """Answer questions until nobody can ask any more."""
    import importlib

    from netpresenter_next import commands

    for name in ALSO:
        importlib.import_module(name)
    channel = socket.socket(fileno=number)
    began: dict[int, float] = {}
    while True:
        asked, files, _flags, _from = socket.recv_fds(channel, LONGEST, 2)
        if not asked:
            return
        question = json.loads(asked)
        if files:
            pid = _fork(commands.main, question, files)
            began[pid] = time.monotonic()
            answer: dict[str, Any] = {"pid": pid}
        else:
            answer = _end(question["pid"], question["kill_after"], began)
        channel.send(json.dumps(answer).encode())


def _fork(main: Any, question: Mapping[str, Any], files: Sequence[int]) -> int:
    pid = os.fork()
    if pid:
        for each in files:
            os.close(each)
        return pid
    try:
        os.dup2(files[0], 0)
        os.dup2(files[1], 1)
        os.dup2(files[1], 2)
        os.environ.clear()
        os.environ.update(question["environment"])
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(n, "rw"[n > 0]) for n in (0, 1, 2)
        )
        main(question["words"], prog_name="netpresenter-next")
    except SystemExit as end:
        code = end.code
    except BaseException:
        import traceback

        traceback.print_exc()
        code = 70
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code if isinstance(code, int) else 0 if code is None else 1)


def _end(pid: int, kill_after: float | None, began: dict[int, float]) -> dict[str, Any]:
    start = began.pop(pid)
    if kill_after is not None:
        time.sleep(max(0.0, start + kill_after - time.monotonic()))
        os.kill(pid, signal.SIGKILL)
    _pid, status = os.waitpid(pid, 0)
    seconds = time.monotonic() - start
    return {"status": os.waitstatus_to_exitcode(status), "seconds": seconds}


if __name__ == "__main__":
    serve(int(sys.argv[1]))
