"""An entry of a log as pages and the command line show it: sentences and changes."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from netpresenter_next.directory import redaction
from netpresenter_next.directory.actor_names import name_token
from netpresenter_next.directory.events import SCIM, Event
from netpresenter_next.lib.translation import format_number, in_english
from netpresenter_next.pages import (
    document_lines,
    event_sentences,
    membership_sentences,
    refusal_sentences,
)
from netpresenter_next.storage.event_models import JournalEntry


class Change(NamedTuple):
    """The old and the new value of an attribute, empty where there is none."""

    attribute: str
    old: str
    new: str


@dataclass(frozen=True)
class LogEntry:
    """An entry in words, without secrets."""

    row: JournalEntry
    sentence: str
    # What to do about a refusal; empty for everything else.
    remedy: str
    changes: list[Change]

    @property
    def actor(self) -> str:
        """Return who caused it."""
        row = self.row
        if row.event == Event.FORMER_TOKEN_REFUSED:
            return "a former token"
        if row.actor_kind == SCIM:
            return _name_token(row.actor_name) if row.actor_name else "an unknown token"
        if row.actor_kind == "person" or row.actor_name == row.actor_kind:
            return row.actor_name
        return f"{row.actor_kind} {row.actor_name}".rstrip()

    @property
    def is_refusal(self) -> bool:
        """Was something refused, or did it fail?"""
        return not self.row.succeeded

    @property
    def answer(self) -> str:
        """Return status code and duration, the latter if it is of one request."""
        row = self.row
        status = "" if row.status is None else str(row.status)
        if row.duration_ms is None or row.times > 1:
            return status
        return f"{status}, {format_number(round(row.duration_ms))} ms"


@in_english()
def _name_token(name: str) -> str:
    return name_token(name)


def make_entry(
    row: JournalEntry, secret_names: Collection[str], person_id: str | None = None
) -> LogEntry:
    """Return an entry in words, without the values of the named attributes.

    ``person_id`` is whose entries are listed.
    """
    changes = redaction.redact(row.changes or [], secret_names)
    is_of_member = row.event in membership_sentences.EVENTS and person_id is not None
    describe = (
        membership_sentences.describe_for_member
        if is_of_member and row.target_id != person_id
        else event_sentences.describe
    )
    return LogEntry(
        row,
        describe(row),
        refusal_sentences.find_remedy(row),
        list(_list_changes(changes)),
    )


def _list_changes(changes: list[dict[str, Any]]) -> Iterator[Change]:
    for change in changes:
        name = str(change.get("attribute", ""))
        old, new = change.get("old"), change.get("new")
        yield Change(name, _to_text(old), _to_text(new))


def _to_text(value: Any) -> str:
    if value is None:
        return ""
    if not isinstance(value, list | Mapping):
        return document_lines.as_text(value)
    lines = document_lines.flatten({"": value})
    return ", ".join(f"{path.lstrip('.')} {text}".strip() for path, text in lines)
