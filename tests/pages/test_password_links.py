"""Passwords that administrators generate, and one-time links to set one."""

import html
import re
import threading
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import select, update

from netpresenter_next.directory import link_voiding, passwords
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.force import IS_CONCERNED
from netpresenter_next.directory.password_links import (
    LinkState,
    Outcome,
    PersonState,
    decide,
)
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.link_models import PASSWORD_LINKS
from netpresenter_next.storage.models import ADMINISTRATOR, USERS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from visitors import hidden, signed_in

NEW_PASSWORD = "copper lantern window tulip"
SECRET = re.compile(r'id="secret"[^>]* value="([^"]+)"')


def page_of(person):
    return f"/settings/users/{person.id}"


def press(browser, person, path, **fields):
    return browser.submit(f"{page_of(person)}/{path}", page=page_of(person), **fields)


def make_link(browser, person):
    """Return the path of a new link, with its secret."""
    answer = press(browser, person, "password-link")
    assert answer.status_code == 200
    address = html.unescape(SECRET.search(answer.text)[1])
    return address.removeprefix("http://localhost")


def use(browser, link, password=NEW_PASSWORD, repeated=None):
    """Send the form of a link; a link that does not work has none, so it is forged."""
    page = browser.get(link)
    fields = hidden(page.text) or hidden(browser.get("/sign-in").text)
    fields |= {"link": link.partition("link=")[2]}
    fields |= {"new": password, "repeated": repeated or password}
    return browser.post("/set-password", data=fields)


def force(app, *, on):
    with app.app_context(), database.write() as connection:
        connection.execute(update(SIGN_IN_SETTINGS).values(is_forced=on))


@pytest.fixture
def log_of(rows):
    def read():
        query = select(JOURNAL).order_by(JOURNAL.c.id)
        return [each for each in rows(query) if each.event.startswith("password")]

    return read


# ------------------------------------------------------------------ generated
def test_a_generated_password_is_shown_once_and_ends_sessions(
    app, administrator, people, rows, log_of
):
    linus = people.local("linus")
    browser = signed_in(app, "linus")
    shown = hidden(administrator.get(page_of(linus)).text)
    answer = administrator.post(f"{page_of(linus)}/password", data=shown)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    password = SECRET.search(answer.text)[1]
    assert not browser.is_in()
    assert app.test_client().sign_in("linus").status_code == 401
    assert app.test_client().sign_in("linus", password).status_code == 303
    again = administrator.post(f"{page_of(linus)}/password", data=shown)
    assert again.status_code == 409
    assert "was changed since this form was shown" in again.text
    assert app.test_client().sign_in("linus", password).status_code == 303
    assert all(password not in str(row) for row in rows(select(JOURNAL)))
    assert [each.event for each in log_of()] == [Event.PASSWORD_SET]


def test_a_link_is_called_so_in_each_language_and_a_password_for_emergencies_is_kept(
    administrator, people
):
    made = press(administrator, people.local("grace"), "password-link").text
    assert ">One-time link</label>" in made
    administrator.submit("/account/language", page="/account", language="nl")
    made = press(administrator, people.local("henk"), "password-link").text
    assert ">Eenmalige link</label>" in made
    assert "Koppelen" not in made
    safe = people.local("safe", role=ADMINISTRATOR, emergency=True)
    page = press(administrator, safe, "password").text
    assert "bij de hand" in page
    assert "telefonisch" not in page


def test_a_password_is_replaced_only_after_a_question(administrator, people):
    linus, tim = people.local("linus"), people.local("tim", emergency=True)
    question = administrator.get(f"{page_of(linus)}/password")
    assert "The present password stops working at once" in question.text
    assert "emergency" not in question.text
    assert "emergency access" in administrator.get(f"{page_of(tim)}/password").text
    link = f'href="{page_of(linus)}/password"'
    assert link in administrator.get(page_of(linus)).text
    answer = administrator.submit(
        f"{page_of(linus)}/password", page=f"{page_of(linus)}/password"
    )
    assert SECRET.search(answer.text)


