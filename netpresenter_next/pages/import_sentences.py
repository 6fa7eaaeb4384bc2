"""The sentences of the journal about imports of people."""

from collections.abc import Callable, Mapping

from netpresenter_next.directory.events import Event
from netpresenter_next.lib.text import format_count


def describe_started(target: str, *, lines: int) -> str:
    """Describe that lines of a file are applied from now on."""
    return f"Began to import {target}: {format_count(lines, 'line')}."


def describe_ended(
    target: str, *, created: int, changed: int, unchanged: int, refused: int
) -> str:
    """Describe what a whole file did."""
    return (
        f"Imported {target}: {created} created, {changed} changed, {unchanged} "
        f"unchanged, {refused} refused."
    )


def describe_discarded(target: str, *, lines: int, applied_to: int) -> str:
    """Describe that the rest of a file is not applied."""
    if not applied_to:
        return f"Discarded the import of {target}; nothing of it was applied."
    return (
        f"Discarded the import of {target}, of which {applied_to} of "
        f"{format_count(lines, 'line')} were applied."
    )


SENTENCES: Mapping[Event, Callable[..., str]] = {
    Event.IMPORT_STARTED: describe_started,
    Event.IMPORT_ENDED: describe_ended,
    Event.IMPORT_DISCARDED: describe_discarded,
}
