"""Doing a command again and again, to kill it at moments of its own choice.

Each row of a table is a command, what it is done to, and what must hold after it was
killed.
"""

import random
import signal
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from preloaded import Command
from sqlalchemy import create_engine
from verdict import unsound

from helpers import Instance
from invariants import check_invariants
from netpresenter_next.backups import making
from netpresenter_next.storage import instances
from netpresenter_next.storage.database import SQLITE

SEED = 7
FILE = "netpresenter.db"
# What is in the folder of an instance that nothing uses.
WHOLE = {
    *("netpresenter.db", "encryption_key", "secret_key", "in-use", "instance_id"),
    *("serve.lock", "migrate.lock"),
}


def always(_connection, _said):
    """Nothing but what holds of all."""


class Trial:
    """One time that the command of a row is done, in a place of its own."""

    def __init__(self, parent, row, made, place):
        self.parent, self.row, self.made = parent, row, made
        self.beside = place / "beside"
        self.beside.mkdir(parents=True)
        self.instance = row.prepare(place / "instance", made)
        # The words of a row name them in braces.
        self._names = {"beside": self.beside, **made}
        self.known = row.know(self)

    def command(self, words, text=""):
        """Return a command on the instance."""
        words = [word.format_map(self._names) for word in words]
        environment, beside = self.instance.environment, str(self.beside)
        return Command(words, environment, text, self.row.code, beside)

    @property
    def own(self):
        """The command of the row."""
        return self.command(self.row.words, self.row.text)

    def run(self, *words, text=""):
        """Run a command to its end; returns its status and what it said."""
        ended = self.parent.run(self.command(words, text))
        assert "Traceback" not in self.parent.said, self.parent.said
        return ended.status, self.parent.said

    def serve(self):
        """Start the server, which must listen, and stop it."""
        with self.parent.started(self.command(("serve", "--port", "0"))) as child:
            child.listening()
            child.send(signal.SIGTERM)
            status, said = child.end()
        assert status == 0, said
        assert "Traceback" not in said


def starts(trial, said):
    """The next start is clean, and what must hold of the row does."""
    trial.serve()
    check_files(trial.instance)
    check_database(trial.instance.folder / FILE)
    with closing(SQLITE.connect(trial.instance.folder / FILE)) as connection:
        trial.row.holds(connection, said)


def nothing(_trial):
    """Of what was there before, nothing need be known."""


@dataclass(frozen=True)
class Row:
    """A command, what it is done to, and what must hold after it was killed."""

    prepare: Callable
    words: tuple[str, ...]
    holds: Callable = always
    text: str = ""
    code: str = ""
    # What is to be known of the place before the command.
    know: Callable = nothing
    check: Callable = starts


class Killing:
    """Does one row again and again, and kills it at moments of its own choice."""

    def __init__(self, parent, row, made, folder):
        self.parent, self.row, self.made, self.folder = parent, row, made, folder
        self.times = 0
        self.seconds, self.steps = self._whole()

    def _trial(self):
        self.times += 1
        return Trial(self.parent, self.row, self.made, self.folder / str(self.times))

    def _whole(self):
        """Do it without a kill; returns how long it took, and in how many steps."""
        trial = self._trial()
        if self.row.words[0] == "serve":
            start = time.monotonic()
            with self.parent.started(trial.own) as child:
                child.listening()
                return time.monotonic() - start, self.parent.steps
        ended = self.parent.run(trial.own)
        steps, said = self.parent.steps, self.parent.said
        assert ended.status == 0, said
        self._check(trial, said)
        return ended.seconds, steps

    def after(self, share):
        """Kill it after a share of the time that it takes."""
        trial = self._trial()
        self.parent.run(trial.own, kill_after=share * self.seconds)
        self._check(trial, self.parent.said)

    def at(self, step):
        """Kill it before one of its steps."""
        trial = self._trial()
        serves = self.row.words[0] == "serve"  # it would go on if it took fewer steps
        limit = 10 * self.seconds if serves else None
        ended = self.parent.run(trial.own, kill_after=limit, kill_at=step)
        assert ended.status == -signal.SIGKILL, self.parent.said
        self._check(trial, self.parent.said)

    def _check(self, trial, said):
        assert "Traceback" not in said
        self.row.check(trial, said)


def kill(killing, by_time, at_steps):
    """Kill a command so many times at random moments, and before so many steps."""
    rng = random.Random(SEED)
    print(f"{killing.seconds * 1000:.0f} ms, {killing.steps} steps")
    for _ in range(by_time):
        killing.after(rng.random())
    for step in rng.sample(range(1, killing.steps + 1), min(at_steps, killing.steps)):
        killing.at(step)


# ------------------------------------------------------------------ what is left there
def check_files(instance: Instance, *others: str) -> None:
    """Check that nothing is left over in a folder, and that all is its owner's."""
    files = {
        path.name: path.stat().st_mode & 0o777
        for path in instance.folder.iterdir()
        if path.name not in (making.FOLDER, *others)
    }
    assert set(files) - WHOLE == set()
    assert set(files.values()) <= {0o600}, files
    if (made := instance.folder / making.FOLDER).exists():  # before steps, of itself
        check_backups(made)


def check_backups(folder: Path) -> list[Path]:
    """Check that all in a folder are good backups; returns them."""
    found = sorted(folder.iterdir())
    for path in found:
        assert path.suffix == ".zip"
        assert path.stat().st_mode & 0o777 == 0o600
        making.verify(path)
    return found


def check_database(file: Path) -> None:
    """Check that a database is whole, up to date, and makes sense."""
    with closing(SQLITE.connect(file)) as connection:
        assert unsound(connection) == []
        step = connection.execute("SELECT version_num FROM alembic_version").fetchall()
        assert step == [(instances.STEPS[-1],)]
    engine = create_engine(f"sqlite:///{file}", module=SQLITE)
    with engine.connect() as connection:
        check_invariants(connection)
    engine.dispose()
