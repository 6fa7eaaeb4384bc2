"""What a finding about a sign-in consists of, in words."""

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from netpresenter_next.lib.translation import marked


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


NEXT_CYCLE = marked(
    "The next provisioning cycle brings the change, after about 40 minutes."
)


class Text(NamedTuple):
    """The subject of a finding, what was found, and the one thing to do.

    ``what`` is a text with names of values, or a function of the values.  ``advice``
    can be several texts, of which others have some, too: each is translated by itself.
    ``command`` are the words of a command that does it on the server.
    """

    subject: str
    what: str | Callable[..., str]
    advice: str | tuple[str, ...] = ()
    place: Place | None = None
    command: Sequence[str] = ()
