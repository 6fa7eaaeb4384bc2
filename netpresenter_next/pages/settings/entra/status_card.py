"""The card with the state of provisioning: sentences, numbers and a chart."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from netpresenter_next.directory import (
    provisioning_status,
    refused_tokens,
    scim_traffic,
)
from netpresenter_next.directory.provisioning_status import QUARANTINE, State, Status
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import format_number, marked
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages import refusal_sentences
from netpresenter_next.storage import totals
from netpresenter_next.storage.scim_models import ScimTraffic
from netpresenter_next.storage.totals import Counted

DAY, BAR = timedelta(days=1), timedelta(minutes=40)
WEEK = 7 * DAY
# The size of the chart, in units of its viewBox.
WIDTH, HEIGHT, GAP = 720, 60, 3
LEAST_SEEN = 3
# The class of the state, for its colour: silence alone is never an error.
TONES = {
    State.CONNECTED: "ok",
    State.NO_CONTACT: "warn",
    State.FAILING: "bad",
    State.REJECTED: "bad",
}
SENTENCES = {
    State.OFF: marked(
        "Requests of Microsoft Entra ID are refused (403). If that lasts, Entra "
        "puts its provisioning job into quarantine and sends less often."
    ),
    State.WAITING: marked(
        "No request with a token of this server has arrived yet. Follow the "
        "steps below."
    ),
    State.REJECTED: marked(
        "A token that was revoked or has expired is still sent. Generate "
        "a token, and paste it in Microsoft Entra ID as Secret Token."
    ),
    State.FAILING: marked(
        "All changes of the last cycle were refused. The provisioning log "
        "says why, and what to do."
    ),
    State.CONNECTED: marked(
        "Microsoft Entra ID sends requests, and they are answered."
    ),
    State.QUIET: marked(
        "There was nothing to change, or provisioning is stopped. To find "
        "out, use Provision on demand in Microsoft Entra ID."
    ),
    State.NO_CONTACT: marked(
        "Check in the Microsoft Entra admin center whether provisioning "
        "is on, and whether it can reach this server: see Checks."
    ),
}
NONE_ACTIVE = marked(
    "No token is active, so Microsoft Entra ID is refused. Generate a token, and paste "
    "it there as Secret Token."
)


class Bar(NamedTuple):
    """One bar of the chart, whose lower part are refused requests."""

    x: int
    width: int
    height: int
    refused_height: int
    start: datetime
    requests: int
    refused: int


class Chart(NamedTuple):
    """The requests of 24 hours, and the same in words."""

    bars: Sequence[Bar]
    words: str


class Quarantine(NamedTuple):
    """Since when Entra has been refused, and when it disables the job at the latest."""

    since: datetime
    ends_at: datetime


def load(connection: Connection) -> dict[str, Any]:
    """Return what the template of the card needs."""
    status = provisioning_status.read_status(connection)
    since = status.refused_since
    refused = refused_tokens.read(connection, status.facts.last_contact)
    return {
        "state": status.state,
        "tone": TONES.get(status.state, ""),
        "sentence": _explain(status),
        "last_contact": status.facts.last_contact,
        "quarantine": None if since is None else Quarantine(since, since + QUARANTINE),
        "refused_tokens": refused,
        "latest_refusal": refusal_sentences.explain_token(refused.latest),
        "people": totals.read(connection, Counted.VISIBLE_USERS),
        "groups": totals.read(connection, Counted.VISIBLE_GROUPS),
        "refused_in_week": scim_traffic.count_refused(connection, now() - WEEK),
        "chart": draw(scim_traffic.list_since(connection, now() - DAY), now()),
    }


def _explain(status: Status) -> str:
    if status.state is State.REJECTED and not status.facts.has_active_token:
        return _(NONE_ACTIVE)
    return _(SENTENCES[status.state])


def draw(rows: Sequence[ScimTraffic], present: datetime) -> Chart:
    """Return the chart of the 24 hours until ``present``, in bars of 40 minutes."""
    number = DAY // BAR
    start = present - DAY
    requests, refused = [0] * number, [0] * number
    for row in rows:
        place = (row.started_at - start) // BAR
        if 0 <= place < number:
            requests[place] += row.requests
            refused[place] += row.refused
    most, step = max(1, *requests), WIDTH // number
    bars = []
    for place in range(number):
        bars.append(
            Bar(
                place * step,
                step - GAP,
                round(HEIGHT * requests[place] / most),
                _find_height_of_refused(refused[place], most),
                start + place * BAR,
                requests[place],
                refused[place],
            )
        )
    return Chart(bars, _describe(requests, refused))


def _find_height_of_refused(number: int, most: int) -> int:
    """Return a height that can be seen, also for one of many requests."""
    return max(LEAST_SEEN, round(HEIGHT * number / most)) if number else 0


def _describe(requests: Sequence[int], refused: Sequence[int]) -> str:
    if not any(requests):
        return _("No requests in the last 24 hours.")
    total, failed = sum(requests), sum(refused)
    busy = sum(map(bool, requests))
    return _(
        "%(total)s requests in the last 24 hours, %(refused)s refused, in %(busy)s of "
        "%(periods)s periods of 40 minutes.",
        total=format_number(total),
        refused=failed or _("none"),
        busy=busy,
        periods=len(requests),
    )
