"""Attacks on OpenID Connect: each ends in an error page, and nobody is signed in."""

import base64
import hmac
import html
import json
import re
import time
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from flask import Response
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from sqlalchemy import select
from stand_in import FOREIGN, KEYS
from tenant import CLIENT, JANE, OTHER, SECRET, TENANT

from netpresenter_next.directory import role_mappings as mappings
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS

CALLBACK = "/sign-in/microsoft/callback"


def refused(answer, title, status=400):
    """Check that the sign-in is refused by a page that says why."""
    assert answer.status_code == status, answer.text
    assert title in html.unescape(answer.text)
    if answer.request.path == CALLBACK:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    return True


@pytest.fixture(autouse=True)
def check_that_nobody_signed_in(request, rows, browser):
    yield
    if "signs_in" not in request.node.name:
        assert rows(select(SESSIONS)) == []


# ------------------------------------------------------------- authorization request
def test_the_authorization_request_has_the_required_parameters(browser):
    url = urlsplit(browser.get("/sign-in/microsoft?next=/account").location)
    asked = {name: each[0] for name, each in parse_qs(url.query).items()}
    assert asked["redirect_uri"] == f"http://localhost{CALLBACK}"
    assert asked["client_id"] == CLIENT
    assert asked["response_mode"] == "query"
    assert asked["scope"] == "openid profile email"
    assert asked["code_challenge_method"] == "S256"
    assert asked["prompt"] == "select_account"
    assert len(asked["state"]) >= 30
    assert len(asked["nonce"]) >= 20


def test_the_callback_signs_in_and_redirects_to_the_requested_page(
    browser, sign_in, rows
):
    answer = sign_in(browser, "/sign-in/microsoft?next=/account")
    assert (answer.status_code, answer.location) == (303, "/account")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert browser.is_in()
    (session,) = rows(select(SESSIONS))
    assert (session.method, session.oidc_session) == (
        "microsoft",
        "session-at-microsoft-1",
    )
    assert "with Microsoft" in browser.get("/").text


def test_signs_in_with_the_metadata_and_keys_of_the_application(
    browser, sign_in, microsoft
):
    """Microsoft may sign with keys of this application alone."""
    assert sign_in(browser).status_code == 303
    assert all(f"appid={CLIENT}" in path for path in microsoft.asked("openid-conf"))
    assert all(f"appid={CLIENT}" in path for path in microsoft.asked("/keys"))
    assert browser.is_in()
    browser.submit("/sign-out", page="/account")


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:1",
     "/a\r\nSet-Cookie: x", "/" + "x" * 600, ""],
)  # fmt: skip
def test_signs_in_and_never_redirects_to_another_site(browser, sign_in, target):
    browser.get("/sign-in")
    there = browser.get("/sign-in/microsoft", query_string={"next": target})
    assert there.status_code == 303
    answer = sign_in(browser, f"/sign-in/microsoft?next={target.strip()}"[:60])
    assert urlsplit(answer.location).netloc == ""
    assert not answer.location.startswith(("//", "/\\", "javascript"))


# ------------------------------------------------------------------ state
def test_an_altered_state_is_refused(browser, at_microsoft):
    back = at_microsoft(browser)
    answer = browser.get(re.sub(r"state=[^&]+", "state=altered", back))
    assert refused(answer, "has expired")


def test_a_missing_state_is_refused(browser, at_microsoft):
    back = re.sub(r"state=[^&]+&?", "", at_microsoft(browser))
    assert refused(browser.get(back), "has expired")


def test_login_csrf_a_callback_of_another_browser_is_refused(
    app, browser, at_microsoft
):
    back = at_microsoft(browser)
    assert refused(app.test_client().get(back), "has expired")


def test_a_callback_signs_in_once_and_its_replay_is_refused(browser, at_microsoft):
    back = at_microsoft(browser)
    assert browser.get(back).status_code == 303
    assert refused(browser.get(back), "has expired")


def test_the_first_of_three_tabs_signs_in_and_ends_the_other_attempts(
    app, browser, at_microsoft
):
    tabs = [at_microsoft(browser) for _ in range(3)]
    assert browser.get(tabs[1]).status_code == 303
    # The others began before somebody was signed in: their attempts are forgotten.
    assert browser.get(tabs[0]).status_code == 400
    assert browser.is_in()


