"""The finding about alarms, for ``doctor`` and the page Health."""

from collections.abc import Iterator

from sqlalchemy import Connection

from netpresenter_next.directory import alarm_settings, alarm_tests
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.choices import Channel
from netpresenter_next.storage.findings import Finding, Severity

SUBJECT = marked("Alarms")
SWITCH_ON = marked("To switch them on: Settings > System > Alarms.")
ADVICE = marked("Settings > System > Alarms has the details.")
SENT = {
    Channel.EMAIL: marked("They are sent by e-mail."),
    Channel.WEBHOOK: marked("They are sent by webhook."),
}


def check_alarms(connection: Connection) -> Iterator[Finding]:
    """Report whether alarms are sent, and arrive."""
    row = alarm_settings.read(connection)
    channels = alarm_settings.list_channels(row)
    if not row.is_on:
        what = _("They are off: nobody is told of problems.")
        yield Finding(Severity.OFF, SUBJECT, what, _(SWITCH_ON))
        return
    if not channels:
        what = _("They are on, but neither e-mail nor a webhook is set up.")
        yield Finding(Severity.WARNING, SUBJECT, what, _(ADVICE))
    failing = dict(alarm_tests.list_failing(connection))
    for channel in channels:
        if channel in failing:
            yield Finding(Severity.WARNING, SUBJECT, failing[channel], _(ADVICE))
        else:
            yield Finding(Severity.OK, SUBJECT, _(SENT[channel]))
