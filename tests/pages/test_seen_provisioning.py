"""What administrators see of what Microsoft Entra ID sends: state, log, people."""

import html
import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import update

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.models import SCIM_TOKENS
from visitors import signed_in

ENTRA = "/settings/system/microsoft-entra-id"
LOG = "/settings/system/provisioning-log"
CORE = "urn:ietf:params:scim:schemas:core:2.0"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
OBJECT_ID = "0f5c8a52-6c0a-4b0f-9d6e-3f1f5f0d7a11"
NOBODY = "3f1c8f0e-1111-4222-8333-444455556666"


@pytest.fixture
def secret(app, people):
    with app.app_context(), database.write() as connection:
        return scim_tokens.issue(connection, COMMAND_LINE, "production", "n" * 20)


@pytest.fixture
def entra(app, secret):
    """Microsoft Entra ID with a token."""
    client = app.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    return client


def make_jane(entra):
    work = [{"type": "work", "value": "jane@example.org"}]
    jane = {
        "schemas": [f"{CORE}:User"],
        "userName": "jane@example.org",
        "externalId": OBJECT_ID,
        "active": True,
        "emails": work,
    }
    made = entra.post("/scim/v2/Users", json=jane)
    assert made.status_code == 201, made.text
    return made.json["id"]


def change(entra, path, **values):
    steps = [
        {"op": "Replace", "path": name, "value": value}
        for name, value in values.items()
    ]
    body = {"schemas": [PATCH_OP], "Operations": steps}
    assert entra.patch(f"/scim/v2/{path}", json=body).status_code in (200, 204)


def make_group(entra, *ids):
    members = [{"value": each} for each in ids]
    body = {"schemas": [f"{CORE}:Group"], "displayName": "Staff", "members": members}
    assert entra.post("/scim/v2/Groups", json=body).status_code == 201


def probe(entra):
    """Test the connection as Entra does: by a person that does not exist."""
    asked = quote(f'userName eq "{NOBODY}"')
    assert entra.get(f"/scim/v2/Users?filter={asked}").status_code == 200


def words_of(page):
    return html.unescape(re.sub("<[^>]+>", " ", page))


def move_tokens(app, **columns):
    with app.app_context(), database.write() as connection:
        connection.execute(update(SCIM_TOKENS).values(columns))


def test_a_cycle_gives_a_state_numbers_and_entries(administrator, entra):
    probe(entra)
    jane = make_jane(entra)
    change(entra, f"Users/{jane}", title="Head of sales")
    make_group(entra, jane)
    page = administrator.get(ENTRA).text
    assert '<span class="pill ok">Connected</span>' in page
    words = " ".join(words_of(page).split())
    assert (
        "Each bar is 40 minutes, about one cycle of Microsoft Entra ID; now is at the "
        "right. Its height is the number of requests, at most 4; its red part those "
        "that were refused. Requests whose token was refused are not counted." in words
    )
    assert "<dt>groups</dt><dd>1</dd>" in page
    assert "<dt>requests in 24 hours</dt><dd>4</dd>" in page
    assert "<dt>refused</dt><dd>0</dd>" in page
    log = words_of(administrator.get(LOG).text)
    for sentence in (
        "Created jane@example.org.",
        "Changed title.",
        "(none) → Head of sales",
        "Created group Staff.",
        "Added to group Staff: jane@example.org.",
    ):
        assert sentence in log
    assert NOBODY not in log
    tested = words_of(administrator.get(f"{LOG}?kind=tested-connection").text)
    assert "Tested the connection" in tested
    assert "Created jane" not in tested


def test_silence_is_quiet_and_then_no_contact_but_never_an_error(
    app, administrator, entra
):
    make_jane(entra)
    administrator.get(ENTRA)  # stores what is counted in memory
    for hours, pill in (
        (3, '<span class="pill ">Quiet</span>'),
        (27, '<span class="pill warn">No contact</span>'),
        (27 * 24, '<span class="pill warn">No contact</span>'),
    ):
        move_tokens(app, last_used_at=now() - timedelta(hours=hours))
        assert pill in administrator.get(ENTRA).text


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"expires_at": timedelta(hours=-1)}, "expired"),
        ({"revoked_at": timedelta(hours=-1)}, "revoked"),
    ],
)
def test_a_token_that_no_longer_works_is_refused_and_named(
    app, administrator, entra, secret, columns, words
):
    move_tokens(app, **{name: now() + each for name, each in columns.items()})
    assert entra.get("/scim/v2/Users").status_code == 401
    log = administrator.get(f"{LOG}?kind=refused-token").text
    assert words in words_of(log)
    assert "What to do:" in log
    assert secret not in log
    assert (
        '<span class="pill bad">Token rejected</span>' in administrator.get(ENTRA).text
    )


