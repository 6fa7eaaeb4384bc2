"""A disk whose power can be cut: unsynced writes may survive whole, in part or not.

All file operations of SQLite are kept in one list.  An image of the disk at any time is
made from that list, with everything that was synced before and some of the rest.
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


class FileOperation(NamedTuple):
    """One operation on a file; ``size`` is the offset of a write, or a new length."""

    kind: str
    file: str = ""
    size: int = 0
    data: bytes = b""


ACKNOWLEDGED = FileOperation("acknowledged")
Files = dict[str, bytearray]


class RecordingVFS(apsw.VFS):
    """The files of the operating system, with a list of the operations on them."""

    def __init__(self) -> None:
        super().__init__(NAME, "")
        self.operations: list[FileOperation] = []

    def xOpen(self, name: Any, flags: list[int]) -> "RecordedFile":
        """Open a file."""
        return RecordedFile(self.operations, name, flags)

    def xDelete(self, name: str, syncdir: bool) -> None:
        """Delete a file, which takes effect on the disk at once."""
        super().xDelete(name, syncdir)
        self.operations.append(FileOperation("delete", Path(name).name))


class RecordedFile(apsw.VFSFile):
    """One file."""

    def __init__(
        self, operations: list[FileOperation], name: Any, flags: list[int]
    ) -> None:
        path = name.filename() if isinstance(name, apsw.URIFilename) else name
        self._operations, self._name = operations, Path(path).name if path else ""
        super().__init__("", name, flags)

    def _note(self, kind: str, size: int = 0, data: bytes = b"") -> None:
        if self._name:  # a temporary file without a name does not survive a cut
            self._operations.append(FileOperation(kind, self._name, size, data))

    def xWrite(self, data: bytes, offset: int) -> None:
        """Write to the operating system, not yet to the disk."""
        super().xWrite(data, offset)
        self._note("write", offset, bytes(data))

    def xTruncate(self, newsize: int) -> None:
        """Truncate the file."""
        super().xTruncate(newsize)
        self._note("truncate", newsize)

    def xSync(self, flags: int) -> None:
        """Wait until all writes are on the disk."""
        super().xSync(flags)
        self._note("sync")


@dataclass
class Disk:
    """The content of the disk, and the operations that were not yet synced."""

    durable: Files
    pending: dict[str, list[FileOperation]] = field(default_factory=dict)
    acknowledged: int = 0

    def do(self, operation: FileOperation) -> None:
        """Apply one operation."""
        if operation.kind == "acknowledged":
            self.acknowledged += 1
        elif operation.kind == "sync":
            _apply(self.durable, self.pending.pop(operation.file, []))
        elif operation.kind == "delete":
            self.durable.pop(operation.file, None)
            self.pending.pop(operation.file, None)
        else:
            self.pending.setdefault(operation.file, []).append(operation)

    def image(self, kind: str, rng: random.Random) -> Files:
        """Return files as they may be found after a power cut now."""
        files = {name: bytearray(data) for name, data in self.durable.items()}
        for operations in self.pending.values():
            _apply(files, _choose_durable(operations, kind, rng))
        return files


def _choose_durable(
    operations: list[FileOperation], kind: str, rng: random.Random
) -> Iterable[FileOperation]:
    """Choose which of the pending operations reached the disk."""
    if kind == "prefix":
        return operations[: rng.randint(0, len(operations))]
    if kind == "subset":
        return [operation for operation in operations if rng.random() < 0.5]
    if kind == "torn":
        sectors = [sector for operation in operations for sector in _sectors(operation)]
        return [sector for sector in sectors if rng.random() < 0.5]
    return []


def _sectors(operation: FileOperation) -> Iterator[FileOperation]:
    if operation.kind != "write":
        yield operation
    for start in range(0, len(operation.data), SECTOR):
        part = operation.data[start : start + SECTOR]
        yield operation._replace(size=operation.size + start, data=part)


def _apply(files: Files, operations: Iterable[FileOperation]) -> None:
    for operation in operations:
        content = files.setdefault(operation.file, bytearray())
        end = operation.size + len(operation.data)
        content.extend(bytes(max(0, end - len(content))))
        if operation.kind == "truncate":
            del content[operation.size :]
        else:
            content[operation.size : end] = operation.data
