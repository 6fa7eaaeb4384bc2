"""The entries of a page of the provisioning log, grouped by cycle."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from netpresenter_next.directory.event_kinds import EVENTS, Kind
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import ngettext
from netpresenter_next.pages.log_entries import LogEntry
from netpresenter_next.storage.scim_models import ScimCycle


@dataclass(frozen=True)
class LogGroup:
    """Entries under one heading, or without one, if they belong to no cycle."""

    cycle: ScimCycle | None
    entries: list[LogEntry] = field(default_factory=list)

    @property
    def has_refused_tokens(self) -> bool:
        """Are these requests whose token was refused?  Nobody knows who sent them."""
        return is_refused_token(self.entries[0])

    @property
    def actor(self) -> str:
        """Return with which token the requests of the cycle came."""
        return self.entries[0].actor

    @property
    def numbers(self) -> str:
        """Return the length of the cycle and its numbers of requests in words."""
        cycle = self.cycle
        if cycle is None:
            return ""
        requests, changes = cycle.requests, cycle.writes
        parts = (
            _(
                "lasted %(length)s",
                length=describe_length(cycle.ended_at - cycle.started_at),
            ),
            ngettext("%(num)s request", "%(num)s requests", requests),
            ngettext("%(num)s change", "%(num)s changes", changes),
            _("%(number)s refused", number=cycle.refused),
        )
        return ", ".join(parts)


def group_by_cycle(
    entries: Sequence[LogEntry], cycles: Mapping[str, ScimCycle]
) -> list[LogGroup]:
    """Return the entries of each cycle together, in the order of their first entry.

    Entries of no cycle stay between them, and refused tokens are apart from others.
    """
    groups: list[LogGroup] = []
    by_cycle: dict[str, LogGroup] = {}
    for entry, cycle in _pair(entries, cycles):
        group = by_cycle.get(cycle.id) if cycle is not None else None
        if cycle is None and groups and _may_join(groups[-1], entry):
            group = groups[-1]
        if group is None:
            group = LogGroup(cycle)
            groups.append(group)
            if cycle is not None:
                by_cycle[cycle.id] = group
        group.entries.append(entry)
    return groups


def _may_join(group: LogGroup, entry: LogEntry) -> bool:
    """Is an entry of no cycle of the same kind as those of this group?"""
    is_same = group.has_refused_tokens == is_refused_token(entry)
    return group.cycle is None and is_same


def is_refused_token(entry: LogEntry) -> bool:
    """Is the entry about a request whose token was refused?"""
    return entry.row.event in EVENTS[Kind.REFUSED_TOKEN]


def _pair(
    entries: Sequence[LogEntry], cycles: Mapping[str, ScimCycle]
) -> Iterator[tuple[LogEntry, ScimCycle | None]]:
    for entry in entries:
        yield entry, cycles.get(entry.row.id)


def describe_length(length: timedelta) -> str:
    """Return how long a cycle lasted, in words."""
    seconds = int(length.total_seconds())
    if seconds < 1:
        return _("less than a second")
    if seconds < 120:
        return ngettext("%(num)s second", "%(num)s seconds", seconds)
    minutes = seconds // 60
    if minutes < 120:
        return _("%(minutes)s minutes", minutes=minutes)
    return _(
        "%(hours)s hours %(minutes)s minutes", hours=minutes // 60, minutes=minutes % 60
    )
