"""What an administrator sees first on the home page: what needs attention."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection

from netpresenter_next.directory import (
    alarm_settings,
    alarm_tests,
    provisioning_status,
    scim_traffic,
)
from netpresenter_next.directory.scim_traffic import Refused
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages.settings.entra.status_card import TONES, WEEK
from netpresenter_next.upkeep.settings import JOBS, read_runs
from netpresenter_next.web import administrator_notices, token_warning

DAY = timedelta(days=1)


class Attention(NamedTuple):
    """The state of what administrators look after; empty texts where all is well."""

    # See ``totals.count_some``.
    conflicts: int
    state: str
    tone: str
    last_contact: Any
    # Requests of SCIM clients that were refused in the last 24 hours.
    refused: int
    refused_in_week: Refused
    # Tokens and credentials that expire soon, or have expired.
    expiring: Sequence[str]
    are_alarms_on: bool
    # Why alarms may not arrive.
    failing_alarms: Sequence[str]
    # Scheduled jobs whose last run failed, such as the nightly backup, and why.
    failed_jobs: Sequence[str]


def read(connection: Connection) -> Attention | None:
    """Return what needs attention, for administrators; the queries are constant."""
    notices = administrator_notices.load()
    if notices is None:
        return None
    status = provisioning_status.read_status(connection)
    expiring = [token_warning.describe(each) for each in notices.expiring]
    if notices.credentials_warning is not None:
        expiring.append(notices.credentials_warning.text)
    runs = read_runs(connection)
    return Attention(
        notices.open_conflicts,
        _(status.state),
        TONES.get(status.state, ""),
        status.facts.last_contact,
        scim_traffic.count_refused(connection, now() - DAY).number,
        scim_traffic.count_refused(connection, now() - WEEK),
        expiring,
        alarm_settings.read(connection).is_on,
        [each.what for each in alarm_tests.list_failing(connection)],
        [
            f"{_(JOBS.get(name, name))}: {run.note}"
            for name, run in runs.items()
            if not run.succeeded
        ],
    )
