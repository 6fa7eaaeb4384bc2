"""The home page, the account page and the health check."""

import html
import re
from datetime import timedelta

import pytest
from sqlalchemy import insert, select, text, update

from factories import ENTRA
from helpers import PASSWORD
from netpresenter_next.backups import chosen_folder
from netpresenter_next.directory import (
    alarm_tests,
    conflicts,
    passwords,
    role_mappings,
    scim_tokens,
)
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.lib.timestamps import now
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.alarm_models import ALARM_SETTINGS
from netpresenter_next.storage.choices import Channel, Reason
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.storage.scim_models import SCIM_TRAFFIC
from netpresenter_next.upkeep.settings import BACKUP, Run, note_run
from visitors import signed_in

DAY = timedelta(days=1)
NEW = "copper window umbrella dune"


def change(client, current=PASSWORD, new=NEW, repeated=NEW):
    return client.submit("/account", current=current, new=new, repeated=repeated)


def test_home_shows_the_signed_in_user(app, people, linus):
    page = linus.get("/").text
    for words in (
        "linus",
        "User",
        "local account",
        "with a local password",
        "no group",
        "ask an administrator",
        "<dt>Other sessions</dt><dd>None</dd>",
    ):
        assert words in page
    assert "Settings" not in page


NUMBERS = [
    {"type": "work", "value": "+31 20 111"},
    {"type": "mobile", "value": "+31 6 222"},
    {"type": "fax", "value": "+31 30 333"},
    {"value": "+31 40 444"},
]


def test_home_shows_the_whole_profile_and_who_manages_it(app, people):
    boss = people.provisioned("boss", displayName="Grace Hopper")
    extension = {"department": "Sales", "manager": {"value": boss.id}}
    jan = people.provisioned(
        "jan",
        displayName="Jan Smit",
        title="Buyer",
        emails=[{"type": "work", "value": "jan@example.org"}],
        phoneNumbers=NUMBERS,
        **{ENTERPRISE_SCHEMA: extension},
    )
    people.give_password(jan)
    browser = signed_in(app, "jan")
    signed_in(app, "jan")
    page = browser.get("/").text
    for words in (
        *(
            "Jan Smit",
            "Buyer, Sales",
            "jan@example.org",
            "<dt>Other sessions</dt><dd>1</dd>",
        ),
        *("Microsoft Entra ID", f'href="/people/{boss.id}">Grace Hopper'),
        *("Mobile", "Fax", "Other number", f'href="/people/{jan.id}"'),
        *(each["value"] for each in NUMBERS),
    ):
        assert words in page
    assert page.count("Not shown to colleagues") == 3


def test_home_says_why_colleagues_do_not_see_the_user(app, people, linus):
    assert "What colleagues see of me" in linus.get("/").text
    with app.app_context(), database.write() as connection:
        connection.execute(text("UPDATE users SET is_hidden = 1"))
    assert "an administrator has hidden you" in linus.get("/").text
    page = signed_in(app, "ada").get("/").text
    assert "accounts with emergency access are not listed" in page


def test_people_hide_their_own_mobile_number(app, people, linus, rows):
    numbers = [
        {"type": "work", "value": "+31 20 5551234"},
        {"type": "mobile", "value": "+31 6 44449876"},
    ]
    jan = people.provisioned("jan@example.org", phoneNumbers=numbers)
    people.give_password(jan)
    his = signed_in(app, "jan@example.org")
    assert "Hide my mobile number" not in his.get("/").text
    with app.app_context(), database.write() as connection:
        allowed = "UPDATE colleague_settings SET shown_numbers = 'work_and_mobile'"
        connection.execute(text(allowed))
    assert "Hide my mobile number" in his.get("/").text
    assert "Hide my mobile number" not in linus.get("/").text
    person = f"/people/{jan.id}"
    assert "44449876" in linus.get(person).text
    assert jan.id in linus.get("/people?q=9876").text
    assert his.submit("/mobile-number", page="/", hidden="on").location == "/"
    page = his.get("/").text
    assert "Colleagues no longer see your mobile number." in page
    assert "Not shown to colleagues" in page
    assert "44449876" not in linus.get(person).text
    assert "44449876" not in linus.get(f"{person}/vcard").text
    assert jan.id not in linus.get("/people?q=9876").text
    assert jan.id in linus.get("/people?q=1234").text
    assert his.submit("/mobile-number", page="/", hidden="off").location == "/"
    assert his.submit("/mobile-number", page="/").status_code == 400
    assert "44449876" in linus.get(person).text
    events = [each.event for each in rows(select(JOURNAL)) if "mobile" in each.event]
    assert events == [Event.MOBILE_HIDDEN, Event.MOBILE_SHOWN]


