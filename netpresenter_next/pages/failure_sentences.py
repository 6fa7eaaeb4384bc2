"""Failed sign-ins with Microsoft, worded for administrators."""

import re
from collections.abc import Mapping
from typing import Any

from netpresenter_next.pages.identity_sentences import Explanation
from netpresenter_next.pages.microsoft_messages import REPAIRS

# What happened, by the kind of a ``SignInError``; ``REPAIRS`` has what to do.
FAILURES = {
    "not_set_up": "Sign-in with Microsoft is not set up here.",
    "no_address": "The public address of this server is not known, or is not https.",
    "cancelled": "The sign-in was cancelled, by the person or by Microsoft.",
    "not_assigned": "The account is not assigned to the application in Microsoft Entra "
    "ID.",
    "consent": "No administrator of the directory has granted consent for the "
    "application.",
    "policy": "A policy of the directory, such as Conditional Access, blocked the "
    "sign-in.",
    "too_slow": "Microsoft's code was already used, or had expired.",
    "credentials": "Microsoft does not accept the client secret or certificate of this "
    "server.",
    "unknown_app": "Microsoft does not know the application (client) ID.",
    "unreachable": "Microsoft could not be reached, or did not answer properly.",
    "clock": "By the clock of this server, Microsoft's answer was not valid yet, or "
    "had expired.",
    "rejected": "Microsoft's answer did not match what this server asked for.",
    "not_asked": "Microsoft did not ask for the password or key again.",
    "undated": "Microsoft did not send the optional claim auth_time.",
}
ADVICE = {
    **REPAIRS,
    "cancelled": "Ask the person to try again and to accept the permissions, or open "
    "the admin-consent link.",
    "not_assigned": "Assign the account, or a group of it, in the Entra admin center: "
    "Enterprise apps > your application > Users and groups.",
    "not_set_up": "Enter the app registration under Microsoft Entra ID > Sign-in.",
    "no_address": "Set NETPRESENTER_BASE_URL and restart the server.",
    "undated": "Add the optional claim auth_time in the Entra admin center: App "
    "registrations > your application > Token configuration.",
}


# Names of errors that stand in what is recorded, and their words.
_ERRORS = {
    "ConnectTimeout": "it did not answer in time",
    "ReadTimeout": "it did not answer in time",
    "SSLError": "its certificate is not accepted by this server",
    "ProxyError": "the proxy of this server does not let the request through",
    "ConnectionError": "no connection, because its name is not known to this server's "
    "DNS, or a firewall or the network is in the way",
    "ChunkedEncodingError": "the connection broke off",
    "ProtocolError": "the connection broke off",
    "IncompleteRead": "the connection broke off",
    "InvalidClaimError": "wrong claim",
    "MissingClaimError": "no claim",
    "ExpiredTokenError": "the ID token has expired",
    "BadSignatureError": "the signature of the ID token is not valid",
    "DecodeError": "the answer cannot be read",
    "ContentDecodingError": "the answer cannot be read",
}
_NAME_OF_ERROR = re.compile(r"\b(?!AADSTS)[A-Z]\w+(?:Error|Timeout|Read|Exception)\b")


def put_in_words(detail: str) -> str:
    """Return a recorded detail with words in place of the names of errors."""
    return _NAME_OF_ERROR.sub(
        lambda name: _ERRORS.get(name[0], "the request failed"), detail
    )


def explain_failure(facts: Mapping[str, Any]) -> Explanation:
    """Return what went wrong, with Microsoft's error and number, and what to do."""
    kind, detail = facts["kind"], facts["detail"]
    what = FAILURES.get(kind, f"{kind.replace('_', ' ').capitalize()}.")
    return Explanation(
        f"{what} ({put_in_words(detail)})", ADVICE.get(kind, "Try again.")
    )
