"""Erasing a person leaves none of their names, addresses and numbers in the file."""

import subprocess
import sys
import threading
import time

import pytest
from sqlalchemy import insert, select, text

from factories import ENTRA
from netpresenter_next.directory import (
    access,
    arrived_attributes,
    conflicts,
    counted_events,
    emergency,
    erasure_parts,
    erasure_texts,
    erasures,
    errors,
    guesses,
    people_imports,
    scim_tokens,
    search_index,
)
from netpresenter_next.directory import (
    people as directory_people,
)
from netpresenter_next.directory.erasure_texts import ERASED, Eraser
from netpresenter_next.directory.events import (
    COMMAND_LINE,
    SCIM,
    Actor,
    Event,
    Target,
    make_entry,
    record,
    target_of_person,
    write,
)
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage import all_models, database
from netpresenter_next.storage.choices import Role
from netpresenter_next.storage.erasure_models import ERASURES
from netpresenter_next.storage.event_models import JOURNAL, MEMBERS
from netpresenter_next.storage.identity_models import BLOCKS, DELETED_PEOPLE
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.import_models import IMPORT_LINES, IMPORTS
from netpresenter_next.storage.models import SCIM_TOKENS, USERS
from netpresenter_next.upkeep import erasing
from netpresenter_next.web import context
from visitors import signed_in

OBJECT_ID = "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11"
OTHER_ID = "7f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11"
SECRET_WORDS = (
    *("zebedee", "quartermain", "qmain", "613579", "maidenname"),
    *("ZEBEDEE", "Zebedee", "Quartermain", "Maidenname"),
)
ATTRIBUTES = {
    "externalId": OBJECT_ID,
    "displayName": "Zebedee Quartermain",
    "name": {"givenName": "Zebedee", "familyName": "Quartermain"},
    "emails": [{"type": "work", "value": "qmain@example.org"}],
    "phoneNumbers": [{"type": "mobile", "value": "+31 613579 24680"}],
}


ERASED_LIST = [f"x {ERASED}", ERASED, 3]


def nothing(seconds):
    """Do not wait between batches."""


@pytest.fixture
def zebedee(people):
    """A person who was here long enough to leave traces in many places."""
    return people.provisioned("zebedee.quartermain@example.org", **ATTRIBUTES)


@pytest.fixture
def erase(app):
    def run(person, actor=COMMAND_LINE, actor_id=None):
        with app.app_context():
            key = context.current().encryption_key
            prepared = erasures.prepare(person.id)
            with database.write() as connection:
                erasures.erase(
                    connection, key, person.id, actor, actor_id, prepared=prepared
                )

    return run


@pytest.fixture
def complete(app):
    """Runs the job that reads the log and rewrites the index."""

    def run():
        with app.app_context():
            return erasing.complete_erasures(nothing)

    return run


def read_file(app):
    """Return all that is in the file of the database and in its log."""
    with app.app_context():
        path = database.state().path
    log = path.with_name(f"{path.name}-wal")
    return path.read_bytes() + (log.read_bytes() if log.exists() else b"")


def words_in(content):
    lowered = content.lower()
    return sorted({each for each in SECRET_WORDS if each.lower().encode() in lowered})


def leave_traces(app, people, zebedee):
    """Let the person appear in every table that can hold a name."""
    people.change(zebedee, displayName="Zebedee Maidenname")
    people.change(zebedee, displayName="Zebedee Quartermain", title="Admiral")
    people.give_password(zebedee)
    browser = signed_in(app, zebedee.user_name)
    assert browser.is_in()
    app.test_client().sign_in(zebedee.user_name, "wrong")
    manager = {
        "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {
            "manager": {"value": zebedee.id, "displayName": "Zebedee Quartermain"}
        }
    }
    people.provisioned("report@example.org", **manager)
    people.group("Fleet", zebedee)
    people.local_group("Sailors", zebedee)
    local = people.local("mallory")
    with app.app_context(), database.write() as connection:
        fresh = directory_people.find_by_id(connection, zebedee.id)
        claim = conflicts.DetectedConflict(
            directory_people.find_by_id(connection, local.id),
            conflicts.Reason.LOCAL_USER_NAME,
            "mallory",
            fresh.user_name,
            OBJECT_ID,
        )
        conflicts.open_(connection, claim, ENTRA)
        target, refused = target_of_person(fresh), Event.MICROSOFT_SIGN_IN_REFUSED
        counted_events.record(
            connection,
            Actor("Microsoft account", "Zebedee Quartermain", "192.0.2.7"),
            refused,
            target,
            about="zebedee.quartermain@example.org",
            reason="no_account",
            account="zebedee.quartermain@example.org",
            object_id=OBJECT_ID,
            external_id=None,
            more="",
        )
        counted_events.record(
            connection,
            ENTRA,
            Event.SCIM_REFUSED,
            None,
            about="x",
            method="POST",
            path="/scim/v2/Users",
            status=409,
            reason="A user 'zebedee.quartermain@example.org' exists.",
        )
        emergency.note_sign_in(connection, fresh, "192.0.2.7", "secret")
        sent = arrived_attributes.Arrivals()
        sent.note("User", zebedee.id, ATTRIBUTES)
        sent.note("Group", "g", {"members": [{"display": "Zebedee Quartermain"}]})
        sent.store(connection)
    with app.app_context():
        search_index.index_everybody()


