"""What applies to every request and response: origin, host, headers, errors."""

import re

import pytest
from flask import abort
from sqlalchemy import func, select
from sqlalchemy.exc import TimeoutError as PoolTimeout

from helpers import PASSWORD
from netpresenter_next.directory import sessions
from netpresenter_next.storage import database
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.web import access_control, context, response_headers, security
from visitors import hidden, signed_in

SITE = "https://news.example.org"
TOKEN_FORM = "/settings/system/microsoft-entra-id/token"
# A signed-in user is redirected to the home page, unless another site sent the form.
REDIRECTED = {"/sign-in", "/setup"}
ANY_ID = "00000000-0000-7000-8000-000000000000"


def paths_of_forms(app):
    """Return every path that changes something, except those of SCIM."""
    for rule in app.url_map.iter_rules():
        changes = rule.methods & {"POST", "PUT", "PATCH", "DELETE"}
        if changes and not security.is_scim(rule.rule):
            yield re.sub("<.*?>", ANY_ID, rule.rule)


def test_every_form_refuses_other_origins_and_wrong_csrf_tokens(app, administrator):
    ours = hidden(administrator.get("/").text)
    foreign = hidden(signed_in(app, "ada").get("/").text)
    client = app.test_client(use_cookies=False)
    client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    cookie = {"Cookie": f"npn_session={administrator.cookie.value}"}
    own_origin = {"Origin": "http://localhost"}
    attempts = [
        ({"Sec-Fetch-Site": "cross-site", **own_origin}, ours),
        ({"Sec-Fetch-Site": "same-site", **own_origin}, ours),
        ({"Sec-Fetch-Site": "none", **own_origin}, ours),
        ({"Sec-Fetch-Site": "", **own_origin}, ours),
        ({"Origin": "https://evil.example"}, ours),
        ({"Origin": "http://localhost.evil.example"}, ours),
        ({"Origin": "https://localhost"}, ours),
        ({"Origin": "null"}, ours),
        ({"Referer": "https://evil.example/?http://localhost/"}, ours),
        ({}, ours),
        ({}, {}),
        ({"Sec-Fetch-Site": "same-origin"}, {}),
        ({"Sec-Fetch-Site": "same-origin"}, {"csrf_token": "x"}),
        ({"Sec-Fetch-Site": "same-origin"}, foreign),
    ]
    paths = set(paths_of_forms(app))
    assert {"/sign-in", "/sign-out", "/setup", "/account", TOKEN_FORM} <= paths
    for path in paths:
        for headers, form in attempts:
            answer = client.post(path, headers={**headers, **cookie}, data=form)
            if path in REDIRECTED and headers.get("Sec-Fetch-Site") == "same-origin":
                assert (answer.status_code, answer.location) == (303, "/")
                continue
            assert answer.status_code == 403, (path, headers)
            assert "nothing was changed" in answer.text or "has expired" in answer.text


def test_a_refused_form_changes_nothing(app, administrator, rows):
    ours = hidden(administrator.get("/settings/system/microsoft-entra-id").text)
    evil = {"Sec-Fetch-Site": "cross-site"}
    assert administrator.post(TOKEN_FORM, data=ours, headers=evil).status_code == 403
    assert administrator.get(TOKEN_FORM).status_code == 405
    assert rows(select(func.count()).select_from(SCIM_TOKENS)) == [(0,)]


@pytest.mark.parametrize(
    ("path", "referer", "page"),
    [
        (TOKEN_FORM, "http://localhost/settings/system?a=1", "/settings/system?a=1"),
        (TOKEN_FORM, f"http://localhost{TOKEN_FORM}", "/"),  # it has no page
        (TOKEN_FORM, "http://localhost//evil.example/", "/"),
        (TOKEN_FORM, "http://[/settings", "/"),
        (TOKEN_FORM, "", "/"),
        ("/account", "", "/account"),
    ],
)
def test_an_expired_form_says_what_to_do_and_leads_back(client, path, referer, page):
    answer = client.post(path, headers={"Referer": referer})
    assert answer.status_code == 403
    assert "This form has expired" in answer.text
    assert "fill it in once more" in answer.text
    assert f'href="{page}">Open the form again' in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": "http://localhost"},
        {"Origin": "HTTP://LOCALHOST"},
        {"Referer": "http://localhost/account"},
    ],
)
def test_a_form_of_the_same_origin_is_accepted(app, client, headers):
    client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    form = hidden(client.get("/sign-in").text)
    assert client.post("/sign-in", data=form, headers=headers).status_code == 400


