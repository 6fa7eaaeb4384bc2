"""Every event is recorded somewhere, with the facts that its sentence needs."""

import ast
from collections import namedtuple

import pytest

from helpers import ROOT
from netpresenter_next.directory import events, scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE, Event, Target
from netpresenter_next.pages.event_sentences import SENTENCES, describe
from netpresenter_next.pages.refusal_sentences import (
    REMEDIES,
    TOKEN_ERRORS,
    TOKEN_REMEDIES,
)
from netpresenter_next.scim.errors import ScimError
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL

# An example value for every fact that is recorded.
EXAMPLES = {
    "account": "ada@example.com",
    "address": "192.0.2.7",
    "problem": '{"problem":"timeout"}',
    "alarm": "Netpresenter Next: A conflict opened",
    "at": "2026-11-26 09:12",
    "applied_to": 7,
    "app_role": "Netpresenter.Admin",
    "attributes": ["active", "title"],
    **dict.fromkeys(("created", "changed", "unchanged", "refused", "lines"), 7),
    "cause": "uniqueness",
    "channel": "e-mail",
    "expires_on": "2027-01-31",
    "filters": ["source: local", "found by a search"],
    "file": "netpresenter-2026-11-26T020000Z.zip",
    "former_name": "Writers",
    "group": "Readers",
    "is_again": True,
    "is_complete": True,
    "is_active": False,
    "is_full_cycle": True,
    "is_mapped": True,
    "kind": "not_asked",
    "language": "Nederlands",
    "last_seen": "2026-11-26T09:40:00.000000Z",
    "length": 12,
    "losing": 1,
    "method": "POST",
    "names": ["ada", "grace"],
    "is_automatic": True,
    "number": 7,
    "object_id": "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11",
    "part": "connection",
    "path": "/scim/v2/Users",
    "claimant": "tim@example.org",
    "ended": "3 Nov 2026, 09:12 UTC",
    "detail": "Microsoft sent something else.",
    "external_id": "tim",
    "more": "The userName is empty.",
    "new": "tim",
    "old": "tom",
    "reason": "no_account",
    "refusal": "disabled",
    "deleted_at": "2026-11-26T09:51:02.000000Z",
    "requested_at": "2026-11-26T09:51:02.000000Z",
    "role": "administrator",
    "rule": "externalId",
    "sessions_ended": 2,
    "value": "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11",
    "was_active": True,
}
ARGUMENTS = {
    "succeeded",
    "about",
    "unrecorded",
    "status",
}  # arguments of record() that are no facts
Row = namedtuple("Row", "event target_name facts times last_at", defaults=(1, None))


def literals(node):
    """Return the events that a piece of code names."""
    return {
        Event[each.attr]
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and isinstance(each.value, ast.Name)
        and each.value.id == "Event"
    }


def calls_of(tree, name):
    return [
        each
        for each in ast.walk(tree)
        if isinstance(each, ast.Call)
        and isinstance(each.func, ast.Name)
        and each.func.id == name
    ]


def events_of(value, function, tree):
    """Return the events that an argument of a call may be."""
    if found := literals(value):
        return found
    if value.id in {each.arg for each in function.args.args}:
        return set().union(*map(literals, calls_of(tree, function.name)))
    assigned = (
        each.value
        for each in ast.walk(function)
        if isinstance(each, ast.Assign)
        and value.id in {n.id for n in ast.walk(each) if isinstance(n, ast.Name)}
    )
    return set().union(*map(literals, assigned))


def is_recorder(function):
    """Is it one of the functions that record an event?"""
    return isinstance(function, ast.Attribute) and ast.unparse(function) in (
        "events.record",
        "events.record_each",
        "counted_events.record",
    )


def recordings():
    """Return every event with the facts that each call records."""
    found = []
    for path in sorted((ROOT / "netpresenter_next").rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if ".record" not in source:
            continue
        tree = ast.parse(source)
        functions = (
            each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)
        )
        for function in functions:
            for call in ast.walk(function):
                if isinstance(call, ast.Call) and is_recorder(call.func):
                    names = {each.arg for each in call.keywords} - ARGUMENTS
                    which = events_of(call.args[2], function, tree)
                    assert which, f"{path.name}:{call.lineno} records no known event"
                    found += [(each, frozenset(names)) for each in which]
    return sorted(set(found), key=lambda each: (each[0], sorted(each[1])))


RECORDINGS = recordings()


@pytest.mark.parametrize(
    ("event", "names"),
    RECORDINGS,
    ids=[f"{event}({', '.join(sorted(names))})" for event, names in RECORDINGS],
)
def test_a_recorded_event_has_the_facts_that_its_sentence_needs(event, names):
    # The reason of a conflict is a code; that of a refusal is a sentence.
    examples = (
        EXAMPLES
        if "object_id" in names or "value" in names
        else {**EXAMPLES, "reason": "It cannot be."}
    )
    row = Row(event.value, "ada", {name: examples[name] for name in names} or None)
    said = describe(row)
    assert said.endswith(".")
    assert "{" not in said
    assert "None" not in said