def test_a_tab_signs_in_after_another_tab_failed(browser, at_microsoft, microsoft):
    first, second = at_microsoft(browser), at_microsoft(browser)
    microsoft.codes.pop(parse_qs(urlsplit(first).query)["code"][0])
    assert refused(browser.get(first), "took too long")
    assert browser.get(second).status_code == 303


def test_signs_in_after_thirty_abandoned_attempts_with_a_small_cookie(
    browser, at_microsoft
):
    for _ in range(30):
        browser.get("/sign-in/microsoft?next=/people?q=" + "x" * 180)
        assert len(browser.cookie.value) < 1536
    browser.get("/sign-in/microsoft?next=/people?q=" + "x" * 480)
    assert len(browser.cookie.value) < 1536
    assert browser.get(at_microsoft(browser)).status_code == 303


def test_the_oldest_of_five_attempts_is_forgotten(browser, at_microsoft):
    first = at_microsoft(browser)
    for _ in range(4):
        browser.get("/sign-in/microsoft")
    assert refused(browser.get(first), "has expired")


def test_a_callback_by_post_is_refused(browser):
    answer = browser.submit(CALLBACK, page="/sign-in", code="x", state="y")
    assert answer.status_code == 405


def test_an_attempt_older_than_an_hour_is_refused(browser, at_microsoft, monkeypatch):
    back = at_microsoft(browser)
    later = time.time() + 3700
    monkeypatch.setattr("netpresenter_next.microsoft.client.time.time", lambda: later)
    assert browser.get(back).status_code == 400


def test_a_code_with_another_verifier_is_refused(browser, at_microsoft, microsoft):
    back = at_microsoft(browser)
    for asked in microsoft.codes.values():
        asked["code_challenge"] = "another"
    assert refused(browser.get(back), "took too long")


def test_session_fixation_another_session_than_the_planted_one_signs_in(
    app, browser, at_microsoft
):
    attacker = app.test_client()
    attacker.get("/sign-in/microsoft")
    browser.set_cookie("npn_session", attacker.cookie.value)
    assert browser.get(at_microsoft(browser)).status_code == 303
    assert not attacker.is_in()