def add_others(app, people, number=120):
    """Add people, so that rows are spread over pages that are split and freed."""
    for each in range(number):
        people.provisioned(f"other{each}@example.org", displayName=f"Other {each} " * 9)
    with app.app_context():
        search_index.index_everybody()


def test_no_name_address_or_number_stays_in_the_file(
    app, people, zebedee, erase, complete, rows
):
    add_others(app, people)
    leave_traces(app, people, zebedee)
    assert len(words_in(read_file(app))) > 5
    erase(zebedee)
    assert complete() == "A person was erased completely."
    assert words_in(read_file(app)) == []
    assert rows(select(ERASURES)) == []
    assert rows(select(USERS.c.id).where(USERS.c.id == zebedee.id)) == []
    assert complete() is None


def test_a_person_who_was_deleted_before_is_erased_as_well(
    app, people, zebedee, erase, complete, rows
):
    leave_traces(app, people, zebedee)
    people.block(zebedee)
    people.delete(zebedee)
    assert len(words_in(read_file(app))) > 5
    erase(zebedee)
    complete()
    assert words_in(read_file(app)) == []
    (block,) = rows(select(BLOCKS))
    assert (block.user_id, block.value) == (zebedee.id, OBJECT_ID)
    (gone,) = rows(select(DELETED_PEOPLE))
    assert (gone.user_name, gone.user_name_key, gone.object_id) == (
        None,
        None,
        OBJECT_ID,
    )


def test_a_block_by_user_name_ends_with_the_name(people, erase, rows):
    tim = people.provisioned("tim@example.org")
    people.block(tim)
    erase(tim)
    assert rows(select(BLOCKS)) == []
    assert rows(select(DELETED_PEOPLE)) == []


def test_what_happened_stays_without_a_name(
    app, people, zebedee, erase, complete, rows
):
    people.give_password(zebedee)
    signed_in(app, zebedee.user_name)
    people.change(zebedee, active=False)
    erase(zebedee, Actor("person", "ada", "192.0.2.1"))
    complete()
    about = rows(select(JOURNAL).where(JOURNAL.c.target_id == zebedee.id))
    said = {row.event: describe(row) for row in about}
    assert said == {
        Event.PERSON_CREATED: f"Created {ERASED}.",
        Event.PASSWORD_SET: f"Set a new password for {ERASED}; their sessions ended.",
        Event.SIGNED_IN: f"{ERASED} signed in.",
        Event.PERSON_DISABLED: f"Disabled {ERASED}; changed active. 1 session ended.",
        Event.PERSON_DELETED: f"Deleted {ERASED}.",
        Event.PERSON_ERASED: "Erased a person.",
    }
    by = {row.event: (row.actor_name, row.address) for row in about}
    assert by[Event.PERSON_DISABLED] == (ENTRA.name, None)
    assert by[Event.SIGNED_IN] == (ERASED, None)
    assert by[Event.PERSON_ERASED] == ("ada", "192.0.2.1")
    (disabled,) = [row for row in about if row.event == Event.PERSON_DISABLED]
    assert disabled.facts["last_seen"]


def test_every_sentence_about_an_erased_person_can_still_be_written(
    app, people, zebedee, erase, complete, rows
):
    leave_traces(app, people, zebedee)
    erase(zebedee)
    complete()
    for row in rows(select(JOURNAL)):
        assert describe(row).endswith(".")


