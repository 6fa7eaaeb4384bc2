"""Strict HTTP/1.1 message framing, against request smuggling (RFC 9112, 11.2).

A proxy and the server must agree where a request ends; otherwise one of them may take
part of a body for the next request.  So every message that RFC 9112 allows to be read
in more than one way is refused, before waitress parses it leniently.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any

from waitress.parser import HTTPRequestParser
from waitress.receiver import ChunkedReceiver
from waitress.utilities import BadRequest, Error, RequestEntityTooLarge

from netpresenter_next.config.options import LARGEST_BODY

VERSIONS = {b"1.0", b"1.1"}
LONGEST_LINE = 4096  # bytes of a chunk-size line or a trailer field
MOST_FIRST_BYTES = 256  # bytes at the start of a request that are kept for the error
_BLANKS = {b" ", b"\t", b"\v", b"\f"}
_REQUEST_LINE = re.compile(rb"[!-~]+ ([^\x00-\x20\x7f]+) HTTP/([0-9]\.[0-9])")
_AUTHORITY = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)")
_HOST = re.compile(rb"([A-Za-z0-9._~-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\t -~\x80-\xff]*)")
_LENGTH = re.compile(rb"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,16})(?:;[\t -~\x80-\xff]*)?")


class InvalidRequest(Error):
    """The error response to an invalid request; the connection is closed after it."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(body)
        self.code, self.reason = status, HTTPStatus(status).phrase


@dataclass(frozen=True)
class Head:
    """The head of a request: request line and header fields, as received."""

    block: bytes

    @cached_property
    def _lines(self) -> list[bytes]:
        return [line for line in self.block.split(b"\r\n") if line]

    @cached_property
    def request_line(self) -> re.Match[bytes] | None:
        """The request line, if it is valid: its target and version."""
        return _REQUEST_LINE.fullmatch(self._lines[0])

    @property
    def target(self) -> bytes:
        """The request target."""
        return self.request_line[1] if self.request_line else b""

    @property
    def version(self) -> bytes:
        """The version of HTTP, such as ``1.1``."""
        return self.request_line[2] if self.request_line else b""

    @cached_property
    def fields(self) -> list[re.Match[bytes] | None]:
        """The name and value of each field; None for an invalid line."""
        return [_FIELD.fullmatch(line) for line in self._lines[1:]]

    @cached_property
    def _values(self) -> dict[bytes, list[bytes]]:
        values: dict[bytes, list[bytes]] = {}
        for field in filter(None, self.fields):
            values.setdefault(field[1].lower(), []).append(field[2].strip(b" \t"))
        return values

    def values(self, name: bytes) -> list[bytes]:
        """Return the value of every field with this name (in lower case)."""
        return self._values.get(name, [])

    def normalize(self) -> bytes:
        """Return the head with one space before each value, for waitress.

        The time of waitress's pattern is quadratic in the number of these spaces.
        """
        fields = (
            b"%s: %s" % (field[1], field[2].strip(b" \t"))
            for field in filter(None, self.fields)
        )
        return b"\r\n".join([self._lines[0], *fields, b"", b""])


def _has_invalid_host(head: Head) -> bool:
    hosts = head.values(b"host")
    return len(hosts) != 1 or not _HOST.fullmatch(hosts[0])


def _names_another_host(head: Head) -> bool:
    target = _AUTHORITY.match(head.target)
    return target is not None and target[1].lower() != head.values(b"host")[0].lower()


def _has_invalid_length(head: Head) -> bool:
    lengths = head.values(b"content-length")
    return len(lengths) > 1 or not all(map(_LENGTH.fullmatch, lengths))


def _has_transfer_encoding(head: Head) -> bool:
    return bool(head.values(b"transfer-encoding"))


def _has_unknown_encoding(head: Head) -> bool:
    codings = head.values(b"transfer-encoding")
    return any(each.lower() != b"chunked" for each in codings) or len(codings) > 1


def _has_unknown_expectation(head: Head) -> bool:
    return any(each.lower() != b"100-continue" for each in head.values(b"expect"))


