"""The sentences of the journal: each is made from an event and its facts."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netpresenter_next.directory import (
    alarm_settings,
    colleague_settings,
    counted_events,
    events,
    sign_in_settings,
)
from netpresenter_next.directory.events import Event
from netpresenter_next.lib.text import format_count
from netpresenter_next.lib.translation import in_english
from netpresenter_next.pages import (
    conflict_sentences,
    export_sentences,
    failure_sentences,
    identity_sentences,
    import_sentences,
    leaver_sentences,
    link_sentences,
    membership_sentences,
    password_sentences,
    refusal_sentences,
)
from netpresenter_next.pages.document_lines import list_names
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.models import USER
from netpresenter_next.upkeep import settings

SETTINGS = {
    sign_in_settings.CONNECTION: "connection for sign-in",
    sign_in_settings.OPTIONS: "sign in options",
    settings.JOURNAL: "log retention",
    settings.BACKUPS: "settings of the nightly backups",
    colleague_settings.PART: "settings of the people directory",
    alarm_settings.KINDS_PART: "alarms to send",
    alarm_settings.MAIL_PART: "mail server for alarms",
    alarm_settings.WEBHOOK_PART: "webhook for alarms",
}


@in_english()
def describe(row: JournalEntry) -> str:
    """Return the sentence for a row of the journal, with the number of repetitions."""
    facts = dict(row.facts or {})
    if facts.get(counted_events.REST):
        return f"{row.times} more of the same kind within the same 15 minutes."
    is_imported = facts.pop(events.IMPORTED, False)
    text = _describe_event(row, facts) + (" By an import." if is_imported else "")
    if row.times == 1:
        return text
    return f"{text} {row.times} times until {row.last_at:%H:%M} UTC."


def _describe_event(row: JournalEntry, facts: Mapping[str, Any]) -> str:
    if "said" in facts:  # a row from before events had codes
        return str(facts["said"])
    if row.event not in SENTENCES:  # a row from a newer version
        return f"{row.event}: {row.target_name or ''}"
    sentence = SENTENCES[Event(row.event)]
    if isinstance(sentence, str):
        return sentence.format(target=row.target_name, **facts)
    return sentence(target=row.target_name, **facts)


def _describe_person_created(target: str, *, is_active: bool) -> str:
    return f"Created {target}{'' if is_active else ', disabled'}."


def _describe_person_changed(
    target: str, *, attributes: Sequence[str], sessions_ended: int
) -> str:
    return _describe_change(attributes)


def _describe_person_enabled(
    target: str, *, attributes: Sequence[str], sessions_ended: int
) -> str:
    return f"Enabled {target}; changed {list_names(attributes)}."


def _describe_group_changed(
    target: str, *, attributes: Sequence[str], former_name: str = ""
) -> str:
    if former_name and attributes == ["displayName"]:
        return f"Renamed group {former_name} to {target}."
    return _describe_change(attributes)


def _describe_change(attributes: Sequence[str]) -> str:
    return f"Changed {list_names(attributes)}."


def _describe_role_changed(target: str, *, role: str, is_mapped: bool) -> str:
    if is_mapped and role == USER:
        return f"{target} has the role user again: no role mapping applies any more."
    return (
        f"{target} now has the role "
        f"{role}{', from a role mapping' if is_mapped else ''}."
    )


def _describe_sign_in_refused(target: str | None, **facts: Any) -> str:
    return " ".join(identity_sentences.explain_recorded_refusal(target, **facts))


def _describe_sessions_ended(target: str, *, number: int) -> str:
    return f"Ended {format_count(number, 'session')} of {target}."


def _describe_signed_out_by_microsoft(
    target: str, *, number: int, last_seen: str | None
) -> str:
    return (
        f"{target} signed out at Microsoft: {format_count(number, 'session')} ended "
        "here (front-channel logout)."
    )


def _describe_sign_in_failed(target: str | None, *, kind: str, detail: str) -> str:
    words = failure_sentences.put_in_words(detail)
    return f"{kind.replace('_', ' ').capitalize()}: {words}"


def _describe_linked(
    target: str, *, claimant: str, external_id: str | None, is_automatic: bool
) -> str:
    who = "" if external_id is None else f" (externalId {external_id})"
    how = " automatically" if is_automatic else ""
    return f"Linked {target}{how} with {claimant}{who}, whom provisioning sends."


def _describe_external_id_changed(target: str, *, old: str, new: str | None) -> str:
    if new is None:
        return f"Removed the externalId {old} of {target}."
    return f"Changed the externalId of {target} from {old} to {new}."


def _describe_administrators_seen(target: str, *, names: Sequence[str]) -> str:
    return f"Reviewed the new administrators from role mappings: {', '.join(names)}."


def _describe_settings_changed(
    target: str, *, part: str, sessions_ended: int | None = None
) -> str:
    text = f"Changed the {SETTINGS[part]}."
    if sessions_ended is None:
        return text
    ended = format_count(sessions_ended, "session")
    return f"{text} {ended} of the other directory ended."


def _describe_force_on(target: str, *, losing: int, sessions_ended: int) -> str:
    people = format_count(losing, "person", "people")
    ended = format_count(sessions_ended, "session")
    return (
        f"Force sign in with Microsoft is on: {people} lost local sign-in, "
        f"{ended} ended."
    )


def _describe_hidden(target: str, *, is_again: bool = False) -> str:
    if is_again:
        return f"Hid {target} again: they were hidden before they were deleted."
    return f"Hid {target} from colleagues."


def _describe_mobile_hidden(target: str, *, is_again: bool = False) -> str:
    if is_again:
        return f"Hid the mobile number of {target} again, as before they were deleted."
    return f"{target} hid their mobile number from colleagues."


def _describe_mapping_added(
    target: str, *, app_role: str | None, group: str | None
) -> str:
    return f"Added the role mapping of the {_describe_mapping(app_role, group)}."


def _describe_mapping_removed(
    target: str, *, app_role: str | None, group: str | None
) -> str:
    return f"Removed the role mapping of the {_describe_mapping(app_role, group)}."


def _describe_mapping(app_role: str | None, group: str | None) -> str:
    return f"group {group!r}" if group else f"app role {app_role!r}"


def _describe_restoration_ended(
    target: str | None, *, at: str, is_full_cycle: bool
) -> str:
    if is_full_cycle:
        return f"All people and groups of the backup of {at} UTC were received again."
    return f"Dismissed the notice that the backup of {at} UTC was restored."


# A format string whose fields are facts, or a function that takes the facts.
SENTENCES: Mapping[Event, str | Callable[..., str]] = {
    Event.PERSON_CREATED: _describe_person_created,
    Event.PERSON_CHANGED: _describe_person_changed,
    Event.PERSON_DISABLED: leaver_sentences.describe_disabled,
    Event.PERSON_ENABLED: _describe_person_enabled,
    Event.PERSON_DELETED: leaver_sentences.describe_deleted,
    Event.PERSON_BLOCKED: leaver_sentences.describe_blocked,
    Event.PERSON_UNBLOCKED: "Lifted the block of {target}.",
    Event.PERSON_BLOCKED_AGAIN: (
        "Blocked {target} again: they were blocked before they were deleted."
    ),
    Event.PERSON_ALLOWED_AGAIN: "Allowed a sign-in to create {target} again.",
    Event.PERSON_ERASED: "Erased a person.",
    Event.DATA_EXPORTED: "Exported all data about {target}.",
    Event.PEOPLE_EXPORTED: export_sentences.describe_exported,
    Event.PASSWORD_SET: "Set a new password for {target}; their sessions ended.",
    Event.PASSWORD_LINK_MADE: "Made a one-time link for {target} to set a password.",
    Event.PASSWORD_LINK_USED: "The one-time link for {target} set a new password.",
    Event.PASSWORD_LINK_REFUSED: link_sentences.describe_refused_link,
    Event.ROLE_CHANGED: _describe_role_changed,
    Event.ROLE_KEPT: "{reason}",
    Event.EMERGENCY_GRANTED: "Granted emergency access: {target}.",
    Event.EMERGENCY_WITHDRAWN: "Withdrew emergency access: {target}.",
    Event.PERSON_HIDDEN: _describe_hidden,
    Event.PERSON_SHOWN: "Showed {target} to colleagues again.",
    Event.LANGUAGE_CHOSEN: "{target} chose the language {language}.",
    Event.MOBILE_HIDDEN: _describe_mobile_hidden,
    Event.MOBILE_SHOWN: "{target} shows their mobile number to colleagues again.",
    Event.CLAIMABLE_SET: "Made {target} claimable: provisioning can find and claim "
    "the account by its user name.",
    Event.CLAIMED: "Provisioning claimed {target}, and manages the account from now "
    "on.",
    Event.CLAIMABLE_WITHDRAWN: "{target} is a local account only: provisioning can "
    "no longer claim it.",
    Event.SIGNED_IN: "{target} signed in.",
    Event.SIGNED_IN_FOR_EMERGENCY: "{target} signed in with emergency access.",
    Event.EMERGENCY_SEEN: (
        "Reviewed the sign-in of {target} with emergency access at {at} UTC, from "
        "{address}."
    ),
    Event.SIGNED_OUT: "{target} signed out.",
    Event.SESSIONS_ENDED: _describe_sessions_ended,
    Event.SIGNED_OUT_BY_MICROSOFT: _describe_signed_out_by_microsoft,
    Event.SIGN_IN_FAILED: password_sentences.describe_wrong_password,
    Event.SIGN_IN_REFUSED: password_sentences.describe_refused_password,
    Event.ACCOUNT_UNLOCKED: "Unlocked {target} for an hour.",
    Event.SIGNED_IN_WITH_MICROSOFT: "{target} signed in with Microsoft.",
    Event.MICROSOFT_LINKED: (
        "Connected {target} with the Microsoft account {account} ({object_id}), "
        "by {rule}."
    ),
    Event.MICROSOFT_UNLINKED: (
        "Disconnected {target} from the Microsoft account {object_id}; their sessions "
        "ended."
    ),
    Event.MICROSOFT_SIGN_IN_REFUSED: _describe_sign_in_refused,
    Event.MICROSOFT_SIGN_IN_FAILED: _describe_sign_in_failed,
    Event.OBJECT_ID_CONFIRMED: "Confirmed the object ID {object_id} of {target}.",
    Event.CONFLICT_OPENED: conflict_sentences.describe_opened,
    Event.CONFLICT_CLOSED: conflict_sentences.describe_closed,
    Event.ACCOUNT_LINKED: _describe_linked,
    Event.LINK_WITHDRAWN: "Took back that {target} is linked: the account is local.",
    Event.KEPT_APART: "Decided that {target} and {claimant} are two people.",
    Event.DECISION_WITHDRAWN: "Took back that {target} and {claimant} are two people.",
    Event.EXTERNAL_ID_CHANGED: _describe_external_id_changed,
    Event.ADMINISTRATORS_SEEN: _describe_administrators_seen,
    Event.GROUP_CREATED: "Created group {target}.",
    Event.GROUP_CHANGED: _describe_group_changed,
    Event.GROUP_DELETED: "Deleted group {target}.",
    Event.MEMBERS_ADDED: membership_sentences.describe_added,
    Event.MEMBERS_REMOVED: membership_sentences.describe_removed,
    Event.TOKEN_ISSUED: "Generated the token {target}.",
    Event.TOKEN_REVOKED: "Revoked the token {target}.",
    Event.CONNECTION_TESTED: "Tested the connection.",
    Event.SCIM_SWITCHED_ON: "Switched Entra ID integration on.",
    Event.SCIM_SWITCHED_OFF: (
        "Switched Entra ID integration off: SCIM requests are refused."
    ),
    Event.FORMER_TOKEN_REFUSED: refusal_sentences.describe_refused_token,
    Event.TOKEN_REFUSED: refusal_sentences.describe_refused_token,
    Event.SCIM_REFUSED: refusal_sentences.describe_refused_request,
    Event.SETTINGS_CHANGED: _describe_settings_changed,
    Event.CERTIFICATE_MADE: "Made a certificate that expires on {expires_on}.",
    Event.SIGN_IN_TESTED: "A test sign-in with Microsoft succeeded.",
    Event.FORCE_ON: _describe_force_on,
    Event.FORCE_OFF: "Force sign in with Microsoft is off.",
    Event.ROLE_MAPPING_ADDED: _describe_mapping_added,
    Event.ROLE_MAPPING_REMOVED: _describe_mapping_removed,
    Event.BACKUP_MADE: "Made the backup {file}.",
    Event.BACKUP_FAILED: "No backup was made: {reason}",
    Event.BACKUP_RESTORED: "Restored the backup {file} of {at} UTC.",
    Event.RESTORATION_ENDED: _describe_restoration_ended,
    **import_sentences.SENTENCES,
    Event.ALARM_TESTED: "Sent a test message by {channel}.",
    Event.ALARM_TEST_FAILED: "The test message by {channel} failed: {reason}",
    Event.ALARM_DROPPED: "Gave up sending {alarm!r} by {channel}: {reason}",
}
