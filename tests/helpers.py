"""An instance for a test, with its command line and a real server."""

import contextlib
import os
import re
import select
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

import prefork
from netpresenter_next import create_app
from netpresenter_next.cli.console import make_database_app
from netpresenter_next.cli.late_commands import LateCommand
from netpresenter_next.cli.main import main
from netpresenter_next.config.options import load
from netpresenter_next.storage import database
from netpresenter_next.upkeep import migrating

ROOT = prefork.ROOT
PASSWORD = "violet anchor teapot marathon"
TIMEOUT = 30
ALL_PIPES = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)


class TemplateCache(BytecodeCache):
    """Keeps compiled templates, as each test makes a new application."""

    def __init__(self) -> None:
        self._made: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Load a template that was compiled from the same source."""
        if bucket.key in self._made:
            bucket.bytecode_from_string(self._made[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Store a compiled template."""
        self._made[bucket.key] = bucket.bytecode_to_string()


TEMPLATE_CACHE = TemplateCache()


@dataclass(frozen=True)
class Instance:
    """An instance folder, and the programs that use it."""

    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of the tests, with the folder as the only setting."""
        others = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("NETPRESENTER_") and name != prefork.UNBUFFERED
        }
        return {**others, "NETPRESENTER_INSTANCE": str(self.folder)}

    @property
    def instance_line(self) -> str:
        """The line that a changing command prints first."""
        return f"Instance: {self.folder}"

    def app(self, **overrides: Any) -> Flask:
        """Make the application in this process."""
        app = create_app(load({}, instance=self.folder, **overrides))
        app.jinja_env.bytecode_cache = TEMPLATE_CACHE
        return app

    def prepare(self) -> None:
        """Make the instance, or migrate it, and close it."""
        config = load({}, instance=self.folder)
        app = make_database_app(config)
        migrating.prepare(app, config)
        close(app)

    def run(
        self, *arguments: str, text: str = "", **settings: str
    ) -> subprocess.CompletedProcess[str]:
        """Run one command to its end, with ``text`` as its standard input."""
        words = ["-m", "netpresenter_next", *arguments]
        environment = {**self.environment, **settings}
        with prefork.start(words, environment, **ALL_PIPES) as process:
            try:
                output, errors = process.communicate(text, timeout=TIMEOUT)
            except BaseException:
                process.kill()
                raise
        return subprocess.CompletedProcess(words, process.returncode, output, errors)

    def output(self, *arguments: str, text: str = "") -> str:
        """Run a command that must succeed; return its standard output."""
        done = self.run(*arguments, text=text)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def expect_error(
        self, status: int, *arguments: str, text: str = "", **settings: str
    ) -> str:
        """Run a command that must fail with one line; return that line.

        A command that changes something may name the instance on a line before it.
        """
        done = self.run(*arguments, text=text, **settings)
        assert done.returncode == status, done.stderr
        assert done.stdout == ""
        *before, line = done.stderr.splitlines()
        assert before in ([], [self.instance_line])
        return line.removeprefix("Error: ")

    @contextlib.contextmanager
    def served(
        self, *arguments: str, code: str | None = None, **settings: str
    ) -> Iterator["RunningServer"]:
        """Serve on a free port, by the command line or by Python ``code``."""
        program = ["-m", "netpresenter_next", "serve", "--port", "0", *arguments]
        process = prefork.start(
            ["-c", code] if code else program,
            {**self.environment, **settings},
            **{**ALL_PIPES, "stdin": subprocess.DEVNULL},
        )
        try:
            yield RunningServer(process)
        finally:
            process.kill()
            process.communicate(timeout=TIMEOUT)


class RunningServer:
    """A running server that has printed its address."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        line = self.read_line()
        said = re.fullmatch(r"Listening on (http://(.+):(\d+))\n", line)
        assert said, line or process.communicate(timeout=TIMEOUT)[1]
        self.url, self.host, self.port = said[1], said[2], int(said[3])

    def read_line(self) -> str:
        """Return the next line of its standard output."""
        assert self.process.stdout
        return self.process.stdout.readline()

    def stop(self, number: int) -> int:
        """Send a signal and return the exit status."""
        self.process.send_signal(number)
        return self.process.wait(timeout=TIMEOUT)


def commands(
    group: click.Group = main, path: tuple[str, ...] = ()
) -> Iterator[tuple[str, click.Command]]:
    """Yield every command with its words, such as ``user list``."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))
        else:
            loaded = command.load() if isinstance(command, LateCommand) else command
            yield " ".join((*path, name)), loaded


def copy_of(instance: Instance, folder: Path) -> Instance:
    """Copy an instance that no process uses."""
    shutil.copytree(instance.folder, folder)
    return Instance(folder)


def wait_for(condition: Callable[[], object], seconds: float = 30) -> None:
    """Wait until the condition is true; fails after so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, f"not true after {seconds} seconds"
        time.sleep(0.02)


def read_until(terminal: int, words: str) -> str:
    """Read from a pseudo-terminal until these words came; returns all that came."""
    text, end = "", time.monotonic() + 30
    while words not in text:
        ready, _, _ = select.select([terminal], [], [], max(0, end - time.monotonic()))
        assert ready, text
        text += os.read(terminal, 1000).decode()
    return text


def close(app: Flask) -> None:
    """Close an application's database, so that its files can be copied."""
    with app.app_context():
        database.db.session.remove()
        database.close()


def tracked(*paths: str) -> list[str]:
    """Return the files below these paths that git tracks or would add."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *paths],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = [name for name in listed.stdout.split("\0") if name]
    return [name for name in names if (ROOT / name).is_file()]


def damage_table(file: Path, table: str) -> None:
    """Overwrite the first page of a table in a database that no process has open."""
    with closing(sqlite3.connect(file)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE name = ?"
        (page,) = connection.execute(query, (table,)).fetchone()
    with file.open("r+b") as opened:
        opened.seek((page - 1) * 4096)
        opened.write(b"\x7f" * 4096)