def test_the_refusal_of_a_former_token_is_in_no_cycle(app, administrator, entra):
    make_jane(entra)
    administrator.get(ENTRA)  # stores the numbers of the cycle
    move_tokens(app, revoked_at=now())
    assert entra.get("/scim/v2/Users").status_code == 401
    words = " ".join(words_of(administrator.get(LOG).text).split())
    apart = words.index("Refused tokens, in no cycle")
    assert apart < words.index("Refused a token: The token")
    assert (
        words.index("(token production): lasted less than a second, 1 request") > apart
    )
    assert "1 change, 0 refused" in words
    assert "a former token" in words
    assert "an unknown token" not in words


def test_the_status_says_which_token_was_revoked_when_and_by_whom(
    administrator, app, entra
):
    make_jane(entra)
    page = administrator.get(ENTRA).text
    assert "was revoked on" not in page
    revoke = re.search(rf'href="({ENTRA}/token/[^"]+/revoke)"', page)[1]
    administrator.submit(revoke, page=revoke)
    assert entra.get("/scim/v2/Users").status_code == 401
    words = " ".join(words_of(administrator.get(ENTRA).text).split())
    assert re.search(
        r"The token npn_scim_\w+…\w+ \(production\) was revoked on .+? UTC by ada, and "
        r"was last sent on .+? UTC ?\. Its refused requests",
        words,
    )


def test_unknown_tokens_are_mentioned_and_do_not_change_the_state(
    app, administrator, entra, secret
):
    make_jane(entra)
    assert "unknown one" not in administrator.get(ENTRA).text
    stranger = app.test_client()
    for sent in (secret[:-9], secret[:-9], ""):
        stranger.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {sent}"
        assert stranger.get("/scim/v2/Users").status_code == 401
    page = administrator.get(f"{ENTRA}/status").text
    words = " ".join(words_of(page).split())
    assert '<span class="pill ok">Connected</span>' in page
    assert "3 requests without a token, or with an unknown one, in the last 24" in words
    assert "The last one: The request has no token. What to do" in words


def test_the_step_test_connection_says_what_was_wrong_with_the_token(
    app, administrator, secret
):
    stranger = app.test_client()
    stranger.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret[:-9]}"
    assert stranger.get("/scim/v2/Users").status_code == 401
    step = administrator.get(ENTRA).text.partition('id="steps"')[2]
    words = " ".join(words_of(step).split())
    assert "A token was refused on" in words
    assert "This is only part of a token (49 of 58 characters). Copy the whole" in words
    assert "If it fails, see whether the request arrived" in words


def test_a_wrong_token_is_listed_with_its_cause_and_without_its_value(
    app, administrator, secret
):
    cut = secret[:-9]
    stranger = app.test_client()
    stranger.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {cut}"
    assert stranger.get("/scim/v2/Users").status_code == 401
    log = administrator.get(LOG).text
    assert '<span class="pill bad">Rejected</span>' in log
    assert "only part of a token" in words_of(log)
    assert "Copy the whole token" in words_of(log)
    assert cut not in log


def test_an_expiry_in_six_days_is_announced_on_every_page_of_settings(
    app, administrator, secret
):
    move_tokens(app, expires_at=now() + timedelta(days=6, hours=1))
    paths = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/settings") and "GET" in rule.methods
    }
    checked = 0
    for path in sorted(each for each in paths if "<" not in each):
        answer = administrator.get(path)
        if answer.status_code == 200 and "<main" in answer.text:
            assert "expires in 6 days" in answer.text, path
            checked += 1
    assert checked > 15


def test_only_provisioning_renames_a_provisioned_person_and_the_role_stays_open(
    administrator, entra
):
    page = f"/settings/users/{make_jane(entra)}"
    shown = administrator.get(page).text
    assert '<span class="pill">Entra</span>' in shown
    assert "Microsoft Entra ID manages" in words_of(shown)
    assert 'name="user_name"' not in shown
    refused = administrator.submit(f"{page}/rename", page=page, user_name="eve")
    assert refused.status_code == 409
    assert administrator.submit(f"{page}/role", page=page, role="administrator")
    assert "jane@example.org is now an administrator." in administrator.get(page).text


def test_a_disabled_person_is_signed_out_and_keeps_the_memberships(
    app, administrator, entra, people
):
    jane = make_jane(entra)
    make_group(entra, jane)
    people.give_password(people.find("jane@example.org"))
    browser = signed_in(app, "jane@example.org")
    change(entra, f"Users/{jane}", active="False")
    assert browser.get("/account").location == "/sign-in?next=/account"
    page = administrator.get(f"/settings/users/{jane}").text
    assert "Disabled" in page
    assert "Staff" in page
    change(entra, f"Users/{jane}", active="True")
    assert not browser.is_in()
    assert "Staff" in signed_in(app, "jane@example.org").get("/").text
