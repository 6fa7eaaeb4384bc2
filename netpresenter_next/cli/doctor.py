"""The command ``doctor``: it checks an instance and prints the findings."""

from collections.abc import Iterator

import click
from sqlalchemy.exc import DBAPIError

from netpresenter_next.cli import person_examination
from netpresenter_next.cli.console import (
    as_json,
    format_finding,
    make_database_app,
    print_json,
)
from netpresenter_next.config import options
from netpresenter_next.config.options import Config, ConfigError
from netpresenter_next.scim_http import endpoints
from netpresenter_next.storage import checks, database, instances
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.installation import Installation, open_installation
from netpresenter_next.storage.instances import Condition, InstanceStatus
from netpresenter_next.upkeep import diagnosis, examination, machine

OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
_EMPTY = {Condition.ABSENT, Condition.LOST, Condition.HALF_RESTORED}
_READABLE = {Condition.CURRENT, Condition.OLDER}


@click.command()
@click.option(
    "--person",
    metavar="TEXT",
    help="Only find out why this person cannot sign in: a user name, name, e-mail "
    "address, object ID, or the reference of a refused sign-in.",
)
@as_json
def doctor(person: str | None, as_json: bool) -> None:
    """Check an instance: one line for each finding, with what to do about it.

    It changes nothing, except that it records damage that it finds, and works while a
    server runs.  The whole database is checked, which takes some seconds for a hundred
    thousand people.  The exit status is 1 if something is wrong, and 0 if there are
    only warnings.
    """
    if person is not None:
        person_examination.examine(person, as_json=as_json)
        return
    findings = list(_examine())
    if as_json:
        print_json([each._asdict() for each in findings])
    else:
        for each in findings:
            click.echo(format_finding(each))
    if any(each.severity is ERROR for each in findings):
        raise click.exceptions.Exit(1)


def _examine() -> Iterator[Finding]:
    try:
        settings = options.load()
        endpoints.read_resource_types(settings)
    except ConfigError as error:
        yield Finding(ERROR, "Configuration", str(error))
        return
    yield Finding(OK, "Configuration", f"The instance is {settings.instance}.")
    try:
        status = instances.examine(settings)
    except OSError as error:
        what = f"{error.filename}: {error.strerror}."
        yield Finding(
            ERROR, machine.FILES, what, "Make the server's account its owner."
        )
        return
    yield from _check_condition(settings, status)
    if status.condition in _EMPTY:
        return
    yield from _check_machine(settings, status)
    if status.condition in _READABLE:
        yield from _check_database(settings)
    if status.condition is Condition.CURRENT:
        yield from _check_contents(settings)


def _check_condition(settings: Config, status: InstanceStatus) -> Iterator[Finding]:
    if status.condition is not Condition.CURRENT:
        severity = WARNING if status.condition is Condition.OLDER else ERROR
        yield Finding(severity, "Instance", instances.explain_refusal(settings, status))


def _check_machine(settings: Config, status: InstanceStatus) -> Iterator[Finding]:
    yield from machine.check_machine(settings, status.step or "unknown")
    yield from machine.check_writable(settings)


def _check_database(settings: Config) -> Iterator[Finding]:
    """Check the whole database with integrity_check of SQLite."""
    app = make_database_app(settings)
    with app.app_context():
        state = database.state()
    try:
        damage = checks.check_fully(state)
    except database.SQLITE.Error as error:
        state.note_failure(error)
        damage = [str(error)]
    if state.fault is not None:
        yield from machine.report_fault(state)
    elif damage:
        yield Finding(ERROR, machine.DATABASE, "; ".join(damage))
    else:
        yield Finding(
            OK, machine.DATABASE, "The whole database was checked: no damage was found."
        )


def _check_contents(settings: Config) -> Iterator[Finding]:
    app = make_database_app(settings)
    try:
        with app.app_context():
            yield from _read_findings(open_installation(settings))
    except ConfigError as error:
        yield Finding(ERROR, "Configuration", str(error))
    except DBAPIError as error:
        yield Finding(ERROR, machine.DATABASE, f"{error.orig}.")
    except OSError as error:
        yield Finding(ERROR, "Configuration", f"{error.filename}: {error.strerror}.")


def _read_findings(installation: Installation) -> list[Finding]:
    with database.read() as connection:
        broken_rows = list(examination.check_foreign_keys(connection))
    return [*broken_rows, *diagnosis.check_contents(installation)]
