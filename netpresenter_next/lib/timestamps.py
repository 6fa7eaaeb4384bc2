"""Time on a machine whose clock may be corrected.

Waits and deadlines use the monotonic clock, which no correction changes.  What is
stored or signed has the time of the system clock; a time in the future was written
before the clock was set back.
"""

import time
from datetime import UTC, datetime
from typing import Any

from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

_START = time.time() - time.monotonic()


def now() -> datetime:
    """Return the present time, in UTC."""
    return datetime.now(UTC)


def write_timestamp(timestamp: datetime | None) -> str | None:
    """Write a time in UTC with microseconds (RFC 3339), or return None for None."""
    return f"{timestamp:%Y-%m-%dT%H:%M:%S.%fZ}" if timestamp else None


def read_timestamp(text: object) -> datetime | None:
    """Read a time of ``write_timestamp``; returns None for anything else."""
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%S.%f%z")
    except ValueError:
        return None


def monotonic_time() -> float:
    """Return the Unix time at the start of the process plus the seconds since then.

    Within a process it is monotonic.  Between two processes it changes with the clock.
    """
    return _START + time.monotonic()


def is_within(timestamp: float, seconds: float) -> bool:
    """Is a Unix time at most this many seconds from now, in the past or the future?

    A future time is accepted because the clock may have been set back.  It can extend
    a validity to at most twice its length.
    """
    return abs(time.time() - timestamp) <= seconds


class ClockTolerantSigner(TimestampSigner):
    """A signer that accepts timestamps in the future, as the clock may be set back.

    A signature older than ``max_age`` seconds is refused as usual.
    """

    def unsign(
        self,
        signed_value: str | bytes,
        max_age: int | None = None,
        return_timestamp: bool = False,
    ) -> Any:
        """Check a signature; raises BadSignature, and SignatureExpired."""
        value, signed_at = super().unsign(signed_value, return_timestamp=True)
        if max_age is not None:
            age = self.get_timestamp() - int(signed_at.timestamp())
            if age > max_age:
                message = f"Signature age {age} > {max_age} seconds"
                raise SignatureExpired(message, payload=value, date_signed=signed_at)
        return (value, signed_at) if return_timestamp else value


def make_serializer(secret_key: str, salt: str) -> URLSafeTimedSerializer:
    """Return a serializer that accepts timestamps from before a clock was set back."""
    return URLSafeTimedSerializer(secret_key, salt=salt, signer=ClockTolerantSigner)


def format_day(at: datetime) -> str:
    """Return a day as pages write it, for example 3 Nov 2026.

    Without the flag ``-`` of strftime, which Windows does not have.
    """
    return f"{at.day} {at:%b %Y}"


def format_time(at: datetime) -> str:
    """Return a time as pages write it, for example 3 Nov 2026, 09:05 UTC."""
    return f"{format_day(at)}, {at:%H:%M} UTC"
