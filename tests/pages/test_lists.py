"""The settings pages: people, groups, the connection with Microsoft Entra ID."""

import base64
import re
from datetime import timedelta
from html import unescape

import pytest
from sqlalchemy import select, update

from netpresenter_next.directory import scim_tokens, sorted_lists
from netpresenter_next.directory.events import Event
from netpresenter_next.lib.text import make_sort_key, to_ascii
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages import document_lines
from netpresenter_next.pages.settings import groups as group_pages
from netpresenter_next.pages.settings import lists
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SCIM_TOKENS, SESSIONS
from netpresenter_next.web import context
from visitors import hidden

ENTRA = "/settings/system/microsoft-entra-id"
LINK = re.compile('<a href="(.+?)"')
TOKEN = re.compile(r"npn_scim_[0-9A-Za-z]{49}")
# The beginning of the link in the head of a row.
HEAD = r'<th scope="row"(?: class="short"><div)?><a href="/settings/'
HOSTILE = [
    '<img src=x onerror="x">',
    '"><svg/onload=x>',
    "{{7*7}}",
    "'; DROP--",
    "%s%n",
]


def generate(client, label=""):
    fields = {"label": label, "replaces_id": ""}
    return client.submit(f"{ENTRA}/token", page=ENTRA, **fields)


# ------------------------------------------------------------------ people
@pytest.fixture
def staff(people):
    jane = people.provisioned(
        "jane@example.org",
        displayName="Jane Bakker",
        externalId="1-1",
        name={"givenName": "Jane", "familyName": "Bakker"},
        emails=[{"type": "work", "value": "J.Bakker@example.org", "primary": True}],
        phoneNumbers=[{"type": "mobile", "value": "+31 6 1234"}],
    )
    tom = people.provisioned("tom@example.org", displayName="Tom Visser", active=False)
    grace = people.local("grace")
    people.block(grace)
    people.group("Marketing", jane, tom)
    return {"jane": jane, "tom": tom, "grace": grace}


def names_in(page):
    return set(shown_in(page))


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"ada", "grace", "Jane Bakker", "Tom Visser"}),
        ("?q=BAKKER", {"Jane Bakker"}),
        ("?q=tom@", {"Tom Visser"}),
        ("?q=bakker+jane", {"Jane Bakker"}),
        ("?q=B%C3%A1kk%C3%A9r++example", {"Jane Bakker"}),
        ("?q=bakker+tom", set()),
        ("?q=" + "e+" * 99, {"Jane Bakker", "Tom Visser"}),
        ("?q=akker", set()),  # not the beginning
        ("?q=bakker%40example", {"Jane Bakker"}),
        ("?q=%2B316-1234", {"Jane Bakker"}),
        ("?q=06+1234", {"Jane Bakker"}),
        ("?q=j.bakker@", {"Jane Bakker"}),
        ("?q=%25", set()),
        ("?q=_", set()),
        ("?q=" + "x" * 5000, set()),
        ("?source=entra", {"Jane Bakker", "Tom Visser"}),
        ("?source=local", {"ada", "grace"}),
        ("?status=active", {"ada", "Jane Bakker"}),
        ("?status=disabled", {"Tom Visser"}),
        ("?status=blocked", {"grace"}),
        ("?source=entra&status=active", {"Jane Bakker"}),
        ("?only=no-object-id", {"Jane Bakker", "Tom Visser"}),
        ("?only=no-object-id&source=entra&q=bakker", {"Jane Bakker"}),
        ("?only=no-object-id&source=local&q=bakker", set()),
        ("?only=no-object-id&q=grace", set()),
        ("?source=x&status=y&page=z", {"ada", "grace", "Jane Bakker", "Tom Visser"}),
        ("?from=J", {"Jane Bakker", "Tom Visser"}),
        (
            "?from=z",
            {"ada", "grace", "Jane Bakker", "Tom Visser"},
        ),  # nobody follows, so it is the last page
        ("?from=%C3%A9&last=1", {"ada", "grace", "Jane Bakker", "Tom Visser"}),
        ("?after=", {"ada", "grace", "Jane Bakker", "Tom Visser"}),
        ("?after=x&before=y", {"ada", "grace", "Jane Bakker", "Tom Visser"}),
        ("?after=%F0%9F%A6%8A", {"ada", "grace", "Jane Bakker", "Tom Visser"}),
        (
            "?before=YSB6",
            {"ada", "grace", "Jane Bakker", "Tom Visser"},
        ),  # the id "a" and the key "z"
        (
            "?after=AAAA",
            {"ada", "grace", "Jane Bakker", "Tom Visser"},
        ),  # no space between id and key
        ("?after=_-_-", {"ada", "grace", "Jane Bakker", "Tom Visser"}),  # not UTF-8
        ("?after=" + "Y" * 5000, {"ada", "grace", "Jane Bakker", "Tom Visser"}),
    ],
)
def test_people_are_filtered_by_the_query_string(administrator, staff, query, expected):
    answer = administrator.get(f"/settings/users{query}")
    assert answer.status_code == 200
    assert names_in(answer.text) == expected


LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ROW = re.compile(HEAD + r'(?:users|groups)/[^"]+">([^<]+)<')


def shown_in(page):
    """Return the names in a list, which may go on in the next line."""
    return ROW.findall(page.replace("<wbr>", ""))


def follow(client, page, link):
    """Follow a link of a page, such as Next; None if it has no such link."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>{link}</a>', page)
    return client.get(unescape(found[1])).text if found else None


def walk(client, page, link):
    """Return the names on a page and on those that its link leads to."""
    pages = []
    while page is not None:
        pages.append(shown_in(page))
        page = follow(client, page, link)
    return pages


@pytest.fixture
def crowd(people):
    """130 people, some of them with equal names."""
    letters = "AÀBĆçdÉŁłmñÖøZz"
    for number in range(130):
        name = f"{letters[number % len(letters)]}nna"
        people.provisioned(f"p{number:03}@example.org", displayName=name)
    return [*(f"{letters[n % len(letters)]}nna" for n in range(130)), "ada"]


def test_a_long_list_is_shown_in_pages_of_fifty(administrator, crowd):
    first = administrator.get("/settings/users?_external=1&_scheme=evil").text
    assert "131 people" in first
    forwards = walk(administrator, first, "Next")
    assert [len(each) for each in forwards] == [50, 50, 31]
    shown = [name for each in forwards for name in each]
    assert shown == sorted(crowd, key=make_sort_key)
    last = follow(administrator, first, "Last")
    assert shown_in(last) == shown[-50:]
    backwards = walk(administrator, last, "Previous")
    assert backwards[:2] == [shown[-50:], shown[-100:-50]]
    assert backwards[2] == shown[:50]  # filled up: there are only 31 before
    assert shown_in(follow(administrator, last, "First")) == shown[:50]
    assert follow(administrator, first, "Previous") is None
    assert follow(administrator, last, "Next") is None


def test_a_letter_leads_to_the_first_name_with_it_or_after_it(administrator, crowd):
    page = administrator.get("/settings/users").text
    for letter in LETTERS:
        jumped = follow(administrator, page, letter)
        following = [each for each in crowd if to_ascii(each) >= letter.lower()]
        assert shown_in(jumped)[0] == min(following, key=make_sort_key)
    assert shown_in(follow(administrator, page, "#"))[0] == "ada"
    assert "letters" not in administrator.get("/settings/users?q=p001").text


def test_links_between_pages_keep_search_and_filters(administrator, crowd):
    kept = "q=example&source=entra&status=active"
    page = administrator.get(f"/settings/users?{kept}").text
    assert "130 people" in page
    assert [len(each) for each in walk(administrator, page, "Next")] == [50, 50, 30]
    for address in re.findall(r'href="(/settings/users\?[^"]+)"', page):
        assert set(kept.split("&")) <= set(unescape(address).split("?")[1].split("&"))


@pytest.mark.parametrize("filters", ["source=entra", "status=active", "status=blocked"])
def test_a_filtered_list_has_the_order_of_the_whole_list(
    administrator, people, crowd, filters
):
    for number in range(60):
        people.block(people.local(f"local{number}"))
        people.provisioned(f"out{number}@example.org", active=number % 2 > 0)
    page = administrator.get(f"/settings/users?{filters}").text
    shown = [name for each in walk(administrator, page, "Next") for name in each]
    assert len(shown) == {"source=entra": 190, "status=active": 161}.get(filters, 60)
    assert shown == sorted(shown, key=make_sort_key)


def test_more_than_a_thousand_matches_are_not_counted(
    administrator, crowd, monkeypatch
):
    for module in (totals, lists, sorted_lists, group_pages):
        monkeypatch.setattr(module, "MOST_COUNTED", 100)
    assert "131 people" in administrator.get("/settings/users").text
    page = administrator.get("/settings/users?source=entra").text
    assert "More than 100 people" in page


def test_the_members_of_a_large_group_are_listed_by_age(
    administrator, people, monkeypatch
):
    everybody = [people.provisioned(f"p{9 - n}@example.org") for n in range(9)]
    group = people.group("Large", *everybody)
    address = f"/settings/groups/{group.id}"
    names = [each.user_name for each in everybody]
    assert shown_in(administrator.get(address).text) == sorted(names)
    for module in (totals, lists, sorted_lists, group_pages):
        monkeypatch.setattr(module, "MOST_COUNTED", 8)
    monkeypatch.setattr(lists, "PAGE_SIZE", 4)
    page = administrator.get(address).text
    assert "<dd>more than 8</dd>" in page
    shown = walk(administrator, page, "Next")
    assert shown == [names[:4], names[4:8], names[8:]]
    last = follow(administrator, page, "Last")
    assert walk(administrator, last, "Previous") == [names[5:], names[1:5], names[:4]]
    assert "more than 8" in administrator.get("/settings/groups").text


def test_a_person_is_shown_with_the_provisioned_attributes(administrator, staff):
    page = administrator.get(f"/settings/users/{staff['jane'].id}").text
    shown = [
        "emails[type eq &#34;work&#34;].value",
        "J.Bakker@example.org",
        "phoneNumbers[type eq &#34;mobile&#34;].value",
        "name.givenName",
        "externalId",
        "Marketing",
        "Active",
        "Entra",
        "never",
    ]
    for text in shown:
        assert text in page, text


def test_the_page_of_a_local_account_says_that_it_is_local(administrator, staff):
    page = administrator.get(f"/settings/users/{staff['grace'].id}").text
    assert "Local" in page
    assert "Blocked" in page
    assert "manages this person" not in page


def test_groups_are_listed_with_their_number_of_members(administrator, staff, people):
    people.group("Sales")
    page = administrator.get("/settings/groups").text
    assert re.search(r"Marketing</a></th>\s*<td data-label=\"Members\">2<", page)
    assert re.search(r"Sales</a></th>\s*<td data-label=\"Members\">0<", page)
    assert "Sales" not in administrator.get("/settings/groups?q=mark").text
    assert "No group matches" in administrator.get("/settings/groups?q=zzz").text


def test_a_group_is_shown_with_its_members(administrator, staff):
    page = administrator.get("/settings/groups").text
    (address,) = re.findall(r'<th scope="row"><a href="(/settings/groups/[^"]+)"', page)
    assert names_in(administrator.get(address).text) == {"Jane Bakker", "Tom Visser"}


def test_without_groups_the_page_says_where_they_come_from(administrator):
    assert "There are no groups yet" in administrator.get("/settings/groups").text


@pytest.mark.parametrize("path", ["/settings/users/none", "/settings/groups/none"])
def test_an_unknown_person_or_group_is_not_found(administrator, path):
    assert administrator.get(path).status_code == 404


def test_hostile_names_are_escaped(administrator, people):
    members = [
        people.provisioned(
            f"{number}{name}@example.org",
            displayName=name,
            title=name,
            profileUrl="javascript:alert(1)",
            phoneNumbers=[{"type": name, "value": name}],
        )
        for number, name in enumerate(HOSTILE)
    ]
    group = people.group(HOSTILE[0], *members)
    paths = ["/settings/users", "/settings/groups", f"/settings/groups/{group.id}"]
    paths += [f"/settings/users/{each.id}" for each in members]
    paths += [f"/settings/users?q={name}" for name in HOSTILE]
    for path in paths:
        page = administrator.get(path).text
        assert 'href="javascript' not in page
        assert not re.search(r"\b49\b", page)
        tags = re.sub(r'="[^"]*"', "=", page)
        assert not re.search(r"<img src=x|<svg/|<[^>]*\s(on\w+|style)=", tags)


def test_attributes_are_shown_by_their_scim_paths():
    document = {
        "schemas": ["urn:x"],
        "active": True,
        "name": {"givenName": "Jane"},
        "emails": [
            {"type": "work", "value": "j@x", "primary": False},
            {"value": "k@x"},
        ],
        "urn:enterprise": {"manager": {"value": "1"}},
        "odd": ["a", 1],
    }
    assert dict(document_lines.flatten(document)) == {
        "active": "true",
        "name.givenName": "Jane",
        'emails[type eq "work"].value': "j@x",
        "emails.value": "k@x",
        "urn:enterprise:manager.value": "1",
        "odd": "1",
    }


def test_sentences_name_attributes_without_the_urn_of_their_schema():
    enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
    paths = [f"{enterprise}:manager", 'ims[type eq "a:b"].value', "active"]
    shown = 'manager, ims[type eq "a:b"].value, active'
    assert document_lines.list_names(paths) == shown


# ------------------------------------------------------------------ the connection
def test_the_settings_lead_to_the_connection_page(administrator):
    assert 'href="/settings/system">System</a>' in administrator.get("/settings").text
    link = f'href="{ENTRA}">Microsoft Entra ID</a>'
    assert link in administrator.get("/settings/system").text
    page = administrator.get(ENTRA).text
    for words in ("SCIM Endpoint URL", "Generate Token", "Sign in options"):
        assert words in page
    assert "http://localhost/scim/v2" in page


def test_every_page_of_the_menu_has_a_card(administrator):
    menu = re.search(
        r'<nav aria-label="Settings">.+?</nav>',
        administrator.get("/settings/users").text,
        re.S,
    )
    cards = "".join(
        re.search(r'<ul class="cards">.+?</ul>', administrator.get(path).text, re.S)[0]
        for path in ("/settings", "/settings/system")
    )
    assert set(LINK.findall(menu[0])) == set(LINK.findall(cards))


def test_the_old_url_of_the_page_redirects_to_it(administrator):
    answer = administrator.get("/settings/system/azure")
    assert (answer.status_code, answer.location) == (303, ENTRA)


def test_the_configured_base_url_is_shown(make_app, people):
    site = "https://news.example.org"
    client = make_app(base_url=site).test_client()
    assert client.get("/sign-in", base_url=site).status_code == 200
    form = hidden(client.get("/sign-in", base_url=site).text)
    fields = {"user_name": "ada", "password": "violet anchor teapot marathon"}
    client.post("/sign-in", data={**form, **fields}, base_url=site)
    page = client.get(ENTRA, base_url=site).text
    assert 'value="https://news.example.org/scim/v2"' in page
    assert "NETPRESENTER_BASE_URL" not in page


def test_a_url_from_the_host_header_is_not_shown_to_other_machines(administrator):
    page = administrator.get(ENTRA, environ_base={"REMOTE_ADDR": "192.0.2.7"}).text
    assert "NETPRESENTER_BASE_URL" in page
    assert "/scim/v2" not in page


def test_a_token_is_shown_once(app, administrator, rows):
    answer = generate(administrator, "Main")
    assert answer.status_code == 200
    (secret,) = TOKEN.findall(answer.text)
    assert answer.headers["Cache-Control"] == "no-store"
    with app.app_context(), database.read() as connection:
        assert scim_tokens.find(connection, scim_tokens.digest(secret))
    page = administrator.get(ENTRA).text
    assert secret not in page
    for words in ("Main", "by ada", "never", secret[-3:]):
        assert words in page
    with administrator.session_transaction() as session:
        assert secret not in str(dict(session))
    assert secret not in str(rows(select(JOURNAL)))


def test_a_token_is_in_no_file_of_the_instance(app, administrator):
    (secret,) = TOKEN.findall(generate(administrator).text)
    raw = secret.encode()
    folder = context.of(app).config.instance
    for file in folder.iterdir():
        content = file.read_bytes()
        assert raw not in content
        assert base64.b64encode(raw)[:40] not in content


def test_reloading_creates_no_second_token(administrator, rows):
    form = {**hidden(administrator.get(ENTRA).text), "label": ""}
    assert administrator.post(f"{ENTRA}/token", data=form).status_code == 200
    again = administrator.post(f"{ENTRA}/token", data=form)
    assert again.status_code == 409
    assert "already generated and shown" in again.text
    assert not TOKEN.findall(again.text)
    assert len(rows(select(SCIM_TOKENS))) == 1


def test_a_third_token_is_refused(administrator, rows):
    generate(administrator)
    generate(administrator)
    answer = generate(administrator)
    assert answer.status_code == 409
    assert "revoke one first" in answer.text
    assert len(rows(select(SCIM_TOKENS))) == 2


@pytest.mark.parametrize(
    "fields", [{"nonce": "short"}, {"label": "x" * 81}, {"label": "En\u200btra"}]
)
def test_a_forged_token_form_is_refused(administrator, rows, fields):
    answer = administrator.submit(f"{ENTRA}/token", page=ENTRA, **fields)
    assert answer.status_code == 400
    assert rows(select(SCIM_TOKENS)) == []


def test_revoking_a_token_asks_first_and_shows_its_last_use(app, administrator, rows):
    generate(administrator)
    ((token_id,),) = rows(select(SCIM_TOKENS.c.id))
    page = f"{ENTRA}/token/{token_id}/revoke"
    assert "Nobody has used this token yet" in administrator.get(page).text
    with app.app_context(), database.write() as connection:
        used = {"last_used_at": now(), "last_used_from": "192.0.2.7"}
        connection.execute(update(SCIM_TOKENS).values(**used))
    text = administrator.get(page).text
    assert "from 192.0.2.7" in text
    assert "provisioning stops" in text
    answer = administrator.submit(page)
    assert (answer.status_code, answer.location) == (303, ENTRA)
    shown = administrator.get(ENTRA).text
    assert "The token is revoked." in shown
    assert "Revoke" not in shown
    assert administrator.get(page).status_code == 404
    ((revoked,),) = rows(select(SCIM_TOKENS.c.revoked_at))
    assert revoked


def test_an_unknown_token_cannot_be_revoked(administrator):
    assert administrator.get(f"{ENTRA}/token/none/revoke").status_code == 404
    answer = administrator.submit(f"{ENTRA}/token/none/revoke", page=ENTRA)
    assert answer.status_code == 404


def test_the_journal_records_who_created_a_token(administrator, rows):
    generate(administrator)
    entries = rows(select(JOURNAL.c.event, JOURNAL.c.actor_name, JOURNAL.c.address))
    assert (Event.TOKEN_ISSUED, "ada", "127.0.0.1") in entries


def test_force_cannot_be_switched_on_without_a_connection(administrator):
    path = f"{ENTRA}/sign-in-options"
    page = administrator.get(path).text
    (switch,) = re.findall(r'<input[^>]*role="switch"[^>]*>', page)
    assert " disabled" in switch
    assert " checked" not in switch
    assert "Off. Force sign in with Microsoft needs a tested" in page
    answer = administrator.submit(path, page=path, force="on")
    assert answer.status_code == 409
    assert "needs a tested sign-in with Microsoft" in answer.text


# ------------------------------------------------------------------ replacing a token
def test_a_token_is_replaced_without_interruption(app, administrator, rows):
    (old,) = TOKEN.findall(generate(administrator, "production").text)
    form = hidden(administrator.get(ENTRA).text)
    assert form["label"] == "production"
    form["expires"] = "0"
    (new,) = TOKEN.findall(administrator.post(f"{ENTRA}/token", data=form).text)
    shown = " ".join(administrator.get(ENTRA).text.split())
    assert "is being replaced" in shown
    assert "Replace<span" not in shown
    for secret in (old, new):
        headers = {"Authorization": f"Bearer {secret}"}
        asked = app.test_client(use_cookies=False).get(
            "/scim/v2/Users", headers=headers
        )
        assert asked.status_code == 200
    shown = " ".join(administrator.get(ENTRA).text.split())
    assert "is in use since" in shown
    ((old_id,),) = rows(
        select(SCIM_TOKENS.c.id).where(SCIM_TOKENS.c.replaces_id.is_(None))
    )
    page = administrator.get(f"{ENTRA}/token/{old_id}/revoke").text
    assert "provisioning goes on with that one" in " ".join(page.split())
    administrator.submit(f"{ENTRA}/token/{old_id}/revoke")
    assert "Revoke the old token" not in administrator.get(ENTRA).text


@pytest.mark.parametrize(
    ("before", "chosen", "days"),
    [("0", None, 0), ("365", None, 365), ("0", "90", 90), ("730", "0", 0)],
)
def test_a_replacement_expires_when_its_form_says(
    administrator, rows, before, chosen, days
):
    """At first, what was chosen for the old token is chosen for the new one."""
    fields = {"label": "production", "expires": before}
    administrator.submit(f"{ENTRA}/token", page=ENTRA, **fields)
    page = administrator.get(ENTRA).text
    part = page.partition("The new token expires:")[2]
    assert re.search(r'<option value="(\d+)" selected>', part)[1] == before
    form = {**hidden(page), "expires": chosen or before}
    assert administrator.post(f"{ENTRA}/token", data=form).status_code == 200
    columns = SCIM_TOKENS.c.created_at, SCIM_TOKENS.c.expires_at
    new = select(*columns).where(SCIM_TOKENS.c.replaces_id.is_not(None))
    ((created_at, expires_at),) = rows(new)
    assert (
        (expires_at - created_at).days in (days, days - 1)
        if days
        else (expires_at is None)
    )


@pytest.mark.parametrize(
    ("days", "pages"), [(29, 1), (13, 2), (2, 3), (-1, 3), (31, 0)]
)
def test_a_token_that_expires_is_announced(administrator, rows, app, days, pages):
    generate(administrator, "production")
    expires_at = now() + timedelta(days=days, hours=1)
    with app.app_context(), database.write() as connection:
        connection.execute(update(SCIM_TOKENS).values(expires_at=expires_at))
    warned = [
        "The SCIM token production" in administrator.get(path).text
        for path in (ENTRA, "/settings/users", "/account")
    ]
    assert warned == [True] * pages + [False] * (3 - pages)


def test_watching_the_state_does_not_keep_a_session_alive(administrator, app, rows):
    with app.app_context(), database.write() as connection:
        before = now() - timedelta(hours=2)
        connection.execute(update(SESSIONS).values(seen_at=before))
    assert administrator.get(f"{ENTRA}/status").status_code == 200
    assert rows(select(SESSIONS.c.seen_at)) == [(before,)]
    administrator.get(ENTRA)
    assert rows(select(SESSIONS.c.seen_at)) != [(before,)]
