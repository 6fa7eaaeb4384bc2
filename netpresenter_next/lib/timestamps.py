"""Time, where the clock of the machine may step.

Waits and deadlines are told by ``steady()``, which no correction of the clock moves.
What is stored or signed carries the time of the wall; a moment that lies in the future
is from before the clock was set back.
"""

import time
from datetime import UTC, datetime
from typing import Any

from itsdangerous import SignatureExpired, TimestampSigner, URLSafeTimedSerializer

_START = time.time() - time.monotonic()


def now() -> datetime:
    """Return the present moment, in UTC."""
    return datetime.now(UTC)


def steady() -> float:
    """Return seconds since 1970 as they were at the start, plus those since then.

    Within a process it never steps; between two, it steps as the clock does.
    """
    return _START + time.monotonic()


def is_within(moment: float, seconds: float) -> bool:
    """Is a moment, in seconds since 1970, at most so many seconds from now?

    One from the future counts by the same distance: so a clock that is set back ends
    nothing by a little, and prolongs nothing beyond twice its time.
    """
    return abs(time.time() - moment) <= seconds


class PatientSigner(TimestampSigner):
    """A signer that does not refuse what was signed before the clock was set back.

    What is older than ``max_age`` seconds is refused, as ever.
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


def serializer(secret_key: str, salt: str) -> URLSafeTimedSerializer:
    """Return what signs values and reads them, also after the clock was set back."""
    return URLSafeTimedSerializer(secret_key, salt=salt, signer=PatientSigner)