def test_generated_passwords_are_strong_enough_for_administrators():
    made = {passwords.generate() for _ in range(20)}
    assert len(made) == 20
    for each in made:
        assert passwords.find_problem(each, administrator=True, words=()) is None


def test_nobody_gets_a_password_who_may_not_use_it(app, administrator, people, rows):
    blocked, disabled = people.local("blocked"), people.local("disabled")
    jane = people.provisioned("jane@example.org")
    people.block(blocked)
    people.change(disabled, active=False)
    force(app, on=True)
    before = rows(select(USERS.c.id, USERS.c.password_hash))
    for person, why in (
        (blocked, "blocked is blocked: lift the block first."),
        (disabled, "disabled is disabled"),
        (jane, "Force sign in with Microsoft is on"),
        (people.ada, "My account"),
    ):
        assert why in administrator.get(page_of(person)).text
        for path in ("password", "password-link"):
            answer = press(administrator, person, path, changed_at="", nonce="n" * 20)
            assert answer.status_code == 409
            assert why in html.unescape(answer.text)
    assert rows(select(USERS.c.id, USERS.c.password_hash)) == before
    assert rows(select(PASSWORD_LINKS)) == []
    force(app, on=False)
    assert press(administrator, jane, "password").status_code == 200


# ------------------------------------------------------------------ links
def test_a_link_sets_a_password_once(app, administrator, people, rows, log_of):
    linus = people.local("linus")
    link = make_link(administrator, linus)
    browser, visitor = signed_in(app, "linus"), app.test_client()
    for _ in range(3):  # opening it does not use it up
        shown = visitor.get(link)
        assert shown.status_code == 200
        assert shown.headers["Referrer-Policy"] == "strict-origin"
        assert shown.headers["Cache-Control"] == "no-store"
        assert visitor.head(link).status_code == 200
    assert "For the user name <strong>linus</strong>" in shown.text
    assert browser.is_in()
    answer = use(visitor, link)
    assert answer.location == "/sign-in"
    assert "Sign in as linus." in visitor.get("/sign-in").text
    assert not browser.is_in()
    assert not visitor.is_in()
    assert app.test_client().sign_in("linus", NEW_PASSWORD).status_code == 303
    assert use(visitor, link, "another long good password").status_code == 404
    assert app.test_client().sign_in("linus", NEW_PASSWORD).status_code == 303
    assert [(each.event, each.actor_kind) for each in log_of()] == [
        (Event.PASSWORD_LINK_MADE, "person"),
        (Event.PASSWORD_LINK_USED, "holder of the one-time link"),
        (Event.PASSWORD_SET, "holder of the one-time link"),
        (Event.PASSWORD_LINK_REFUSED, "visitor"),
    ]
    assert "it was used before" in administrator.get("/settings/system/audit-log").text


def test_who_holds_a_link_learns_the_user_name_only(app, administrator, people):
    jane = people.provisioned(
        "jane@example.org",
        displayName="Jane Bakker",
        title="Chair",
        emails=[{"type": "work", "value": "j@example.org"}],
    )
    boss = people.local("boss", role=ADMINISTRATOR, emergency=True)
    pages = []
    for person in (jane, boss):
        link = make_link(administrator, person)
        visitor = app.test_client()
        name = person.user_name
        for answer in (
            visitor.get(link),
            use(visitor, link, "short"),
            use(visitor, link, "password password"),
        ):
            pages.append(without_tokens(answer.text).replace(name, "NAME"))
    assert pages[:3] == pages[3:]
    assert "Bakker" not in "".join(pages)


def without_tokens(page):
    return re.sub(r'value="[^"]*"', "", page)


def test_the_secret_is_nowhere(app, administrator, people, caplog):
    linus = people.local("linus")
    link = make_link(administrator, linus)
    secret = link.partition("link=")[2]
    assert len(secret) == 43  # 256 bits in base64
    visitor = app.test_client()
    use(visitor, link, "short")
    use(visitor, link)
    use(visitor, link)
    assert secret not in caplog.text
    files = Path(app.instance_path).glob("netpresenter.db*")
    assert not any(secret.encode() in each.read_bytes() for each in files)
    assert secret not in administrator.get(page_of(linus)).text
    assert secret not in str(visitor.cookie)


