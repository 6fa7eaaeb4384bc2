"""Starts commands without delay, as forks of a process that has imported the program.

Importing takes longer than most commands do.  A kill at a random time would nearly
always hit an import, and twenty kills would cost half a minute.

A command is killed some seconds after it began, or just before one of its steps: an SQL
statement, or an operation on a file in the instance folder or one beside it.
"""

import contextlib
import gc
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
MAX_MESSAGE_SIZE = 2**16
# Modules that a command imports only when it needs them.
LAZY_IMPORTS = (
    "alembic.command",
    "alembic.runtime.migration",
    "sqlalchemy.dialects.sqlite",
)


FILE_STEPS = {
    *("open", "os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir"),
    *("os.chmod", "os.truncate", "os.utime"),
}


class Ending(NamedTuple):
    """The exit status of a command (negative for a signal), and its duration."""

    status: int
    seconds: float


@dataclass(frozen=True)
class Command:
    """The arguments of the program, its environment, and its standard input.

    ``code`` is run before the command.  Operations on files in the folder ``beside``
    count as steps too.
    """

    words: Sequence[str]
    environment: Mapping[str, str]
    text: str = ""
    code: str = ""
    beside: str = ""


class ForkServer:
    """The connection of the tests to the process that forks."""

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
        assert self._ours.recv(1)  # all imports are done

    def close(self) -> None:
        """End the process."""
        self._ours.close()
        self._process.kill()
        self._process.wait()

    def _ask(self, files: Sequence[int], **question: Any) -> Any:
        # There is one question at a time, so each arrives complete.
        asked = json.dumps(question).encode()
        if files:
            socket.send_fds(self._ours, [asked], files)
        else:
            self._ours.send(asked)
        return json.loads(self._ours.recv(MAX_MESSAGE_SIZE))

    def run(
        self,
        command: Command,
        kill_after: float | None = None,
        kill_at: int | None = None,
    ) -> Ending:
        """Run a command to its end, or kill it after some seconds or at a step."""
        (self._folder / "input").write_text(command.text, encoding="utf-8")
        with (
            open(self._folder / "input", "rb") as read,
            open(self._folder / "output", "wb") as written,
        ):
            files = [read.fileno(), written.fileno()]
            pid = self._begin(command, files, kill_at)
            return Ending(**self._ask([], pid=pid, kill_after=kill_after))

    def _begin(
        self, command: Command, files: Sequence[int], kill_at: int | None = None
    ) -> int:
        with open(self._folder / "steps", "wb") as steps:
            files = [*files, steps.fileno()]
            answer = self._ask(files, **vars(command), kill_at=kill_at)
        pid: int = answer["pid"]
        return pid

    @property
    def output(self) -> str:
        """What the last command wrote to both output streams."""
        return (self._folder / "output").read_text(encoding="utf-8")

    @property
    def steps(self) -> int:
        """The number of steps that the last command has taken so far."""
        return int((self._folder / "steps").read_bytes() or b"0")

    @contextlib.contextmanager
    def started(self, command: Command) -> Iterator["Child"]:
        """Start a command that keeps running, at most until the end of the block."""
        read, write = os.pipe()
        with open(os.devnull, encoding="utf-8") as devnull:
            pid = self._begin(command, [devnull.fileno(), write])
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
        status: int = Ending(**self._ask([], pid=pid, kill_after=None)).status
        return status


class Child:
    """A running command; ``output`` reads both of its output streams."""

    def __init__(self, fork_server: ForkServer, pid: int, output: TextIO) -> None:
        self.output, self.has_ended = output, False
        self._fork_server, self._pid = fork_server, pid

    def send(self, number: int) -> None:
        """Send a signal."""
        os.kill(self._pid, number)

    def wait_for_port(self) -> int:
        """Wait until the server listens, and return its port."""
        output = []
        for line in self.output:
            output.append(line)
            if found := re.match(r"Listening on http://127\.0\.0\.1:(\d+)$", line):
                return int(found[1])
        raise AssertionError(f"it ended before it listened: {''.join(output)}")

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the status and the rest of the output."""
        output = self.output.read()
        self.has_ended = True
        return self._fork_server.wait(self._pid), output


# ------------------------------------------------------------- the process that forks
def serve(number: int) -> None:
    """Answer questions until the tests close the connection."""
    import importlib
    import pkgutil

    from netpresenter_next import cli
    from netpresenter_next.cli.main import main

    commands = [
        f"{cli.__name__}.{each.name}" for each in pkgutil.iter_modules(cli.__path__)
    ]
    for name in (*LAZY_IMPORTS, *commands):
        importlib.import_module(name)
    gc.freeze()  # otherwise each command copies all the memory
    channel = socket.socket(fileno=number)
    channel.send(b".")
    began: dict[int, float] = {}
    while True:
        asked, files, _flags, _from = socket.recv_fds(channel, MAX_MESSAGE_SIZE, 3)
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
        # New objects, as the old ones remember what kind of file they had.
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
    """Write the number of steps taken to a file, and kill this process at the last.

    Operations by file descriptor count too, also those that remove a file relative to
    the descriptor of a folder, as removing a whole folder does.
    """
    from sqlalchemy import Engine, event

    taken = itertools.count(1)

    def step(*_: Any) -> None:
        number = next(taken)
        if number == last:
            os.kill(os.getpid(), signal.SIGKILL)
        os.pwrite(file, str(number).encode(), 0)

    def audit(name: str, arguments: tuple[Any, ...]) -> None:
        if name in FILE_STEPS and (
            isinstance(arguments[0], int)
            or (name in ("os.remove", "os.rmdir") and arguments[1] != -1)
            or any(folder in str(arguments[0]) for folder in folders)
        ):
            step()

    sys.addaudithook(audit)
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
