"""Where an HTTP request ends, read in the one way that nobody can read otherwise.

A proxy in front and the server must agree on it, or what one takes for a body the
other answers as somebody's next request.  So whatever RFC 9112 leaves to the reader
is refused here, before waitress drops what it has read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error

VERSIONS = {b"1.0", b"1.1"}
LONGEST_LINE = 4096  # bytes of the size of a chunk, or of a field after the last one
LONGEST_OPENING = 256
_BLANKS = {b" ", b"\t", b"\v", b"\f"}
_REQUEST_LINE = re.compile(rb"[!-~]+ ([^\x00-\x20\x7f]+) HTTP/([0-9]\.[0-9])")
_AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_HOST = re.compile(rb"([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\x80-\xff]*)")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:;[\t -~\x80-\xff]*)?")


class Refusal(Error):
    """A request that is answered once, and its connection closed."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(body)
        self.code, self.reason = status, HTTPStatus(status).phrase


@dataclass(frozen=True)
class Head:
    """What stands before the body, as it came."""

    block: bytes

    @cached_property
    def _lines(self) -> list[bytes]:
        return [line for line in self.block.split(b"\r\n") if line]

    @cached_property
    def request_line(self) -> re.Match[bytes] | None:
        """The request line, if it is one: the target, and the version."""
        return _REQUEST_LINE.fullmatch(self._lines[0])

    @property
    def target(self) -> bytes:
        """What the request is for."""
        return self.request_line[1] if self.request_line else b""

    @property
    def version(self) -> bytes:
        """The version of HTTP, as ``1.1``."""
        return self.request_line[2] if self.request_line else b""

    @cached_property
    def fields(self) -> list[re.Match[bytes] | None]:
        """Name and value of each field; None for a line that is none."""
        return [_FIELD.fullmatch(line) for line in self._lines[1:]]

    @cached_property
    def _values(self) -> dict[bytes, list[bytes]]:
        found: dict[bytes, list[bytes]] = {}
        for field in filter(None, self.fields):
            found.setdefault(field[1].lower(), []).append(field[2].strip(b" \t"))
        return found

    def values(self, name: bytes) -> list[bytes]:
        """Return the value of every field of this name (in small letters)."""
        return self._values.get(name, [])

    def rewritten(self) -> bytes:
        """Return the same, with one blank before each value.

        waitress's pattern for a field takes time by the square of the blanks there.
        """
        fields = (
            b"%s: %s" % (field[1], field[2].strip(b" \t"))
            for field in filter(None, self.fields)
        )
        return b"\r\n".join([self._lines[0], *fields, b"", b""])


def _is_no_host(head: Head) -> bool:
    hosts = head.values(b"host")
    return len(hosts) != 1 or not _HOST.fullmatch(hosts[0])


def _names_another_host(head: Head) -> bool:
    named = _AUTHORITY.match(head.target)
    return named is not None and named[1].lower() != head.values(b"host")[0].lower()


def _is_no_length(head: Head) -> bool:
    lengths = head.values(b"content-length")
    return len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths))


def _is_coded(head: Head) -> bool:
    return bool(head.values(b"transfer-encoding"))


def _is_other_coding(head: Head) -> bool:
    codings = head.values(b"transfer-encoding")
    return any(each.lower() != b"chunked" for each in codings) or len(codings) > 1


def _expects_other(head: Head) -> bool:
    return any(each.lower() != b"100-continue" for each in head.values(b"expect"))


# In this order: the first that holds is the answer.
RULES: tuple[tuple[Callable[[Head], bool], int, str], ...] = (
    (lambda head: head.request_line is None, 400, "The request line is not valid."),
    (lambda head: head.version not in VERSIONS, 505, "Use HTTP/1.1."),
    # Nor is a line that continues another (RFC 9112, 5.2).
    (lambda head: None in head.fields, 400, "A header field is not valid."),
    (_is_no_host, 400, "Send one Host, the name of this server."),
    (_names_another_host, 400, "Host and the request target name different servers."),
    (
        lambda head: _is_coded(head) and bool(head.values(b"content-length")),
        400,
        "Send Content-Length or Transfer-Encoding, not both.",
    ),
    (_is_no_length, 400, "Send one Content-Length, in digits."),
    (
        lambda head: _is_coded(head) and head.version == b"1.0",
        400,
        "HTTP/1.0 has no Transfer-Encoding.",
    ),
    (_is_other_coding, 501, "The only Transfer-Encoding supported is chunked."),
    (_expects_other, 417, "The only expectation supported is 100-continue."),
)


