"""Behind a reverse proxy with https and a path: URLs come from the setting alone."""

import http.client
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from sqlalchemy import select
from tenant import CLIENT, TENANT

from helpers import Instance
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.web import context
from visitors import hidden

SITE = "https://news.example.org/np"
HOST = "news.example.org"
SPOOFED = {
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "Forwarded": "host=evil.example;proto=http",
}


class Proxy(BaseHTTPRequestHandler):
    """Forwards requests below /np, with or without that path."""

    def forward(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        path = self.path if self.server.keeps else self.path.removeprefix("/np")
        headers = {
            **self.headers,
            **SPOOFED,
            "Host": HOST,
            "X-Forwarded-Proto": "https",
        }
        upstream = http.client.HTTPConnection("127.0.0.1", self.server.upstream)
        upstream.request(self.command, path or "/", body, headers)
        answer = upstream.getresponse()
        content = answer.read()
        upstream.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("transfer-encoding", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST = forward

    def log_message(self, *arguments):
        """Log nothing."""


@pytest.fixture(params=[True, False], ids=["path kept", "path stripped"])
def proxied(request, app, configured, jane, microsoft):
    """The address of a proxy in front of a server of the test."""
    instance = Instance(context.of(app).config.instance)
    settings = {
        "NETPRESENTER_BASE_URL": SITE,
        "NETPRESENTER_TRUSTED_PROXY": "127.0.0.1",
        "NETPRESENTER_ENTRA_AUTHORITY": microsoft.authority,
    }
    with instance.served(**settings) as server:
        proxy = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
        proxy.upstream, proxy.keeps = server.port, request.param
        threading.Thread(target=proxy.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{proxy.server_port}"
        proxy.shutdown()
        proxy.server_close()


class OutsideBrowser:
    """A browser in front of the proxy: it uses https, so it returns Secure cookies."""

    def __init__(self, proxied):
        self.proxied, self.cookies = proxied, {}

    def ask(self, method, url, **more):
        path = url.removeprefix("https://news.example.org")
        assert path.startswith("/np"), url
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {"Cookie": sent, "Sec-Fetch-Site": "same-origin"}
        answer = requests.request(
            method, self.proxied + path, headers=headers, timeout=20,
            allow_redirects=False, **more,
        )  # fmt: skip
        for text in answer.raw.headers.getlist("Set-Cookie"):
            name, _, value = text.split(";")[0].partition("=")
            self.cookies[name] = value
        assert "evil" not in answer.text + answer.headers.get("Location", "")
        return answer


def test_sign_in_and_sign_out_behind_a_proxy_with_a_path(proxied, microsoft, rows):
    outside = OutsideBrowser(proxied)
    first = outside.ask("GET", f"{SITE}/account")
    assert first.headers["Location"] == "/np/sign-in?next=/np/account"
    page = outside.ask("GET", first.headers["Location"])
    assert 'href="/np/sign-in/microsoft?next=/np/account"' in page.text
    assert 'href="/np/static/style.css' in page.text
    there = outside.ask("GET", "/np/sign-in/microsoft?next=/np/account")
    address = there.headers["Location"]
    assert f"client_id={CLIENT}" in address
    assert "redirect_uri=https%3A%2F%2Fnews.example.org%2Fnp%2Fsign-in" in address
    back = requests.get(address, allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith(f"{SITE}/sign-in/microsoft/callback?")
    landed = outside.ask("GET", back)
    assert (landed.status_code, landed.headers["Location"]) == (303, "/np/account")
    assert set(outside.cookies) == {"__Host-npn_session", "__Host-npn_browser"}
    account = outside.ask("GET", "/np/account")
    assert "jane@example.org" in account.text
    assert len(rows(select(SESSIONS))) == 1
    form = hidden(account.text)
    gone = outside.ask("POST", "/np/sign-out", data=form)
    assert gone.headers["Location"] == "/np/sign-in"
    there = outside.ask("GET", "/np/sign-in/microsoft/sign-out").headers["Location"]
    assert f"{microsoft.authority}/{TENANT}/oauth2/v2.0/logout?" in there
    assert "https%3A%2F%2Fnews.example.org%2Fnp%2Fsign-in" in there


def test_the_scim_endpoint_is_below_the_path_too(proxied):
    answer = OutsideBrowser(proxied).ask("GET", f"{SITE}/scim/v2/Users")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("application/scim+json")


@pytest.mark.parametrize(
    "path",
    ["/scim/v2//Users", "/scim/v2/Users/", "//scim/v2/Users", "/scim/", "/scim/users"],
)
def test_the_scim_endpoint_never_redirects(proxied, path):
    answer = OutsideBrowser(proxied).ask("GET", SITE + path)
    assert answer.status_code == 401
    assert answer.headers["Content-Type"].startswith("application/scim+json")
