"""How often the database is asked for a token that this process never saw live.

There are two live tokens at most, so whoever is allowed to ask learns of them all.
What strangers send decides about nobody: one second after a token was made it is
known, whatever else comes in from the same address, and a known one is looked up in
the database at each request, which alone lets anybody in.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterable

# Look-ups of unknown tokens: from one network in a minute, from all in a second.
OF_NETWORK = 30
OF_ALL = 10
MINUTE = 60.0
# Once so many seconds have passed, anybody's unknown token is reason to ask again.
FRESH = 1.0


class TooOften(Exception):
    """Unknown tokens are tried too often; this one can be looked up in a second."""


class LookUps:
    """Remembers which digests were live when the database was last asked."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._live: frozenset[bytes] = frozenset()
        self._read_at = float("-inf")
        # Those of the last minute; at most OF_ALL for each of its seconds.
        self._allowed: deque[tuple[float, str]] = deque()

    def may_be_live(
        self, digest: bytes, network: str, read: Callable[[], Iterable[bytes]]
    ) -> bool:
        """Is this worth a look-up?  ``read`` asks the database for the live digests.

        Raises TooOften.
        """
        if digest in self._live:
            return True
        with self._lock:  # held while it reads: an older answer must not come later
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
        """Take note that this is live no longer."""
        with self._lock:
            self._live -= {digest}

    def _is_allowed(self, network: str, now: float) -> bool:
        allowed = self._allowed
        while allowed and now - allowed[0][0] >= MINUTE:
            allowed.popleft()
        if len(allowed) >= OF_ALL and now - allowed[-OF_ALL][0] < 1:
            return False
        return sum(asker == network for _, asker in allowed) < OF_NETWORK
