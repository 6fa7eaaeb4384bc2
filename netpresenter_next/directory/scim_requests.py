"""A SCIM request while it is answered, for the entries that it causes in the log."""

import time
from dataclasses import dataclass, field
from typing import Any


@dataclass
class ScimRequest:
    """A SCIM request: when it arrived, and its log entries until it is answered."""

    started: float = field(default_factory=time.perf_counter)
    entries: list[dict[str, Any]] = field(default_factory=list)

    def measure(self) -> float:
        """Return the milliseconds since it arrived, without the commit."""
        return round((time.perf_counter() - self.started) * 1_000, 1)
