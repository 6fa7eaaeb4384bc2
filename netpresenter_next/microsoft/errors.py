"""Errors of a sign-in with Microsoft, classified by the message that people see."""

import re

from joserfc.errors import ClaimError, ExpiredTokenError, JoseError

from netpresenter_next.microsoft.transport import Clocks

# AADSTS numbers choose the message only; Microsoft asks to decide by ``error``.
NUMBERS = {
    "50105": "not_assigned",
    "700016": "unknown_app",
    "7000215": "credentials",
    "7000222": "credentials",
    "700027": "credentials",
    "50012": "credentials",
    "65004": "cancelled",
    "65001": "consent",
    "90094": "consent",
    "90095": "consent",
    "53003": "policy",
    "530032": "policy",
    "50131": "policy",
    "50158": "policy",
}
ERRORS = {
    "access_denied": "cancelled",
    "consent_required": "consent",
    "interaction_required": "policy",
    "login_required": "cancelled",
    "invalid_client": "credentials",
    "unauthorized_client": "credentials",
    "invalid_grant": "too_slow",
    "mismatching_state": "expired",
    "missing_code": "rejected",
    "temporarily_unavailable": "unreachable",
    "server_error": "unreachable",
}
_ERROR = re.compile(r"[a-z_]{1,40}")
_NUMBER = re.compile(r"AADSTS(\d{4,8})\b")
LONGEST_TEXT = 2000


class Fault(Exception):
    """A sign-in that failed: ``kind`` names the message, ``detail`` is for the journal.

    ``said`` is the error description, which may come from anybody: it is only for the
    log, and for an administrator during a test sign-in.
    """

    def __init__(self, kind: str, detail: str, said: str = "") -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.said = said
        # The fingerprint of the registration if Microsoft refused its credentials.
        self.refused_fingerprint = ""


def fault_of_error(error: object, description: object) -> Fault:
    """Return the fault for an OAuth error response; its text is not shown to people."""
    name = str(error) if _ERROR.fullmatch(str(error)) else "an unknown error"
    said = " ".join(str(description or "").split())[:LONGEST_TEXT]
    found = _NUMBER.search(said)
    number = found[1] if found else ""
    kind = NUMBERS.get(number) or ERRORS.get(name, "rejected")
    return Fault(kind, f"{name} AADSTS{number}" if number else name, said)


def fault_of_address(error: str, description: object) -> Fault:
    """Return the fault for an error in the callback URL, which anybody can forge.

    Only known errors and numbers are kept for the journal.
    """
    fault = fault_of_error(error if error in ERRORS else "", description)
    found = _NUMBER.search(fault.said)
    number = found[1] if found and found[1] in NUMBERS else ""
    name = error if error in ERRORS else "another error"
    fault.detail = f"{name} AADSTS{number}" if number else name
    return fault


def fault_of_token(error: JoseError) -> Fault:
    """Return the fault for an invalid token, with the difference of the clocks."""
    name = getattr(error, "claim", "") if isinstance(error, ClaimError) else ""
    detail = f"{type(error).__name__} {name}".strip()
    if not isinstance(error, ExpiredTokenError) and name not in ("nbf", "iat"):
        return Fault("rejected", detail)
    if Clocks.ahead is not None:
        where = "ahead of" if Clocks.ahead > 0 else "behind"
        detail += (
            f"; this clock is {abs(Clocks.ahead)} seconds {where} that of Microsoft"
        )
    return Fault("clock", detail)
