"""The option ``--person`` of ``doctor``: why somebody cannot sign in."""

from collections.abc import Sequence

import click
from sqlalchemy import Connection

from netpresenter_next.cli.console import (
    CommandRefused,
    format_finding,
    open_read_transaction,
    print_json,
    to_printable,
)
from netpresenter_next.config import commands, options
from netpresenter_next.config.options import Config
from netpresenter_next.directory import sign_in_lookup, sign_in_settings
from netpresenter_next.directory.sign_in_lookup import Lookup
from netpresenter_next.microsoft.client_cache import ClientCache
from netpresenter_next.pages import sign_in_findings
from netpresenter_next.pages.sign_in_findings import SignInFinding
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.installation import Installation, open_installation
from netpresenter_next.storage.models import Person


def examine(text: str, *, as_json: bool) -> None:
    """Print the findings about a person; the exit status is 1 if one is an error.

    Raises CommandRefused if several people match.
    """
    settings = options.load()
    with open_read_transaction() as connection:
        installation = open_installation(settings)
        findings = _examine(connection, installation, text)
    if as_json:
        print_json([_to_document(each, settings) for each in findings])
    else:
        for each in findings:
            click.echo(format_finding(_to_finding(each, settings)))
    if any(each.severity is Severity.ERROR for each in findings):
        raise click.exceptions.Exit(1)


def _examine(
    connection: Connection, installation: Installation, text: str
) -> Sequence[SignInFinding]:
    person = sign_in_lookup.find_exact(connection, text)
    found = sign_in_lookup.look_up(connection, text) if person is None else Lookup([])
    if person is None and len(found.people) > 1:
        raise CommandRefused(_ask_for_one(found.people))
    if person is None and found.people:
        person = found.people[0]
    entries = sign_in_findings.describe_entries(found.entries)
    if person is None:
        return entries or sign_in_findings.examine_absence(connection, text)
    problem = _find_microsoft_problem(connection, installation)
    about = sign_in_findings.examine_person(connection, installation, person, problem)
    return [*entries, *about]


def _ask_for_one(people: Sequence[Person]) -> str:
    names = "".join(f"\n  {to_printable(each.user_name)}" for each in people)
    return f"Several people match. Give one of these user names:{names}"


def _find_microsoft_problem(connection: Connection, installation: Installation) -> str:
    """Ask Microsoft; return why it cannot be reached, or "" if it can."""
    registration = sign_in_settings.read_registration(connection, installation)
    if not registration.is_complete:
        return ""
    return ClientCache().get(registration).provider.find_problem()


def _to_finding(finding: SignInFinding, settings: Config) -> Finding:
    advice = finding.advice
    if finding.command:
        command = commands.format_command(settings, *finding.command)
        advice = f"{advice} {command}"
    return Finding(finding.severity, finding.subject, finding.what, advice)


def _to_document(finding: SignInFinding, settings: Config) -> dict[str, str]:
    return {"cause": finding.cause, **_to_finding(finding, settings)._asdict()}