def test_what_others_did_and_who_has_a_similar_name_stays(
    app, people, erase, complete, rows
):
    tim = people.provisioned("tim@example.org", displayName="Tim")
    people.provisioned("timothy@example.org", displayName="Tim Berners")
    people.provisioned("tim@example.organic", displayName="Tim")
    before = {row.id: row for row in rows(select(JOURNAL)) if row.target_id != tim.id}
    erase(tim)
    complete()
    after = {row.id: row for row in rows(select(JOURNAL)) if row.target_id != tim.id}
    kept = {"timothy@example.org", "tim@example.organic"}
    assert {row.target_name for row in after.values()} >= kept
    for entry_id, row in before.items():
        assert after[entry_id].target_name == row.target_name


@pytest.mark.parametrize(
    ("texts", "value", "erased"),
    [
        (["jane@example.org"], "Jane@Example.org", ERASED),
        (
            ["jane@example.org"],
            "the user jane@example.org exists",
            f"the user {ERASED} exists",
        ),
        (["jane@example.org"], "mary-jane@example.org", "mary-jane@example.org"),
        (["jane@example.org"], "xjane@example.org", "xjane@example.org"),
        (["jane@example.org"], "jane@example.organic", "jane@example.organic"),
        (["jane@example.org"], "out jane@example.org.csv", f"out {ERASED}.csv"),
        (["jane@example.org"], "JANE@EXAMPLE.ORG.CSV", f"{ERASED}.CSV"),
        (["jane@example.org"], "See jane@example.org.csv.", f"See {ERASED}.csv."),
        (["jane@example.org"], "jane@example.org.csvs", "jane@example.org.csvs"),
        (["jane@example.org"], "jane@example.org.csv.nl", "jane@example.org.csv.nl"),
        (["jane"], "jane", ERASED),
        (["jane"], "Jane Fonda", "Jane Fonda"),
        (["jane"], "There is no user 'jane'.", f"There is no user '{ERASED}'."),
        (
            ["Jane Doe", "jane"],
            {"a": ["x Jane Doe", "jane", 3]},
            {"a": [f"x {ERASED}", ERASED, 3]},
        ),
        (["+31 6 1234"], "call +31 6 1234.", f"call {ERASED}."),
        (["1234"], "Invalid value 1234", "Invalid value 1234"),
        (["1234"], "1234", ERASED),
        ([], "anything", "anything"),
        (["jane"], None, None),
    ],
)
def test_texts_are_replaced_only_where_they_name_the_person(texts, value, erased):
    assert Eraser(texts).erase(value) == erased


def test_nobody_erases_themselves_or_the_last_administrator(
    app, people, erase, rows, zebedee
):
    before = rows(select(JOURNAL))
    with pytest.raises(errors.AccountError, match="yourself"):
        erase(zebedee, actor_id=zebedee.id)
    with pytest.raises(errors.LastAdministrator):
        erase(people.ada)
    people.local("grace", role=Role.ADMINISTRATOR)
    with pytest.raises(errors.LastAdministrator, match="emergency access"):
        erase(people.ada)
    with pytest.raises(errors.NoSuchPerson):
        erase(type("Nobody", (), {"id": "nobody"}))
    kept = [row for row in rows(select(JOURNAL)) if row.target_name != "grace"]
    assert kept == before
    assert rows(select(ERASURES)) == []


def test_an_administrator_is_erased_wherever_they_did_something(
    app, people, erase, complete, rows
):
    zebedee = people.local("zebedee-admin", role=Role.ADMINISTRATOR)
    tim = people.provisioned("tim@example.org")
    with app.app_context(), database.write() as connection:
        fresh = directory_people.find_by_id(connection, tim.id)
        actor = Actor("person", "zebedee-admin", "192.0.2.9")
        access.set_blocked(connection, fresh, actor, blocked=True)
    erase(zebedee)
    complete()
    assert words_in(read_file(app)) == []
    (blocked,) = rows(select(JOURNAL).where(JOURNAL.c.event == Event.PERSON_BLOCKED))
    assert (blocked.actor_name, blocked.address) == (ERASED, None)
    assert blocked.target_name == "tim@example.org"
    assert rows(select(BLOCKS))[0].blocked_by == ERASED


