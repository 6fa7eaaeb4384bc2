"""Who sees whom in the directory of colleagues, and what."""

import random
from itertools import product

import pytest
from sqlalchemy import select, update

from factories import ENTRA
from netpresenter_next.directory import (
    colleague_settings,
    colleague_views,
    colleagues,
    search_index,
    search_words,
)
from netpresenter_next.directory import people as directory_people
from netpresenter_next.directory.colleague_views import Number
from netpresenter_next.directory.colleagues import Absence, Facts
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.sorted_lists import Part
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import ShownNumbers
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import USERS

CASES = [Facts(*each) for each in product((True, False), repeat=5)]


def managed_by(person):
    return {ENTERPRISE_SCHEMA: {"manager": {"value": person.id}}}


def ids_in(rows):
    return [each.id for each in rows.read(Part(), 1_000)]


@pytest.fixture
def ask(app):
    """Calls a function with a connection that reads."""

    def run(function, *arguments):
        with app.app_context(), database.read() as connection:
            return function(connection, *arguments)

    return run


@pytest.fixture
def choose(app):
    """Changes the settings of the directory."""

    def run(shown_numbers=ShownNumbers.WORK, is_on=True):
        with app.app_context(), database.write() as connection:
            colleague_settings.change(
                connection, COMMAND_LINE, is_on=is_on, shown_numbers=shown_numbers
            )

    return run


@pytest.fixture
def index(app):
    def run():
        with app.app_context():
            search_index.index_everybody()

    return run


# ------------------------------------------------------------------ the rule
def test_every_case_is_decided_and_each_outcome_occurs():
    assert {colleagues.find_absence(each) for each in CASES} == {None, *Absence}


@pytest.mark.parametrize("facts", CASES)
def test_a_person_is_shown_only_if_nothing_is_against_it(facts):
    against = [
        why
        for why, applies in (
            (Absence.DIRECTORY_OFF, not facts.is_on),
            (Absence.DISABLED, not facts.is_active),
            (Absence.BLOCKED, facts.is_blocked),
            (Absence.EMERGENCY, facts.is_emergency),
            (Absence.HIDDEN, facts.is_hidden),
        )
        if applies
    ]
    assert colleagues.find_absence(facts) == (against[0] if against else None)


def test_queries_and_the_rule_agree_about_everybody_wherever_they_appear(
    app, people, ask, index
):
    """Each combination of facts as colleague, report, manager, member, and found."""
    boss, everybody = people.provisioned("boss"), people.group("Everybody")
    made = {}
    for number, facts in enumerate(product((True, False), repeat=4)):
        is_active, is_blocked, is_emergency, is_hidden = facts
        person = people.provisioned(
            f"case{number}", active=is_active, **managed_by(boss)
        )
        report = people.provisioned(f"report{number}", **managed_by(person))
        made[person.id] = report.id
        people.add(everybody, person)
        with app.app_context(), database.write() as connection:
            connection.execute(
                update(USERS)
                .where(USERS.c.id == person.id)
                .values(
                    is_blocked=is_blocked,
                    is_emergency=is_emergency,
                    is_hidden=is_hidden,
                )
            )
    settings = ask(colleague_settings.read)
    shown = {
        user_id
        for user_id in made
        for person in [ask(directory_people.find_by_id, user_id)]
        if colleagues.find_absence(colleagues.facts_of(person, settings)) is None
    }
    assert len(shown) == 1
    index()
    found = ask(colleagues.search, "case")
    for those in (
        {each for each in made if ask(colleagues.find, each)},
        set(ids_in(ask(lambda each: Kept(each, colleagues.list_all)))) & {*made},
        set(ids_in(ask(lambda each: Kept(each, colleagues.list_reports, boss.id)))),
        set(ids_in(ask(colleagues.list_members, everybody.id))),
        set(found.ids),
        set(ids_in(ask(colleagues.list_found, found))),
        set(ask(colleagues.search, "case", everybody.id).ids),
        {each for each in made if ask(colleagues.list_managers, made[each])},
    ):
        assert those == shown


class Kept:
    """The first rows of a list that is read while its connection is open."""

    def __init__(self, connection, make, *arguments):
        self._rows = make(connection, *arguments).read(Part(), 1_000)

    def read(self, part, most):
        return self._rows


