"""Administrators make, rename, fill, empty and delete local groups on pages."""

import html
import re

import pytest
from sqlalchemy import select

from netpresenter_next.directory import local_groups as directory_groups
from netpresenter_next.directory.events import Event
from netpresenter_next.pages.settings import local_groups
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import GROUPS, MEMBERSHIPS
from visitors import signed_in

LIST = "/settings/groups"
NEW = f"{LIST}/new"
MANAGED = "Microsoft Entra ID manages the group Marketing: make the change there"


def page_of(group, path=""):
    return f"{LIST}/{group.id}{path}"


def text_of(answer):
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", answer.text)).split())


@pytest.fixture
def staff(people):
    """A local and a provisioned person."""
    tim = people.local("tim")
    jane = people.provisioned("jane@example.org", displayName="Jane Bakker")
    return tim, jane


@pytest.fixture
def readers(people, staff):
    return people.local_group("Readers", *staff)


@pytest.fixture
def members_of(rows):
    def read(group):
        query = select(MEMBERSHIPS.c.user_id)
        found = rows(query.where(MEMBERSHIPS.c.group_id == group.id))
        return {each.user_id for each in found}

    return read


@pytest.fixture
def sentences(administrator):
    """Returns what the audit log says of one kind of events."""

    def read(kind):
        page = administrator.get(f"/settings/system/audit-log?kind={kind}").text
        entry = r'data-label="What happened"><div>\s*<span lang="en">(.*?)<'
        return [html.unescape(each) for each in re.findall(entry, page)]

    return read


# ------------------------------------------------------------------ making
def test_a_group_is_made_and_filled(administrator, staff, rows, members_of, sentences):
    made = administrator.submit(NEW, display_name=" Readers ")
    (group,) = rows(select(GROUPS))
    assert (group.display_name, group.is_local) == ("Readers", True)
    assert made.location == page_of(group, "/add")
    tim, jane = staff
    choosing = administrator.get(made.location)
    assert "The group Readers is made." in text_of(choosing)
    done = administrator.submit(made.location, person=[tim.id, jane.id, "nobody"])
    assert done.location == page_of(group)
    assert members_of(group) == {tim.id, jane.id}
    shown = administrator.get(done.location)
    assert "2 people were added to Readers." in text_of(shown)
    assert "Added to group Readers:" in text_of(shown)
    assert sentences("created")[0] == "Created group Readers."
    (added,) = sentences("added-to-group")
    assert set(re.split(r": |, ", added.rstrip("."))) == {
        "Added to group Readers",
        "tim",
        "Jane Bakker",
    }


def test_the_log_links_to_the_group_as_long_as_it_exists(administrator, readers):
    link = f'href="{page_of(readers)}"'
    assert link in administrator.get("/settings/system/audit-log").text
    administrator.submit(page_of(readers, "/delete"))
    assert link not in administrator.get("/settings/system/audit-log").text


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "Enter a name."),
        ("  ", "Enter a name."),
        ("rea\u200bders", "invisible character U+200B"),
        ("x" * 257, "longer than 256 characters"),
        ("readers", "Another group has the name 'readers'."),
        ("MARKETING", "Another group has the name 'MARKETING'."),
    ],
)
def test_a_bad_name_is_explained_and_nothing_is_made(
    administrator, people, readers, rows, name, said
):
    people.group("Marketing")
    before = rows(select(GROUPS))
    for path, page in ((NEW, NEW), (page_of(readers, "/rename"), page_of(readers))):
        if name == "readers" and path != NEW:
            continue  # the group may be given its own name
        answer = administrator.submit(path, page=page, display_name=name)
        assert answer.status_code in (400, 409)
        assert said in text_of(answer)
        assert "<title>Error: " in answer.text
    assert rows(select(GROUPS)) == before


# ------------------------------------------------------------------ changing
def test_a_group_is_renamed(administrator, readers, members_of, sentences):
    before = members_of(readers)
    answer = administrator.submit(
        page_of(readers, "/rename"), page=page_of(readers), display_name="Writers"
    )
    shown = text_of(administrator.get(answer.location))
    assert "Readers is now named Writers." in shown
    assert members_of(readers) == before
    assert sentences("updated") == ["Renamed group Readers to Writers."]


def test_chosen_people_are_removed(administrator, staff, readers, members_of):
    tim, jane = staff
    remove = page_of(readers, "/remove")
    page = page_of(readers)
    answer = administrator.submit(remove, page=page, person=[tim.id, "nobody"])
    assert members_of(readers) == {jane.id}
    assert "1 person was removed" in text_of(administrator.get(answer.location))
    again = administrator.submit(remove, page=page, person=tim.id)
    assert "Nobody was removed." in text_of(administrator.get(again.location))


