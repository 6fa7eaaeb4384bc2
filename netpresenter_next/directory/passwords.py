"""Local passwords: hashing, checking, and which ones are strong enough.

argon2id with 19 MiB, 2 passes, 1 lane (OWASP).  At most two passwords are hashed at
once; further callers get an error instead of waiting, so that a flood of sign-in
attempts cannot occupy all worker threads.  A third place is reserved for known callers.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
SHORTEST_OF_ADMINISTRATOR = 15
MOST_BYTES = 1024
# zxcvbn's cost grows with the square of the length.
_JUDGED_CHARACTERS = 72
_GOOD_ENOUGH = 3  # zxcvbn score, 0 to 4

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_places = threading.BoundedSemaphore(2)
_place_of_the_known = threading.BoundedSemaphore(1)
_PATIENCE = 1.0  # seconds that a known caller waits
# Checked if the user name does not exist, so that the answer takes equally long.
_NOBODY = _hasher.hash("nobody has this password")


class TooBusy(Exception):
    """Too many passwords are being hashed; try again in a moment."""


@contextmanager
def turn(*, is_known: bool) -> Iterator[None]:
    """Run the block, which hashes a password, if there is a place; raises TooBusy.

    ``is_known`` callers, such as a known browser, may also use the reserved place.
    """
    place = _places
    if not place.acquire(blocking=False):
        place = _place_of_the_known
        if not (is_known and place.acquire(timeout=_PATIENCE)):
            raise TooBusy
    try:
        yield
    finally:
        place.release()


def digest(password: str) -> str:
    """Hash a new password; raises TooBusy."""
    with turn(is_known=True):
        return _hasher.hash(_encoded(password))


def matches(stored: str | None, password: str) -> bool:
    """Check a password against a stored hash; takes equally long without a hash.

    Call it inside ``turn``.
    """
    given = _encoded(password)
    if len(given) > MOST_BYTES:
        given = b""
    try:
        return _hasher.verify(stored or _NOBODY, given) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def _encoded(password: str) -> bytes:
    """Encode any string: one with a lone surrogate is just a wrong password."""
    return password.encode("utf-8", "surrogatepass")


def is_outdated(stored: str) -> bool:
    """Was it hashed with other parameters than today's?"""
    return _hasher.check_needs_rehash(stored)


def fault(password: str, *, administrator: bool, words: tuple[str, ...]) -> str | None:
    """Return why a new password is not strong enough, or None if it is.

    ``words`` are texts that attackers try first, such as the person's own names.
    """
    shortest = SHORTEST_OF_ADMINISTRATOR if administrator else SHORTEST
    if len(password) < shortest:
        return f"Use at least {shortest} characters, for example a few unrelated words."
    if len(_encoded(password)) > MOST_BYTES:
        return f"Use at most {MOST_BYTES} bytes."
    if _is_guessable(password, words):
        return "This password is easy to guess. Use a few unrelated words instead."
    return None


def _is_guessable(password: str, words: tuple[str, ...]) -> bool:
    """Is it easy to guess, or for a long one, both its beginning and its end?"""
    ends = {password[:_JUDGED_CHARACTERS], password[-_JUDGED_CHARACTERS:]}
    return all(_is_weak(end, words) for end in ends)


def _is_weak(password: str, words: tuple[str, ...]) -> bool:
    from zxcvbn import zxcvbn  # its word lists take long to load, for a rare need

    known = [part for word in words for part in (word, *word.split("@"))]
    result = zxcvbn(password, user_inputs=["netpresenter", "next", *known])
    return int(result["score"]) < _GOOD_ENOUGH
