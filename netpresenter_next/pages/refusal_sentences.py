"""Refused SCIM requests, worded for administrators: the cause, and what to do."""

from collections.abc import Mapping

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.scim_tokens import TokenProblemCode
from netpresenter_next.lib.timestamps import format_day, read_timestamp
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.event_models import JournalEntry

TOKEN_ERRORS: Mapping[str, str] = {
    TokenProblemCode.MISSING: marked("The request has no token."),
    TokenProblemCode.NOT_LIVE: marked("The token is not known here."),
    TokenProblemCode.REVOKED: marked("The token %(target)s was revoked on %(ended)s."),
    TokenProblemCode.EXPIRED: marked("The token %(target)s expired on %(ended)s."),
    TokenProblemCode.INCOMPLETE: marked(
        "This is only part of a token (%(length)s of %(whole)s characters)."
    ),
    TokenProblemCode.MALFORMED: marked(
        "This is not a token of Netpresenter Next, or it is mistyped."
    ),
}
_PASTE = (
    "paste it into Secret Token, under Provisioning > Admin credentials (newer pages: "
    "Connectivity) of the application in Microsoft Entra ID."
)
_CORRECT_MAPPING = marked(
    "Correct the attribute mapping under Provisioning > Mappings in Microsoft Entra "
    "ID, then try one person with Provision on demand."
)
_UNEXPECTED = marked(
    "Microsoft Entra ID does not send this with its default mapping: see which "
    "application uses the token."
)
_GENERATE = marked(
    "Generate a token here, and paste it into Secret Token, under Provisioning > Admin "
    "credentials (newer pages: Connectivity) of the application in Microsoft Entra ID."
)
TOKEN_REMEDIES: Mapping[str, str] = {
    TokenProblemCode.MISSING: _GENERATE,
    TokenProblemCode.NOT_LIVE: _GENERATE,
    TokenProblemCode.REVOKED: _GENERATE,
    TokenProblemCode.EXPIRED: _GENERATE,
    TokenProblemCode.INCOMPLETE: marked(
        "Copy the whole token again with the button Copy, and paste it into Secret "
        "Token, under Provisioning > Admin credentials (newer pages: Connectivity) of "
        "the application in Microsoft Entra ID. If it is no longer shown, generate "
        "another one."
    ),
    TokenProblemCode.MALFORMED: marked(
        "Copy the token with the button Copy, and paste it into Secret Token, under "
        "Provisioning > Admin credentials (newer pages: Connectivity) of the "
        "application in Microsoft Entra ID."
    ),
}
# By the fact ``cause``: a case of our own, a ``scimType`` of RFC 7644, or a status.
REMEDIES: Mapping[str, str] = {
    "local_account": marked(
        "Open the conflict under Settings > Conflicts: press Link if both are the same "
        "person; if not, press Rename or Keep apart. Microsoft Entra ID sends the "
        "person again with its next cycle."
    ),
    "uniqueness": marked(
        "Two people or groups in Microsoft Entra ID have this value, or an older one "
        "still has it here: correct it there. Microsoft Entra ID then sends it again."
    ),
    "required": marked(
        "The mapping sends no value for this person. Fill the source attribute in "
        "Microsoft Entra ID, or map one that everybody has, such as userPrincipalName."
    ),
    "invalidValue": _CORRECT_MAPPING,
    "mutability": marked(
        "The attribute cannot be changed by provisioning. Correct the attribute "
        "mapping under Provisioning > Mappings in Microsoft Entra ID, then try one "
        "person with Provision on demand."
    ),
    "invalidPath": _CORRECT_MAPPING,
    "noTarget": _CORRECT_MAPPING,
    "invalidFilter": marked(
        "Use userName, externalId or the work e-mail as the matching attribute under "
        "Provisioning > Mappings in Microsoft Entra ID."
    ),
    "invalidSyntax": _UNEXPECTED,
    "tooMany": _UNEXPECTED,
    "invalidCursor": _UNEXPECTED,
    "expiredCursor": _UNEXPECTED,
    "last_administrator": marked(
        "Make another person an administrator with emergency access first. Microsoft "
        "Entra ID then sends the change again."
    ),
    "switched_off": marked(
        "Switch Enable Entra ID integration on, under Settings > System > Microsoft "
        "Entra ID."
    ),
    "403": marked("Settings > System > Microsoft Entra ID says what is permitted."),
    "404": marked(
        "Microsoft Entra ID knows an id that is not here, because the person or group "
        "was deleted: choose Restart provisioning on the Overview of Provisioning "
        "there."
    ),
    "405": _UNEXPECTED,
    "412": marked(
        "It was changed in the meantime. There is nothing to do: the client reads it "
        "again and repeats its change."
    ),
    "413": _UNEXPECTED,
    "429": marked("There is nothing to do: the client sends it again after a second."),
    "500": marked("The log of the server has the details: please report it."),
    "501": _UNEXPECTED,
    "503": marked("Settings > System > Health says what is wrong, if it lasts."),
}
_VERBS = {"POST": "create", "PUT": "change", "PATCH": "change", "DELETE": "delete"}


def describe_refused_request(
    target: str | None,
    *,
    method: str,
    path: str,
    reason: str,
    cause: str = "",
    status: int | None = None,
    deleted_at: str | None = None,
) -> str:
    """Return the sentence for a refused request: its reason, and since when it lasts.

    Rows of older versions have a status and no cause.
    """
    verb = _VERBS.get(method.removeprefix("Bulk "))
    deleted = _describe_deletion(target, deleted_at)
    if target and verb:
        return f"Refused to {verb} {target}: {reason}{deleted}"
    return f"Refused {method} {path}: {reason}{deleted}"


def _describe_deletion(target: str | None, deleted_at: str | None) -> str:
    at = read_timestamp(deleted_at)
    if at is None:
        return ""
    return f" {target} was deleted here on {format_day(at)}, {at:%H:%M} UTC."


def describe_refused_token(
    target: str | None, *, reason: str, length: int = 0, ended: str | None = None
) -> str:
    """Return the sentence for a refused token."""
    if reason in TOKEN_ERRORS:
        explanation = _explain_reason(reason, target=target, length=length, ended=ended)
    else:  # a row from before reasons had codes
        explanation = reason
    return f"Refused a token: {explanation}"


def explain_token(row: JournalEntry | None) -> tuple[str, str] | None:
    """Return why the token of an entry was refused, and what to do about it.

    In the reader's language, unlike the sentences of the logs.
    """
    facts = (row.facts if row else None) or {}
    reason, length = facts.get("reason", ""), facts.get("length", 0)
    if reason not in TOKEN_ERRORS:
        return None
    explanation = _(TOKEN_ERRORS[reason], whole=scim_tokens.LENGTH, length=length)
    return explanation, _(TOKEN_REMEDIES[reason])


def _explain_reason(reason: str, **facts: str | int | None) -> str:
    return TOKEN_ERRORS[reason] % {"whole": scim_tokens.LENGTH, **facts}


def find_remedy(row: JournalEntry) -> str:
    """Return what to do about a refused request or token; empty for any other row.

    In the reader's language, unlike the sentences of the logs.
    """
    facts, remedy = row.facts or {}, ""
    if row.event in (Event.TOKEN_REFUSED, Event.FORMER_TOKEN_REFUSED):
        remedy = TOKEN_REMEDIES.get(facts.get("reason", ""), "")
    if row.event == Event.SCIM_REFUSED:
        remedy = REMEDIES.get(facts.get("cause") or str(row.status), "")
    return remedy and _(remedy)
