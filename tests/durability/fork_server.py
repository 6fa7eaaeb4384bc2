"""Commands that begin at once: children of a process that has imported the program.

Importing takes longer than most commands do.  A kill at a random moment would nearly
always hit an import, and twenty kills would cost half a minute.

A kill comes so many seconds after a command began, or just before one of its steps: a
statement of SQL, or what it does to a file in the instance folder or one beside it.
"""

import contextlib
import itertools
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

ROOT = Path(__file__).parents[2]
LONGEST = 2**16
# What a command would import, or read, only when it comes to it.
ALSO = ("alembic.command", "alembic.runtime.migration", "sqlalchemy.dialects.sqlite")


FILE_STEPS = {
    *("open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir"),
    *("os.chmod", "os.truncate", "os.utime"),
}


class Ended(NamedTuple):
    """How a command ended: its status (negative for a signal), and after how long."""

    status: int
    seconds: float


@dataclass(frozen=True)
class Command:
    """Words after the name of the program, settings, and what stands ready to read.

    ``code`` of a test is run before it.  What it does to files in the folder ``beside``
    is a step of it too.
    """

    words: Sequence[str]
    environment: Mapping[str, str]
    text: str = ""
    code: str = ""
    beside: str = ""


class Parent:
    """The process that forks, as the tests see it."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self._folder = folder
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(theirs.fileno())],
            pass_fds=[theirs.fileno()],
            cwd=ROOT,
            env={
                **os.environ,
                "PYTHONPATH": str(ROOT),
                **environment,
            },  # the program of this folder
        )
        theirs.close()
        assert self._ours.recv(1)  # it has imported all

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

    def run(
        self,
        command: Command,
        kill_after: float | None = None,
        kill_at: int | None = None,
    ) -> Ended:
        """Run a command to its end, or kill it after seconds or at a step."""
        (self._folder / "input").write_text(command.text, encoding="utf-8")
        with (
            open(self._folder / "input", "rb") as read,
            open(self._folder / "output", "wb") as written,
        ):
            files = [read.fileno(), written.fileno()]
            pid = self._begin(command, files, kill_at)
            return Ended(**self._ask([], pid=pid, kill_after=kill_after))

    def _begin(
        self, command: Command, files: Sequence[int], kill_at: int | None = None
    ) -> int:
        with open(self._folder / "steps", "wb") as steps:
            files = [*files, steps.fileno()]
            answer = self._ask(files, **vars(command), kill_at=kill_at)
        pid: int = answer["pid"]
        return pid

    @property
    def said(self) -> str:
        """What the last command that was run wrote, on both streams."""
        return (self._folder / "output").read_text(encoding="utf-8")

    @property
    def steps(self) -> int:
        """How many steps the last command has taken so far."""
        return int((self._folder / "steps").read_bytes() or b"0")

    @contextlib.contextmanager
    def started(self, command: Command) -> Iterator["Child"]:
        """Start a command that goes on; it ends with the block at the latest."""
        read, write = os.pipe()
        with open(os.devnull, encoding="utf-8") as nothing:
            pid = self._begin(command, [nothing.fileno(), write])
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
        said = []
        for line in self.output:
            said.append(line)
            if found := re.match(r"Listening on http://127\.0\.0\.1:(\d+)$", line):
                return int(found[1])
        raise AssertionError(f"it ended before it listened: {''.join(said)}")

    def end(self) -> tuple[int, str]:
        """Wait for its end; returns its status, and what it had yet to say."""
        said = self.output.read()
        self.has_ended = True
        return self._parent.wait(self._pid), said


# ------------------------------------------------------------- the process that forks
def serve(number: int) -> None:
    """Answer questions until nobody can ask any more."""
    import importlib

    from netpresenter_next.cli.main import main

    for name in ALSO:
        importlib.import_module(name)
    channel = socket.socket(fileno=number)
    channel.send(b".")
    began: dict[int, float] = {}
    while True:
        asked, files, _flags, _from = socket.recv_fds(channel, LONGEST, 3)
        if not asked:
            return
        question = json.loads(asked)
        if files:
            pid = _fork(main, question, files)
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
        for number, each in enumerate([files[0], files[1], files[1]]):
            os.dup2(each, number)
        # New ones: the old ones remember what kind of file was there.
        sys.stdin, sys.stdout, sys.stderr = (
            open(number, "w" if number else "r")  # noqa: SIM115 - until the end
            for number in range(3)
        )
        os.environ.clear()
        os.environ.update(question["environment"])
        folders = [os.environ["NETPRESENTER_INSTANCE"], question["beside"]]
        _count_steps(files[2], question["kill_at"], [each for each in folders if each])
        exec(question["code"], {})
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


def _count_steps(file: int, last: int | None, folders: Sequence[str]) -> None:
    """Write into a file how many steps were taken, and kill this process at the last.

    What is done with a file that is open by its number counts too, and what is removed
    from a folder that is: so does whoever removes a folder with all that is in it.
    """
    from sqlalchemy import Engine, event

    taken = itertools.count(1)

    def step(*_: Any) -> None:
        number = next(taken)
        if number == last:
            os.kill(os.getpid(), signal.SIGKILL)
        os.pwrite(file, str(number).encode(), 0)

    def audited(name: str, arguments: tuple[Any, ...]) -> None:
        if name in FILE_STEPS and (
            isinstance(arguments[0], int)
            or (name in ("os.remove", "os.rmdir") and arguments[1] != -1)
            or any(folder in str(arguments[0]) for folder in folders)
        ):
            step()

    sys.addaudithook(audited)
    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, step)


def _end(pid: int, kill_after: float | None, began: dict[int, float]) -> dict[str, Any]:
    start = began.pop(pid)
    ended, status = 0, 0
    while kill_after is not None and not ended:
        left = start + kill_after - time.monotonic()
        if left <= 0:
            os.kill(pid, signal.SIGKILL)
            break
        time.sleep(min(left, 0.002))
        ended, status = os.waitpid(pid, os.WNOHANG)
    if not ended:
        _pid, status = os.waitpid(pid, 0)
    seconds = time.monotonic() - start
    return {"status": os.waitstatus_to_exitcode(status), "seconds": seconds}


if __name__ == "__main__":
    serve(int(sys.argv[1]))
