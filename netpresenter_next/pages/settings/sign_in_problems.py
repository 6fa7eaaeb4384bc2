"""Settings > Sign-in problems: why somebody cannot sign in, and what to do."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import Connection

from netpresenter_next.directory import refused_sign_ins, search_index, sign_in_lookup
from netpresenter_next.directory.sign_in_lookup import Lookup
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import sign_in_findings
from netpresenter_next.pages.settings.lists import load_rows_of_page, read_search_text
from netpresenter_next.pages.sign_in_findings import SignInFinding
from netpresenter_next.pages.sign_in_texts import Place
from netpresenter_next.storage import database
from netpresenter_next.storage.models import Person
from netpresenter_next.web import access_control, context, microsoft_client

blueprint = Blueprint(
    "sign_in_problems", __name__, url_prefix="/settings/sign-in-problems"
)
# The view of each place, and the name of the link.
PLACES = {
    Place.DELETED: ("deleted_people.show", marked("Deleted people")),
    Place.NEW_PERSON: ("new_people.show_form", marked("Add a person")),
    Place.CONFLICT: ("conflicts.list_conflicts", marked("Conflicts")),
    Place.LOG: ("logs.provisioning", marked("Provisioning log")),
    Place.CHECKS: ("microsoft_checks.show", marked("Microsoft Entra ID > Checks")),
    Place.SIGN_IN: (
        "microsoft_connection.show",
        marked("Microsoft Entra ID > Sign-in"),
    ),
    Place.OPTIONS: ("microsoft_options.show", marked("Sign in options")),
    Place.ENTRA: ("tokens.microsoft_entra_id", marked("Microsoft Entra ID")),
}


class Link(NamedTuple):
    """A link to where something can be done."""

    address: str
    text: str


class Answer(NamedTuple):
    """The refused sign-ins with the reference, and findings, about a person if any.

    Without findings there are several people to choose from.
    """

    entries: Sequence[SignInFinding]
    findings: Sequence[SignInFinding]
    person: Person | None = None


@blueprint.get("")
@access_control.administrator
def show() -> str:
    """Show the findings, the people to choose from, or the refused sign-ins.

    The address has the search text, the person who was chosen, and the page of the
    list.
    """
    text, person_id = read_search_text(), request.args.get("person", "")
    if not text and not person_id:
        return _render_list()
    if text:
        search_index.index_if_free()
    # Outside of the transaction, because it may wait.
    problem = microsoft_client.find_problem()
    with database.read() as connection:
        found = sign_in_lookup.look_up(connection, text) if text else Lookup([])
        answer = _find_answer(connection, found, text, person_id, problem)
    return render_template(
        "settings/sign_in_problems.html",
        search=text,
        found=found,
        answer=answer,
        link_of=link_of,
    )


def _render_list() -> str:
    with database.read() as connection:
        rows = refused_sign_ins.RecentRefusals(connection)
        page = load_rows_of_page(partial(refused_sign_ins.load, connection), rows)
    return render_template(
        "settings/sign_in_problems.html",
        search="",
        page=page,
        explain_entry=sign_in_findings.explain_entry,
    )


def _find_answer(
    connection: Connection, found: Lookup, text: str, person_id: str, problem: str
) -> Answer:
    """Return the findings about the person who was chosen, or the only one found."""
    entries = sign_in_findings.describe_entries(found.entries)
    deleted: Sequence[SignInFinding] = ()
    if text and sign_in_lookup.find_exact(connection, text) is None:
        deleted = sign_in_findings.examine_deletions(connection, text)
    person = sign_in_lookup.find_by_id(connection, person_id) if person_id else None
    if person is None and len(found.people) == 1:
        person = found.people[0]
    if person is not None:
        findings = sign_in_findings.examine_person(
            connection, context.current().installation, person, problem
        )
        # What the reference is about is shown once.
        shown = {each.what for each in entries}
        others = [each for each in findings if each.what not in shown]
        return Answer(entries, [*deleted, *others], person)
    if found.people or entries:
        return Answer(entries, deleted)
    name = text or sign_in_lookup.find_deleted_name(connection, person_id)
    return Answer([], sign_in_findings.examine_absence(connection, name))


def link_of(finding: SignInFinding) -> Link | None:
    """Return the link to where something can be done about a finding."""
    if finding.place is Place.PERSON and finding.person_id:
        address = url_for("person.show", user_id=finding.person_id)
        return Link(address, _("Page of the person"))
    if finding.conflict_id:
        address = url_for("conflict.show", conflict_id=finding.conflict_id)
        return Link(address, _("This conflict"))
    if finding.place in PLACES:
        view, text = PLACES[finding.place]
        return Link(url_for(view), _(text))
    return None