def test_erasing_somebody_with_the_name_of_an_administrator_keeps_their_entries(
    app, people, erase, complete, rows
):
    """Whoever names people in Entra could hide what others did, by choosing a name."""
    signed_in(app, "ada")
    leaver = people.provisioned("leaver@example.org", displayName="ada")
    people.change(leaver, nickName="Ben", displayName="Ada Smith")
    tim = people.local("tim")
    actor = Actor("person", "ada", "192.0.2.9", id=people.ada.id)
    with app.app_context(), database.write() as connection:
        access.set_role(connection, tim, Role.ADMINISTRATOR, actor)
    of_others = select(JOURNAL).where(JOURNAL.c.target_id != leaver.id)
    before = rows(of_others)
    erase(leaver)
    complete()
    assert rows(of_others)[: len(before)] == before


def test_names_of_groups_imports_and_tokens_with_the_name_of_the_person_are_erased(
    app, people, zebedee, erase, complete, rows
):
    people.local_group("Deputies of Zebedee Quartermain")
    file_names = (zebedee.user_name, f"leaver {zebedee.user_name}.csv")
    label = f"made for {zebedee.user_name}"
    gone = people.provisioned("gone@example.org", externalId=OTHER_ID)
    tim = people.local("tim")
    by_token = Actor(SCIM, label, "192.0.2.1", id=new_id())
    with app.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, label, "n")
        for name in file_names:
            import_id = people_imports.begin(connection, name, "d", COMMAND_LINE)
            target = Target("Import", import_id, name)
            record(connection, COMMAND_LINE, Event.IMPORT_DISCARDED, target)
        directory_people.delete_person(connection, gone, by_token)
        for person in (zebedee, tim):
            record(connection, by_token, Event.CLAIMED, target_of_person(person))
    erase(zebedee)
    complete()
    deleted_by = select(DELETED_PEOPLE.c.deleted_by)
    assert (f"token made for {ERASED}",) in rows(deleted_by)
    for table in (JOURNAL, IMPORTS, SCIM_TOKENS):
        assert words_in(repr(rows(select(table))).encode()) == []
    named = {(row.target_type, row.target_name) for row in rows(select(JOURNAL))}
    assert named >= {
        ("Group", f"Deputies of {ERASED}"),
        ("Import", ERASED),
        ("Import", f"leaver {ERASED}.csv"),
        ("User", "tim"),
    }
    assert rows(select(SCIM_TOKENS.c.label)) == [(f"made for {ERASED}",)]
    claimed = rows(select(JOURNAL).where(JOURNAL.c.event == Event.CLAIMED))
    done_by = {(row.actor_name, row.actor_id, row.address) for row in claimed}
    assert done_by == {(f"made for {ERASED}", by_token.id, "192.0.2.1")}


def test_a_label_of_one_word_and_settings_are_kept_if_somebody_has_that_name(
    app, people, erase, complete, rows
):
    leaver = people.provisioned("production", displayName="Role mappings")
    by_token = Actor(SCIM, "production", id=new_id())
    settings = Target("Settings", None, "Role mappings")
    with app.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, "production", "n")
        record(connection, by_token, Event.CLAIMED, settings)
    erase(leaver)
    complete()
    assert rows(select(SCIM_TOKENS.c.label)) == [("production",)]
    (claimed,) = rows(select(JOURNAL).where(JOURNAL.c.event == Event.CLAIMED))
    assert (claimed.actor_name, claimed.target_name) == ("production", "Role mappings")


@pytest.mark.parametrize("names", [{}, {"displayName": "command line"}])
def test_erasing_somebody_named_command_line_keeps_what_the_command_line_did(
    app, people, erase, complete, rows, names
):
    leaver = people.provisioned("Command Line" if not names else "leaver", **names)
    tim = people.local("tim")
    with app.app_context(), database.write() as connection:
        access.set_blocked(connection, tim, COMMAND_LINE, blocked=True)
        scim_tokens.issue(connection, COMMAND_LINE, "production", "n")
        own = Actor("person", "command line", "192.0.2.9", id=leaver.id)
        record(connection, own, Event.CLAIMED, target_of_person(tim))
    of_others = select(JOURNAL).where(
        JOURNAL.c.actor_kind == "command line", JOURNAL.c.target_id != leaver.id
    )
    before = rows(of_others)
    assert before
    erase(leaver)
    complete()
    assert rows(of_others)[: len(before)] == before
    assert rows(select(SCIM_TOKENS.c.created_by)) == [("command line",)]
    (own_act,) = rows(select(JOURNAL).where(JOURNAL.c.event == Event.CLAIMED))
    assert (own_act.actor_name, own_act.actor_id) == (ERASED, None)