def test_an_empty_group_cannot_be_emptied(administrator, people, readers):
    said = "Remove everybody from the group …"
    assert said in html.unescape(administrator.get(page_of(readers)).text)
    empty = people.local_group("Nobody yet")
    assert said not in html.unescape(administrator.get(page_of(empty)).text)


def test_everybody_is_removed_after_a_look_at_the_number(
    administrator, readers, members_of, sentences
):
    asked = text_of(administrator.get(page_of(readers, "/empty")))
    assert "The membership of 2 people." in asked
    administrator.submit(page_of(readers, "/empty"))
    assert members_of(readers) == set()
    (said,) = sentences("removed-from-group")
    assert said.startswith("Removed from group Readers: ")


def test_a_group_is_deleted_and_its_members_stay(
    administrator, people, readers, rows, sentences
):
    asked = text_of(administrator.get(page_of(readers, "/delete")))
    assert "The group, with membership of 2 people." in asked
    assert administrator.submit(page_of(readers, "/delete")).location == LIST
    assert rows(select(GROUPS)) == rows(select(MEMBERSHIPS)) == []
    assert people.find("tim")
    assert sentences("deleted") == ["Deleted group Readers."]
    assert administrator.get(page_of(readers)).status_code == 404


@pytest.mark.parametrize(("path", "groups"), [("/empty", 1), ("/delete", 0)])
def test_a_group_too_large_for_one_request_is_emptied_in_several(
    administrator, readers, members_of, rows, monkeypatch, path, groups
):
    monkeypatch.setattr(directory_groups, "AT_ONCE", 1)
    monkeypatch.setattr(local_groups, "LONGEST_WORK", -1.0)
    answer = administrator.submit(page_of(readers, path))
    assert (answer.status_code, answer.location) == (303, page_of(readers, path))
    shown = text_of(administrator.get(answer.location))
    assert "This is not complete: 1 person is left in Readers." in shown
    assert "embership of 1 person." in shown
    assert len(members_of(readers)) == 1
    for _ in range(2):
        if administrator.submit(answer.location).location != answer.location:
            break
    assert members_of(readers) == set()
    assert len(rows(select(GROUPS))) == groups


def test_members_are_marked_among_the_people_to_choose_from(
    administrator, people, readers
):
    people.local("kim")
    add = page_of(readers, "/add")
    assert administrator.get(add).text.count(">Member<") == 2
    found = administrator.get(f"{add}?q=kim").text
    assert found.count('type="checkbox"') == 1
    assert "Nobody matches" in administrator.get(f"{add}?q=zzz").text


def test_who_is_chosen_stays_chosen_over_a_search(
    administrator, people, staff, readers, members_of
):
    kim, lou = people.local("kim"), people.local("lou")
    add = page_of(readers, "/add")
    found = administrator.submit(f"{add}/keep", page=add, person=kim.id, q="lou")
    page = administrator.get(found.location).text
    ticked = re.findall(r'name="person" value="([^"]+)" checked', page)
    assert ticked == [kim.id]
    again = administrator.submit(
        f"{add}/keep", page=found.location, person=[kim.id, lou.id], q=""
    )
    page = administrator.get(again.location).text
    assert set(re.findall(r'name="person" value="([^"]+)" checked', page)) == {
        kim.id,
        lou.id,
    }
    administrator.submit(add, page=again.location, person=[kim.id, lou.id])
    assert {kim.id, lou.id} <= members_of(readers)


def test_the_address_of_choices_stays_short(administrator, readers):
    add = page_of(readers, "/add")
    ids = [f"{number:036}" for number in range(300)]
    found = administrator.submit(f"{add}/keep", page=add, person=ids, q="x" * 900)
    assert len(found.location) < 6_000
    assert administrator.get(found.location).status_code == 200


def test_a_deleted_person_leaves_the_group(administrator, people, staff, readers):
    tim, _ = staff
    administrator.submit(
        f"/settings/users/{tim.id}/delete", page=f"/settings/users/{tim.id}/delete"
    )
    page = administrator.get(page_of(readers)).text
    assert "tim</a>" not in page
    assert "Jane Bakker" in page


