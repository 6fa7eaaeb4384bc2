"""What the results depend on: the machine, the versions and the date."""

import os
import platform
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.programs import ProgramFailed, run
from netpresenter_next.storage.connections import SQLITE


@dataclass(frozen=True)
class Machine:
    """Where and when something was measured."""

    date: str
    commit: str
    processor: str
    cores: int
    system: str
    python: str
    sqlite: str

    def describe(self) -> str:
        """Return it as one line."""
        return (
            f"{self.date}, commit {self.commit}: {self.processor}, {self.cores} cores, "
            f"{self.system}, Python {self.python}, SQLite {self.sqlite}"
        )


def examine() -> Machine:
    """Return the present machine."""
    return Machine(
        date=f"{datetime.now(UTC):%Y-%m-%d}",
        commit=_read_commit(),
        processor=_read_processor(),
        cores=os.cpu_count() or 1,
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        sqlite=SQLITE.sqlite_version,
    )


def _read_processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if "model name" in line]
    return models[0] if models else platform.machine()


def _read_commit() -> str:
    git = shutil.which("git") or "git"
    try:
        folder = Path(__file__).parent
        return run([git, "describe", "--always", "--dirty"], folder=folder).strip()
    except (ProgramFailed, FileNotFoundError):
        return "unknown"