def test_only_staged_lines_with_a_user_name_of_the_person_are_deleted(
    app, people, erase, complete, rows
):
    leaver = people.provisioned(
        "former", displayName="gracie", phoneNumbers=[{"value": "+31612345678"}]
    )
    people.change(leaver, userName="leaver", displayName="lin")
    people.local("linus")
    names = ("FORMER", "leaver", "gracie", "lin", "+31612345678", "linus")
    with app.app_context(), database.write() as connection:
        import_id = people_imports.begin(connection, "f.csv", "d", COMMAND_LINE)
        lines = [people_imports.Line(2, {"user_name": name}) for name in names]
        staged = [
            people_imports.make_row(import_id, *each) for each in enumerate(lines, 1)
        ]
        people_imports.add_lines(connection, staged)
    erase(leaver)
    complete()
    left = [row.user_name for row in rows(select(IMPORT_LINES))]
    assert left == ["gracie", "lin", "+31612345678", "linus"]


def test_erasing_the_former_holder_of_a_user_name_keeps_entries_about_the_next(
    people, erase, complete, rows
):
    former = people.provisioned("jan@example.org", externalId=OBJECT_ID)
    people.delete(former)
    present = people.provisioned("jan@example.org", externalId=OTHER_ID)
    people.change(present, title="Admiral")
    about = select(JOURNAL).where(JOURNAL.c.target_id == present.id)
    before = rows(about)
    erase(former)
    complete()
    assert rows(about) == before
    assert {row.target_name for row in before} == {"jan@example.org"}


def test_erasing_the_former_holder_keeps_the_limit_of_the_next_one(
    app, people, password_hash, erase
):
    former = people.provisioned("jan@example.org", externalId=OBJECT_ID)
    people.delete(former)
    people.give_password(people.provisioned("jan@example.org", externalId=OTHER_ID))
    browser = app.test_client()
    answers = [
        browser.sign_in("jan@example.org", "wrong").status_code for _ in range(12)
    ]
    assert answers[-1] == 429
    erase(former)
    assert browser.sign_in("jan@example.org", "wrong").status_code == 429


@pytest.mark.parametrize("name", ["administrator", "user", "work", "local"])
def test_erasing_somebody_named_like_a_code_keeps_the_codes(
    app, people, erase, complete, rows, name
):
    leaver, tim = people.local(name), people.local("tim")
    actor = Actor("command line", "command line")
    with app.app_context(), database.write() as connection:
        access.set_role(connection, tim, Role.ADMINISTRATOR, actor)
    about = select(JOURNAL).where(JOURNAL.c.target_id == tim.id)
    before = rows(about)
    erase(leaver)
    complete()
    assert rows(about) == before


def test_what_an_erased_person_did_under_a_forgotten_name_is_anonymised(
    app, people, erase, complete, rows
):
    leaver, tim = people.local("leaver"), people.local("tim")
    actor = Actor("person", "an-older-name", "192.0.2.9", id=leaver.id)
    with app.app_context(), database.write() as connection:
        access.set_blocked(connection, tim, actor, blocked=True)
    erase(leaver)
    complete()
    (done,) = rows(select(JOURNAL).where(JOURNAL.c.event == Event.PERSON_BLOCKED))
    assert (done.actor_name, done.actor_id, done.address) == (ERASED, None, None)
    assert done.target_name == "tim"


def test_a_long_log_is_read_in_parts_that_a_restart_continues(
    app, people, zebedee, erase, rows, monkeypatch
):
    with app.app_context(), database.write() as connection:
        target = Target("User", zebedee.id, zebedee.user_name)
        for _ in range(60):
            record(connection, COMMAND_LINE, Event.CLAIMED, target)
    monkeypatch.setattr(erasures, "AT_ONCE", 5)
    monkeypatch.setattr(erasure_parts, "CHUNK", 20)
    erase(zebedee)
    with pytest.raises(errors.AccountError, match="already"):
        erase(zebedee)
    positions = []
    while (left := rows(select(ERASURES))) and left[0].stage == "log":
        positions.append(left[0].position)
        with app.app_context():
            list(erasure_parts.continue_erasure(left[0]))
    assert positions == sorted(set(positions))
    assert len(positions) > 3
    about = rows(select(JOURNAL).where(JOURNAL.c.target_id == zebedee.id))
    assert {row.target_name for row in about} == {ERASED}