def test_every_event_is_recorded_and_has_a_sentence():
    assert {event for event, _ in RECORDINGS} == set(Event)
    assert set(SENTENCES) == set(Event)


@pytest.mark.parametrize(
    ("event", "facts", "words"),
    [
        (Event.PERSON_CREATED, {"is_active": True}, "Created ada."),
        (
            Event.PERSON_DISABLED,
            {"attributes": ["active"], "sessions_ended": 1},
            "Disabled ada; changed active. 1 session ended.",
        ),
        (
            Event.MEMBERS_ADDED,
            {"names": ["jane", "tim"], "number": 9},
            "Added to group ada: jane, tim and 7 more.",
        ),
        (
            Event.ROLE_MAPPING_REMOVED,
            {"app_role": None, "group": "Readers"},
            "Removed the role mapping of the group 'Readers'.",
        ),
        (
            Event.MICROSOFT_SIGN_IN_REFUSED,
            {
                "reason": "guest",
                "account": "tim",
                "object_id": "1-2",
                "external_id": None,
                "more": "",
            },
            "tim is a guest of the directory, and nobody here has the object ID 1-2. "
            "Assign the guest under Enterprise applications > Users and groups; guests "
            "are matched by object ID alone.",
        ),
        (
            Event.SETTINGS_CHANGED,
            {"part": "connection", "sessions_ended": None},
            "Changed the connection for sign-in.",
        ),
    ],
)
def test_a_sentence_contains_the_facts_of_the_event(event, facts, words):
    assert describe(Row(event.value, "ada", facts)) == words


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        ("", "The request has no token."),
        ("npn_scim_abc", "This is only part of a token (12 of 58 characters)."),
        ("nonsense", "This is not a token of Netpresenter Next, or it is mistyped."),
        ("npn_scim_" + 49 * "a", "This is not a token of Netpresenter Next, or it is"),
    ],
)
def test_the_sentence_explains_why_a_token_was_refused(secret, words):
    problem = scim_tokens.diagnose(secret)
    facts = {"reason": str(problem.code), "length": problem.length}
    assert facts["reason"] in TOKEN_ERRORS
    said = describe(Row(Event.TOKEN_REFUSED.value, None, facts))
    assert said.startswith(f"Refused a token: {words}")


def test_a_refused_token_from_an_older_version_keeps_its_sentence():
    facts = {"reason": "The token {0} is revoked."}
    assert describe(Row(Event.TOKEN_REFUSED.value, None, facts)) == (
        "Refused a token: The token {0} is revoked."
    )


def test_an_entry_of_an_import_says_so():
    facts = {"is_active": True, "imported": True}
    said = describe(Row(Event.PERSON_CREATED.value, "ada", facts))
    assert said == "Created ada. By an import."


def test_a_stored_sentence_is_shown_unchanged():
    assert describe(Row("person.deleted", "ada", {"said": "So it was."})) == (
        "So it was."
    )


def test_braces_in_a_fact_are_shown_unchanged():
    facts = {"method": "GET", "path": "/{target}", "cause": "404", "reason": "{0}"}
    assert describe(Row("scim.refused", None, facts)) == "Refused GET /{target}: {0}"


def test_a_refused_request_is_described_in_words():
    facts = {"method": "Bulk POST", "path": "/Users", "reason": "No.", "cause": ""}
    assert describe(Row("scim.refused", "ada", facts)) == "Refused to create ada: No."
    older = {**facts, "method": "DELETE", "status": 404}
    assert describe(Row("scim.refused", "ada", older)) == "Refused to delete ada: No."


def test_an_event_of_a_newer_version_is_shown_by_its_code():
    assert describe(Row("moon.landed", "ada", {"x": 1})) == "moon.landed: ada"


def errors_of(kind):
    for each in kind.__subclasses__():
        yield each
        yield from errors_of(each)


def test_every_refusal_has_a_remedy():
    causes = {each.scim_type or str(each.status) for each in errors_of(ScimError)}
    own = {"local_account", "required", "last_administrator", "switched_off"}
    assert (causes - {"401"}) | own == set(REMEDIES)
    assert set(TOKEN_REMEDIES) == set(TOKEN_ERRORS)


def test_event_codes_are_two_lower_case_names_with_a_dot():
    for event in Event:
        subject, dot, what = event.value.partition(".")
        assert dot
        for word in (subject, what):
            assert word.replace("_", "").isalpha()
            assert word.islower()


def test_long_facts_are_shortened(app, rows):
    target = Target("User", "1", "ada")
    with app.app_context(), database.write() as connection:
        events.record(
            connection,
            COMMAND_LINE,
            Event.ROLE_KEPT,
            target,
            reason="x" * 10_000,
            names=["y" * 10_000] * 1_000,
            count=10**9,
        )
    (row,) = (each for each in rows(JOURNAL.select()) if each.event == Event.ROLE_KEPT)
    assert row.facts == {
        "reason": "x" * (events.LONGEST_FACT - 1) + "…",
        "names": ["y" * (events.LONGEST_FACT - 1) + "…"] * events.MOST_CHANGES,
        "count": 10**9,
    }