def test_the_page_of_a_link_says_the_length_that_it_demands(app, administrator, people):
    """It is the same for everybody, so it does not say who is an administrator."""
    link = make_link(administrator, people.local("grace"))
    browser = app.test_client()
    assert "At least 15 characters with a one-time link" in browser.get(link).text
    short = use(browser, link, "kiwi zebra 42")
    assert "Use at least 15 characters" in short.text
    assert use(browser, link).status_code == 303
    grace = app.test_client()
    grace.sign_in("grace", NEW_PASSWORD)
    account = grace.get("/account").text
    assert "At least 12 characters, for example" in account
    assert "At least 15 characters, for example" in administrator.get("/account").text


def test_a_bad_password_does_not_use_a_link_up(app, administrator, people):
    link, visitor = make_link(administrator, people.local("linus")), app.test_client()
    for password, repeated, said in (
        ("short", None, "Use at least 15 characters"),
        ("linus linus linus", None, "easy to guess"),
        (NEW_PASSWORD, "other", "do not match"),
        ("", None, "Enter a new password."),
    ):
        answer = use(visitor, link, password, repeated)
        assert answer.status_code == 400
        assert said in answer.text
        assert "<title>Error: Set your password" in answer.text
    assert use(visitor, link).status_code == 303


def test_two_requests_at_once_use_a_link_once(app, administrator, people, log_of):
    linus = people.local("linus")
    link = make_link(administrator, linus)
    visitors = [app.test_client() for _ in range(4)]
    forms = [hidden(each.get(link).text) for each in visitors]
    barrier, answers = threading.Barrier(len(visitors)), []

    def send(number):
        password = f"{NEW_PASSWORD} {number}"
        fields = forms[number] | {"new": password, "repeated": password}
        barrier.wait()
        answer = visitors[number].post("/set-password", data=fields)
        answers.append((answer.status_code, password))

    threads = [
        threading.Thread(target=send, args=(number,)) for number in range(len(visitors))
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    winners = [password for status, password in answers if status == 303]
    assert len(winners) == 1
    # The others were too late, or too many passwords were being hashed.
    assert {status for status, _ in answers} <= {303, 404, 429}
    assert app.test_client().sign_in("linus", winners[0]).status_code == 303
    used = [each for each in log_of() if each.event == Event.PASSWORD_LINK_USED]
    assert len(used) == 1


def test_a_form_for_a_link_that_is_sent_twice_makes_one(administrator, people, rows):
    linus = people.local("linus")
    shown = hidden(administrator.get(page_of(linus)).text)
    path = f"{page_of(linus)}/password-link"
    assert administrator.post(path, data=shown).status_code == 200
    again = administrator.post(path, data=shown)
    assert again.status_code == 409
    assert "already made and shown" in again.text
    ((link,),) = rows(select(PASSWORD_LINKS.c.voided_at))
    assert link is None
    assert "A link is valid until" in administrator.get(page_of(linus)).text


def test_refused_new_passwords_take_no_attempts_to_sign_in_from_others(
    app, administrator, people
):
    """On the first day, all new people of an office sit behind one address."""
    link, visitor = make_link(administrator, people.local("linus")), app.test_client()
    people.local("grace")
    statuses = {use(visitor, link, "short").status_code for _ in range(40)}
    assert statuses == {400}
    assert app.test_client().sign_in("grace").status_code == 303
    assert use(visitor, link).status_code == 303


def test_links_that_do_not_work_are_limited_like_attempts_to_sign_in(app, people):
    # A stranger who invents links is limited by network, over all of them.
    other = app.test_client()
    other.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    invented = [use(other, f"/set-password?link=x{n}").status_code for n in range(32)]
    assert invented == [404] * 30 + [429] * 2


def test_links_that_nobody_made_are_refused_without_an_entry(app, people, log_of):
    visitor = app.test_client()
    for link in ("", "?link=", "?link=" + "x" * 5000, "?link=%F0%9F%A6%8A", "?other=1"):
        answer = visitor.get(f"/set-password{link}")
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    assert log_of() == []


# ------------------------------------------------------------------ the table
CHANGES = {
    "nothing": lambda world: None,
    "blocked": lambda world: world.press("block", blocked="on"),
    "blocked and unblocked": lambda world: (
        world.press("block", blocked="on"),
        world.press("block", blocked="off"),
    ),
    "disabled": lambda world: world.people.change(world.person, active=False),
    "disabled and enabled": lambda world: (
        world.people.change(world.person, active=False),
        world.people.change(world.person, active=True),
    ),
    "deleted": lambda world: world.people.delete(world.person),
    "password changed": lambda world: world.people.give_password(world.person),
    "a newer link": lambda world: make_link(world.browser, world.person),
    "used": lambda world: use(world.app.test_client(), world.link),
    "a day later": lambda world: world.age(timedelta(hours=24)),
    "not yet a day later": lambda world: world.age(timedelta(hours=23, minutes=59)),
    "forced": lambda world: world.force(on=True),
    "forced and not any more": lambda world: (
        world.force(on=True),
        world.force(on=False),
    ),
}
HARMLESS = {"nothing", "not yet a day later"}


class LinkWorld:
    """One person with a link, and what happens to them."""

    def __init__(self, app, browser, people, person):
        self.app, self.browser, self.people = app, browser, people
        self.person = person
        self.link = make_link(browser, person)

    def press(self, path, **fields):
        assert press(self.browser, self.person, path, **fields).status_code == 303

    def age(self, age):
        with self.app.app_context(), database.write() as connection:
            earlier = update(PASSWORD_LINKS).values(made_at=now() - age)
            connection.execute(earlier)

    def force(self, *, on):
        """Switch Force as the page does, whose conditions are tested elsewhere."""
        force(self.app, on=on)
        if on:
            with self.app.app_context(), database.write() as connection:
                link_voiding.void_each(connection, IS_CONCERNED)


@pytest.mark.parametrize("change", CHANGES)
def test_a_link_is_void_after_whatever_makes_it_unsafe(
    app, administrator, people, rows, change
):
    local, provisioned = people.local("linus"), people.provisioned("jane@example.org")
    for person in (local, provisioned):
        world = LinkWorld(app, administrator, people, person)
        CHANGES[change](world)
        this = select(USERS.c.password_hash).where(USERS.c.id == person.id)
        before = rows(this)
        is_local_and_forced = person is local and change.startswith("forced")
        works = change in HARMLESS or is_local_and_forced
        visitor = app.test_client()
        assert visitor.get(world.link).status_code == (200 if works else 404)
        assert use(visitor, world.link).status_code == (303 if works else 404)
        assert (rows(this) != before) is works
        world.force(on=False)


def test_the_table_allows_exactly_one_combination():
    for link, person in product(LinkState, PersonState):
        allowed = (LinkState.OPEN, PersonState.ALLOWED)
        outcome = decide(link, person)
        assert (outcome is Outcome.SETS_PASSWORD) is ((link, person) == allowed)
        if link is not LinkState.OPEN:  # what became of the link comes first
            assert outcome.name == link.name
        elif person is not PersonState.ALLOWED:
            assert outcome.name == person.name


def test_a_person_is_added_with_a_link(app, administrator, people):
    answer = administrator.submit("/settings/users/new", user_name="grace", way="link")
    link = html.unescape(SECRET.search(answer.text)[1])
    assert people.find("grace").password_hash is None
    visitor = app.test_client()
    assert use(visitor, link.removeprefix("http://localhost")).status_code == 303
    assert visitor.sign_in("grace", NEW_PASSWORD).status_code == 303


def test_without_a_public_address_there_is_no_link(administrator, people, rows):
    linus = people.local("linus")
    administrator.environ_base["REMOTE_ADDR"] = "192.0.2.7"
    before = rows(select(USERS))
    for answer in (
        press(administrator, linus, "password-link"),
        administrator.submit("/settings/users/new", user_name="grace", way="link"),
    ):
        assert answer.status_code == 409
        assert "set NETPRESENTER_BASE_URL" in answer.text
    assert rows(select(USERS)) == before
