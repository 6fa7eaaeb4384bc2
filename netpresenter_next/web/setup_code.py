"""The code for the set-up page, which the server prints on its console."""

import hashlib
import hmac
import secrets


class SetupCode:
    """The present code; only its digest is stored.  At first there is no code."""

    def __init__(self) -> None:
        self._digest = b""

    def renew(self) -> str:
        """Return a new code; the earlier one becomes invalid."""
        code = secrets.token_urlsafe(16)
        self._digest = _digest_of(code)
        return code

    def matches(self, code: str) -> bool:
        """Is this the present code?"""
        return hmac.compare_digest(self._digest, _digest_of(code))


def _digest_of(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
