"""A system clock that a test can set."""

import datetime
import time

import pytest

from netpresenter_next.lib import timestamps

MINUTE, HOUR, DAY = 60, 3_600, 86_400


class SettableClock:
    """The system clock, which a test sets; the monotonic clock is not affected."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.moved = 0.0
        real, real_ns = time.time, time.time_ns
        monkeypatch.setattr(time, "time", lambda: real() + self.moved)
        monkeypatch.setattr(time, "time_ns", lambda: real_ns() + int(self.moved * 1e9))
        clock = self

        class Moved(datetime.datetime):
            """A datetime that uses the clock of the test."""

            @classmethod
            def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
                there = datetime.datetime.now(tz)
                return there + datetime.timedelta(seconds=clock.moved)

        monkeypatch.setattr(timestamps, "datetime", Moved)

    def step(self, seconds: float) -> None:
        """Set the clock forward by some seconds, or back by a negative number."""
        self.moved += seconds
