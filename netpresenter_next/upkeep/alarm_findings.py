"""The finding about alarms, for ``doctor`` and the page Health."""

from collections.abc import Iterator

from sqlalchemy import Connection

from netpresenter_next.directory import alarm_settings, alarm_tests
from netpresenter_next.storage.findings import Finding, Severity

SUBJECT = "Alarms"
ADVICE = "Settings > System > Alarms has the details."


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
    failing = dict(alarm_tests.list_failing(connection))
    for channel in channels:
        if channel in failing:
            yield Finding(Severity.WARNING, SUBJECT, failing[channel], ADVICE)
        else:
            yield Finding(Severity.OK, SUBJECT, f"They are sent by {channel}.")