# Conditions of errors with status and message.  The first that applies is the response.
RULES: tuple[tuple[Callable[[Head], bool], int, str], ...] = (
    (lambda head: head.request_line is None, 400, "The request line is not valid."),
    (lambda head: head.version not in VERSIONS, 505, "Use HTTP/1.1."),
    # Obsolete line folding is refused as well (RFC 9112, 5.2).
    (lambda head: None in head.fields, 400, "A header field is not valid."),
    (_has_invalid_host, 400, "Send one Host, the name of this server."),
    (_names_another_host, 400, "Host and the request target name different servers."),
    (
        lambda head: (
            _has_transfer_encoding(head) and bool(head.values(b"content-length"))
        ),
        400,
        "Send Content-Length or Transfer-Encoding, not both.",
    ),
    (_has_invalid_length, 400, "Send one Content-Length, in digits."),
    (
        lambda head: _has_transfer_encoding(head) and head.version == b"1.0",
        400,
        "HTTP/1.0 has no Transfer-Encoding.",
    ),
    (_has_unknown_encoding, 501, "The only Transfer-Encoding supported is chunked."),
    (_has_unknown_expectation, 417, "The only expectation supported is 100-continue."),
)


def check_head(head: Head) -> InvalidRequest | None:
    """Return the error response to an invalid head, else None (RFC 9112, 2 to 6)."""
    for applies, status, message in RULES:
        if applies(head):
            return InvalidRequest(status, message)
    return None


def path_of(first_bytes: bytes) -> str:
    """Return the path from the first bytes of a request, even of an invalid one."""
    words = first_bytes.split(None, 2)
    target = words[1] if len(words) > 1 else b""
    authority = _AUTHORITY.match(target)
    path = target[authority.end() :] if authority else target
    return "/" + path.partition(b"?")[0].lstrip(b"/").decode("latin-1")


class Chunks(ChunkedReceiver):
    """A strict parser of the chunked transfer coding (RFC 9112, 7.1).

    That of waitress skips empty lines, and accepts a line feed within a chunk size.
    """

    def __init__(self, buffer: Any) -> None:
        super().__init__(buffer)
        self._line = b""
        self._left = 0  # bytes of this chunk that have not arrived yet
        self._parse_line = self._parse_size  # the parser of the next line

    def received(self, s: bytes) -> int:
        """Parse received bytes; returns the number of bytes that were consumed."""
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
                self._parse_line(line[:-2])
        return end

    def _parse_size(self, line: bytes) -> None:
        size = _CHUNK_SIZE.fullmatch(line)
        if size is None:
            self.error = BadRequest("The size of a chunk is not valid.")
            return
        self._left = int(size[1], 16)
        self._parse_line = self._parse_end if self._left else self._parse_trailer

    def _parse_end(self, line: bytes) -> None:
        if line:
            self.error = BadRequest("A chunk is longer than its size.")
        self._parse_line = self._parse_size

    def _parse_trailer(self, line: bytes) -> None:
        if not line:
            self.completed = True
        elif not _FIELD.fullmatch(line):
            self.error = BadRequest("A trailer field is not valid.")


class Parser(HTTPRequestParser):
    """The parser of one request; an invalid request is complete at once."""

    headers: dict[str, str]
    # The first bytes, from which the path and so the form of an error is known.
    first_bytes = b""

    def received(self, data: bytes) -> int:
        """Parse received bytes; returns how many belonged to this request."""
        if not self.headers_finished:
            before = self.header_plus[:MOST_FIRST_BYTES]
            self.first_bytes = (before + data[:MOST_FIRST_BYTES])[:MOST_FIRST_BYTES]
            if self.first_bytes.lstrip(b"\r\n")[:1] in _BLANKS:
                # waitress skips leading spaces, which RFC 9112, 2.2 forbids.
                self.error = InvalidRequest(400, "The request line is not valid.")
                self.completed = True
                return len(data)
        consumed = super().received(data)
        if self.error:
            self.completed = True
            self.expect_continue = False
        return consumed

    def parse_header(self, header_plus: bytes) -> None:
        """Parse the head if it is valid."""
        head = Head(header_plus)
        self.error = check_head(head)
        if self.error:
            return
        super().parse_header(head.normalize())
        if self.content_length > LARGEST_BODY and not self._has_file():
            self.error = RequestEntityTooLarge(f"exceeds {LARGEST_BODY} bytes")
            return
        if self.chunked and self.body_rcv is not None:
            self.body_rcv = Chunks(self.body_rcv.getbuf())
        if self.expect_continue and self.body_rcv is None:
            # There is no body to continue with, but waitress would wait for one.
            self.expect_continue = False
            self.headers["CONNECTION"] = "close"

    def _has_file(self) -> bool:
        """Is this a form with a file, of which a page says what is too large?

        A browser shows no response that comes before it has sent everything.
        """
        media_type = self.headers.get("CONTENT_TYPE", "").partition(";")[0]
        return media_type.strip().lower() == "multipart/form-data"
