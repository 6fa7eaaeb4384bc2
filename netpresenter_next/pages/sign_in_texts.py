"""What a finding about a sign-in consists of, in words."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple


class Place(StrEnum):
    """Where something can be done; the page links there."""

    PERSON = "person"
    DELETED = "deleted"
    NEW_PERSON = "new_person"
    CONFLICT = "conflict"
    LOG = "log"
    CHECKS = "checks"
    SIGN_IN = "sign_in"
    OPTIONS = "options"
    ENTRA = "entra"


class Text(NamedTuple):
    """The subject of a finding, what was found, and the one thing to do.

    ``what`` is a format string, or a function of the values.  ``command`` are the words
    of a command that does it on the server.
    """

    subject: str
    what: str | Callable[..., str]
    advice: str = ""
    place: Place | None = None
    command: Sequence[str] = ()
