"""Hints of pages about the server: the command to type, and missing encryption."""

import html
import re

import httpx
import pytest

from factories import People
from helpers import Instance
from netpresenter_next.pages import first_run
from netpresenter_next.web import server_hints
from visitors import signed_in

ENTRA = "/settings/system/microsoft-entra-id"
PUBLIC = "http://news.example.org"
ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7", "HTTP_HOST": "192.0.2.1:8000"}
NOTICE = "This connection is not encrypted"


@pytest.mark.parametrize(
    ("base_url", "scheme", "peer", "readable"),
    [
        ("https://news.example.org", "http", "192.0.2.7", False),
        ("https://news.example.org", "http", "127.0.0.1", False),
        ("http://localhost:8000", "http", "192.0.2.7", False),
        ("http://127.0.0.2", "http", "192.0.2.7", False),
        ("http://[::1]:8000", "https", "192.0.2.7", False),
        (PUBLIC, "http", "127.0.0.1", True),
        (PUBLIC, "https", "192.0.2.7", True),
        ("", "https", "192.0.2.7", False),
        ("", "http", "127.0.0.1", False),
        ("", "http", "::1", False),
        ("", "http", "::ffff:127.0.0.1", False),
        ("", "http", "192.0.2.7", True),
        ("", "http", "2001:db8::1", True),
        ("", "http", "::ffff:192.0.2.7", True),
        ("", "http", "", True),
    ],
)
def test_a_connection_that_others_can_read_is_recognised(
    base_url, scheme, peer, readable
):
    assert server_hints.is_exposed(base_url, scheme, peer) == readable


@pytest.mark.parametrize(
    ("settings", "visit", "said"),
    [
        ({}, {}, False),
        ({}, ELSEWHERE, True),
        ({}, {**ELSEWHERE, "wsgi.url_scheme": "https"}, False),
        ({"base_url": PUBLIC}, {}, True),
        ({"base_url": "https://news.example.org"}, {}, False),
    ],
)
def test_sign_in_and_set_up_warn_of_an_unencrypted_connection(
    make_app, password_hash, settings, visit, said
):
    app = make_app(**settings)
    stranger = app.test_client()
    code = first_run.renew_setup_code(app)
    pages = [
        stranger.get(path, environ_overrides=visit)
        for path in ("/setup", f"/setup?code={code}")
    ]
    assert People(app, password_hash).ada
    pages.append(stranger.get("/sign-in", environ_overrides=visit))
    for page in pages:
        assert page.status_code == 200
        assert (NOTICE in page.text) == said
        assert ("docs/install.md" in page.text) == said


@pytest.mark.parametrize(
    ("arguments", "settings", "warned"),
    [
        ([], {}, False),
        ([], {"NETPRESENTER_BASE_URL": "https://news.example.org"}, False),
        ([], {"NETPRESENTER_BASE_URL": PUBLIC}, True),
        (["--host", "0.0.0.0"], {}, True),
        (
            ["--host", "0.0.0.0"],
            {"NETPRESENTER_BASE_URL": "https://news.example.org"},
            False,
        ),
    ],
)
def test_the_server_warns_of_an_unencrypted_connection_at_start(
    tmp_path, arguments, settings, warned
):
    instance = Instance(tmp_path / "instance")
    with instance.served(*arguments, **settings) as server:
        httpx.get(f"http://127.0.0.1:{server.port}/healthz")
        server.process.terminate()
        _, errors = server.process.communicate(timeout=30)
    assert ("are sent unencrypted" in errors) == warned


def command_on(page):
    (found,) = re.findall(r"<pre><code>(.+?)</code></pre>", page.text)
    return html.unescape(found)


@pytest.mark.parametrize(
    ("settings", "visit", "is_full_path"),
    [
        ({}, {}, True),
        ({}, ELSEWHERE, False),
        ({}, {"REMOTE_ADDR": "192.0.2.7"}, False),
        # A proxy on the machine, which may send localhost as the host.
        ({"base_url": PUBLIC}, {}, False),
        ({"base_url": "http://localhost"}, {"REMOTE_ADDR": "192.0.2.7"}, False),
    ],
)
def test_an_anonymous_user_sees_server_paths_only_on_the_machine(
    make_app, settings, visit, is_full_path
):
    app = make_app(**settings)
    page = app.test_client().get("/setup", environ_overrides=visit)
    shown = command_on(page)
    assert shown.endswith("netpresenter-next create-admin NAME")
    assert (shown == "netpresenter-next create-admin NAME") != is_full_path
    assert (app.instance_path in page.text) == is_full_path


def test_an_administrator_sees_the_command_that_switches_force_off(app, people):
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    page = signed_in(app, "ada").get(
        f"{ENTRA}/sign-in-options", environ_overrides=elsewhere
    )
    shown = command_on(page)
    assert shown.startswith(f"NETPRESENTER_INSTANCE={app.instance_path} ")
    assert shown.endswith("/netpresenter-next force-sign-in off")