# ------------------------------------------------------------------ what is seen
PRIVATE = {
    "phoneNumbers": [
        {"type": "work", "value": "+31 20 555 1234"},
        {"type": "mobile", "value": "+31 6 4444 9876"},
        {"type": "home", "value": "+31 70 333 2468"},
        {"value": "+31 71 222 1357"},
    ],
    "emails": [
        {"type": "work", "value": "jan@example.org"},
        {"type": "home", "value": "hideaway@example.net"},
    ],
}
ENDS = {"work": "1234", "mobile": "9876", "home": "2468", "none": "1357"}


@pytest.mark.parametrize(
    ("shown", "types"),
    [
        (ShownNumbers.NONE, []),
        (ShownNumbers.WORK, ["work"]),
        (ShownNumbers.WORK_AND_MOBILE, ["work", "mobile"]),
    ],
)
def test_only_the_chosen_numbers_are_shown_and_found(
    people, ask, choose, index, shown, types
):
    jan = people.provisioned("jan.secret", displayName="Jan Smit", **PRIVATE)
    choose(shown)
    for _ in ("before it is indexed", "afterwards"):
        assert [each.type for each in ask(colleagues.find, jan.id).numbers] == types
        for kind, end in ENDS.items():
            found = ask(colleagues.search, end).ids == [jan.id]
            assert found == (kind in types), end
        index()


def test_people_are_found_by_words_in_any_order_and_only_by_what_is_shown(
    people, ask, index
):
    jan = people.provisioned(
        "jan.secret", displayName="Jan Smit", name={"familyName": "Smit"}, **PRIVATE
    )
    index()
    for text in ("smit jan", "JAN", "jan@example", "jan 020 5551234", "smi"):
        assert ask(colleagues.search, text).ids == [jan.id], text
    for text in ("hideaway", "secret", "jan.secret", "jan 9876", ""):
        assert ask(colleagues.search, text).ids == [], text


def test_a_hidden_number_does_not_change_how_a_search_is_read(people, ask, index):
    """It would be noticed that the digits are somebody's number."""
    shown = people.provisioned("x", displayName="Room 123 456")
    hidden = [{"type": "home", "value": "123456"}]
    people.provisioned("y", displayName="Jan", phoneNumbers=hidden)
    index()
    assert ask(colleagues.search, "123 456").ids == [shown.id]


def test_the_search_finds_whom_the_rule_shows_by_what_the_rule_shows(
    people, ask, choose, index
):
    """Random people and searches, against a loop over everybody."""
    chance = random.Random(15)
    for number in range(25):
        digits = [f"{chance.randrange(10**8):08}" for _ in range(3)]
        person = people.provisioned(
            f"u{number}@example.org",
            displayName=chance.choice(["Jan Smit", "Jana de Vries", "Tom Smits", ""])
            or None,
            title="Smit",
            phoneNumbers=[
                {"type": kind, "value": f"+31 {each}"}
                for kind, each in zip(("work", "mobile", "fax"), digits, strict=True)
            ],
            active=chance.random() < 0.8,
        )
        if chance.random() < 0.2:
            people.block(person)
    index()
    texts = ["jan", "smit", "jan smit", "tom 31", "u1", "example", "org u2"]
    for row in ask(lambda each: each.execute(select(USERS)).all()):
        texts += [each["value"][-4:] for each in row.document.get("phoneNumbers", ())]
    for shown in ShownNumbers:
        choose(shown)
        for text in texts:
            assert sorted(ask(colleagues.search, text).ids) == sorted(
                ask(find_by_looking, text, shown)
            ), text


def find_by_looking(connection, text, shown):
    settings = colleague_settings.read(connection)
    (reading, *_) = search_words.read_search(text)
    return [
        row.id
        for row in connection.execute(select(USERS))
        if colleagues.find_absence(colleagues.facts_of(row, settings)) is None
        and search_words.matches(
            reading, colleague_views.list_keys(colleague_views.describe(row, shown))
        )
    ]


def test_a_common_word_of_names_is_found_without_reading_whole_people(
    people, ask, index, monkeypatch
):
    """Each SCIM resource that is read takes time from provisioning."""
    monkeypatch.setattr(colleagues, "MOST_EXAMINED", 0)
    for number in range(20):
        email = {"type": "work", "value": f"jan.{number}@contoso.org"}
        people.provisioned(f"u{number}", displayName=f"Jan Ż{number}", emails=[email])
    index()
    for text in ("jan", "JAN z1", "contoso"):
        found = ask(colleagues.search, text)
        assert len(found.ids) == (20 if " " not in text else 11), text
        assert not found.notices


