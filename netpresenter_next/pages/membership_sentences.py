"""Changes of group members in words: for the group, and for one of these people."""

from collections.abc import Sequence

from netpresenter_next.directory.events import Event
from netpresenter_next.lib.text import format_count
from netpresenter_next.storage.event_models import JournalEntry

EVENTS = (Event.MEMBERS_ADDED, Event.MEMBERS_REMOVED)


def describe_added(target: str, *, names: Sequence[str], number: int) -> str:
    """Return the sentence for new members of a group."""
    return f"Added to group {target}: {_join_names(names, number)}."


def describe_removed(target: str, *, names: Sequence[str], number: int) -> str:
    """Return the sentence for people who are no members any more."""
    return f"Removed from group {target}: {_join_names(names, number)}."


def _join_names(names: Sequence[str], number: int) -> str:
    more = number - len(names)
    return ", ".join(names) + (f" and {more} more" if more > 0 else "")


def describe_for_member(row: JournalEntry) -> str:
    """Return the sentence for a change of members, for one of these people."""
    facts = row.facts or {}
    verb = "Added to" if row.event == Event.MEMBERS_ADDED else "Removed from"
    others = int(facts.get("number", 1)) - 1
    and_others = f", with {format_count(others, 'other')}" if others else ""
    return f"{verb} group {row.target_name}{and_others}."
