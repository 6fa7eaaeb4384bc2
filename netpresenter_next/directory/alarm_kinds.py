"""The kinds of alarms: what each is called, what it means, and where to look."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from netpresenter_next.lib.translation import marked


class AlarmKind(StrEnum):
    """What an alarm is about; the values are stored, so they never change."""

    PROVISIONING_FAILS = "provisioning_fails"
    REJECTED_TOKENS = "token_rejected"
    NO_CONTACT = "no_contact"
    EXPIRING_TOKENS = "token_expires"
    EXPIRING_CREDENTIALS = "credentials_expire"
    UNREACHABLE = "microsoft_unreachable"
    CONFLICT_OPENED = "conflict_opened"
    DISABLE_REFUSED = "disable_refused"
    MANY_DISABLED = "many_disabled"
    EMERGENCY_ACCESS = "emergency_access"
    BACKUP_FAILED = "backup_failed"


class KindDetails(NamedTuple):
    """The texts of a kind, and the page of this product to which its message links."""

    label: str
    explanation: str
    advice: str
    page: str


class Alarm(NamedTuple):
    """Something that happened, and that somebody should be told."""

    kind: AlarmKind
    at: datetime
    # One or two sentences, with names of people but no other data of them.
    what: str
    people: Sequence[str] = ()


_ENTRA, _CONFLICTS = "/settings/system/microsoft-entra-id", "/settings/conflicts"
# In the order of the page, where long explanations are side by side.
KINDS: Mapping[AlarmKind, KindDetails] = {
    AlarmKind.PROVISIONING_FAILS: KindDetails(
        marked("Provisioning fails"),
        marked(
            "Requests of Microsoft Entra ID are refused, so changes do not arrive here."
        ),
        marked(
            "Look at the refused requests, and correct the cause in the Entra admin "
            "center or here."
        ),
        "/settings/system/provisioning-log?outcome=failed",
    ),
    AlarmKind.REJECTED_TOKENS: KindDetails(
        marked("A token is rejected"),
        marked(
            "A SCIM client uses a token that was revoked or has expired. Tokens that "
            "were never valid here do not count."
        ),
        marked(
            "Generate a token, and paste it as Secret Token into the provisioning "
            "application. If no application of yours used the token, find out who did."
        ),
        _ENTRA,
    ),
    AlarmKind.EXPIRING_TOKENS: KindDetails(
        marked("A token expires soon"),
        marked("Sent 30, 14 and 3 days before a SCIM token expires, and on that day."),
        marked(
            "Generate another token, and paste it as Secret Token into the "
            "provisioning application."
        ),
        _ENTRA,
    ),
    AlarmKind.NO_CONTACT: KindDetails(
        marked("No contact from Microsoft Entra ID"),
        marked(
            "No request for 26 hours. None is sent if nothing has changed, so choose "
            "this if something changes on most days."
        ),
        marked(
            "Check in the Entra admin center that provisioning is on and not in "
            "quarantine, or use Provision on demand there."
        ),
        _ENTRA,
    ),
    AlarmKind.UNREACHABLE: KindDetails(
        marked("Microsoft cannot be reached for sign-in"),
        marked(
            "A sign-in with Microsoft failed because this server could not reach "
            "Microsoft, or got no proper answer."
        ),
        marked(
            "The page Sign-in problems says why. Check that the firewall and proxy of "
            "this server allow https requests to Microsoft. Local accounts can still "
            "sign in."
        ),
        "/settings/sign-in-problems",
    ),
    AlarmKind.MANY_DISABLED: KindDetails(
        marked("Many people were disabled at once"),
        marked(
            "Within 15 minutes, provisioning or one administrator disabled or deleted "
            "10 people; or a fifth of the active ones, but at least 3."
        ),
        marked(
            "If nobody intended that and provisioning did it, stop it in the Entra "
            "admin center, and check the scope and the attribute mappings. Whom an "
            "administrator disabled, an administrator can enable again."
        ),
        "/settings/users?status=disabled",
    ),
    AlarmKind.EXPIRING_CREDENTIALS: KindDetails(
        marked("The client secret or certificate expires soon"),
        marked(
            "Sent 30, 14 and 3 days before sign-in with Microsoft stops because of it, "
            "and on that day."
        ),
        marked("Create a new one, and enter it on the page Microsoft Entra ID."),
        f"{_ENTRA}/sign-in",
    ),
    AlarmKind.CONFLICT_OPENED: KindDetails(
        marked("A conflict opened"),
        marked(
            "Two accounts may belong to the same person, and an administrator has to "
            "decide."
        ),
        marked("Look at the conflict, and resolve it."),
        _CONFLICTS,
    ),
    AlarmKind.DISABLE_REFUSED: KindDetails(
        marked("A disable was refused"),
        marked(
            "Provisioning could not disable a person, who may still be able to sign in."
        ),
        marked("Block the person if they must not sign in, and resolve the cause."),
        _CONFLICTS,
    ),
    AlarmKind.EMERGENCY_ACCESS: KindDetails(
        marked("Emergency access was used"),
        marked("An administrator with emergency access signed in."),
        marked("Ask the person whether it was them. If it was not, block the account."),
        "/settings",
    ),
    AlarmKind.BACKUP_FAILED: KindDetails(
        marked("A backup failed or is old"),
        marked(
            "The last nightly backup failed, or is older than two days. Sent once a "
            "day until there is a new backup."
        ),
        marked("The page Health says why, and what to do."),
        "/settings/system/health",
    ),
}
