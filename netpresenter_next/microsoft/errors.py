"""Errors of a sign-in with Microsoft, classified by the message that people see."""

import re

from netpresenter_next.microsoft import transport

# AADSTS numbers choose the message only; Microsoft asks to decide by ``error``.
KINDS_BY_NUMBER = {
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
KINDS_BY_ERROR = {
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


class SignInError(Exception):
    """A sign-in that failed: ``kind`` names the message, ``detail`` is for the journal.

    ``description`` is the error_description, which may come from anybody: it is only
    for the log, and for an administrator during a test sign-in.
    """

    def __init__(self, kind: str, detail: str, description: str = "") -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail
        self.description = description
        # The fingerprint of the registration if Microsoft refused its credentials.
        self.refused_fingerprint = ""


def error_of_response(error: object, description: object) -> SignInError:
    """Return the error for an OAuth error response; its text is not shown to people."""
    name = str(error) if _ERROR.fullmatch(str(error)) else "an unknown error"
    text = " ".join(str(description or "").split())[:LONGEST_TEXT]
    match = _NUMBER.search(text)
    number = match[1] if match else ""
    kind = KINDS_BY_NUMBER.get(number) or KINDS_BY_ERROR.get(name, "rejected")
    return SignInError(kind, f"{name} AADSTS{number}" if number else name, text)


def may_be_made_up(detail: str) -> bool:
    """Does the detail of a failure say nothing certain about Microsoft?

    Anybody can forge a redirect with an error, and keep this server busy with calls.
    """
    no_call = (transport.NOT_RETURNED, transport.TOO_MANY_WAITING, transport.NO_THREAD)
    return detail in no_call or detail.partition(" ")[0] in KINDS_BY_ERROR


def error_of_callback(error: str, description: object) -> SignInError:
    """Return the error for a redirect to the callback URL, which anybody can forge.

    Only known errors and numbers are kept for the journal.
    """
    sign_in_error = error_of_response(
        error if error in KINDS_BY_ERROR else "", description
    )
    match = _NUMBER.search(sign_in_error.description)
    number = match[1] if match and match[1] in KINDS_BY_NUMBER else ""
    name = error if error in KINDS_BY_ERROR else "another error"
    sign_in_error.detail = f"{name} AADSTS{number}" if number else name
    return sign_in_error
