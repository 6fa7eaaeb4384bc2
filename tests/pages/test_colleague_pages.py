"""People: the pages on which everybody finds their colleagues."""

import re

import pytest
from sqlalchemy import event, select, update

from netpresenter_next.directory import colleagues
from netpresenter_next.pages.settings import lists
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import USERS
from visitors import signed_in

SETTINGS = "/settings/system/people-directory"
OFF = {"shown_numbers": "work"}
ON = {"is_on": "y"}
JAN = {
    "displayName": "Jan Smit",
    "title": "Buyer",
    "emails": [{"type": "work", "value": "jan@example.org"}],
    "phoneNumbers": [
        {"type": "work", "value": "+31 20 5551234"},
        {"type": "mobile", "value": "+31 6 44449876"},
    ],
    "externalId": "11111111-2222-3333-4444-555555555555",
}


@pytest.fixture
def jan(people):
    return people.provisioned("jan.secret", **JAN)


def managed_by(person, **more):
    return {ENTERPRISE_SCHEMA: {"manager": {"value": person.id}, **more}}


def set_facts(app, person, **facts):
    with app.app_context(), database.write() as connection:
        this = update(USERS).where(USERS.c.id == person.id)
        connection.execute(this.values(**facts))


def names_on(page):
    return re.findall(r'<th scope="row"><a href="/people/[^"]*">(.*?)</a>', page)


def test_the_list_has_everybody_who_is_shown(people, linus, jan):
    people.provisioned("gone", displayName="Gone Away", active=False)
    page = linus.get("/people").text
    assert names_on(page) == ["Jan Smit", "linus"]
    assert 'href="mailto:jan@example.org"' in page
    assert 'href="tel:+31205551234"' in page
    assert "2 people" in page


def test_a_list_has_pages_and_letters(people, linus, monkeypatch):
    monkeypatch.setattr(lists, "PAGE_SIZE", 2)
    for name in ("ann", "bob", "cas", "dan"):
        people.provisioned(name)
    pages = [linus.get("/people?from=C").text, linus.get("/people?last=1").text]
    pages.append(linus.get("/people?last=1&before=nonsense").text)
    last = ["dan", "linus"]
    assert [names_on(each) for each in pages] == [["cas", "dan"], last, last]


def test_the_search_of_the_page_finds_names_and_numbers(linus, jan):
    for text in ("smit+jan", "020+555+1234", "1234"):
        assert names_on(linus.get(f"/people?q={text}").text) == ["Jan Smit"]
    for text in ("9876", "secret", "%F0%9F%98%80"):
        page = linus.get(f"/people?q={text}").text
        assert names_on(page) == []
        assert "Nobody matches." in page


def test_a_colleague_has_contact_organisation_and_groups(people, linus, jan):
    boss = people.provisioned("boss", displayName="Grace Hopper")
    people.change(jan, **managed_by(boss, department="Sales"))
    group = people.group("Buyers", jan)
    page = linus.get(f"/people/{jan.id}").text
    for words in (
        *("Buyer, Sales", "jan@example.org", f'href="/people/{boss.id}">Grace'),
        f'href="/people/groups/{group.id}">Buyers',
        f'href="/people/{jan.id}/vcard"',
    ):
        assert words in page
    for words in ("secret", "Entra", "1111", "9876", "Role", "Active", "/settings"):
        assert words not in page
    assert names_on(linus.get(f"/people/{boss.id}").text) == ["Jan Smit"]


def test_a_colleague_about_whom_nothing_is_known_has_a_page(people, linus):
    bob = people.provisioned("bob")
    page = linus.get(f"/people/{bob.id}").text
    assert "No e-mail address or phone number is known." in page
    assert "Not in any group." in page


def test_only_the_first_of_very_many_groups_are_shown(
    app, people, linus, jan, monkeypatch
):
    for name in ("Buyers", "Cooks"):
        people.group(name, jan)
    people.give_password(jan)
    mine = signed_in(app, "jan.secret")
    for module in ("directory.colleagues", "directory.own_profile", "pages.home"):
        monkeypatch.setattr(f"netpresenter_next.{module}.MOST_GROUPS", 1)
    for page in (linus.get(f"/people/{jan.id}").text, mine.get("/").text):
        assert "Buyers" in page
        assert "Cooks" not in page
        assert "the first 1 groups" in page


HIDING = {
    "disabled": {"active": False},
    "blocked": {"is_blocked": True},
    "emergency": {"is_emergency": True},
    "hidden": {"is_hidden": True},
}


def without_token(page):
    """Remove the CSRF token, which changes every second."""
    return re.sub(r'(name="csrf_token" value=)"[^"]+"', r"\1", page)


@pytest.mark.parametrize("how", HIDING)
def test_whoever_is_not_shown_is_nowhere(app, people, linus, jan, how):
    """Neither listed, found, nor manager, report or member; the page is nobody's."""
    boss = people.provisioned("boss")
    people.change(jan, **managed_by(boss))
    report = people.provisioned("report", **managed_by(jan))
    group = people.group("Buyers", jan, boss)
    before = without_token(linus.get("/people/nobody").text)
    if how == "disabled":
        people.change(jan, active=False)
    else:
        set_facts(app, jan, **HIDING[how])
    for path in ("", "/vcard"):
        answer = linus.get(f"/people/{jan.id}{path}")
        assert (answer.status_code, without_token(answer.text)) == (404, before)
    for path in (
        *("", "?q=jan", "?q=1234", "?last=1", f"/{boss.id}", f"/{report.id}"),
        *(f"/groups/{group.id}", f"/groups/{group.id}?q=jan"),
    ):
        page = linus.get(f"/people{path}").text
        assert "Jan Smit" not in page, path
        assert jan.id not in page, path
    set_facts(app, jan, is_blocked=False, is_emergency=False, is_hidden=False)


