"""Limits how often the database is read because of tokens that are not known here.

There are at most two valid tokens, so one look-up reads the digests of both.  Requests
of strangers cannot block a valid token: one second after a token was generated, it is
accepted as known, no matter how many unknown tokens the same network sends.  A known
token is still checked in the database at each request; only that check authenticates.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

# Look-ups of unknown tokens: per network and minute, and for all networks per second.
OF_NETWORK = 30
OF_ALL = 10
MINUTE = 60.0
# After so many seconds, any unknown token causes another look-up.
FRESH = 1.0


class TooOften(Exception):
    """Unknown tokens are tried too often; try again in a second."""


class LookUps:
    """Caches the digests of the valid tokens from the latest look-up."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._live: frozenset[bytes] = frozenset()
        self._read_at = float("-inf")
        # Time and network of the look-ups of the last minute, at most OF_ALL a second.
        self._allowed: deque[tuple[float, str]] = deque()

    def may_be_live(
        self, digest: bytes, network: str, read: Callable[[], Iterable[bytes]]
    ) -> bool:
        """May this be the digest of a valid token?  Raises TooOften.

        ``read`` returns the digests of the valid tokens from the database.
        """
        if digest in self._live:
            return True
        with self._lock:  # also while reading: an older result must not replace a newer
            now = self._clock()
            if self._is_allowed(network, now):
                self._allowed.append((now, network))
            elif now - self._read_at < FRESH:
                if digest not in self._live:
                    raise TooOften
                return True
            self._live, self._read_at = frozenset(read()), now
        return digest in self._live

    def forget(self, digest: bytes) -> None:
        """Remove the digest of a token that is no longer valid."""
        with self._lock:
            self._live -= {digest}

    def _is_allowed(self, network: str, now: float) -> bool:
        allowed = self._allowed
        while allowed and now - allowed[0][0] >= MINUTE:
            allowed.popleft()
        if len(allowed) >= OF_ALL and now - allowed[-OF_ALL][0] < 1:
            return False
        return sum(asker == network for _, asker in allowed) < OF_NETWORK