def test_behind_a_proxy_the_origin_of_the_base_url_is_accepted(make_app):
    client = make_app(base_url=SITE).test_client()
    client.environ_base.pop("HTTP_SEC_FETCH_SITE")
    behind = {"base_url": "http://news.example.org"}
    answer = client.post("/sign-in", headers={"Origin": SITE}, **behind)
    assert "has expired" in answer.text  # the origin is accepted, the CSRF token is not
    evil = client.post("/sign-in", headers={"Origin": "https://evil.example"}, **behind)
    assert "another site" in evil.text


# ------------------------------------------------------------------ host
GOOD_HOSTS = ["news.example.org", "NEWS.example.org", "news.example.org:443"]
BAD_HOSTS = [
    "evil.example",
    "a.news.example.org",
    "news.example.org.evil.example",
    "news.example.org:99999",
    "news.example.org:80",
    "news.example.org, evil.example",
    "news.example.org@evil.example",
    "a b",
    "[::1",
    "",
]


@pytest.mark.parametrize("host", GOOD_HOSTS)
def test_the_host_of_the_base_url_is_accepted(make_app, host):
    answer = (
        make_app(base_url=SITE).test_client().get("/healthz", headers={"Host": host})
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/scim/v2/Users", "/static/style.css"])
@pytest.mark.parametrize("host", BAD_HOSTS)
def test_another_host_is_refused(make_app, host, path):
    client = make_app(base_url=SITE).test_client()
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    with client.get(path, headers={"Host": host}, environ_base=elsewhere) as answer:
        assert answer.status_code == 400
        assert "evil" not in answer.text
        assert f"Use the address {SITE}." in answer.text


def test_localhost_is_accepted_only_from_this_machine(make_app):
    client = make_app(base_url=SITE).test_client()
    for host in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert client.get("/healthz", headers={"Host": host}).status_code == 200
    far = {"REMOTE_ADDR": "192.0.2.7"}
    refused = client.get("/healthz", headers={"Host": "localhost"}, environ_base=far)
    assert refused.status_code == 400


@pytest.mark.parametrize(
    ("setting", "host", "peer", "expected"),
    [
        (SITE, "localhost", "127.0.0.1", SITE),
        ("https://news.example.org:8443", "localhost", "::1", SITE + ":8443"),
        ("", "localhost:8000", "127.0.0.1", "http://localhost:8000"),
        ("", "[::1]:8000", "::1", "http://[::1]:8000"),
        ("", "evil.example", "127.0.0.1", None),
        ("", "localhost", "192.0.2.7", None),
        ("", "localhost", "not an address", None),
        ("", "localhost.evil.example", "127.0.0.1", None),
        ("", "a b", "127.0.0.1", None),
    ],
)
def test_the_shown_base_url_cannot_be_spoofed(make_app, setting, host, peer, expected):
    app = make_app(base_url=setting)
    request = {"headers": {"Host": host}, "environ_base": {"REMOTE_ADDR": peer}}
    with app.test_request_context("/", **request):
        assert security.base_url() == expected


# Hosts without a base URL: accepted from this machine, and from another.
HOSTS_WITHOUT_ADDRESS = {
    (True, True): (
        *("localhost", "localhost:8000", "LOCALHOST:8000", "127.0.0.1", "127.0.1.1:80"),
        *("0.0.0.0:8000", "[::1]:8000", "192.168.7.9:8000", "[fe80::1]:8000"),
    ),
    (False, True): (
        *("newsserver", "newsserver:8000", "news.local", "news.lan:8000"),
        *("news.home.arpa", "news.internal"),
    ),
    (False, False): (
        *("evil.example", "evil.example:8000", "localhost.evil.example", "a.localhost"),
        *("127.0.0.1.evil.example", "evil.local.example", "evil.example.", "", "a b"),
        *(
            "[::1",
            "localhost.",
            "localhost, evil.example",
            "x@localhost",
            "evil.example@localhost.x",
        ),
    ),
}


@pytest.mark.parametrize("may", HOSTS_WITHOUT_ADDRESS)
def test_without_a_base_url_hosts_that_others_could_own_are_refused(app, client, may):
    for peer, is_accepted in zip(("127.0.0.1", "192.0.2.7"), may, strict=True):
        for host in HOSTS_WITHOUT_ADDRESS[may]:
            for path in ("/healthz", "/sign-in", "/scim/v2/ServiceProviderConfig"):
                answer = client.get(
                    path,
                    headers={"Host": host, "Authorization": "Bearer x"},
                    environ_base={"REMOTE_ADDR": peer},
                )
                assert (answer.status_code != 400) == is_accepted, (peer, host)
                if not is_accepted:
                    assert "NETPRESENTER_BASE_URL" in answer.text
                    assert "evil" not in answer.text


def test_dns_rebinding_a_foreign_host_signs_nobody_in(app, client, people):
    evil = {"Host": "evil.example", "Origin": "http://evil.example"}
    form = hidden(client.get("/sign-in").text)
    sent = {**form, "user_name": "ada", "password": PASSWORD}
    for headers in (evil, {**evil, "Sec-Fetch-Site": "same-origin"}):
        client.environ_base.pop("HTTP_SEC_FETCH_SITE", None)
        cookie = {"Cookie": f"npn_session={client.cookie.value}"}
        answer = client.post("/sign-in", data=sent, headers={**headers, **cookie})
        assert answer.status_code == 400
        assert "Set-Cookie" not in answer.headers
    own = {"Sec-Fetch-Site": "same-origin"}
    assert client.post("/sign-in", data=sent, headers=own).status_code == 303


# ------------------------------------------------------------------ cookie
def test_the_session_cookie_has_its_security_flags(make_app, people, app):
    secure = make_app(base_url=SITE).test_client()
    cookie = secure.get("/sign-in", base_url=SITE).headers["Set-Cookie"]
    name, *flags = cookie.split("; ")
    assert name.startswith("__Host-npn_session=")
    assert set(flags) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}
    plain = app.test_client().get("/sign-in").headers["Set-Cookie"]
    name, *flags = plain.split("; ")
    assert name.startswith("npn_session=")
    assert set(flags) == {"HttpOnly", "Path=/", "SameSite=Lax"}