def test_unknown_people_and_groups_are_answered_404(linus):
    for path in ("nobody", "nobody/vcard", "groups/nobody", "groups", "x/y", "%00"):
        assert linus.get(f"/people/{path}").status_code == 404, path


def test_the_members_of_a_group_are_listed_and_searched(
    people, linus, jan, monkeypatch
):
    group = people.group("Buyers", jan, people.provisioned("bob"))
    path = f"/people/groups/{group.id}"
    assert names_on(linus.get(path).text) == ["bob", "Jan Smit"]
    assert names_on(linus.get(f"{path}?q=smit").text) == ["Jan Smit"]
    assert "No member of this group matches." in linus.get(f"{path}?q=linus").text
    empty = people.group("Nobody")
    page = linus.get(f"/people/groups/{empty.id}").text
    assert "None of your colleagues is in this group." in page
    monkeypatch.setattr(colleagues, "MOST_COUNTED", 1)
    assert "too large for a list" in linus.get(path).text
    assert names_on(linus.get(f"{path}?q=smit").text) == ["Jan Smit"]


def test_the_members_of_a_group_are_counted_once_for_a_page(
    app, people, linus, jan, monkeypatch
):
    group, made = people.group("Sailors", jan), []
    with app.app_context():
        engine = database.db.engine

    def note(_c, _cursor, statement, *_):
        if "count(" in statement and "memberships.group_id" in statement:
            made.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    page = linus.get(f"/people/groups/{group.id}").text
    assert "This group is too large" not in page
    assert len(made) == 1
    monkeypatch.setattr(colleagues, "MOST_COUNTED", 0)
    page = linus.get(f"/people/groups/{group.id}").text
    assert "This group is too large" in page
    assert len(made) == 2


def test_a_vcard_is_sent_as_a_file(linus, jan):
    answer = linus.get(f"/people/{jan.id}/vcard")
    assert answer.content_type == "text/vcard; charset=utf-8"
    assert answer.headers["Content-Disposition"] == "attachment; filename=colleague.vcf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "FN:Jan Smit\r\n" in answer.text
    assert "+31 20 5551234" in answer.text
    for words in ("secret", "9876", "1111", jan.id):
        assert words not in answer.text


def test_names_are_shown_as_texts(people, linus):
    name = '<img src=x onerror=alert(1)> "><svg/onload=x>'
    bob = people.provisioned("bob", displayName=name, title=name)
    group = people.group(name, bob)
    for path in ("", f"/{bob.id}", f"/groups/{group.id}"):
        page = linus.get(f"/people{path}").text
        assert "&lt;img src=x" in page
        assert "<img src=x" not in page
        assert "<svg/" not in page


# ------------------------------------------------------------------ settings
def test_an_administrator_switches_the_directory_off_and_on(
    administrator, linus, jan, people
):
    group = people.group("Buyers", jan)
    assert 'href="/people"' in linus.get("/").text
    answer = administrator.submit(SETTINGS, **OFF)
    assert (answer.status_code, answer.location) == (303, SETTINGS)
    for path in ("", "?q=jan", f"/{jan.id}", f"/{jan.id}/vcard", f"/groups/{group.id}"):
        assert linus.get(f"/people{path}").status_code == 404, path
    for browser in (linus, administrator):
        assert 'href="/people' not in browser.get("/account").text
    administrator.submit(SETTINGS, **ON, shown_numbers="work_and_mobile")
    assert names_on(linus.get("/people?q=9876").text) == ["Jan Smit"]


def test_bad_settings_are_refused_and_the_form_is_kept(administrator, linus):
    for bad in ({}, {"shown_numbers": "all"}):
        answer = administrator.submit(SETTINGS, **bad)
        assert answer.status_code == 400
        assert "Error: People directory" in answer.text
    assert linus.get("/people").status_code == 200


def test_an_administrator_hides_a_person_and_shows_them_again(
    administrator, linus, jan, rows
):
    path = f"/settings/users/{jan.id}"
    assert "Colleagues find this person in People." in administrator.get(path).text
    answer = administrator.submit(f"{path}/hidden", page=path, hidden="on")
    assert (answer.status_code, answer.location) == (303, path)
    assert "an administrator has hidden this person" in administrator.get(path).text
    assert linus.get(f"/people/{jan.id}").status_code == 404
    administrator.submit(f"{path}/hidden", page=path, hidden="off")
    assert linus.get(f"/people/{jan.id}").status_code == 200
    log = administrator.get("/settings/system/audit-log").text
    assert "Hid jan.secret from colleagues." in log
    assert "Showed jan.secret to colleagues again." in log
    before = rows(select(JOURNAL.c.id))
    assert administrator.submit(f"{path}/hidden", page=path).status_code == 400
    nobody = administrator.submit("/settings/users/x/hidden", page=path, hidden="on")
    assert nobody.status_code == 404
    assert rows(select(JOURNAL.c.id)) == before


def test_only_administrators_hide_people_and_change_the_settings(linus, jan):
    assert linus.get(SETTINGS).status_code == 403
    hidden = linus.submit(f"/settings/users/{jan.id}/hidden", page="/", hidden="on")
    assert hidden.status_code == 403
    assert linus.submit(SETTINGS, page="/", **OFF).status_code == 403
    assert linus.get(f"/people/{jan.id}").status_code == 200
