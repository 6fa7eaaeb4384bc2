"""A disk whose power can be cut: what was not synced may be there, or partly, or not.

Everything that SQLite does to its files is kept in one list.  An image of the disk at
any moment of the past is made from that list, with what was synced before and some of
what was not.
"""

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import apsw

NAME = "recorded"
SECTOR = 512
KINDS = ("none", "prefix", "subset", "torn")


class Deed(NamedTuple):
    """One thing done to a file; ``size`` is where a write begins, or a new length."""

    kind: str
    file: str = ""
    size: int = 0
    data: bytes = b""


ACKNOWLEDGED = Deed("acknowledged")
Files = dict[str, bytearray]


class Recorded(apsw.VFS):
    """The files of the operating system, with a list of what is done to them."""

    def __init__(self) -> None:
        super().__init__(NAME, "")
        self.deeds: list[Deed] = []

    def xOpen(self, name: Any, flags: list[int]) -> "RecordedFile":
        """Open a file."""
        return RecordedFile(self.deeds, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:
        """Delete a file, at once and for good."""
        super().xDelete(name, syncdir)
        self.deeds.append(Deed("delete", Path(name).name))


class RecordedFile(apsw.VFSFile):
    """One file."""

    def __init__(self, deeds: list[Deed], name: Any, flags: list[int]) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._deeds, self._name = deeds, Path(path).name if path else ""
        super().__init__("", name, flags)

    def _note(self, kind: str, size: int = 0, data: bytes = b"") -> None:
        if self._name:  # else nobody sees it after a cut
            self._deeds.append(Deed(kind, self._name, size, data))

    def xWrite(self, data: bytes, offset: int) -> None:
        """Write, as far as the operating system."""
        super().xWrite(data, offset)
        self._note("write", offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        """Cut off."""
        super().xTruncate(newsize)
        self._note("truncate", newsize)

    def xSync(self, flags: int) -> None:
        """Wait until it is on the disk."""
        super().xSync(flags)
        self._note("sync")


@dataclass
class Disk:
    """What is on it, and what is on its way there, at one moment."""

    durable: Files
    pending: dict[str, list[Deed]] = field(default_factory=dict)
    acknowledged: int = 0

    def do(self, deed: Deed) -> None:
        """Go on by one deed."""
        if deed.kind == "acknowledged":
            self.acknowledged += 1
        elif deed.kind == "sync":
            _apply(self.durable, self.pending.pop(deed.file, []))
        elif deed.kind == "delete":
            self.durable.pop(deed.file, None)
            self.pending.pop(deed.file, None)
        else:
            self.pending.setdefault(deed.file, []).append(deed)

    def image(self, kind: str, rng: random.Random) -> Files:
        """Return what may be found after a cut at this moment."""
        files = {name: bytearray(data) for name, data in self.durable.items()}
        for deeds in self.pending.values():
            _apply(files, _kept(deeds, kind, rng))
        return files


def _kept(deeds: list[Deed], kind: str, rng: random.Random) -> Iterable[Deed]:
    """Choose which of the pending deeds reached the disk."""
    if kind == "prefix":
        return deeds[: rng.randint(0, len(deeds))]
    if kind == "subset":
        return [deed for deed in deeds if rng.random() < 0.5]
    if kind == "torn":
        sectors = [sector for deed in deeds for sector in _sectors(deed)]
        return [sector for sector in sectors if rng.random() < 0.5]
    return []


def _sectors(deed: Deed) -> Iterator[Deed]:
    if deed.kind != "write":
        yield deed
    for start in range(0, len(deed.data), SECTOR):
        part = deed.data[start : start + SECTOR]
        yield deed._replace(size=deed.size + start, data=part)


def _apply(files: Files, deeds: Iterable[Deed]) -> None:
    for deed in deeds:
        content = files.setdefault(deed.file, bytearray())
        end = deed.size + len(deed.data)
        content.extend(bytes(max(0, end - len(content))))
        if deed.kind == "truncate":
            del content[deed.size :]
        else:
            content[deed.size : end] = deed.data