# ------------------------------------------------------------------ headers
def check_headers(answer, others=()):
    for name, value in {**dict(response_headers.HEADERS), **dict(others)}.items():
        assert answer.headers.getlist(name) == [value]
    assert "Server" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def abort_with(app, path, status):
    @access_control.public
    def fail():
        abort(status)

    app.add_url_rule(path, "fault", fail)
    answer = app.test_client().get(path)
    assert answer.status_code == status
    check_headers(answer)
    return answer


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 413, 418, 429, 500, 503])
def test_every_error_page_has_text_and_all_headers(app, people, status):
    answer = abort_with(app, "/fault", status)
    assert answer.mimetype == "text/html"
    assert f"Error {status}" in answer.text
    assert "Go to the home page" in answer.text


@pytest.mark.parametrize("status", [400, 404, 405, 413, 429, 500, 503])
def test_every_scim_error_has_the_error_schema_and_all_headers(app, people, status):
    answer = abort_with(app, "/scim/v2/fault", status)
    assert answer.mimetype == "application/scim+json"
    assert answer.json["status"] == str(status)


# Pages whose URL holds a secret.
SECRET_URLS = {
    "microsoft.callback": "no-referrer",
    "set_password.show": "strict-origin",
}


def test_pages_have_all_headers(app, administrator):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and not rule.arguments:
            answer = administrator.get(rule.rule)
            assert answer.status_code in (200, 303, 400, 401, 403, 404), rule.rule
            policy = SECRET_URLS.get(rule.endpoint, "same-origin")
            check_headers(answer, {"Referrer-Policy": policy})
            if answer.status_code == 200 and answer.mimetype == "text/html":
                assert answer.headers["Vary"] == "Cookie"


