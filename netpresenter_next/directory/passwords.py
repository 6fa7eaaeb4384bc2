"""Local passwords: hashing, checking, and which ones are strong enough.

argon2id with 19 MiB, 2 passes, 1 lane (OWASP).  At most two passwords are hashed at
once; further callers get an error instead of waiting, so that a flood of sign-in
attempts cannot occupy all worker threads.  A third slot is reserved for known browsers.
"""

import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from netpresenter_next.lib.translation import gettext as _

SHORTEST = 12
SHORTEST_OF_ADMINISTRATOR = 15
MOST_BYTES = 1024
# zxcvbn's cost grows with the square of the length.
_CHECKED_CHARACTERS = 72
_LEAST_SCORE = 3  # zxcvbn score, 0 to 4

# For generated passwords: none of these characters looks like another one.
_LEGIBLE = "abcdefghjkmnpqrstuvwxyz23456789"
_PARTS, _PART_LENGTH = 5, 5  # 31^25 possibilities, 123 bits

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = threading.BoundedSemaphore(2)
_reserved_slot = threading.BoundedSemaphore(1)
_LONGEST_WAIT = 1.0  # seconds, for the reserved slot
# Checked if the user name does not exist, so that the answer takes equally long: the
# hash of a random password, with the parameters above.
DUMMY_HASH = (
    "$argon2id$v=19$m=19456,t=2,p=1$nUcn2Pmah++ZmKzn74t8Gg$"
    "jvexid/z/8nk+cTZcQKLituuVREKvMzqjQ3JS5wNOZg"
)


class TooBusy(Exception):
    """Too many passwords are being hashed; try again in a moment."""


@contextmanager
def hashing_slot(*, is_known: bool) -> Iterator[None]:
    """Run the block, which hashes a password, if there is a slot; raises TooBusy.

    Known browsers (``is_known``) may also wait for the reserved slot.
    """
    slot = _slots
    if not slot.acquire(blocking=False):
        slot = _reserved_slot
        if not (is_known and slot.acquire(timeout=_LONGEST_WAIT)):
            raise TooBusy
    try:
        yield
    finally:
        slot.release()


def generate() -> str:
    """Return a new random password that is easy to type, strong enough for anybody."""
    return "-".join(
        "".join(secrets.choice(_LEGIBLE) for _ in range(_PART_LENGTH))
        for _ in range(_PARTS)
    )


def hash_password(password: str) -> str:
    """Hash a new password; raises TooBusy."""
    with hashing_slot(is_known=True):
        return _hasher.hash(_encode(password))


def matches(stored: str | None, password: str) -> bool:
    """Check a password against a stored hash; takes equally long without a hash.

    Call it inside ``hashing_slot``.
    """
    given = _encode(password)
    if len(given) > MOST_BYTES:
        given = b""
    try:
        return _hasher.verify(stored or DUMMY_HASH, given) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def _encode(password: str) -> bytes:
    """Encode any string: one with a lone surrogate is just a wrong password."""
    return password.encode("utf-8", "surrogatepass")


def needs_rehash(stored: str) -> bool:
    """Was it hashed with other parameters than today's?"""
    return _hasher.check_needs_rehash(stored)


def _find_shortest(*, administrator: bool) -> int:
    return SHORTEST_OF_ADMINISTRATOR if administrator else SHORTEST


def advise(*, administrator: bool, by_link: bool = False) -> str:
    """Return what a form says about a new password, before somebody enters one.

    By a one-time link everybody's is as long as an administrator's, because its page
    must not say who is one.
    """
    number = _find_shortest(administrator=administrator or by_link)
    if by_link:
        return _(
            "At least %(number)s characters with a one-time link, for example a few "
            "unrelated words.",
            number=number,
        )
    return _(
        "At least %(number)s characters, for example a few unrelated words.",
        number=number,
    )


def find_problem(
    password: str, *, administrator: bool, words: tuple[str, ...]
) -> str | None:
    """Return why a new password is not strong enough, or None if it is.

    ``words`` are texts that attackers try first, such as the person's own names.
    """
    shortest = _find_shortest(administrator=administrator)
    if len(password) < shortest:
        return _(
            "Use at least %(shortest)s characters, for example a few unrelated words.",
            shortest=shortest,
        )
    if len(_encode(password)) > MOST_BYTES:
        return _("Use at most %(most)s bytes.", most=MOST_BYTES)
    if _is_guessable(password, words):
        return _("This password is easy to guess. Use a few unrelated words instead.")
    return None


def _is_guessable(password: str, words: tuple[str, ...]) -> bool:
    """Is it easy to guess, or for a long one, both its beginning and its end?"""
    ends = {password[:_CHECKED_CHARACTERS], password[-_CHECKED_CHARACTERS:]}
    return all(_is_weak(end, words) for end in ends)


def _is_weak(password: str, words: tuple[str, ...]) -> bool:
    from zxcvbn import zxcvbn  # its word lists take long to load, for a rare need

    guessable = [part for word in words for part in (word, *word.split("@"))]
    result = zxcvbn(password, user_inputs=["netpresenter", "next", *guessable])
    return int(result["score"]) < _LEAST_SCORE
