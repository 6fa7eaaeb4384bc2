"""Attempts: what a browser began at Microsoft, in its cookie until it comes back."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import session

from netpresenter_next.lib.timestamps import is_within

CLIENT_NAME = "microsoft"
# The purposes of an attempt.
SIGN_IN, TEST, CONNECT, CONFIRM = "sign-in", "test", "connect", "confirm"
MOST_ATTEMPTS = 4
LIFETIME = 3600  # seconds
# The prefix that Authlib uses for keys of the session.
PREFIX = f"_state_{CLIENT_NAME}_"


@dataclass(frozen=True)
class Attempt:
    """A pending authorization request, stored in the cookie of the browser.

    ``next`` is the page to return to, ``who`` the id of the signed-in person (empty for
    a sign-in) and ``begun_at`` a Unix timestamp.
    """

    purpose: str
    next: str
    who: str
    begun_at: int


def remove_oldest_attempts() -> None:
    """Remove the oldest attempts from the session, to keep the cookie small."""
    pending = [key for key in session if key.startswith(PREFIX)]
    pending.sort(key=lambda key: session[key].get("exp", 0))
    for key in pending[: max(0, len(pending) - MOST_ATTEMPTS + 1)]:
        session.pop(key)


def find_attempt(state: str | None) -> Attempt | None:
    """Return the attempt of this browser with that ``state``, unless it expired."""
    stored = session.get(f"{PREFIX}{state}") if state else None
    if not isinstance(stored, Mapping) or not is_within(
        stored.get("exp", 0) - LIFETIME, LIFETIME
    ):
        return None
    data = stored["data"]
    return Attempt(data["purpose"], data["next"], data["who"], data["begun_at"])


def end_attempt(state: str | None) -> None:
    """Remove an attempt from the session."""
    session.pop(f"{PREFIX}{state}", None)
