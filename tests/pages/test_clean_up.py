"""The page Clean up: deleting people who were disabled long ago."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from netpresenter_next.directory import access, clean_up
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Role, Source
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.identity_models import DELETED_PEOPLE
from netpresenter_next.storage.models import USERS

CLEAN_UP = "/settings/leavers/clean-up"


@pytest.fixture
def leave(people):
    """Makes a provisioned person who was disabled some days ago."""

    def make(name, days=100):
        person = people.provisioned(name)
        people.disable_long_ago(person, days)
        return person

    return make


@pytest.fixture
def names(rows):
    def read():
        return {row.user_name for row in rows(select(USERS.c.user_name))}

    return read


def confirmation(client, *people, days=90):
    chosen = "&".join(f"person={each.id}" for each in people)
    return client.get(f"{CLEAN_UP}/confirm?days={days}&{chosen}")


def fields_of(page):
    """Return the hidden fields of the form, of which several have the same name."""
    inputs = re.findall(r'name="(chosen|days|csrf_token)" value="([^"]*)"', page)
    return {
        name: [html.unescape(value) for each, value in inputs if each == name]
        for name in ("chosen", "days", "csrf_token")
    }


def test_people_who_were_disabled_long_ago_are_listed_with_what_they_had(
    administrator, people, leave
):
    jane = leave("jane@example.org", 100)
    people.group("Sales", jane)
    leave("new@example.org", 10)
    people.provisioned("active@example.org")
    people.local("local")
    page = administrator.get(CLEAN_UP).text
    assert "> jane<" in page
    assert "Sales" in page
    for name in ("> new<", "> active<", "> local"):
        assert name not in page
    assert "> new<" in administrator.get(f"{CLEAN_UP}?days=9").text


def test_a_local_account_is_never_listed_even_if_it_is_claimable(
    app, administrator, people
):
    linus = people.local("linus")
    with app.app_context(), database.write() as connection:
        long_ago = now() - timedelta(days=999)
        connection.execute(update(USERS).values(disabled_at=long_ago))
        claimable = update(USERS).where(USERS.c.id == linus.id)
        connection.execute(claimable.values(source=Source.CLAIMABLE))
    try:
        assert "Nobody is disabled for so long" in administrator.get(CLEAN_UP).text
        for person in (people.ada, linus):
            assert "None of these people" in confirmation(administrator, person).text
    finally:
        with app.app_context(), database.write() as connection:
            values = {"disabled_at": None, "source": Source.LOCAL}
            connection.execute(update(USERS).values(values))


def test_the_list_continues_after_a_page(administrator, leave, monkeypatch):
    monkeypatch.setattr("netpresenter_next.pages.settings.clean_up.PAGE_SIZE", 1)
    leave("first@example.org", 200)
    leave("second@example.org", 100)
    page = administrator.get(CLEAN_UP).text
    assert "> first<" in page
    assert "> second<" not in page
    (following,) = re.findall('rel="next" href="([^"]+)"', page)
    page = administrator.get(html.unescape(following)).text
    assert "> second<" in page
    assert 'rel="next"' not in page


def test_chosen_people_are_deleted_after_a_look_and_recorded(
    administrator, leave, names, rows
):
    jane, tim = leave("jane@example.org"), leave("tim@example.org")
    leave("other@example.org")
    page = confirmation(administrator, jane, tim).text
    assert "Delete 2 people?" in page
    assert names() >= {"jane@example.org", "tim@example.org"}
    answer = administrator.post(f"{CLEAN_UP}/delete", data=fields_of(page))
    assert answer.status_code == 303
    assert names() == {"ada", "other@example.org"}
    assert "2 people were deleted" in administrator.get(answer.location).text
    deleted = select(JOURNAL).where(JOURNAL.c.event == Event.PERSON_DELETED)
    assert {(row.target_id, row.actor_name) for row in rows(deleted)} == {
        (jane.id, "ada"),
        (tim.id, "ada"),
    }
    assert len(rows(select(DELETED_PEOPLE))) == 2


@pytest.mark.parametrize("change", ["enabled", "changed", "in a group", "deleted"])
def test_whoever_changed_since_the_look_is_kept(
    administrator, people, leave, names, change
):
    jane, tim = leave("jane@example.org"), leave("tim@example.org")
    page = confirmation(administrator, jane, tim).text
    if change == "enabled":
        people.change(jane, active=True)
    elif change == "changed":
        people.change(jane, title="Director")
    elif change == "in a group":
        people.group("Board", jane)
    else:
        people.delete(jane)
    answer = administrator.post(f"{CLEAN_UP}/delete", data=fields_of(page))
    said = administrator.get(answer.location).text
    assert "1 person was deleted: tim@example.org" in said
    assert names() == {"ada"} | ({"jane@example.org"} if change != "deleted" else set())
    assert ("Kept, because they changed" in said) == (change != "deleted")


def test_a_last_administrator_is_kept(app, leave, monkeypatch, names):
    jane = leave("jane@example.org")
    with app.app_context(), database.write() as connection:
        access.set_role(connection, jane, Role.ADMINISTRATOR, COMMAND_LINE)
    refuse = access.errors.LastAdministrator("jane is the last administrator.")

    def refuse_last(connection, person):
        raise refuse

    monkeypatch.setattr(clean_up.people, "refuse_last_administrator", refuse_last)
    with app.app_context(), database.write() as connection:
        cut = clean_up.calculate_cut(90)
        (found,) = clean_up.find(connection, cut, [jane.id])
        chosen = [clean_up.Chosen(jane.id, clean_up.make_fingerprint(found))]
        done = clean_up.delete(connection, cut, chosen, COMMAND_LINE)
    assert done == ([], ["jane@example.org"])
    assert "jane@example.org" in names()


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("?days=0", "Choose a number of days"),
        ("?days=soon", "Choose a number of days"),
        ("/confirm?days=90", "Choose at least one person."),
        ("/confirm?days=90&person=nobody", "None of these people"),
        ("/confirm?days=x&person=nobody", "Choose a number of days"),
    ],
)
def test_a_bad_choice_is_explained_on_the_same_page(administrator, path, message):
    answer = administrator.get(CLEAN_UP + path)
    assert answer.status_code == 400
    assert message in answer.text


def test_deleting_needs_a_choice_and_a_recent_authentication(
    app, administrator, leave, names, rows
):
    jane = leave("jane@example.org")
    fields = fields_of(confirmation(administrator, jane).text)
    nobody = administrator.post(f"{CLEAN_UP}/delete", data={**fields, "chosen": []})
    assert nobody.status_code == 400
    for forged in (jane.id, f"{jane.id} x", "x"):
        data = {**fields, "chosen": [forged]}
        assert administrator.post(f"{CLEAN_UP}/delete", data=data).status_code == 303
    assert "jane@example.org" in names()
