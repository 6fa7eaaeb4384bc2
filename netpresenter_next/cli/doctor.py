"""The command ``doctor``: it checks an instance and prints the findings."""

from collections.abc import Iterator

import click
from sqlalchemy.exc import DBAPIError

from netpresenter_next.cli.console import as_json, database_alone, print_json, printable
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
_LOOKED_INTO = {Condition.CURRENT, Condition.OLDER}


@click.command()
@as_json
def doctor(as_json: bool) -> None:
    """Check an instance: one line for each finding, with what to do about it.

    It changes nothing, except that it records damage that it finds, and works while a
    server runs.  The whole database is checked, which takes some seconds for a hundred
    thousand people.  The exit status is 1 if something is wrong, and 0 if there are
    only warnings.
    """
    found = list(_examine())
    if as_json:
        print_json([each._asdict() for each in found])
    else:
        for each in found:
            click.echo(_line(each))
    if any(each.severity is ERROR for each in found):
        raise click.exceptions.Exit(1)


def _line(finding: Finding) -> str:
    advice = f" {finding.advice}" if finding.advice else ""
    line = f"{finding.severity:8} {finding.subject}: {finding.what}{advice}"
    return printable(line)


def _examine() -> Iterator[Finding]:
    try:
        settings = options.load()
        endpoints.read_resource_types(settings)
    except ConfigError as error:
        yield Finding(ERROR, "Configuration", str(error))
        return
    yield Finding(OK, "Configuration", f"The instance is {settings.instance}.")
    try:
        found = instances.examine(settings)
    except OSError as error:
        what = f"{error.filename}: {error.strerror}."
        yield Finding(
            ERROR, machine.FILES, what, "Make the server's account its owner."
        )
        return
    yield from _of_condition(settings, found)
    if found.condition in _EMPTY:
        return
    yield from _of_machine(settings, found)
    if found.condition in _LOOKED_INTO:
        yield from _of_pages(settings)
    if found.condition is Condition.CURRENT:
        yield from _of_contents(settings)


def _of_condition(settings: Config, found: InstanceStatus) -> Iterator[Finding]:
    if found.condition is not Condition.CURRENT:
        severity = WARNING if found.condition is Condition.OLDER else ERROR
        yield Finding(severity, "Instance", instances.explain_refusal(settings, found))


def _of_machine(settings: Config, found: InstanceStatus) -> Iterator[Finding]:
    yield from machine.check_machine(settings, found.step or "unknown")
    yield from machine.check_writable(settings)


def _of_pages(settings: Config) -> Iterator[Finding]:
    """Check the whole database with integrity_check of SQLite."""
    app = database_alone(settings)
    with app.app_context():
        state = database.state()
    try:
        found = checks.check_fully(state)
    except database.SQLITE.Error as error:
        state.note_failure(error)
        found = [str(error)]
    if state.fault is not None:
        yield from machine.report_fault(state)
    elif found:
        yield Finding(ERROR, machine.DATABASE, "; ".join(found))
    else:
        yield Finding(
            OK, machine.DATABASE, "The whole database was checked: no damage was found."
        )


def _of_contents(settings: Config) -> Iterator[Finding]:
    app = database_alone(settings)
    try:
        with app.app_context():
            yield from _read(open_installation(settings))
    except ConfigError as error:
        yield Finding(ERROR, "Configuration", str(error))
    except DBAPIError as error:
        yield Finding(ERROR, machine.DATABASE, f"{error.orig}.")
    except OSError as error:
        yield Finding(ERROR, "Configuration", f"{error.filename}: {error.strerror}.")


def _read(installation: Installation) -> list[Finding]:
    with database.read() as connection:
        broken_rows = list(examination.check_foreign_keys(connection))
    return [*broken_rows, *diagnosis.check_contents(installation)]
