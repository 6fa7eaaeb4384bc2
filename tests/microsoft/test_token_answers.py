"""Whatever the token endpoint answers, only a verified id_token counts.

Each forged answer is tried for each of the four reasons to go to Microsoft: to sign
in, to test the connection, to connect an account, to reauthenticate.
"""

import base64
import html
import json
import time

import pytest
from connecting import CONNECT, to_confirmation
from flask import Response
from joserfc import jwt
from sqlalchemy import select
from stand_in import FOREIGN, KEYS
from tenant import CLIENT, JANE, OTHER, TENANT

from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, Base
from netpresenter_next.storage.sign_in_models import IDENTITIES
from visitors import signed_in

CONFIRM = "/sign-in/microsoft/confirm?next=/account/confirm"
WRITTEN = [table.name for table in Base.metadata.sorted_tables if table is not JOURNAL]


# ------------------------------------------------------------------ the attack
def claims_of(microsoft, asked, **others):
    """All claims that are checked, as a pending attempt expects them."""
    now = int(time.time())
    return {
        "iss": microsoft.issuer(),
        "aud": CLIENT,
        "exp": now + 3600,
        "iat": now - 300,
        "nbf": now - 300,
        "auth_time": now,
        "nonce": asked["nonce"],
        "ver": "2.0",
        "tid": TENANT,
        "oid": JANE,
        "sub": "pairwise",
        **others,
    }


def only_userinfo(microsoft, answer, asked):
    """No id_token at all: Authlib leaves such a ``userinfo`` in the answer."""
    named = {"oid": JANE, "tid": TENANT, "iss": microsoft.issuer(), "aud": CLIENT}
    userinfo = {**named, "ver": "2.0", "sub": "x", "exp": 1}
    return {"token_type": "Bearer", "userinfo": userinfo}


# ------------------------------------------------------------------ answers
def without(microsoft, answer, asked):
    return {key: each for key, each in answer.items() if key != "id_token"}


def with_id_token(value):
    return lambda microsoft, answer, asked: {**answer, "id_token": value}


def with_userinfo(value, **others):
    """The claims as userinfo, without an id_token or with an invalid one."""

    def alter(microsoft, answer, asked):
        userinfo = claims_of(microsoft, asked) if value is ... else value
        return {**without(microsoft, answer, asked), "userinfo": userinfo, **others}

    return alter


def token_elsewhere(name):
    """A valid id_token under another name."""

    def alter(microsoft, answer, asked):
        return {**without(microsoft, answer, asked), name: answer["id_token"]}

    return alter


def wrapped(wrap):
    """A valid id_token inside something invalid."""

    def alter(microsoft, answer, asked):
        return {**answer, "id_token": wrap(answer["id_token"])}

    return alter


def raw(text, status=200, mimetype="application/json"):
    return lambda *_: Response(text, status, mimetype=mimetype)


def with_status(status):
    def alter(microsoft, answer, asked):
        return Response(json.dumps(answer), status, mimetype="application/json")

    return alter


def as_list(microsoft, answer, asked):
    return Response(json.dumps([answer]), mimetype="application/json")


def twice(*values):
    """One name with two values: parsers differ in which of them they take."""

    def alter(microsoft, answer, asked):
        chosen = [answer["id_token"] if each is ... else each for each in values]
        members = ",".join(f'"id_token":{json.dumps(each)}' for each in chosen)
        return Response(f"{{{members}}}", mimetype="application/json")

    return alter


def in_two_spellings(microsoft, answer, asked):
    return {**answer, "ID_Token": answer["id_token"]}


def with_error(microsoft, answer, asked):
    return {**answer, "error": None}


def encoded(document):
    text = json.dumps(document).encode()
    return base64.urlsafe_b64encode(text).rstrip(b"=").decode()


def unsigned(header, signature=""):
    """The claims without a valid signature."""

    def alter(microsoft, answer, asked):
        parts = [encoded(header), encoded(claims_of(microsoft, asked)), signature]
        return {**answer, "id_token": ".".join(parts)}

    return alter