def test_people_who_may_be_found_by_what_is_not_shown_are_bounded(
    people, ask, choose, index, monkeypatch
):
    monkeypatch.setattr(colleagues, "MOST_EXAMINED", 5)
    choose(ShownNumbers.WORK)
    for number in range(6):
        hidden = {"type": "mobile", "value": f"+31 6 1234567{number}"}
        people.provisioned(f"u{number}", displayName="Jan", phoneNumbers=[hidden])
    index()
    found = ask(colleagues.search, "3161234")
    assert found.ids == []
    assert found.notices == [
        "The search stopped before everybody was searched: add another word."
    ]
    assert ask(colleagues.search, "31612345671").notices == []
    assert len(ask(colleagues.search, "jan").ids) == 6


def test_nothing_else_of_a_person_is_seen(people, ask):
    jan = people.provisioned(
        "jan.secret",
        displayName="Jan Smit",
        externalId="secret-external",
        title="Chef",
        nickName="secret-nick",
        addresses=[{"type": "home", "streetAddress": "secret street"}],
        **{ENTERPRISE_SCHEMA: {"employeeNumber": "secret-1", "department": "Kitchen"}},
        **PRIVATE,
    )
    seen = ask(colleagues.find, jan.id)
    assert (seen.title, seen.department) == ("Chef", "Kitchen")
    assert "secret" not in str(seen)
    assert "hideaway" not in str(seen)


def test_a_person_without_a_name_is_shown_by_their_user_name(people, ask):
    person = people.provisioned("jan@example.org")
    seen = ask(colleagues.find, person.id)
    assert (seen.name, seen.title, seen.numbers) == ("jan@example.org", "", [])


@pytest.mark.parametrize(
    ("value", "uri"),
    [
        ("+31 (0)20 123-45.67", "tel:+31201234567"),
        ("020 1234567 ext. 89", "tel:0201234567"),
        ("tel:+31-20-1234567;ext=89", "tel:+31201234567"),
        ("１１２", "tel:112"),
        ("12", ""),
        ("ask Jan", ""),
        ("javascript:alert(1)", ""),
        ("", ""),
    ],
)
def test_a_number_is_written_as_a_link(value, uri):
    assert Number("work", value).uri == uri


def test_an_address_cannot_add_a_header_to_a_message(people, ask):
    email = [{"type": "work", "value": "jan?cc=eve&x@example.org"}]
    person = people.provisioned("jan", emails=email)
    assert ask(colleagues.find, person.id).email_uri == (
        "mailto:jan%3Fcc%3Deve%26x@example.org"
    )
    people.change(person, emails=[{"type": "work", "value": "at reception"}])
    assert ask(colleagues.find, person.id).email_uri == ""


# ------------------------------------------------------------------ managers
def test_managers_are_listed_from_the_nearest_to_the_top(people, ask):
    names, above = [], None
    for number in range(8):
        more = managed_by(above) if above else {}
        above = people.provisioned(f"m{number}", **more)
        names.insert(0, f"m{number}")
    found = [each.name for each in ask(colleagues.list_managers, above.id)]
    assert found == names[1 : 1 + colleagues.MOST_MANAGERS]


def test_managers_in_a_circle_are_listed_once(people, ask):
    ann = people.provisioned("ann")
    bob = people.provisioned("bob", **managed_by(ann))
    people.change(ann, **managed_by(bob))
    assert [each.name for each in ask(colleagues.list_managers, ann.id)] == ["bob"]
    people.change(ann, **managed_by(ann))
    assert ask(colleagues.list_managers, ann.id) == []
    assert ids_in(ask(lambda each: Kept(each, colleagues.list_reports, ann.id))) == [
        bob.id
    ]


def test_a_manager_who_is_not_here_is_left_out(people, ask):
    unknown = {ENTERPRISE_SCHEMA: {"manager": {"value": "gone"}}}
    bob = people.provisioned("bob", **unknown)
    assert ask(colleagues.list_managers, bob.id) == []
    assert ask(colleagues.list_managers, "nobody") == []