# ------------------------------------------------------------------ the token
def encoded(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=")


def unsigned(claims):
    header = {"alg": "none", "typ": "JWT"}
    parts = [encoded(json.dumps(each).encode()) for each in (header, claims)]
    return b".".join([*parts, b""]).decode()


def keyed_by(secret):
    """Sign with HMAC and a key that libraries refuse."""

    def sign(claims):
        header = {"alg": "HS256", "kid": "key0"}
        parts = [encoded(json.dumps(each).encode()) for each in (header, claims)]
        digest = hmac.new(secret, b".".join(parts), "sha256").digest()
        return b".".join([*parts, encoded(digest)]).decode()

    return sign


def signed_by(key, algorithm):
    def sign(claims):
        header = {"alg": algorithm, "kid": "key0"}
        return jwt.encode(header, claims, key, algorithms=[algorithm])

    return sign


NEW = RSAKey.generate_key(2048, {"kid": "new"})
PUBLIC = KEYS[0].as_pem(private=False)
FORGED = {
    "no algorithm": unsigned,
    "public key as secret": keyed_by(PUBLIC),
    "client secret": keyed_by(SECRET.encode()),
    "RS512": signed_by(KEYS[0], "RS512"),
    "ES256": signed_by(ECKey.generate_key("P-256"), "ES256"),
    "foreign key": FOREIGN,
    "no JWT": lambda claims: "abc",
    "no key ID": lambda claims: jwt.encode({"alg": "RS256"}, claims, KEYS[0]),
}


@pytest.mark.parametrize("name", FORGED)
def test_a_forged_token_is_refused(browser, sign_in, microsoft, name):
    microsoft.signing = FORGED[name]
    assert refused(sign_in(browser), "could not be verified")


@pytest.mark.parametrize("algorithms", [["none"], ["HS256", "none", "RS256"], None])
def test_algorithms_listed_in_the_metadata_are_not_trusted(
    browser, sign_in, microsoft, algorithms
):
    name = "id_token_signing_alg_values_supported"
    microsoft.more_metadata = {name: algorithms}
    microsoft.signing = unsigned
    assert refused(sign_in(browser), "could not be verified")


EVIL = "https://evil.example"
V1 = "https://sts.windows.net/" + TENANT + "/"
WRONG = {
    "nonce of another": {"nonce": "another"},
    "issuer of another tenant": {"iss": f"{EVIL}/{OTHER}/v2.0"},
    "issuer of version 1": {"iss": V1},
    "issuer as template": {"iss": "https://login.microsoftonline.com/{tenantid}/v2.0"},
    "tenant of another": {"tid": OTHER},
    "tenant of consumers": {"tid": "9188040d-6c67-4c5b-b112-36a304b66dad"},
    "tenant as list": {"tid": [TENANT]},
    "tenant in capitals": {"tid": TENANT.upper()},
    "tenant in braces": {"tid": f"{{{TENANT}}}"},
    "tenant with a space": {"tid": f"{TENANT} "},
    "audience of another": {"aud": "another"},
    "audience of another, for us": {"aud": "another", "azp": CLIENT},
    "audience as list": {"aud": [CLIENT]},
    "version 1": {"ver": "1.0"},
    "object ID empty": {"oid": ""},
    "object ID as number": {"oid": 7},
    "object ID as list": {"oid": [JANE]},
    "object ID no GUID": {"oid": "jane@example.org"},
    "object ID in capitals": {"oid": JANE.upper()},
    "object ID in braces": {"oid": f"{{{JANE}}}"},
    "subject as number": {"sub": 7},
    "expiry as text": {"exp": "soon"},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_refused(browser, sign_in, microsoft, name):
    microsoft.claims = WRONG[name]
    assert refused(sign_in(browser), "could not be verified")


def test_an_issuer_with_a_trailing_slash_is_refused(browser, sign_in, microsoft):
    microsoft.claims = {"iss": microsoft.issuer() + "/"}
    assert refused(sign_in(browser), "could not be verified")


@pytest.mark.parametrize("name", ["nonce", "tid", "oid", "aud", "iss", "ver", "exp"])
def test_a_missing_claim_is_refused(browser, sign_in, microsoft, name):
    microsoft.without = {name}
    assert refused(sign_in(browser), "could not be verified")


def moved(**offsets):
    moment = time.time()
    return {name: moment + seconds for name, seconds in offsets.items()}


@pytest.mark.parametrize("claims", [{"exp": -61}, {"nbf": 70}, {"iat": 70}])
def test_an_expired_or_not_yet_valid_token_is_refused(
    browser, sign_in, microsoft, claims
):
    microsoft.claims = moved(**claims)
    assert refused(sign_in(browser), "clock may be wrong")


@pytest.mark.parametrize("claims", [{"exp": -45}, {"nbf": 50}, {"iat": 50}])
def test_signs_in_although_the_clocks_differ_by_less_than_a_minute(
    browser, sign_in, microsoft, claims
):
    microsoft.claims = moved(**claims)
    assert sign_in(browser).status_code == 303


@pytest.mark.parametrize("value", ["soon", True, [1], 1e400, -1, 4e9])
def test_an_invalid_auth_time_is_refused(browser, sign_in, microsoft, value):
    microsoft.claims = {"auth_time": value}
    assert refused(sign_in(browser), "could not be verified")


def test_the_first_token_signs_in_and_the_second_is_checked_as_strictly(
    app, browser, sign_in, microsoft
):
    """Authlib removes the checks from the options that it gets for the first one."""
    assert sign_in(browser).status_code == 303
    microsoft.claims = {"iss": f"{EVIL}/{TENANT}/v2.0"}
    other = app.test_client()
    assert refused(sign_in(other), "could not be verified")
    assert not other.is_in()


@pytest.mark.parametrize("name", ["email", "preferred_username", "name", "sid"])
def test_signs_in_without_optional_claims(browser, sign_in, microsoft, name):
    microsoft.without = {name, "login_hint", "sub_jwk"}
    assert sign_in(browser).status_code == 303


@pytest.mark.parametrize("roles", ["Admin", ["admin"], {"Admin": 1}, 7, ["x"] * 300])
def test_signs_in_with_malformed_roles_and_gets_no_role(
    browser, sign_in, microsoft, domain, roles
):
    domain(mappings.add, COMMAND_LINE, app_role="Admin")
    microsoft.claims = {"roles": roles}
    assert sign_in(browser).status_code == 303
    assert browser.get("/settings").status_code == 403


# ------------------------------------------------------------------ the keys
def test_an_unknown_key_is_looked_up_once_in_five_minutes(
    app, browser, sign_in, microsoft, clock
):
    microsoft.header = {"kid": "unknown"}
    for _ in range(5):
        assert refused(sign_in(browser), "could not be verified")
    assert len(microsoft.asked("/keys")) == 2
    clock(301)
    assert refused(sign_in(browser), "could not be verified")
    assert len(microsoft.asked("/keys")) == 3


def test_signs_in_with_a_new_key_of_microsoft(app, browser, sign_in, microsoft):
    microsoft.published = [KEYS[1]]
    microsoft.signing = KEYS[1]
    assert sign_in(browser).status_code == 303
    microsoft.published, microsoft.signing = [KEYS[0]], KEYS[0]
    assert sign_in(app.test_client()).status_code == 303


def test_a_withdrawn_key_signs_in_for_an_hour_at_most(
    app, browser, sign_in, microsoft, clock
):
    assert sign_in(browser).status_code == 303
    microsoft.published = [KEYS[1]]
    clock(3601)
    assert refused(sign_in(app.test_client()), "could not be verified")


def test_signs_in_with_a_new_key_after_its_first_look_up_failed(
    app, browser, sign_in, microsoft, clock
):
    assert sign_in(browser).status_code == 303
    microsoft.published, microsoft.signing = [NEW], NEW
    microsoft.broken = ("discovery", "<h1>Sorry</h1>", 502)
    assert refused(sign_in(app.test_client()), "could not be reached", 503)
    microsoft.broken = None
    clock(4)
    assert sign_in(app.test_client()).status_code == 303


@pytest.mark.parametrize(
    "issuer", [f"https://login.microsoftonline.com/{OTHER}/v2.0", "https://evil"]
)
def test_a_key_of_another_issuer_is_refused(browser, sign_in, microsoft, issuer):
    microsoft.key_members = {"issuer": issuer}
    assert refused(sign_in(browser), "could not be reached", 503)


def test_signs_in_with_a_key_whose_issuer_is_the_template(browser, sign_in, microsoft):
    issuer = f"{microsoft.authority}/{{tenantid}}/v2.0"
    microsoft.key_members = {"issuer": issuer}
    assert sign_in(browser).status_code == 303


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": f"{EVIL}/v2.0"},
        {"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"},
        {"token_endpoint": "http://169.254.169.254/token"},
        {"jwks_uri": None},
        {"authorization_endpoint": "https://evil.example/authorize"},
    ],
)
def test_metadata_with_a_foreign_or_missing_url_is_refused(
    browser, microsoft, metadata
):
    microsoft.more_metadata = metadata
    answer = browser.get("/sign-in/microsoft")
    assert refused(answer, "could not be reached", 503)