def signed(key=KEYS[0], without="", **wrong):
    """A signed id_token, with another key or wrong claims."""

    def alter(microsoft, answer, asked):
        values = {name: make(microsoft) for name, make in wrong.items()}
        claims = claims_of(microsoft, asked, **values)
        claims.pop(without, None)
        header = {"alg": "RS256", "kid": "key0", "typ": "JWT"}
        return {**answer, "id_token": jwt.encode(header, claims, key)}

    return alter


def ago(seconds):
    return lambda _: int(time.time()) - seconds


ANSWERS = {
    "only userinfo": only_userinfo,
    "no id_token": without,
    "no id_token, all claims as userinfo": with_userinfo(...),
    "no id_token, userinfo null": with_userinfo(None),
    "no id_token, userinfo a list": with_userinfo([{"oid": JANE}]),
    "no id_token, userinfo a text": with_userinfo("jane"),
    "no id_token, userinfo a number": with_userinfo(7),
    "no id_token, userinfo empty": with_userinfo({}),
    "id_token null, all claims as userinfo": with_userinfo(..., id_token=None),
    "id_token empty, all claims as userinfo": with_userinfo(..., id_token=""),
    "id_token no JWT, all claims as userinfo": with_userinfo(..., id_token="abc"),
    "id_token null": with_id_token(None),
    "id_token true": with_id_token(True),
    "id_token a number": with_id_token(7),
    "id_token a list": with_id_token([]),
    "id_token an object": with_id_token({"oid": JANE}),
    "id_token empty": with_id_token(""),
    "id_token white space": with_id_token(" \t\n"),
    "id_token no JWT": with_id_token("jane@example.org"),
    "id_token two dots": with_id_token(".."),
    "id_token in a list": wrapped(lambda token: [token]),
    "id_token in an object": wrapped(lambda token: {"id_token": token}),
    "id_token between blanks": wrapped(lambda token: f" {token} "),
    "id_token with a line more": wrapped(lambda token: f"{token}\n"),
    "id_token with a part more": wrapped(lambda token: f"{token}.x"),
    "id_token without its signature": wrapped(lambda token: token.rpartition(".")[0]),
    "id_token with an empty signature": wrapped(
        lambda token: token.rpartition(".")[0] + "."
    ),
    "id_token as access_token": token_elsewhere("access_token"),
    "id_token as refresh_token": token_elsewhere("refresh_token"),
    "id_token as userinfo": token_elsewhere("userinfo"),
    "id_token in another spelling": token_elsewhere("ID_TOKEN"),
    "id_token twice, the second null": twice(..., None),
    "id_token twice, the first null": twice(None, ...),
    "id_token twice, the same": twice(..., ...),
    "id_token in two spellings": in_two_spellings,
    "alg none": unsigned({"alg": "none", "typ": "JWT"}),
    "alg none, with a signature": unsigned({"alg": "none"}, "c2lnbmVk"),
    "alg None": unsigned({"alg": "None", "kid": "key0"}),
    "no alg": unsigned({"kid": "key0"}, "c2lnbmVk"),
    "a forged signature": unsigned({"alg": "RS256", "kid": "key0"}, "c2ln"),
    "signed by another key": signed(FOREIGN),
    "another nonce": signed(nonce=lambda _: "another"),
    "nonce empty": signed(nonce=lambda _: ""),
    "nonce null": signed(nonce=lambda _: None),
    "no nonce": signed(without="nonce"),
    "another audience": signed(aud=lambda _: "another"),
    "two audiences": signed(aud=lambda _: [CLIENT, "another"]),
    "another issuer": signed(iss=lambda known: known.issuer().replace(TENANT, OTHER)),
    "expired": signed(exp=ago(61)),
    "expires never": signed(without="exp"),
    "valid from tomorrow": signed(nbf=ago(-86_400)),
    "made tomorrow": signed(iat=ago(-86_400)),
    "an error with a token": with_error,
    "a token with 400": with_status(400),
    "a token with 201": with_status(201),
    "a token with 302": with_status(302),
    "a list": as_list,
    "null": raw("null"),
    "a text": raw('"abc"'),
    "a number": raw("7"),
    "nothing": raw(""),
    "no JSON": raw("{"),
    "a form": raw(f"id_token=a.b.c&oid={JANE}", mimetype="text/plain"),
    "30,000 levels": raw('{"id_token":' + "[" * 30_000),
    "no UTF-8": raw(b'{"id_token":"\xff"}'),
    "HTML": raw("<h1>Hello</h1>", mimetype="text/html"),
    "HTML with 404": raw("<h1>Not found</h1>", 404, "text/html"),
}


