"""The signature and the claims of an id_token, verified by joserfc and Authlib."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from authlib.common.errors import AuthlibBaseError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import (
    ClaimError,
    ExpiredTokenError,
    InvalidKeyIdError,
    JoseError,
)
from joserfc.jwk import KeySet, KeySetSerialization
from joserfc.jws import JWSRegistry

from netpresenter_next.microsoft.errors import SignInError
from netpresenter_next.microsoft.transport import ClockSkew

ALGORITHM = "RS256"


class IdToken(CodeIDToken):
    """The claims of Authlib, which refuse the header ``crit`` in every form."""

    def validate(self, now: int | None = None, leeway: int = 0) -> None:
        """Raise SignInError if there is ``crit``; otherwise validate as Authlib does.

        ``crit`` names extensions that must be understood (RFC 7515, section 4.1.11).
        None is supported here, and Microsoft sends none.
        """
        if "crit" in self.header:
            raise SignInError("rejected", "the id_token has the header crit")
        super().validate(now=now, leeway=leeway)


def decode(id_token: str, keys: dict[str, Any]) -> jwt.Token | None:
    """Check the signature; None if the keys lack its ``kid``.  Raises SignInError."""
    # The only accepted algorithm, no matter what the metadata lists.
    registry = JWSRegistry(algorithms=[ALGORITHM], strict_check_header=False)
    with convert_errors():
        try:
            key_set = KeySet.import_key_set(cast(KeySetSerialization, keys))
            return jwt.decode(id_token, key_set, registry=registry)
        except InvalidKeyIdError:
            return None


@contextmanager
def convert_errors() -> Iterator[None]:
    """Turn every exception of joserfc and Authlib about a response into SignInError.

    Use it only around their calls: an error of our own code must reach the log.
    """
    try:
        yield
    except JoseError as error:
        raise _error_of_id_token(error) from error
    except (
        AuthlibBaseError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RuntimeError,
    ) as error:
        raise SignInError(
            "rejected", f"{type(error).__name__} in the answer"
        ) from error


def _error_of_id_token(error: JoseError) -> SignInError:
    """Return the error for an invalid id_token, with the difference of the clocks."""
    name = getattr(error, "claim", "") if isinstance(error, ClaimError) else ""
    detail = f"{type(error).__name__} {name}".strip()
    if not isinstance(error, ExpiredTokenError) and name not in ("nbf", "iat"):
        return SignInError("rejected", detail)
    if ClockSkew.seconds is not None:
        where = "ahead of" if ClockSkew.seconds > 0 else "behind"
        seconds = abs(ClockSkew.seconds)
        detail += f"; this clock is {seconds} seconds {where} that of Microsoft"
    return SignInError("clock", detail)
