"""The peer: SCIMMY on Express and SQLite, installed by npm below ``build/``."""

import contextlib
import hashlib
import json
import secrets
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.filling import NEWCOMERS, Directory, known_numbers, make_person
from benchmarks.programs import ProgramFailed, run
from benchmarks.servers import CannotMeasure, Server, running

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / "build" / "bench"
NAME = "SCIMMY"
_SOURCE = Path(__file__).resolve().parent / "peer"
_PINS = ("package.json", "package-lock.json")
_INSTALLING_SECONDS = 900  # it may have to compile SQLite


def _folder() -> Path:
    """Return the folder of the installed packages; other pins have another one."""
    pins = b"".join((_SOURCE / name).read_bytes() for name in _PINS)
    return CACHE / f"peer-{hashlib.sha256(pins).hexdigest()[:12]}"


def is_installed() -> bool:
    """Can the peer run without a download?"""
    return shutil.which("node") is not None and (_folder() / "installed").exists()


def install() -> Path:
    """Install the peer unless it is installed; returns its folder.

    Raises CannotMeasure where there is no Node.js, or where npm fails.
    """
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            raise CannotMeasure(f"{NAME} is left out: there is no {program} here.")
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    for source in (*_SOURCE.glob("*.js"), *(_SOURCE / name for name in _PINS)):
        shutil.copy(source, folder)
    if not is_installed():
        print(f"Installing {NAME} by npm, which may take some minutes ...", flush=True)
        _run_npm(folder)
        (folder / "installed").touch()
    return folder


def _run_npm(folder: Path) -> None:
    command = [shutil.which("npm") or "npm", "ci", "--no-audit", "--no-fund"]
    try:
        run(command, folder=folder, seconds=_INSTALLING_SECONDS)
    except ProgramFailed as error:
        raise CannotMeasure(
            f"{NAME} is left out: npm could not install it: {error}."
        ) from error


def describe() -> str:
    """Return the name and version of the peer, with those of what it runs on."""
    pins = json.loads((_SOURCE / "package.json").read_text())["dependencies"]
    names = ("scimmy", "scimmy-routers", "express", "better-sqlite3")
    node = run([_find_node(), "--version"]).strip()
    return ", ".join([*(f"{name} {pins[name]}" for name in names), f"Node.js {node}"])


def _find_node() -> str:
    return shutil.which("node") or "node"


@contextlib.contextmanager
def running_peer(
    folder: Path, size: int, sizes: Sequence[int]
) -> Iterator[tuple[Server, Directory]]:
    """Fill the peer like an instance of ours, and serve it; raises CannotMeasure."""
    programs, database, token = install(), str(folder / "peer.db"), secrets.token_hex()
    filling = {
        "token": token,
        "people": [make_person(number) for number in range(size)],
        "groups": {each: list(range(each)) for each in sizes},
    }
    command = [_find_node(), str(programs / "fill.js"), database]
    made = json.loads(run(command, json.dumps(filling)))
    directory = Directory(
        {number: made["people"][number] for number in known_numbers(size)},
        made["people"][-NEWCOMERS:],
        {int(each): group_id for each, group_id in made["groups"].items()},
    )
    command = [_find_node(), str(programs / "server.js"), database]
    with running(command, {"NODE_ENV": "production"}) as server:
        server.headers["Authorization"] = f"Bearer {token}"
        yield server, directory
