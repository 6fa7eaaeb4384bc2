"""A sign-in at an independent OpenID provider: Canaille, by pytest-iam.

What only Microsoft has (issuer with the tenant, one audience, tid, oid, ver) is added
to it here; the checks are the same as for Microsoft.
"""

import threading

import pytest
from canaille import create_app
from canaille.backends import Backend
from canaille.oidc import metadata, provider
from playwright.sync_api import expect
from pytest_iam import Server
from tenant import CLIENT, JANE, SECRET, TENANT

from helpers import Instance
from netpresenter_next.directory import registration_changes
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.web import context

NAME, SECRET_WORDS = "jane", "correct horse battery staple"


class AsMicrosoft:
    """Serves the metadata at the URL at which Microsoft serves them."""

    def __init__(self, application):
        self.application = application

    def __call__(self, environ, start):
        path = environ["PATH_INFO"].removeprefix(f"/{TENANT}/v2.0")
        return self.application({**environ, "PATH_INFO": path}, start)


@pytest.fixture(scope="module")
def canaille(iam_configuration, iam_server_port):
    """The provider, listening; its application context is not left open."""
    application = create_app(config=iam_configuration)
    server = Server(application, iam_server_port, Backend.instance)
    server.httpd.set_app(AsMicrosoft(application))
    thread = threading.Thread(target=server.httpd.serve_forever)
    thread.start()
    yield server
    server.httpd.shutdown()
    thread.join()
    server.httpd.server_close()


@pytest.fixture
def site(app, domain, installation, jane, canaille, monkeypatch):
    """A server that is configured with Canaille as its directory."""
    authority = canaille.url.rstrip("/")
    issuer = f"{authority}/{TENANT}/v2.0"
    monkeypatch.setattr(metadata, "get_issuer", lambda: issuer)
    monkeypatch.setattr(
        provider.OIDCGrantMixin,
        "get_client_claims",
        lambda self, client: {
            "iss": issuer,
            "aud": client.client_id,
            "tid": TENANT,
            "oid": JANE,
            "ver": "2.0",
        },
    )
    values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET}
    domain(registration_changes.save, installation, COMMAND_LINE, 1, values)
    instance = Instance(context.of(app).config.instance)
    with instance.served(NETPRESENTER_ENTRA_AUTHORITY=authority) as server:
        register(canaille, server.url)
        yield server.url


def register(canaille, url):
    """Let Canaille know the person and the application."""
    with canaille.app.app_context():
        canaille.random_user(user_name=NAME, password=SECRET_WORDS)
        client = canaille.models.Client(
            client_id=CLIENT,
            client_secret=SECRET,
            client_name="Netpresenter Next",
            client_uri="http://localhost",  # trusted: needs no consent
            redirect_uris=[f"{url}/sign-in/microsoft/callback"],
            grant_types=["authorization_code"],
            response_types=["code"],
            scope=["openid", "profile", "email"],
            token_endpoint_auth_method="client_secret_post",
            id_token_signed_response_alg="RS256",  # its default is not accepted
        )
        canaille.backend.save(client)
        client.audience = [client]
        canaille.backend.save(client)


def test_a_user_signs_in_at_another_openid_provider(chromium, site, jane):
    context = chromium.new_context()
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.goto(f"{site}/sign-in?next=/account")
    page.get_by_role("link", name="Sign in with Microsoft").click()
    page.locator("input[name=login]").fill(NAME)
    page.locator("input[name=login]").press("Enter")
    page.locator("input[name=password]").fill(SECRET_WORDS)
    page.locator("input[name=password]").press("Enter")
    page.wait_for_url(f"{site}/account")
    expect(page.get_by_role("main")).to_contain_text("jane@example.org")
    expect(page.get_by_role("main")).to_contain_text("Microsoft")
    context.close()
