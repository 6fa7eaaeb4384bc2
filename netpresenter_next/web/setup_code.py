"""The code that opens the set-up page: the server prints it on its console."""

import hashlib
import hmac
import secrets


class SetupCode:
    """The code that holds now, of which a digest is kept; at first there is none."""

    def __init__(self) -> None:
        self._digest = b""

    def renew(self) -> str:
        """Make a new code and return it; an earlier one opens the page no more."""
        code = secrets.token_urlsafe(16)
        self._digest = _digest_of(code)
        return code

    def matches(self, code: str) -> bool:
        """Is this the code that holds now?"""
        return hmac.compare_digest(self._digest, _digest_of(code))


def _digest_of(code: str) -> bytes:
    return hashlib.sha256(code.encode("utf-8", "surrogatepass")).digest()