def test_home_has_no_links_to_people_without_the_directory(app, people, linus):
    people.group("Sales", people.provisioned("jan"))
    assert 'href="/people"' in linus.get("/").text
    with app.app_context(), database.write() as connection:
        connection.execute(text("UPDATE colleague_settings SET is_on = 0"))
    page = linus.get("/").text
    assert "/people" not in page
    assert "Colleagues" not in page


def test_home_shows_the_groups_of_the_user(app, people):
    grace, linus = (people.provisioned(name) for name in ("grace", "linus"))
    people.give_password(grace)
    people.group("Marketing", grace)
    people.group("Sales", linus)
    page = signed_in(app, "grace").get("/").text
    assert "Marketing" in page
    assert "Microsoft Entra ID or an administrator put you in these groups." in page
    assert "administrators" not in page
    assert "Sales" not in page


def test_home_says_which_group_makes_its_members_administrators(app, people):
    grace = people.provisioned("grace")
    people.give_password(grace)
    group = people.group("Directors", grace)
    people.group("Marketing", grace)
    with app.app_context(), database.write() as connection:
        role_mappings.add(connection, COMMAND_LINE, group=group.display_name)
    page = signed_in(app, "grace").get("/").text
    marked = re.findall(r">(\w+)</a>: makes its members administrators", page)
    assert marked == ["Directors"]


def words_of(page):
    return " ".join(html.unescape(re.sub("<[^>]+>", " ", page)).split())


def test_an_administrator_sees_first_what_needs_attention(
    app, administrator, people, linus
):
    assert "For administrators" not in linus.get("/").text
    calm = words_of(administrator.get("/").text)
    for words in (
        "For administrators Conflicts None waits for a decision.",
        "Microsoft Entra ID Waiting for first contact",
        "Alarms Off Nobody is told when something goes wrong.",
        "All scheduled jobs succeeded",
    ):
        assert words in calm, words
    shown = administrator.get("/settings/system/health").text
    lines = re.findall(r"<tr>.*?</tr>", shown, re.DOTALL)
    # Home does not look into the backup folder.
    table = "".join(each for each in lines if ">Backups<" not in each)
    found = [
        f"{table.count(f'>{name}</span></td>')} {name.lower()}"
        for name in ("Error", "Warning")
    ]
    assert found[1] != "0 warning"
    for each in found:
        assert (f" {each}" in calm) is not each.startswith("0"), calm
    grace = people.local("grace")
    with app.app_context(), database.write() as connection:
        found = DetectedConflict(grace, Reason.LOCAL_USER_NAME, "grace", "grace")
        conflicts.open_(connection, found, ENTRA)
        scim_tokens.issue(
            connection, COMMAND_LINE, "old", "n" * 20, expires_at=now() + 10 * DAY
        )
        settings = {"is_on": True, "webhook_url": "https://x", "webhook_secret": b"x"}
        connection.execute(update(ALARM_SETTINGS).values(settings))
        reason = "It refuses."
        alarm_tests.note_failure(connection, COMMAND_LINE, Channel.WEBHOOK, reason)
        note_run(connection, BACKUP, Run(now(), False, "There is no room."))
    page = administrator.get("/").text
    for words in (
        "Conflicts 1 open One waits for a decision.",
        "The SCIM token old (npn_scim_",
        "Alarms Failing The last test message by webhook failed: It refuses.",
        "Failed Backups: There is no room.",
    ):
        assert words in words_of(page), words
    for path in ("conflicts", "system/alarms", "system/health"):
        assert f'<dt><a href="/settings/{path}">' in page


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], ""),
        ([0, 0], ""),
        ([1, 0], "1 request was refused in the last 24 hours."),
        ([2, 1], "3 requests were refused in the last 24 hours."),
    ],
)
def test_an_administrator_sees_how_many_requests_were_refused_in_a_day(
    app, administrator, numbers, said
):
    # One of two days ago does not count.
    rows = [{"started_at": now() - 2 * DAY, "requests": 9, "refused": 9}]
    for hours, number in enumerate(numbers, 1):
        at = now() - hours * timedelta(hours=1)
        rows.append({"started_at": at, "requests": 5, "refused": number})
    with app.app_context(), database.write() as connection:
        connection.execute(insert(SCIM_TRAFFIC), rows)
    page = words_of(administrator.get("/").text)
    assert ("refused in the last 24 hours" in page) is bool(said)
    assert said in page