# ------------------------------------------------------------------ purposes
def to_sign_in(app, people, sign_in):
    return app.test_client(), "/sign-in/microsoft"


def to_test(app, people, sign_in):
    return signed_in(app, "ada"), "/sign-in/microsoft/test"


def to_connect(app, people, sign_in):
    people.local("grace")
    grace = signed_in(app, "grace")
    grace.submit("/account/microsoft", page="/account")
    return grace, "/account/microsoft/start"


def to_confirm(app, people, sign_in):
    browser = app.test_client()
    assert sign_in(browser).status_code == 303
    return browser, CONFIRM


PURPOSES = [to_sign_in, to_test, to_connect, to_confirm]


@pytest.fixture
def pending(app, people, configured, jane, sign_in, at_microsoft):
    """For each purpose, a browser that comes back and the address it comes to."""
    opened = [go(app, people, sign_in) for go in PURPOSES]
    return [(client, at_microsoft(client, path)) for client, path in opened]


def read_everything(app):
    """Return all rows of all tables but the journal."""
    with app.app_context(), database.read() as connection:
        return [
            connection.exec_driver_sql(f'SELECT * FROM "{table}"').all()
            for table in WRITTEN
        ]


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_without_a_verified_id_token_is_refused(
    app, pending, microsoft, name
):
    written = read_everything(app)
    microsoft.altered = lambda answer, asked: ANSWERS[name](microsoft, answer, asked)
    assert len(pending) == len(PURPOSES)
    for client, back in pending:
        with client.session_transaction() as session:
            was_in = session.get("_user_id")
        answer = client.get(back)
        assert 400 <= answer.status_code < 500, answer.text
        assert any(
            words in html.unescape(answer.text)
            for words in ("could not be verified", "clock may be wrong")
        )
        assert read_everything(app) == written
        with client.session_transaction() as session:
            assert session.get("_user_id") == was_in
            assert "connecting" not in session
        assert client.get(back).status_code == 400  # the attempt is over


def test_the_same_answer_with_its_verified_id_token_is_accepted(pending, microsoft):
    """Otherwise the refusals would prove nothing."""
    microsoft.altered = lambda answer, asked: signed()(microsoft, answer, asked)
    for client, back in pending:
        assert client.get(back).status_code in (200, 303)


USERINFO = [None, [], "jane", 7, {}, {"oid": OTHER, "tid": TENANT, "sub": "x"}]


@pytest.mark.parametrize("userinfo", USERINFO)
def test_everything_beside_a_verified_id_token_is_ignored(
    browser, sign_in, microsoft, jane, rows, userinfo
):
    others = {"userinfo": userinfo, "expires_at": [], "expires_in": "soon", "nonce": 1}
    microsoft.altered = lambda answer, asked: {**answer, **others}
    assert sign_in(browser).status_code == 303
    (session,) = rows(select(SESSIONS))
    (identity,) = rows(select(IDENTITIES))
    assert session.user_id == identity.user_id == jane.id
    assert (identity.object_id, identity.subject) == (JANE, "pairwise")


def test_the_connected_account_is_that_of_the_id_token(
    grace, at_microsoft, microsoft, rows
):
    others = {"userinfo": {"oid": OTHER, "preferred_username": "eve@example.org"}}
    microsoft.altered = lambda answer, asked: {**answer, **others}
    to_confirmation(grace, at_microsoft)
    assert "eve@example.org" not in grace.get(CONNECT).text
    assert grace.submit(CONNECT).status_code == 303
    assert [each.object_id for each in rows(select(IDENTITIES))] == [JANE]


def test_an_id_token_of_another_attempt_of_the_same_browser_is_refused(
    browser, at_microsoft, microsoft, rows
):
    """The nonce must belong to the state with which the browser comes back."""
    backs = [at_microsoft(browser) for _ in range(2)]
    (first, second) = microsoft.codes.values()
    first["nonce"], second["nonce"] = second["nonce"], first["nonce"]
    for back in backs:
        assert browser.get(back).status_code == 400
    assert rows(select(SESSIONS)) == []