def test_wrong_passwords_of_an_erased_person_are_not_found_by_their_name(
    app, people, erase, rows
):
    people.local("tim")
    tim = people.provisioned("zebedee@example.org")
    people.give_password(tim)
    app.test_client().sign_in("zebedee@example.org", "wrong")
    app.test_client().sign_in("tim", "wrong")
    erase(tim)
    with app.app_context():
        digest = guesses.digest_user_name(context.current().encryption_key, "tim")
    accounts = [row.account for row in rows(select(guesses.GUESSES))]
    assert sorted(accounts, key=str) == sorted([None, digest], key=str)


def add_entries(app, person, number, **more):
    """Add entries about a person; ``more`` are other values of their rows."""
    with app.app_context(), database.write() as connection:
        target = Target("User", person.id, person.user_name)
        rows = [
            make_entry(ENTRA, Event.CLAIMED, target, {}) | more for _ in range(number)
        ]
        write(connection, *rows)


def test_a_name_is_found_however_many_entries_are_newer(
    app, people, zebedee, erase, complete, rows
):
    people.provisioned("report@example.org", title="deputy of Zebedee Maidenname")
    people.change(zebedee, displayName="Zebedee Maidenname")
    people.change(zebedee, displayName="Zebedee Quartermain")
    add_entries(app, zebedee, 2_500)
    report = people.find("report@example.org")
    changes = [{"attribute": "title", "new": "deputy of Zebedee Maidenname"}]
    add_entries(app, report, 1, changes=changes)
    erase(zebedee)
    complete()
    (entry,) = rows(
        select(JOURNAL).where(
            JOURNAL.c.target_id == report.id, JOURNAL.c.event == Event.CLAIMED
        )
    )
    assert entry.changes == [{"attribute": "title", "new": f"deputy of {ERASED}"}]


def test_a_name_under_which_somebody_did_something_is_looked_for(
    app, people, erase, complete, rows
):
    leaver, tim = people.local("leaver"), people.local("tim")
    actor = Actor("person", "zebedee-before", "192.0.2.9", id=leaver.id)
    with app.app_context(), database.write() as connection:
        access.set_blocked(connection, tim, actor, blocked=True)
        reason = "A user 'zebedee-before' exists."
        facts = {"method": "POST", "path": "/scim/v2/Users", "status": 409}
        record(connection, ENTRA, Event.SCIM_REFUSED, None, reason=reason, **facts)
    erase(leaver)
    complete()
    assert words_in(read_file(app)) == []
    (refused,) = rows(select(JOURNAL).where(JOURNAL.c.event == Event.SCIM_REFUSED))
    assert refused.facts["reason"] == f"A user '{ERASED}' exists."


def test_the_texts_that_are_looked_for_are_bounded_and_the_newest(
    app, people, zebedee, monkeypatch
):
    monkeypatch.setattr(erasure_texts, "MOST_TEXTS", 30)
    monkeypatch.setattr(erasure_texts, "PAGE", 10)
    for number in range(50):
        add_entries(app, zebedee, 1, target_name=f"name.{number}@example.org")
    with app.app_context():
        texts = erasure_texts.collect(zebedee.id)
    assert len(texts) == 30
    assert {"name.49@example.org", "Zebedee Quartermain", zebedee.user_name} <= {*texts}
    assert "name.1@example.org" not in texts


@pytest.mark.parametrize("text", ["(erased)", "erased)", "erased", "(ERASED"])
def test_a_name_like_what_replaces_names_is_not_looked_for(app, people, text):
    named = people.local("zebedee")
    add_entries(app, named, 1, target_name=text)
    with app.app_context():
        assert erasure_texts.collect(named.id) == ["zebedee"]


