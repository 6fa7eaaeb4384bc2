"""Limits how often the database is read because of tokens that are not known here.

There are only a few tokens, so one look-up reads the digests of all.  Requests
of strangers cannot block a valid token: one second after a token was generated, it is
accepted as known, no matter how many unknown tokens the same network sends.  A known
token is still checked in the database at each request; only that check authenticates.
"""

import threading
import time
from collections import deque
from collections.abc import Callable

from netpresenter_next.directory.former_tokens import Digests

# Look-ups of unknown tokens: per network and minute, and for all networks per second.
MOST_OF_NETWORK = 30
MOST_PER_SECOND = 10
MINUTE = 60.0
# After so many seconds, any unknown token causes another look-up.
FRESH_SECONDS = 1.0


class TooManyLookUps(Exception):
    """Unknown tokens are tried too often; try again in a second."""


class TokenLookUps:
    """Caches the digests of the valid tokens from the latest look-up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._digests = Digests()
        self._read_at = float("-inf")
        # Time and network of the look-ups of the last minute.
        self._look_ups: deque[tuple[float, str]] = deque()

    def look_up(self, digest: bytes, network: str, read: Callable[[], Digests]) -> bool:
        """Return whether this may be the digest of a valid token.

        ``read`` returns the digests from the database.  Raises TooManyLookUps.
        """
        if digest in self._digests.live:
            return True
        with self._lock:  # also while reading: an older result must not replace a newer
            now = self._clock()
            if self._may_read(network, now):
                self._look_ups.append((now, network))
            elif now - self._read_at < FRESH_SECONDS:
                if digest in self._digests.former:
                    return False
                if digest not in self._digests.live:
                    raise TooManyLookUps
                return True
            self._digests, self._read_at = read(), now
        return digest in self._digests.live

    def is_former(self, digest: bytes) -> bool:
        """Is it the digest of a token that was valid, as far as the look-ups know?"""
        return digest in self._digests.former

    def forget(self, digest: bytes) -> None:
        """Note that a token is no longer valid."""
        with self._lock:
            live, former = self._digests
            self._digests = Digests(live - {digest}, former | {digest})

    def _may_read(self, network: str, now: float) -> bool:
        look_ups = self._look_ups
        while look_ups and now - look_ups[0][0] >= MINUTE:
            look_ups.popleft()
        if len(look_ups) >= MOST_PER_SECOND and now - look_ups[-MOST_PER_SECOND][0] < 1:
            return False
        return sum(other == network for _, other in look_ups) < MOST_OF_NETWORK
