"""The sentences of events by which somebody loses their access."""

from collections.abc import Sequence

from netpresenter_next.lib.text import format_count
from netpresenter_next.pages.document_lines import list_names


def describe_disabled(
    target: str, *, attributes: Sequence[str], sessions_ended: int, **_: object
) -> str:
    """Return the sentence for a person whom provisioning disabled."""
    ended = _describe_ended_sessions(sessions_ended)
    return f"Disabled {target}; changed {list_names(attributes)}.{ended}"


def describe_deleted(target: str, *, sessions_ended: int = 0, **_: object) -> str:
    """Return the sentence for a person who was deleted."""
    return f"Deleted {target}.{_describe_ended_sessions(sessions_ended)}"


def describe_blocked(target: str, *, sessions_ended: int = 0, **_: object) -> str:
    """Return the sentence for a person whom an administrator blocked."""
    return f"Blocked {target}.{_describe_ended_sessions(sessions_ended)}"


def _describe_ended_sessions(number: int) -> str:
    return f" {format_count(number, 'session')} ended." if number else ""