def refusal(head: Head) -> Refusal | None:
    """Say what is wrong with a head, if anything (RFC 9112, 2 to 6)."""
    for holds, status, words in RULES:
        if holds(head):
            return Refusal(status, words)
    return None


def path_of(opening: bytes) -> str:
    """Return the path of a request that begins so, as far as that can be told."""
    words = opening.split(None, 2)
    target = words[1] if len(words) > 1 else b""
    authority = _AUTHORITY.match(target)
    path = target[authority.end() :] if authority else target
    return "/" + path.partition(b"?")[0].lstrip(b"/").decode("latin-1")


class Chunks(ChunkedReceiver):
    """A body in chunks, exactly as RFC 9112, 7.1 writes them.

    waitress's own passes over blank lines, and takes a line feed for part of a size.
    """

    def __init__(self, buffer: Any) -> None:
        super().__init__(buffer)
        self._line = b""
        self._left = 0  # bytes of this chunk that are still to come
        self._take = self._take_size  # what the next line says

    def received(self, s: bytes) -> int:
        """Take bytes; returns how many belonged to this body."""
        at = 0
        while at < len(s) and not (self.completed or self.error):
            at = self._read_data(s, at) if self._left else self._read_line(s, at)
        return at

    def _read_data(self, data: bytes, at: int) -> int:
        piece = data[at : at + self._left]
        self.buf.append(piece)
        self._left -= len(piece)
        return at + len(piece)

    def _read_line(self, data: bytes, at: int) -> int:
        end = data.find(b"\n", at) + 1 or len(data)
        self._line += data[at:end]
        if len(self._line) > LONGEST_LINE:
            self.error = BadRequest("A line of the body is too long.")
        elif self._line.endswith(b"\n"):
            line, self._line = self._line, b""
            if not line.endswith(b"\r\n") or b"\r" in line[:-2]:
                self.error = BadRequest("A line of the body does not end in CR LF.")
            else:
                self._take(line[:-2])
        return end

    def _take_size(self, line: bytes) -> None:
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            self.error = BadRequest("The size of a chunk is not valid.")
            return
        self._left = int(size[1], 16)
        self._take = self._take_end if self._left else self._take_trailer

    def _take_end(self, line: bytes) -> None:
        if line:
            self.error = BadRequest("A chunk is longer than its size.")
        self._take = self._take_size

    def _take_trailer(self, line: bytes) -> None:
        if not line:
            self.completed = True
        elif not _FIELD.fullmatch(line):
            self.error = BadRequest("A trailer field is not valid.")


class Parser(HTTPRequestParser):
    """One request, complete as soon as it is refused."""

    headers: dict[str, str]
    # How it began, to know in which form its refusal is written.
    opening = b""

    def received(self, data: bytes) -> int:
        """Take bytes; returns how many belonged to this request."""
        if not self.headers_finished:
            before = self.header_plus[:LONGEST_OPENING]
            self.opening = (before + data[:LONGEST_OPENING])[:LONGEST_OPENING]
            if self.opening.lstrip(b"\r\n")[:1] in _BLANKS:
                # waitress passes over blanks; a line that begins so is another's end.
                self.error = Refusal(400, "The request line is not valid.")
                self.completed = True
                return len(data)
        taken = super().received(data)
        if self.error:
            self.completed = True
            self.expect_continue = False
        return taken

    def parse_header(self, header_plus: bytes) -> None:
        """Read the head, unless it is refused."""
        head = Head(header_plus)
        self.error = refusal(head)
        if self.error:
            return
        super().parse_header(head.rewritten())
        if self.chunked and self.body_rcv is not None:  # it has a length, of 0
            self.body_rcv = Chunks(self.body_rcv.getbuf())
        if self.expect_continue and self.body_rcv is None:
            # There is nothing to go on with, and waitress would wait for it.
            self.expect_continue = False
            self.headers["CONNECTION"] = "close"