# ------------------------------------------------------------------ locked
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/rename", {"display_name": "Sales"}),
        ("/add", {"person": "tim"}),
        ("/remove", {"person": "jane"}),
        ("/empty", {}),
        ("/delete", {}),
    ],
)
def test_a_provisioned_group_is_locked_for_a_forged_form(
    administrator, people, staff, rows, path, fields
):
    tim, jane = staff
    group = people.group("Marketing", jane)
    ids = {"tim": tim.id, "jane": jane.id}
    sent = {name: ids.get(value, value) for name, value in fields.items()}
    before = rows(select(GROUPS)), rows(select(MEMBERSHIPS)), rows(select(JOURNAL))
    answer = administrator.submit(page_of(group, path), page=NEW, **sent)
    assert answer.status_code == 409
    assert MANAGED in text_of(answer)
    assert "Nothing was changed." in text_of(answer)
    after = rows(select(GROUPS)), rows(select(MEMBERSHIPS)), rows(select(JOURNAL))
    assert after == before


def test_the_pages_of_a_provisioned_group_say_why_it_is_locked(
    administrator, people, staff
):
    group = people.group("Marketing", staff[1])
    shown = administrator.get(page_of(group))
    assert "Locked: Microsoft Entra ID manages the name" in text_of(shown)
    assert "does not send the people of a group that is inside" in text_of(shown)
    assert 'type="checkbox"' not in shown.text
    for path in ("/add", "/empty", "/delete"):
        page = administrator.get(page_of(group, path))
        assert "Locked: Microsoft Entra ID manages" in text_of(page)
        assert 'class="danger"' not in page.text
        assert 'type="checkbox"' not in page.text


def test_changes_of_a_group_that_was_deleted_meanwhile_are_not_found(
    administrator, readers
):
    forms = administrator.get(page_of(readers, "/delete"))
    administrator.submit(page_of(readers, "/delete"))
    token = re.search(r'name="csrf_token" value="([^"]+)"', forms.text)[1]
    for path in ("/rename", "/add", "/remove", "/empty", "/delete"):
        fields = {"csrf_token": token, "display_name": "Writers"}
        answer = administrator.post(page_of(readers, path), data=fields)
        assert answer.status_code == 404, path


def test_a_user_cannot_make_or_change_a_group(linus, readers):
    assert linus.get(NEW).status_code == 403
    assert linus.get(page_of(readers, "/add")).status_code == 403


# ------------------------------------------------------------------ lists
def test_groups_are_filtered_by_source(administrator, people, readers):
    people.group("Marketing")
    for query, names, total in (
        ("", {"Marketing", "Readers"}, "2 groups"),
        ("?source=local", {"Readers"}, "1 group"),
        ("?source=entra", {"Marketing"}, "1 group"),
        ("?source=entra&q=read", set(), ""),
        ("?source=nonsense", {"Marketing", "Readers"}, "2 groups"),
    ):
        page = administrator.get(LIST + query)
        found = set(re.findall(r'groups/[0-9a-f-]{36}">([^<]+)<', page.text))
        assert found == names, query
        assert total in text_of(page), query


def test_the_members_of_a_group_are_searched(administrator, people, readers):
    people.local("timothy")  # no member
    found = administrator.get(f"{page_of(readers)}?q=tim").text
    assert re.findall(r'users/[^"]+">([^<]+)<', found) == ["tim"]
    nobody = administrator.get(f"{page_of(readers)}?q=zzz")
    assert "No member of this group matches." in text_of(nobody)


def test_the_role_that_a_group_gives_is_shown(administrator, people, readers):
    roles = "/settings/system/microsoft-entra-id/roles"
    boss = people.group("Boss")
    asked = administrator.submit(roles, page=roles, group="Boss")
    administrator.post(
        roles,
        data=dict(
            re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', asked.text)
        ),
    )
    page = text_of(administrator.get(LIST))
    assert page.count("Administrator") == 1
    for group, role in ((boss, "Administrator, by a"), (readers, "None")):
        shown = administrator.get(page_of(group)).text
        assert f"<dt>Role given</dt><dd>{role}" in shown


def test_people_see_local_groups_like_others(app, people, readers, staff):
    browser = signed_in(app, "tim")
    assert "Readers" in browser.get("/").text
    assert "Readers" in browser.get(f"/people/{staff[1].id}").text
    assert "Jane Bakker" in browser.get(f"/people/groups/{readers.id}").text


def test_a_membership_of_a_local_group_is_exported(administrator, readers, staff):
    path = f"/settings/users/{staff[1].id}"
    exported = administrator.submit(f"{path}/export", page=path).json
    assert [each["display_name"] for each in exported["groups"]] == ["Readers"]
    (change,) = exported["membership_changes"]
    assert (change["event"], change["group"]) == (Event.MEMBERS_ADDED, "Readers")
