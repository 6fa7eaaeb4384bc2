"""Why a person cannot sign in: the sentences of the causes, and what to do."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from netpresenter_next.directory.provisioning_status import State
from netpresenter_next.directory.sign_in_causes import Cause
from netpresenter_next.lib.text import format_count
from netpresenter_next.lib.timestamps import format_time
from netpresenter_next.pages import absence_sentences, failure_sentences
from netpresenter_next.pages.sign_in_texts import NEXT_CYCLE, Place, Text


def _write_at(at: datetime | None) -> str:
    return f" on {format_time(at)}" if at else ""


def _write_by(by: str | None) -> str:
    return f" by {by}" if by else ""


WAYS = {"local": "the local password", "microsoft": "Microsoft"}


def _describe_success(
    name: str, ways: Sequence[str], last_at: datetime | None, last_method: str | None
) -> str:
    how = " or with ".join(WAYS[each] for each in ways)
    return f"{name} can sign in with {how}. {_describe_last(last_at, last_method)}"


def _describe_no_way(
    name: str, ways: Sequence[str], last_at: datetime | None, last_method: str | None
) -> str:
    return f"{name} cannot sign in. {_describe_last(last_at, last_method)}"


def _describe_last(at: datetime | None, method: str | None) -> str:
    if at is None:
        return "They have never signed in."
    how = f", with {WAYS[method]}" if method else ""
    return f"They last signed in on {format_time(at)}{how}."


def _describe_done(done: str, name: str, at: datetime | None, by: str | None) -> str:
    return f"{name} was {done}{_write_at(at)}{_write_by(by)}."


def _describe_disabled(name: str, at: datetime | None, by: str | None) -> str:
    if at is None:
        return f"Microsoft Entra ID disabled {name}; the log does not say when."
    return f"Microsoft Entra ID disabled {name}{_write_at(at)}, with the token {by}."


def _describe_slowed(name: str, until: datetime, *, is_known: bool) -> str:
    where = (
        "in a browser in which they signed in before"
        if is_known
        else "in browsers in which they have not signed in before"
    )
    return (
        f"After too many wrong passwords, sign-in as {name} is refused {where}, until "
        f"{format_time(until)} at the latest."
    )


def _describe_wrong_guesses(name: str, times: int, at: datetime) -> str:
    number = format_count(times, "wrong password")
    was = "was" if times == 1 else "were"
    return f"{number} {was} entered for {name}, the last on {format_time(at)}."


def _describe_shared(name: str, object_id: str, others: Sequence[str]) -> str:
    return f"{', '.join(others)} and {name} have the same object ID {object_id}."


def _describe_no_object_id(name: str, external_id: str | None) -> str:
    if external_id is None:
        return f"Provisioning sends no externalId for {name}."
    return f"The externalId of {name} is {external_id}, which is not an object ID."


def _describe_provisioning(
    state: State, since: datetime | None, last_contact: datetime | None, name: str = ""
) -> str:
    contact = (
        f"last contact on {format_time(last_contact)}"
        if last_contact
        else "no contact yet"
    )
    refused = f" since {format_time(since)}" if since else ""
    return f"{PROVISIONING[state]}{refused} ({contact})."


PROVISIONING = {
    State.OFF: "Entra ID integration is switched off",
    State.WAITING: "Microsoft Entra ID has not sent anything yet",
    State.REJECTED: "The token that Microsoft Entra ID uses is refused",
    State.FAILING: "All changes that Microsoft Entra ID sends are refused",
    State.NO_CONTACT: "Microsoft Entra ID has not called for more than a day",
}
_MAP = (
    "In Provisioning > Mappings of Microsoft Entra ID, map objectId to externalId. "
    + NEXT_CYCLE
)
TEXTS: Mapping[Cause, Text] = {
    Cause.CAN_SIGN_IN: Text("Sign-in", _describe_success),
    Cause.CANNOT_SIGN_IN: Text("Sign-in", _describe_no_way),
    Cause.BLOCKED: Text(
        "Blocked",
        partial(_describe_done, "blocked"),
        "Press Lift the block on the person's page.",
        Place.PERSON,
    ),
    Cause.DISABLED: Text(
        "Disabled",
        _describe_disabled,
        f"Enable the account, or assign it again, in Microsoft Entra ID. {NEXT_CYCLE}",
        Place.PERSON,
    ),
    Cause.DISABLED_HERE: Text(
        "Disabled",
        partial(_describe_done, "disabled"),
        "Press Enable on the person's page.",
        Place.PERSON,
    ),
    Cause.NO_METHOD: Text(
        "No way to sign in",
        "{name} is a local account without a password, and no Microsoft account is "
        "connected.",
        "Set a password, or make a one-time link, on the person's page.",
        Place.PERSON,
    ),
    Cause.NOT_SET_UP: Text(
        "Microsoft",
        "Sign-in with Microsoft is not set up here.",
        "Enter the app registration under Microsoft Entra ID > Sign-in.",
        Place.SIGN_IN,
    ),
    Cause.CREDENTIALS: Text(
        "Microsoft",
        "{text}",
        "Do so under Microsoft Entra ID > Sign-in, then run a test sign-in.",
        Place.SIGN_IN,
    ),
    Cause.UNREACHABLE: Text(
        "Microsoft",
        lambda name, problem: (
            "Microsoft cannot be reached from this server: "
            f"{failure_sentences.put_in_words(problem)}."
        ),
        "Check that the firewall and proxy of this server allow https requests to "
        "Microsoft.",
        Place.SIGN_IN,
    ),
    Cause.OTHER_OBJECT_ID: Text(
        "Another Microsoft account",
        "{name} is linked with the Microsoft account {linked}, but provisioning sends "
        "the object ID {provisioned}.",
        "If provisioning is right, press Confirm this object ID on the person's page; "
        "if not, correct externalId in Microsoft Entra ID.",
        Place.PERSON,
    ),
    Cause.WAITS: Text(
        "Another Microsoft account",
        "Provisioning sends the object ID {provisioned} for the administrator {name}; "
        "only the linked Microsoft account {linked} can sign in.",
        "If the new object ID is theirs, press Confirm this object ID on the person's "
        "page.",
        Place.PERSON,
    ),
    Cause.NO_OBJECT_ID: Text("Mapping", _describe_no_object_id, _MAP, Place.CHECKS),
    Cause.OBJECT_ID_BLOCKED: Text(
        "Blocked object ID",
        "Somebody with the object ID {object_id} of {name} was blocked, and the block "
        "is still in force.",
        "Lift the block under Users > Deleted people, or on the page of whoever had "
        "this object ID.",
        Place.DELETED,
    ),
    Cause.OBJECT_ID_TAKEN: Text(
        "Another person",
        "The Microsoft account {object_id} that provisioning sends for {name} is "
        "linked with {owner}.",
        "If it is not theirs, press Unlink the Microsoft account on the page of "
        "{owner}; if it is, correct externalId of {name} in Microsoft Entra ID.",
        Place.CHECKS,
    ),
    Cause.OBJECT_ID_SHARED: Text("Mapping", _describe_shared, _MAP, Place.CHECKS),
    Cause.UNCONFIRMED: Text(
        "Not confirmed",
        "{name} is an administrator, and no administrator has confirmed the object ID "
        "{object_id} that provisioning sends.",
        "If it is theirs, press Confirm this object ID on the person's page.",
        Place.PERSON,
    ),
    Cause.FORCED: Text(
        "Force sign in with Microsoft",
        "Force sign in with Microsoft is on, so the local password of {name} is "
        "refused, even if it is right.",
        "Tell them to press Sign in with Microsoft, or switch Force off under Sign in "
        "options.",
        Place.OPTIONS,
    ),
    Cause.SLOWED: Text(
        "Slowed",
        _describe_slowed,
        "Wait, or unlock the account with this command on the server. It prints a "
        "link; the browser in which the person opens it may try again at once.",
        command=("user", "unlock"),
    ),
    Cause.WRONG_GUESSES: Text(
        "Wrong passwords",
        _describe_wrong_guesses,
        "If they forgot it, give them a new one, with this command on the server:",
        command=("user", "set-password"),
    ),
    Cause.NO_LOCAL_SIGN_IN: Text(
        "No local password",
        lambda **values: (
            f"{_describe_wrong_guesses(**values)} The account has no local password."
        ),
        "Tell them to press Sign in with Microsoft.",
    ),
    Cause.PROVISIONING: Text(
        "Provisioning",
        _describe_provisioning,
        "Until that is corrected, no change made in Microsoft Entra ID arrives here. "
        "The page Microsoft Entra ID says what to do.",
        Place.ENTRA,
    ),
    **absence_sentences.TEXTS,
}
