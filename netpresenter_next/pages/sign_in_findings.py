"""Findings about a person's sign-in in words, for the page and for ``doctor``."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from sqlalchemy import Connection

from netpresenter_next.directory import absent_people, counted_events
from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.sign_in_causes import Cause, Found
from netpresenter_next.directory.sign_in_checks import (
    diagnose,
    report_block,
    report_disabling,
)
from netpresenter_next.directory.sign_in_facts import find_block, read_facts
from netpresenter_next.directory.sign_in_history import find_latest
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import write_time
from netpresenter_next.pages import (
    event_sentences,
    failure_sentences,
    identity_sentences,
)
from netpresenter_next.pages.identity_texts import Explanation
from netpresenter_next.pages.sign_in_sentences import TEXTS
from netpresenter_next.pages.sign_in_texts import Place
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.findings import Severity
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import Person, User


class SignInFinding(NamedTuple):
    """A finding in words.

    ``person_id`` is whom it is about, if they have a page, and ``conflict_id`` the open
    conflict.
    """

    cause: Cause
    severity: Severity
    subject: str
    what: str
    advice: str
    place: Place | None = None
    person_id: str | None = None
    command: Sequence[str] = ()
    conflict_id: str | None = None


def examine_person(
    connection: Connection,
    installation: Installation,
    person: Person,
    microsoft_problem: str = "",
) -> list[SignInFinding]:
    """Return the findings about a person: first whether they can sign in, and how.

    ``microsoft_problem`` is why Microsoft cannot be reached now, if it is known.
    """
    facts = read_facts(connection, installation, person, microsoft_problem)
    diagnosis = diagnose(facts)
    return [
        _describe_one(
            each, diagnosis.severity_of(each), person.user_name, str(person.id)
        )
        for each in diagnosis.found
    ]


def explain_exclusion(
    connection: Connection, person: Person | User
) -> list[SignInFinding]:
    """Return by whom and when a person was blocked and disabled, if they were."""
    disabled = find_latest(connection, person.id, Event.PERSON_DISABLED)
    found = [
        *report_block(person, find_block(connection, person.id)),
        *report_disabling(person, disabled),
    ]
    return [
        _describe_one(each, Severity.ERROR, person.user_name, person.id)
        for each in found
    ]


def examine_absence(connection: Connection, text: str) -> list[SignInFinding]:
    """Return why nobody is found: first that nobody is, then what is known."""
    first, *others = absent_people.explain_absence(connection, text)
    return [
        _describe_one(first, Severity.ERROR, text, None),
        *(_describe_one(each, Severity.WARNING, text, None) for each in others),
    ]


def examine_deletions(connection: Connection, text: str) -> list[SignInFinding]:
    """Return which deleted people had a user name or object ID."""
    found = absent_people.report_deletions(connection, text)
    return [_describe_one(each, Severity.WARNING, text, None) for each in found]


def describe_entries(entries: Sequence[JournalEntry]) -> list[SignInFinding]:
    """Return refused and failed sign-ins in words."""
    return [
        _describe_entry(
            Cause.FAILED
            if each.event == Event.MICROSOFT_SIGN_IN_FAILED
            else Cause.REFUSED,
            each,
            Severity.WARNING,
        )
        for each in entries
    ]


def _describe_one(
    found: Found, severity: Severity, name: str, person_id: str | None
) -> SignInFinding:
    if found.conflict is not None:
        return _describe_conflict(found.conflict, severity)
    if found.entry is not None:
        return _describe_entry(found.cause, found.entry, severity)
    text = TEXTS[found.cause]
    values = {"name": name, **found.values}
    advice = (text.advice,) if isinstance(text.advice, str) else text.advice
    what = partial(_, text.what) if isinstance(text.what, str) else text.what
    return SignInFinding(
        found.cause,
        severity,
        _(text.subject),
        what(**values),
        " ".join(_(each, **values) for each in advice),
        text.place,
        person_id if text.place is Place.PERSON else None,
        (*text.command, name) if text.command else (),
    )


def _describe_conflict(row: NamedConflict, severity: Severity) -> SignInFinding:
    what, advice = identity_sentences.explain_conflict(row)
    return SignInFinding(
        Cause.CONFLICT,
        severity,
        _("Conflict"),
        what,
        advice,
        Place.CONFLICT,
        row.user_id,
        conflict_id=row.id,
    )


def _describe_entry(
    cause: Cause, row: JournalEntry, severity: Severity
) -> SignInFinding:
    what, advice = explain_entry(row)
    at = write_time(row.last_at or row.at)
    if cause is Cause.REFUSED:
        subject, start = (
            _("Refused sign-in"),
            _("Sign-in with Microsoft on %(at)s", at=at),
        )
    else:
        subject = _("Failed sign-in")
        start = _(
            "Sign-in that failed before Microsoft said whose it was, on %(at)s", at=at
        )
    place = Place.PERSON if row.target_id else Place.SIGN_IN
    return SignInFinding(
        cause, severity, subject, f"{start}: {what}", advice, place, row.target_id
    )


def explain_entry(row: JournalEntry) -> Explanation:
    """Return why a sign-in with Microsoft was refused or failed, and what to do."""
    facts = row.facts or {}
    if "said" in facts or facts.get(counted_events.REST):
        return Explanation(event_sentences.describe(row), "")
    if "kind" in facts:
        return failure_sentences.explain_failure(facts)
    return identity_sentences.explain_recorded_refusal(row.target_name, **facts)
