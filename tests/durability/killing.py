"""Runs a command again and again, and kills it at different times.

Each row of a table is a command, the instance it runs on, and what must hold after it
was killed.
"""

import random
import signal
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from consistency import find_corruption
from fork_server import Command
from sqlalchemy import create_engine

from helpers import Instance
from invariants import check_invariants
from netpresenter_next.backups import making
from netpresenter_next.storage import instances
from netpresenter_next.storage.database import SQLITE

SEED = 7
FILE = "netpresenter.db"
# The files of an instance that no process uses.
INSTANCE_FILES = {
    *("netpresenter.db", "encryption_key", "secret_key", "in-use", "instance_id"),
    *("serve.lock", "migrate.lock"),
}


def check_nothing_more(_connection, _said):
    """Check only what must hold for every row."""


class Attempt:
    """One run of the command of a row, in a folder of its own."""

    def __init__(self, fork_server, row, made, place):
        self.fork_server, self.row, self.made = fork_server, row, made
        self.beside = place / "beside"
        self.beside.mkdir(parents=True)
        self.instance = row.prepare(place / "instance", made)
        # The words of a row refer to these by name, in braces.
        self._names = {"beside": self.beside, **made}
        self.before = row.read_before(self)

    def command(self, words, text=""):
        """Return a command on the instance."""
        words = [word.format_map(self._names) for word in words]
        environment, beside = self.instance.environment, str(self.beside)
        return Command(words, environment, text, self.row.code, beside)

    @property
    def row_command(self):
        """The command of the row."""
        return self.command(self.row.words, self.row.text)

    def run(self, *words, text=""):
        """Run a command to its end; return its status and its output."""
        ended = self.fork_server.run(self.command(words, text))
        assert "Traceback" not in self.fork_server.output, self.fork_server.output
        return ended.status, self.fork_server.output

    def serve(self):
        """Start the server, which must listen, and stop it."""
        with self.fork_server.started(self.command(("serve", "--port", "0"))) as child:
            child.wait_for_port()
            child.send(signal.SIGTERM)
            status, output = child.end()
        assert status == 0, output
        assert "Traceback" not in output


def check_start(attempt, output):
    """The next start succeeds, and what the row requires holds."""
    attempt.serve()
    check_files(attempt.instance)
    check_database(attempt.instance.folder / FILE)
    with closing(SQLITE.connect(attempt.instance.folder / FILE)) as connection:
        attempt.row.holds(connection, output)


def read_nothing(_attempt):
    """Read nothing before the command, as the check needs nothing to compare with."""


@dataclass(frozen=True)
class Row:
    """A command, the instance it runs on, and what must hold after it was killed."""

    prepare: Callable
    words: tuple[str, ...]
    holds: Callable = check_nothing_more
    text: str = ""
    code: str = ""
    # Reads what the check compares with, before the command runs.
    read_before: Callable = read_nothing
    check: Callable = check_start


class Killing:
    """Runs the command of one row again and again, and kills it at different times."""

    def __init__(self, fork_server, row, made, folder):
        self.fork_server, self.row, self.made, self.folder = (
            fork_server,
            row,
            made,
            folder,
        )
        self.times = 0
        self.seconds, self.steps = self._run_to_end()

    def _attempt(self):
        self.times += 1
        return Attempt(
            self.fork_server, self.row, self.made, self.folder / str(self.times)
        )

    def _run_to_end(self):
        """Run the command without a kill; return its duration and number of steps."""
        attempt = self._attempt()
        if self.row.words[0] == "serve":
            start = time.monotonic()
            with self.fork_server.started(attempt.row_command) as child:
                child.wait_for_port()
                return time.monotonic() - start, self.fork_server.steps
        ended = self.fork_server.run(attempt.row_command)
        steps, output = self.fork_server.steps, self.fork_server.output
        assert ended.status == 0, output
        self._check(attempt, output)
        return ended.seconds, steps

    def kill_after(self, share):
        """Kill the command after a share of its duration."""
        attempt = self._attempt()
        self.fork_server.run(attempt.row_command, kill_after=share * self.seconds)
        self._check(attempt, self.fork_server.output)

    def kill_at(self, step):
        """Kill the command before one of its steps."""
        attempt = self._attempt()
        # A server that takes fewer steps this time would run for ever.
        is_server = self.row.words[0] == "serve"
        limit = 10 * self.seconds if is_server else None
        ended = self.fork_server.run(
            attempt.row_command, kill_after=limit, kill_at=step
        )
        assert ended.status == -signal.SIGKILL, self.fork_server.output
        self._check(attempt, self.fork_server.output)

    def _check(self, attempt, output):
        assert "Traceback" not in output
        self.row.check(attempt, output)


def kill_repeatedly(killing, by_time, at_steps):
    """Kill a command at ``by_time`` random times, and before ``at_steps`` steps."""
    rng = random.Random(SEED)
    print(f"{killing.seconds * 1000:.0f} ms, {killing.steps} steps")
    for _ in range(by_time):
        killing.kill_after(rng.random())
    for step in rng.sample(range(1, killing.steps + 1), min(at_steps, killing.steps)):
        killing.kill_at(step)


# ------------------------------------------------------------------ after a kill
def check_files(instance: Instance, *others: str) -> None:
    """Check that no other files are left, and that all are private to their owner."""
    files = {
        path.name: path.stat().st_mode & 0o777
        for path in instance.folder.iterdir()
        if path.name not in (making.FOLDER, *others)
    }
    assert set(files) - INSTANCE_FILES == set()
    assert set(files.values()) <= {0o600}, files
    if (made := instance.folder / making.FOLDER).exists():  # made before a migration
        check_backups(made)


def check_backups(folder: Path) -> list[Path]:
    """Check that a folder contains valid backups only; return their paths."""
    found = sorted(folder.iterdir())
    for path in found:
        assert path.suffix == ".zip"
        assert path.stat().st_mode & 0o777 == 0o600
        making.verify(path)
    return found


def check_database(file: Path) -> None:
    """Check that a database is intact, up to date and consistent."""
    with closing(SQLITE.connect(file)) as connection:
        assert find_corruption(connection) == []
        step = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        assert step == [(instances.STEPS[-1],)]
    engine = create_engine(f"sqlite:///{file}", module=SQLITE)
    with engine.connect() as connection:
        check_invariants(connection)
    engine.dispose()
