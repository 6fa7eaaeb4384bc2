"""Checks of the stored data: clock, administrators, provisioning, tokens, Microsoft."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import Connection, func, select

from netpresenter_next.config import commands
from netpresenter_next.config.options import Config
from netpresenter_next.directory import (
    events,
    force,
    people,
    provisioning_status,
    scim_tokens,
    sign_in_settings,
    token_states,
)
from netpresenter_next.directory.provisioning_status import State
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.event_models import JOURNAL, is_in_log
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import USERS

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
# The tolerance for the difference between two clocks.
CLOCK_TOLERANCE = timedelta(minutes=5)


def check_data(connection: Connection, installation: Installation) -> Iterator[Finding]:
    """Return the findings, good or bad; the number of queries is constant."""
    yield from _check_clock(connection)
    yield from _check_administrators(connection, installation.config)
    yield from _check_provisioning(connection)
    yield from _check_tokens(connection)
    yield from _check_microsoft(connection, installation)


def _check_clock(connection: Connection) -> Iterator[Finding]:
    """Report a clock that was set back: the newest log entry is in the future."""
    present = now()
    # One query for each log, because each has an index of its own.
    ends = (
        connection.scalar(select(func.max(JOURNAL.c.at)).where(is_in_log(log)))
        for log in (events.AUDIT, events.PROVISIONING)
    )
    newest = max((each for each in ends if each is not None), default=None)
    if newest is not None and newest > present + CLOCK_TOLERANCE:
        what = (
            f"It is {present:%Y-%m-%d %H:%M} UTC according to the clock of this "
            f"machine, but the newest log entry is of {newest:%Y-%m-%d %H:%M}."
        )
        advice = "Synchronise the clock with a time server (timedatectl)."
        yield Finding(WARNING, "Clock", what, advice)
    else:
        yield Finding(OK, "Clock", f"It is {present:%Y-%m-%d %H:%M} UTC.")


def check_foreign_keys(connection: Connection) -> Iterator[Finding]:
    """Check the foreign keys of every row, which takes a while."""
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if broken is not None:
        what = (
            f"A row of the table {broken[0]} refers to a row of {broken[2]} that "
            "does not exist."
        )
        yield Finding(ERROR, "Database", what, "Restore a backup.")


def _check_administrators(connection: Connection, config: Config) -> Iterator[Finding]:
    able = select(func.count()).select_from(USERS).where(people.CAN_ADMINISTER)
    number = connection.scalar(able) or 0
    subject = "Administrators"
    if not number:
        what = "No administrator can sign in with a local password."
        to_type = commands.format_command(config, "create-admin", "NAME")
        yield Finding(ERROR, subject, what, f"To create one, type: {to_type}")
    elif number == 1:
        what = "Only one administrator can sign in with a local password."
        advice = "Create a second one, in case the first cannot be reached."
        yield Finding(WARNING, subject, what, advice)
    else:
        what = f"{number} administrators can sign in with a local password."
        yield Finding(OK, subject, what)


def _check_provisioning(connection: Connection) -> Iterator[Finding]:
    """Report whether changes made in Microsoft Entra ID arrive here."""
    subject, status = "Provisioning", provisioning_status.read_status(connection)
    since = status.refused_since
    advice = "Settings > System > Microsoft Entra ID says what to do."
    if since is None:
        last = status.facts.last_contact
        contact = f", the last request was on {last:%Y-%m-%d %H:%M} UTC" if last else ""
        yield Finding(OK, subject, f"{status.state}{contact}.")
        return
    what = {
        State.REJECTED: "A token that was revoked or has expired is sent",
        State.FAILING: "All changes of the last cycles were refused",
    }[status.state]
    what = f"{what}, since {since:%Y-%m-%d %H:%M} UTC: no change arrives here."
    yield Finding(ERROR, subject, what, advice)


def _check_tokens(connection: Connection) -> Iterator[Finding]:
    live = scim_tokens.list_live(connection)
    for each in token_states.list_expiring(connection):
        name = f"{each.token.label} ({each.token.hint})".lstrip()
        advice = "Replace it: Settings > System > Microsoft Entra ID."
        on = f"on {each.expires_at:%Y-%m-%d}"
        if scim_tokens.has_expired(each.token):
            what = f"{name} expired {on}: requests with it are refused."
            yield Finding(WARNING, "SCIM tokens", what, advice)
        else:
            yield Finding(WARNING, "SCIM tokens", f"{name} expires {on}.", advice)
    if not live:
        what = "There is none: Microsoft Entra ID cannot provision."
        advice = "Settings > System > Microsoft Entra ID > Generate Token."
        yield Finding(WARNING, "SCIM tokens", what, advice)
    for token in live:
        used = f"{token.last_used_at:%Y-%m-%d %H:%M} UTC" if token.last_used_at else ""
        said = f"was last used on {used}" if used else "was never used"
        yield Finding(OK, "SCIM tokens", f"{token.label} ({token.hint}) {said}.")


def _check_microsoft(
    connection: Connection, installation: Installation
) -> Iterator[Finding]:
    app = sign_in_settings.read_registration(connection, installation)
    subject = "Sign in with Microsoft"
    if app.warning is not None:
        severity = ERROR if app.has_unusable_credentials else WARNING
        advice = "Settings > System > Microsoft Entra ID."
        yield Finding(severity, subject, app.warning.text, advice)
    elif app.is_complete:
        expiry = f", until {app.expires_on}" if app.expires_on else ""
        yield Finding(OK, subject, f"It is set up{expiry}.")
    else:
        yield Finding(OK, subject, "It is not set up.")
    if force.is_on(connection) and app.has_unusable_credentials:
        what = (
            "Force sign in with Microsoft is on, but sign-in with Microsoft does not "
            "work."
        )
        to_type = commands.format_command(installation.config, "force-sign-in", "off")
        advice = f"Switch Force off, then renew the credentials. Type: {to_type}"
        yield Finding(ERROR, subject, what, advice)