def test_an_administrator_sees_a_link_to_the_settings(administrator):
    assert 'href="/settings"' in administrator.get("/").text


def test_home_does_not_wait_for_the_backup_folder(app, administrator, monkeypatch):
    with app.app_context(), database.write() as connection:
        connection.execute(text("UPDATE upkeep_settings SET backup_folder = '/share'"))
    asked = []
    monkeypatch.setattr(chosen_folder, "find_problem", asked.append)
    assert administrator.get("/").status_code == 200
    assert asked == []
    assert administrator.get("/settings/system/health").status_code == 200
    assert asked == ["/share"]


def test_a_new_password_ends_every_other_session(app, people, linus):
    elsewhere = signed_in(app, "linus")
    old = linus.cookie.value
    answer = change(linus)
    assert (answer.status_code, answer.location) == (303, "/account")
    assert "Your password is changed." in linus.get("/account").text
    assert linus.cookie.value != old
    assert not elsewhere.is_in()
    thief = app.test_client()
    thief.set_cookie("npn_session", old)
    assert not thief.is_in()
    assert app.test_client().sign_in("linus").status_code == 401
    assert app.test_client().sign_in("linus", NEW).status_code == 303


def test_a_new_password_leaves_other_people_signed_in(app, administrator, linus):
    change(linus)
    assert administrator.is_in()


def test_the_journal_records_a_password_change_without_the_password(linus, rows):
    change(linus)
    entries = rows(select(JOURNAL))
    assert (Event.PASSWORD_SET, "linus") in [
        (each.event, each.actor_name) for each in entries
    ]
    assert NEW not in str(entries)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"current": "wrong"}, "Incorrect current password."),
        ({"current": ""}, "Enter your current password."),
        ({"new": "", "repeated": ""}, "Enter a new password."),
        ({"repeated": "other"}, "The new passwords do not match."),
        ({"new": "short", "repeated": "short"}, "at least 12 characters"),
    ],
)
def test_an_invalid_password_change_is_refused_with_the_reason(
    app, linus, rows, fields, reason
):
    before = rows(select(SESSIONS))
    answer = change(linus, **fields)
    assert answer.status_code == 400
    assert reason in answer.text
    assert rows(select(SESSIONS)) == before
    assert signed_in(app, "linus")


def test_an_administrator_needs_a_longer_password(administrator):
    answer = change(administrator, new="x7 kiwi top14", repeated="x7 kiwi top14")
    assert "at least 15 characters" in answer.text


def test_a_user_without_a_password_cannot_change_it(app, people, linus):
    with app.app_context(), database.write() as connection:
        connection.execute(text("UPDATE users SET password_hash = NULL"))
    assert "there is no password to change here" in linus.get("/account").text
    assert change(linus).status_code == 409


def test_wrong_current_passwords_are_rate_limited(linus, monkeypatch):
    for _ in range(10):
        assert change(linus, current="wrong").status_code == 400
    monkeypatch.setattr(passwords, "matches", pytest.fail)
    answer = change(linus)
    assert answer.status_code == 429
    assert "too many wrong passwords. Try again in 60 minutes." in answer.text
    assert "<h1>My account</h1>" in answer.text
    assert int(answer.headers["Retry-After"]) > 0


def test_the_health_check_needs_no_sign_in_and_no_database(app, monkeypatch):
    monkeypatch.setattr(database, "read", pytest.fail)
    monkeypatch.setattr(database, "write", pytest.fail)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")
    assert "Set-Cookie" not in answer.headers