def test_a_page_is_not_cached(administrator):
    answer = administrator.get("/settings/system/microsoft-entra-id")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Vary"] == "Cookie"


def test_strict_transport_security_is_for_https_only(make_app, app):
    name = "Strict-Transport-Security"
    secure = make_app(base_url=SITE).test_client().get("/healthz", base_url=SITE)
    assert secure.headers[name] == "max-age=63072000"
    assert name not in app.test_client().get("/healthz").headers


def test_static_files_are_cached_by_their_content_hash(app, client):
    page = client.get("/sign-in").text
    address = page.split('rel="stylesheet" href="')[1].split('"')[0]
    with client.get(address) as answer:
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert "Set-Cookie" not in answer.headers
        assert "Vary" not in answer.headers
    with client.get(address.split("?")[0]) as answer:
        assert answer.headers["Cache-Control"] == "no-cache"
    with client.get("/static/none.css?v=1") as answer:
        assert answer.status_code == 404
        assert answer.headers["Cache-Control"] == "no-cache"


# ------------------------------------------------------------------ errors
def raise_in_view(app, path, error):
    @access_control.public
    def fail():
        raise error

    app.add_url_rule(path, "raise_in_view", fail)
    return app.test_client().get(path)


@pytest.mark.parametrize("path", ["/broken", "/scim/v2/broken"])
def test_an_unexpected_error_reveals_nothing_about_itself(app, people, path, caplog):
    answer = raise_in_view(app, path, RuntimeError("SELECT secret FROM /etc/shadow"))
    assert answer.status_code == 500
    for word in ("RuntimeError", "SELECT", "shadow", "Traceback", ".py"):
        assert word not in answer.text
    assert "RuntimeError" in caplog.text


@pytest.mark.parametrize("path", ["/broken", "/scim/v2/broken"])
@pytest.mark.parametrize("error", [database.Busy(), PoolTimeout()])
def test_a_busy_database_asks_to_try_again(app, people, path, error, caplog):
    answer = raise_in_view(app, path, error)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert not caplog.records


def test_a_full_disk_is_reported(app, people):
    class Full(Exception):
        sqlite_errorname = "SQLITE_FULL"

    answer = raise_in_view(app, "/broken", Full())
    assert answer.status_code == 503
    assert "disk is full" in answer.text


def test_the_error_page_does_not_need_the_database(app, administrator, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError

    monkeypatch.setattr(sessions, "select_current", fail)
    answer = administrator.get("/")
    assert answer.status_code == 500
    assert "Something went wrong" in answer.text


def test_scim_answers_with_its_media_type_for_every_path_and_method(app, people):
    client = app.test_client()
    for path in ("/scim", "/scim/", "/scim/v2", "/scim/v2/", "/scim/none", "/scim//x"):
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"):
            answer = client.open(path, method=method)
            assert answer.status_code in (401, 404, 405), (method, path)
            assert answer.mimetype == "application/scim+json"
            if answer.status_code == 405:
                assert answer.headers["Allow"]
    assert client.get("/scimitar").mimetype == "text/html"


def test_the_secret_key_is_created_once_and_readable_by_its_owner(app, make_app):
    key = make_app().config["SECRET_KEY"]
    assert key == app.config["SECRET_KEY"]
    assert len(key) == 64
    file = context.of(app).config.instance / "secret_key"
    assert file.stat().st_mode & 0o777 == 0o600
