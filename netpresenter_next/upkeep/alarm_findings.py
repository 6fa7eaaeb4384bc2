"""The finding about alarms, for ``doctor`` and the page Health."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection

from netpresenter_next.directory import alarm_queue, alarm_settings
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import MessageState
from netpresenter_next.storage.findings import Finding, Severity

SUBJECT = "Alarms"
ADVICE = "Settings > System > Alarms has the details."
# A message that was given up is reported for so long, unless a later one was sent.
REPORTED_FOR = timedelta(days=7)


def check_alarms(connection: Connection) -> Iterator[Finding]:
    """Report whether alarms are sent, and arrive."""
    row = alarm_settings.read(connection)
    channels = alarm_settings.list_channels(row)
    if not row.is_on:
        yield Finding(Severity.OK, SUBJECT, "They are off: nobody is told of problems.")
        return
    if not channels:
        what = "They are on, but neither e-mail nor a webhook is set up."
        yield Finding(Severity.WARNING, SUBJECT, what, ADVICE)
    for channel in channels:
        latest = alarm_queue.find_latest_attempt(connection, channel)
        is_recent = latest is not None and now() - latest.created_at < REPORTED_FOR
        if latest is not None and is_recent and latest.last_error:
            sent = latest.state is MessageState.SENT
            failed = "was sent only in part" if sent else "could not be sent"
            what = f"The last message by {channel} {failed}: {latest.last_error}"
            yield Finding(Severity.WARNING, SUBJECT, what, ADVICE)
        else:
            yield Finding(Severity.OK, SUBJECT, f"They are sent by {channel}.")