@pytest.mark.parametrize("name", ["authorization_endpoint", "token_endpoint"])
@pytest.mark.parametrize("path", ["/a?x=%zz", "/\ud800", "/a b", "/a#b", "/a\n"])
def test_a_malformed_endpoint_url_is_refused(browser, microsoft, name, path):
    microsoft.more_metadata = {name: microsoft.authority + path}
    answer = browser.get("/sign-in/microsoft")
    assert refused(answer, "could not be reached", 503)


@pytest.mark.parametrize("part", ["openid-configuration", "keys"])
def test_a_document_that_is_nested_too_deeply_is_refused(
    browser, sign_in, microsoft, part
):
    microsoft.broken = (part, "[" * 500_000, 200)
    if part == "keys":
        assert refused(sign_in(browser), "could not be reached", 503)
    else:
        answer = browser.get("/sign-in/microsoft")
        assert refused(answer, "could not be reached", 503)


@pytest.mark.parametrize(
    "date", ["x", "Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "1 Jan 1 0:0 -9999"]
)
def test_signs_in_whatever_the_date_header_says(browser, sign_in, microsoft, date):
    def altered(answer, _asked):
        return Response(json.dumps(answer), 200, {"Date": date}, "application/json")

    microsoft.altered = altered
    assert sign_in(browser).status_code == 303


def test_signs_in_and_ignores_unexpected_metadata(browser, sign_in, microsoft):
    microsoft.more_metadata = {"scope": "evil", "verify": False, "default_timeout": 99}
    there = browser.get("/sign-in/microsoft").location
    assert "scope=openid+profile+email" in there or "openid%20profile" in there
    assert sign_in(browser).status_code == 303


# ------------------------------------------------------------------ broken answers
BROKEN = {
    "no id_token": Response('{"access_token": "x"}', mimetype="application/json"),
    "empty": Response("{}", mimetype="application/json"),
    "a list": Response("[]", mimetype="application/json"),
    "HTML": Response("<h1>Hello</h1>", 200),
    "no JSON": Response("{", mimetype="application/json"),
    "a redirect": Response("", 302, {"Location": "http://169.254.169.254/"}),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_malformed_token_response_is_refused(browser, sign_in, microsoft, name):
    microsoft.answer = BROKEN[name]
    assert refused(sign_in(browser), "could not be verified")


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_failing_token_endpoint_is_reported_as_unreachable(
    browser, sign_in, microsoft, status
):
    microsoft.answer = Response("<h1>Sorry</h1>", status)
    assert refused(sign_in(browser), "could not be reached", 503)


def test_an_oversized_token_response_is_refused(browser, sign_in, microsoft):
    microsoft.answer = Response("x" * (2**20 + 1), mimetype="application/json")
    assert refused(sign_in(browser), "could not be reached", 503)


def test_signs_in_with_cached_metadata_for_a_day_at_most(
    app, browser, sign_in, microsoft, clock
):
    assert sign_in(browser).status_code == 303
    microsoft.broken = ("openid-configuration", "<h1>Hello</h1>", 200)
    clock(4000)
    assert sign_in(app.test_client()).status_code == 303
    clock(86_400)
    answer = app.test_client().get("/sign-in/microsoft")
    assert refused(answer, "could not be reached", 503)


def test_failed_sign_ins_are_counted_in_one_journal_entry(
    browser, sign_in, microsoft, rows
):
    microsoft.claims = {"aud": "another"}
    for _ in range(3):
        sign_in(browser)
    entries = [each for each in rows(select(JOURNAL)) if not each.succeeded]
    assert [each.event for each in entries] == [Event.MICROSOFT_SIGN_IN_FAILED]
    assert entries[0].times == 3
    assert describe(entries[0]).startswith("Rejected: wrong claim aud 3 times")


def test_signs_in_without_a_secret_in_the_log(browser, at_microsoft, rows, caplog):
    caplog.set_level("DEBUG")
    back = at_microsoft(browser)
    with browser.session_transaction() as session:
        (kept,) = (each for key, each in session.items() if key.startswith("_state"))
    assert browser.get(back).status_code == 303
    code = parse_qs(urlsplit(back).query)["code"][0]
    for hidden in (SECRET, code, kept["data"]["code_verifier"]):
        assert hidden not in caplog.text
        assert hidden not in str(rows(select(JOURNAL)))
    with browser.session_transaction() as session:
        assert set(session) <= {"_user_id", "_fresh", "_id", "csrf_token"}


@pytest.mark.parametrize(
    "critical", [[], ["alg"], ["kid", "typ"], ["b64"], ["unknown"], "alg", None, {}]
)
def test_a_token_with_critical_extensions_is_refused(
    browser, sign_in, microsoft, critical
):
    """No extension is supported, and an empty list is invalid (RFC 7515, 4.1.11)."""
    microsoft.signing = signing_with({"crit": critical})
    assert refused(sign_in(browser), "could not be verified")


def test_signs_in_with_the_same_token_without_critical_extensions(
    browser, sign_in, microsoft
):
    microsoft.signing = signing_with({})
    assert sign_in(browser).status_code == 303


def signing_with(more):
    """Sign with Microsoft's key a header that libraries refuse to create."""

    def sign(claims):
        header = {"alg": "RS256", "kid": KEYS[0].kid, "typ": "JWT", **more}
        parts = [encoded(json.dumps(each).encode()) for each in (header, claims)]
        key = KEYS[0].private_key
        signature = key.sign(b".".join(parts), padding.PKCS1v15(), hashes.SHA256())
        return b".".join([*parts, encoded(signature)]).decode()

    return sign
