"""Failed sign-ins with Microsoft, worded for administrators."""

import re
from collections.abc import Mapping
from typing import Any

from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages.identity_texts import Explanation
from netpresenter_next.pages.microsoft_messages import REPAIRS

# What happened, by the kind of a ``SignInError``; ``REPAIRS`` has what to do.
FAILURES = {
    "not_set_up": marked("Sign-in with Microsoft is not set up here."),
    "no_address": marked(
        "The public address of this server is not known, or is not https."
    ),
    "cancelled": marked("The sign-in was cancelled, by the person or by Microsoft."),
    "not_assigned": marked(
        "The account is not assigned to the application in Microsoft Entra ID."
    ),
    "consent": marked(
        "No administrator of the directory has granted consent for the application."
    ),
    "policy": marked(
        "A policy of the directory, such as Conditional Access, blocked the sign-in."
    ),
    "too_slow": marked("Microsoft's code was already used, or had expired."),
    "credentials": marked(
        "Microsoft does not accept the client secret or certificate of this server."
    ),
    "unknown_app": marked("Microsoft does not know the application (client) ID."),
    "unreachable": marked(
        "Microsoft could not be reached, or did not answer properly."
    ),
    "clock": marked(
        "By the clock of this server, Microsoft's answer was not valid yet, or "
        "had expired."
    ),
    "rejected": marked("Microsoft's answer did not match what this server asked for."),
    "not_asked": marked("Microsoft did not ask for the password or key again."),
    "undated": marked("Microsoft did not send the optional claim auth_time."),
}
ADVICE = {
    **REPAIRS,
    "cancelled": marked(
        "Ask the person to try again and to accept the permissions, or open "
        "the admin-consent link."
    ),
    "not_assigned": marked(
        "Assign the account, or a group of it, in the Entra admin center: "
        "Enterprise apps > your application > Users and groups."
    ),
    "not_set_up": marked(
        "Enter the app registration under Microsoft Entra ID > Sign-in."
    ),
    "no_address": marked("Set NETPRESENTER_BASE_URL and restart the server."),
    "undated": marked(
        "Add the optional claim auth_time in the Entra admin center: App "
        "registrations > your application > Token configuration."
    ),
}


# Names of errors that stand in what is recorded, and their words.
_ERRORS = {
    "ConnectTimeout": marked("it did not answer in time"),
    "ReadTimeout": marked("it did not answer in time"),
    "SSLError": marked("its certificate is not accepted by this server"),
    "ProxyError": marked("the proxy of this server does not let the request through"),
    "ConnectionError": marked(
        "no connection, because its name is not known to this server's DNS, or a "
        "firewall or the network is in the way"
    ),
    "ChunkedEncodingError": marked("the connection broke off"),
    "ProtocolError": marked("the connection broke off"),
    "IncompleteRead": marked("the connection broke off"),
    "InvalidClaimError": marked("wrong claim"),
    "MissingClaimError": marked("no claim"),
    "ExpiredTokenError": marked("the ID token has expired"),
    "BadSignatureError": marked("the signature of the ID token is not valid"),
    "DecodeError": marked("the answer cannot be read"),
    "ContentDecodingError": marked("the answer cannot be read"),
}
_FAILED = marked("the request failed")
_TRY_AGAIN = marked("Try again.")
_NAME_OF_ERROR = re.compile(r"\b(?!AADSTS)[A-Z]\w+(?:Error|Timeout|Read|Exception)\b")


def put_in_words(detail: str) -> str:
    """Return a recorded detail with words in place of the names of errors."""
    return _NAME_OF_ERROR.sub(lambda name: _(_ERRORS.get(name[0], _FAILED)), detail)


def explain_failure(facts: Mapping[str, Any]) -> Explanation:
    """Return what went wrong, with Microsoft's error and number, and what to do."""
    kind, detail = facts["kind"], facts["detail"]
    known = FAILURES.get(kind)
    what = _(known) if known else f"{kind.replace('_', ' ').capitalize()}."
    return Explanation(
        f"{what} ({put_in_words(detail)})", _(ADVICE.get(kind, _TRY_AGAIN))
    )