# ------------------------------------------------------------------ groups
def test_members_of_a_large_group_are_searched_and_not_listed(
    people, ask, monkeypatch, index
):
    jan, tom = people.provisioned("jan"), people.provisioned("tom")
    group = people.group("Everybody", jan, tom)
    other = people.provisioned("jan2")
    assert len(ids_in(ask(colleagues.list_members, group.id))) == 2
    monkeypatch.setattr(colleagues, "MOST_COUNTED", 1)
    assert ask(colleagues.list_members, group.id) is None
    index()
    found = ask(colleagues.search, "jan")
    assert set(found.ids) == {jan.id, other.id}
    found = ask(colleagues.search, "jan", group.id)
    assert ids_in(ask(colleagues.list_found, found)) == [jan.id]


# ------------------------------------------------------------------ changes
GUID = "6f2c1c1e-4b0e-4a53-9a3c-0d3a6f1f0a11"


@pytest.mark.parametrize(
    ("again", "same", "is_hidden"),
    [
        ("jan", {"externalId": GUID}, True),
        ("other.name", {"externalId": GUID.upper()}, True),
        ("jan", {"externalId": GUID.replace("6", "7")}, False),
        ("jan", {}, False),
    ],
)
def test_whoever_was_hidden_stays_hidden_when_they_are_created_again(
    app, people, ask, rows, again, same, is_hidden
):
    jan = people.provisioned("jan", externalId=GUID)
    with app.app_context(), database.write() as connection:
        colleague_settings.set_hidden(connection, jan, ENTRA, hidden=True)
    people.delete(jan)
    new = people.provisioned(again, **same)
    assert new.is_hidden is is_hidden
    assert (ask(colleagues.find, new.id) is None) is is_hidden
    entries = rows(select(JOURNAL).where(JOURNAL.c.target_id == new.id))
    assert [describe(each) for each in entries if each.event == "person.hidden"] == (
        [f"Hid {again} again: they were hidden before they were deleted."] * is_hidden
    )


@pytest.mark.parametrize(
    ("before", "name", "after", "is_hidden"),
    [
        ({"externalId": GUID}, "other.name", {"externalId": GUID}, True),
        ({"externalId": GUID}, "jan", {}, True),
        ({}, "jan", {}, True),
        ({}, "jan", {"externalId": GUID}, True),
        # Somebody else, as their object ID or user name says.
        ({"externalId": GUID}, "jan", {"externalId": GUID.replace("6", "7")}, False),
        ({"externalId": GUID}, "jan2", {}, False),
        ({}, "jan2", {"externalId": GUID}, False),
    ],
)
def test_a_hidden_mobile_number_stays_hidden_when_its_owner_is_created_again(
    app, people, rows, before, name, after, is_hidden
):
    jan = people.provisioned("jan", **before)
    with app.app_context(), database.write() as connection:
        colleague_settings.set_mobile_hidden(connection, jan, ENTRA, hidden=True)
    people.delete(jan)
    new = people.provisioned(name, **after)
    assert new.hides_mobile is is_hidden
    assert not new.is_hidden
    hid = (JOURNAL.c.target_id == new.id, JOURNAL.c.event == "mobile_number.hidden")
    assert [describe(each) for each in rows(select(JOURNAL).where(*hid))] == (
        [f"Hid the mobile number of {name} again, as before they were deleted."]
        * is_hidden
    )


def test_by_the_user_name_only_a_person_without_an_object_id_is_recognized(app, people):
    jan = people.provisioned("jan")
    with app.app_context(), database.write() as connection:
        colleague_settings.set_hidden(connection, jan, ENTRA, hidden=True)
    people.delete(jan)
    assert not people.provisioned("jan2").is_hidden
    assert people.provisioned("jan").is_hidden


def test_hiding_a_person_and_a_change_of_the_settings_are_recorded_once(
    app, people, choose, rows
):
    jan = people.provisioned("jan")
    for hidden in (True, True, False):
        with app.app_context(), database.write() as connection:
            fresh = directory_people.find_by_id(connection, jan.id)
            colleague_settings.set_hidden(connection, fresh, ENTRA, hidden=hidden)
    for _ in range(2):
        choose(ShownNumbers.NONE, is_on=False)
    query = select(JOURNAL.c.event).where(
        JOURNAL.c.event.in_(("person.hidden", "person.shown", "settings.changed"))
    )
    assert [row.event for row in rows(query.order_by(JOURNAL.c.id))] == [
        "person.hidden",
        "person.shown",
        "settings.changed",
    ]
