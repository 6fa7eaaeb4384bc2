"""Checks of the stored data: clock, administrators, provisioning, tokens, Microsoft."""

from collections.abc import Iterator
from datetime import timedelta
from typing import NamedTuple

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
from netpresenter_next.directory.provisioning_status import State, Status
from netpresenter_next.directory.token_states import Expiry
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, write_day, write_minute
from netpresenter_next.storage.event_models import JOURNAL, is_in_log
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import USERS

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
# The tolerance for the difference between two clocks.
CLOCK_TOLERANCE = timedelta(minutes=5)
CLOCK, ADMINISTRATORS, PROVISIONING, TOKENS, MICROSOFT = (
    marked("Clock"),
    marked("Administrators"),
    marked("Provisioning"),
    marked("SCIM tokens"),
    marked("Sign in with Microsoft"),
)


class _Row(NamedTuple):
    """How the state of provisioning is reported; ``since`` names the time, if known."""

    severity: Severity
    what: str | None = None
    since: str | None = None


# Without a text, the finding names the state and the last request.
_PROVISIONING = {
    State.OFF: _Row(
        WARNING,
        marked("Provisioning is switched off: no change arrives here."),
    ),
    State.WAITING: _Row(OK),
    State.REJECTED: _Row(
        ERROR,
        marked("Every token was revoked or has expired: no change arrives here."),
        marked(
            "A token that was revoked or has expired is sent, since %(time)s UTC: no "
            "change arrives here."
        ),
    ),
    State.FAILING: _Row(
        ERROR,
        marked("All changes of the last cycles were refused: no change arrives here."),
        marked(
            "All changes of the last cycles were refused, since %(time)s UTC: no "
            "change arrives here."
        ),
    ),
    State.CONNECTED: _Row(OK),
    State.QUIET: _Row(OK),
    State.NO_CONTACT: _Row(WARNING),
}


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
        what = _(
            "It is %(present)s UTC according to the clock of this machine, but the "
            "newest log entry is of %(newest)s.",
            present=write_minute(present),
            newest=write_minute(newest),
        )
        advice = _("Synchronise the clock with a time server (timedatectl).")
        yield Finding(WARNING, CLOCK, what, advice)
    else:
        what = _("It is %(time)s UTC.", time=write_minute(present))
        yield Finding(OK, CLOCK, what)


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
    if not number:
        what = _("No administrator can sign in with a local password.")
        to_type = commands.format_command(config, "create-admin", "NAME")
        advice = _("To create one, type: %(command)s", command=to_type)
        yield Finding(ERROR, ADMINISTRATORS, what, advice)
    elif number == 1:
        what = _("Only one administrator can sign in with a local password.")
        advice = _("Create a second one, in case the first cannot be reached.")
        yield Finding(WARNING, ADMINISTRATORS, what, advice)
    else:
        what = _(
            "%(number)s administrators can sign in with a local password.",
            number=number,
        )
        yield Finding(OK, ADMINISTRATORS, what)


def _check_provisioning(connection: Connection) -> Iterator[Finding]:
    """Report whether changes made in Microsoft Entra ID arrive here."""
    yield describe_provisioning(provisioning_status.read_status(connection))


def describe_provisioning(status: Status) -> Finding:
    """Return the finding about a state of provisioning, by the table above."""
    row, since = _PROVISIONING[status.state], status.refused_since
    last = status.facts.last_contact
    if row.since is not None and since is not None:
        what = _(row.since, time=write_minute(since))
    elif row.what is not None:
        what = _(row.what)
    elif last is None:
        what = f"{_(status.state)}."
    else:
        what = _(
            "%(state)s, the last request was on %(time)s UTC.",
            state=_(status.state),
            time=write_minute(last),
        )
    advice = ""
    if row.severity is not OK:
        advice = _("Settings > System > Microsoft Entra ID says what to do.")
    return Finding(row.severity, PROVISIONING, what, advice)


def _check_tokens(connection: Connection) -> Iterator[Finding]:
    live = scim_tokens.list_live(connection)
    for each in token_states.list_expiring(connection):
        advice = _("Replace it: Settings > System > Microsoft Entra ID.")
        yield Finding(WARNING, TOKENS, _describe_expiry(each), advice)
    if not live:
        what = _("There is none: Microsoft Entra ID cannot provision.")
        advice = _("Settings > System > Microsoft Entra ID > Generate Token.")
        yield Finding(WARNING, TOKENS, what, advice)
    for token in live:
        name = f"{token.label} ({token.hint})"
        what = _("%(token)s was never used.", token=name)
        if token.last_used_at is not None:
            what = _(
                "%(token)s was last used on %(time)s UTC.",
                token=name,
                time=write_minute(token.last_used_at),
            )
        yield Finding(OK, TOKENS, what)


def _describe_expiry(expiry: Expiry) -> str:
    name = f"{expiry.token.label} ({expiry.token.hint})".lstrip()
    day = write_day(expiry.expires_at)
    if scim_tokens.has_expired(expiry.token):
        return _(
            "%(token)s expired on %(day)s: requests with it are refused.",
            token=name,
            day=day,
        )
    return _("%(token)s expires on %(day)s.", token=name, day=day)


def _check_microsoft(
    connection: Connection, installation: Installation
) -> Iterator[Finding]:
    app = sign_in_settings.read_registration(connection, installation)
    if app.warning is not None:
        severity = ERROR if app.has_unusable_credentials else WARNING
        advice = _("Settings > System > Microsoft Entra ID.")
        yield Finding(severity, MICROSOFT, app.warning.text, advice)
    elif app.is_complete and app.expires_on:
        what = _("It is set up, until %(day)s.", day=app.expires_on)
        yield Finding(OK, MICROSOFT, what)
    elif app.is_complete:
        yield Finding(OK, MICROSOFT, _("It is set up."))
    else:
        yield Finding(Severity.OFF, MICROSOFT, _("It is not set up."))
    if force.is_on(connection) and app.has_unusable_credentials:
        what = _(
            "Force sign in with Microsoft is on, but sign-in with Microsoft does not "
            "work."
        )
        to_type = commands.format_command(installation.config, "force-sign-in", "off")
        advice = _(
            "Switch Force off, then renew the credentials. Type: %(command)s",
            command=to_type,
        )
        yield Finding(ERROR, MICROSOFT, what, advice)
