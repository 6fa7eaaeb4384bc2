"""What one-time links do, in sentences for the event log."""

from collections.abc import Mapping

from netpresenter_next.directory.password_links import Outcome

_REASONS: Mapping[str, str] = {
    Outcome.BLOCKED: "the person is blocked",
    Outcome.DISABLED: "the person is disabled",
    Outcome.FORCED: "Force sign in with Microsoft is on",
    Outcome.USED: "it was used before",
    Outcome.VOID: "it was replaced by a newer one, or by a change of the account",
    Outcome.EXPIRED: "it was older than 24 hours",
}


def describe_refused_link(target: str, *, reason: str) -> str:
    """Say that somebody opened a one-time link that sets no password, and why."""
    why = _REASONS.get(reason, reason)
    return f"Refused a one-time link for {target}: {why}."