def test_many_links_to_entries_about_groups_are_deleted_in_parts(
    app, people, zebedee, erase, complete, rows
):
    group = people.group("Fleet")
    with app.app_context(), database.write() as connection:
        for _ in range(2 * erasure_parts.BATCH + 1):
            target = Target("Group", group.id, "Fleet")
            at, entry_id = record(connection, ENTRA, Event.MEMBERS_ADDED, target)
            row = {"entry_id": entry_id, "user_id": zebedee.id, "at": at}
            connection.execute(insert(MEMBERS), row)
    erase(zebedee)
    complete()
    assert rows(select(MEMBERS).where(MEMBERS.c.user_id == zebedee.id)) == []
    assert rows(select(ERASURES)) == []


@pytest.mark.long
def test_a_writer_beside_the_erasure_of_a_long_history_is_not_held_up(
    app, people, zebedee, erase
):
    """Fifty thousand entries; a SCIM request waits two seconds for the lock."""
    numbers = range(50_000)
    names = [f"name.{number}@example.org" for number in numbers]
    with app.app_context(), database.write() as connection:
        target = Target("User", zebedee.id, zebedee.user_name)
        entry = make_entry(ENTRA, Event.CLAIMED, target, {})
        for part in range(0, len(names), 1_000):
            some = names[part : part + 1_000]
            write(
                connection,
                *(entry | {"id": new_id(), "target_name": name} for name in some),
            )
    waited, has_ended = [], threading.Event()

    def keep_writing():
        with app.app_context():
            while not has_ended.is_set():
                start = time.monotonic()
                with database.write() as connection:
                    connection.execute(text("SELECT 1"))
                waited.append(time.monotonic() - start)
                time.sleep(0.002)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    erase(zebedee)
    with app.app_context():
        while erasing.complete_erasures(lambda _: time.sleep(0.005)) is None:
            pass
    has_ended.set()
    writer.join()
    assert len(waited) > 1_000
    assert max(waited) < 1, max(waited)
    assert words_in(read_file(app)) == []


JOB = """
import pathlib, sys, time
from netpresenter_next.cli.console import make_database_app
from netpresenter_next.config.options import load
from netpresenter_next.upkeep import erasing
app = make_database_app(load({}, instance=pathlib.Path(sys.argv[1])))
def pause(seconds):
    print("part", flush=True)
    time.sleep(0.02)
with app.app_context():
    print(erasing.complete_erasures(pause), flush=True)
"""


def test_an_erasure_that_was_killed_in_the_middle_is_continued(
    app, people, zebedee, erase, rows
):
    add_others(app, people, 20)
    leave_traces(app, people, zebedee)
    add_entries(app, zebedee, 1_500)
    erase(zebedee)
    with app.app_context():
        folder = database.state().path.parent
    command = [sys.executable, "-c", JOB, str(folder)]
    for parts in (1, 3, 5):
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as job:
            for _ in range(parts):
                assert job.stdout.readline() == "part\n"
            job.kill()
        assert rows(select(ERASURES))
        assert words_in(read_file(app))
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    assert said.stdout.endswith("A person was erased completely.\n")
    assert words_in(read_file(app)) == []
    about = rows(select(JOURNAL).where(JOURNAL.c.target_id == zebedee.id))
    assert {row.target_name for row in about} == {ERASED}
    assert rows(select(ERASURES)) == []


# How the rows of each table lose what they hold about an erased person.
HANDLED = {
    "deleted": {
        "users",
        # ON DELETE CASCADE
        *("memberships", "sessions", "identities", "unlocks", "password_links"),
        *(
            "emergency_sign_ins",
            "erasures",
            "journal_members",
            "search_entries",
            "unindexed_people",
            "import_lines",
        ),
    },
    "changed": {
        *(
            "journal",
            "conflicts",
            "blocks",
            "deleted_people",
            "guesses",
            "restorations",
        ),
        *("arrived_attributes", "scim_tokens", "sign_in_settings"),
        *("kept_apart", "alarm_messages", "imports"),
    },
    "about nobody": {
        *("groups", "role_mappings", "totals", "unstored_attributes", "upkeep_runs"),
        # Settings with addresses for alarms, which administrators choose.
        "alarm_settings",
        "colleague_settings",
        *("upkeep_settings", "provisioning_settings", "scim_cycles", "scim_traffic"),
    },
}


def test_it_is_decided_for_every_table_what_erasing_does_to_its_rows():
    """A new table with names, e-mail addresses or numbers needs code in erasures."""
    decided = [each for tables in HANDLED.values() for each in tables]
    assert sorted(decided) == sorted(all_models.METADATA.tables)
