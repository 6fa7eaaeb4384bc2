"""Pages accept only valid forms: any other body is refused before it is read."""

import http.client
import re

import pytest
from bodies import BOMB, COOKIES, HOSTILE, ODD_QUERIES, QUERIES
from sqlalchemy import select

from helpers import PASSWORD, copy_of
from netpresenter_next.lib.text import parse_whole_number
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from visitors import hidden

MATCHING = "/settings/system/microsoft-entra-id/matching"
WORDS = {
    400: ("not UTF-8", "NUL character", "more than 500 fields"),
    413: ("too large",),
    415: ("only their own forms",),
}
REFUSED = {name: body for name, body in HOSTILE.items() if not body.is_form}


@pytest.mark.parametrize("name", REFUSED)
def test_an_invalid_form_is_refused_with_the_remedy(client, rows, name):
    body = REFUSED[name]
    token = hidden(client.get("/sign-in").text)["csrf_token"]
    before = rows(select(JOURNAL))
    answer = client.post(
        "/sign-in",
        data=body.with_token(token.encode()),
        content_type=body.content_type,
        headers={"X-CSRFToken": token, **body.headers},
    )
    assert answer.status_code == body.status
    assert any(words in answer.text for words in WORDS[body.status])
    assert "Go back" in answer.text
    assert rows(select(JOURNAL)) == before


def test_a_safe_request_with_a_body_is_refused(client):
    """A field of a GET would be read as a password, without the checks of a form."""
    for method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        answer = client.open("/sign-in", method=method, data={"password_again": "x"})
        assert answer.status_code == 400, method
    typed = client.get("/healthz", headers={"Content-Type": "application/json"})
    assert typed.status_code == 200


@pytest.mark.parametrize("path", ["/sign-in", "/settings/users", "/static/style.css"])
@pytest.mark.parametrize("name", QUERIES)
def test_a_query_string_that_is_not_valid_text_is_refused(administrator, name, path):
    query = {"QUERY_STRING": QUERIES[name]}
    answer = administrator.get(path, environ_overrides=query)
    assert answer.status_code == 400
    assert any(words in answer.text for words in WORDS[400])


def test_scim_refuses_an_invalid_query_string_with_a_scim_error(client):
    for name in QUERIES:
        query = {"QUERY_STRING": QUERIES[name]}
        answer = client.get("/scim/v2/Users", environ_overrides=query)
        # NUL is valid UTF-8; SCIM refuses it only in the parameters that it reads.
        status = 401 if name == "NUL" else 400
        assert (answer.status_code, answer.json["status"]) == (status, f"{status}")


@pytest.mark.parametrize("name", ODD_QUERIES)
def test_an_odd_query_string_causes_no_server_error(app, administrator, name):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            query = {"QUERY_STRING": ODD_QUERIES[name]}
            answer = administrator.get(rule.rule, environ_overrides=query)
            assert answer.status_code < 500, rule.rule


@pytest.mark.parametrize(
    "typed",
    ["9" * 400, "9" * 5_000, "-" + "9" * 400, "1e3", "٣٠", "30.5", "0x1e", "", "4"],
)
def test_an_invalid_number_is_refused_with_one_message(administrator, rows, typed):
    page = MATCHING.replace("/matching", "/sign-in-options")
    fields = {"idle_minutes": typed, "absolute_hours": "2"}
    answer = administrator.submit(MATCHING, page=page, **fields)
    assert answer.status_code == 400
    (message,) = re.findall(r'<p class="fault"[^>]*>([^<]*)', answer.text)
    assert re.fullmatch(r"Enter a whole number from 5 to \d+\.", message), message
    assert rows(select(SIGN_IN_SETTINGS.c.idle_minutes)) in ([], [(480,)])


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("5", 5),
        ("-5", -5),
        ("+5", 5),
        ("100", 100),
        ("101", None),
        ("-6", None),
        ("9" * 400, None),
        ("", None),
        (" 5", None),
        ("5\n", None),
        ("٣", None),
        ("1_0", None),
        (None, None),
        (5, None),
    ],
)
def test_whole_numbers_are_parsed_strictly_and_within_bounds(text, number):
    assert parse_whole_number(text, -5, 100) == number


@pytest.mark.parametrize("name", COOKIES)
def test_an_invalid_cookie_is_ignored(app, people, name):
    client = app.test_client(use_cookies=False)
    home = client.get("/", headers={"Cookie": COOKIES[name]})
    assert (home.status_code, home.location) == (303, "/sign-in")
    answer = client.get("/sign-in", headers={"Cookie": COOKIES[name]})
    assert answer.status_code == 200


def test_the_decompression_bomb_is_small():
    assert len(BOMB) < 16_384


def test_the_real_server_refuses_the_same_requests(migrated, tmp_path):
    """The real server treats bytes and chunks differently from the test client."""
    instance = copy_of(migrated, tmp_path / "served")
    instance.output("create-admin", "ada", "--password-file", "-", text=PASSWORD)
    with instance.served() as server:
        for name, cookie in COOKIES.items():
            assert _status(server, "GET", "/sign-in", {"Cookie": cookie}) == 200, name
        for name, query in QUERIES.items():
            path = f"/sign-in?{query}"
            assert _status(server, "GET", path, {}) == 400, name
        ours = {"Sec-Fetch-Site": "same-origin", "X-CSRFToken": "x"}
        for name, body in REFUSED.items():
            headers = {**ours, **body.headers}
            if body.content_type:
                headers["Content-Type"] = body.content_type
            status = _status(server, "POST", "/sign-in", headers, body.data)
            assert status == body.status, name
            if body.data and body.status != 413:
                chunked = {**headers, "Transfer-Encoding": "chunked"}
                data = b"%x\r\n%s\r\n0\r\n\r\n" % (len(body.data), body.data)
                assert _status(server, "POST", "/sign-in", chunked, data) == body.status


def _status(server, method, target, headers, data=None):
    connection = http.client.HTTPConnection(server.host, server.port, timeout=20)
    connection._encode_request = lambda line: line.encode("latin-1")
    connection._validate_path = lambda path: None
    connection.putrequest(method, target)
    for name, value in headers.items():
        connection.putheader(name, value.encode("latin-1"))
    if data is not None and "Transfer-Encoding" not in headers:
        connection.putheader("Content-Length", str(len(data)))
    connection.endheaders(data)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status
