"""Error pages when Microsoft refuses, fails, hangs or is slow."""

import contextlib
import html
import queue
import re
import socket
import threading
import time
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import select
from tenant import JANE, OTHER

from helpers import Instance, wait_for
from netpresenter_next.directory.events import Event
from netpresenter_next.microsoft import client, transport
from netpresenter_next.microsoft.discovery import Provider
from netpresenter_next.microsoft.errors import may_be_made_up
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.web import call_queue, context

CALLBACK = "/sign-in/microsoft/callback"
SCRIPT = "<script>alert(1)</script> Call 555 now"


@pytest.mark.parametrize(
    ("error", "description", "title"),
    [
        ("access_denied", "AADSTS50105: Not assigned.", "not been given access"),
        ("access_denied", "AADSTS65004: User declined.", "Sign-in was cancelled"),
        ("access_denied", "", "Sign-in was cancelled"),
        ("consent_required", "AADSTS65001: No consent.", "give consent first"),
        ("invalid_request", "AADSTS90094: Admin consent.", "give consent first"),
        ("access_denied", "AADSTS53003: Blocked.", "policy blocked"),
        ("interaction_required", "", "policy blocked"),
        ("login_required", "AADSTS50058: No session.", "Sign-in was cancelled"),
        ("temporarily_unavailable", "", "could not be reached"),
        ("server_error", "", "could not be reached"),
        ("nobody_knows", SCRIPT, "could not be verified"),
    ],
)
def test_an_error_from_microsoft_is_explained_in_plain_words(
    browser, sign_in, microsoft, error, description, title
):
    microsoft.error = {"error": error, "error_description": description}
    answer = sign_in(browser)
    assert answer.status_code >= 400
    text = html.unescape(answer.text)
    assert title in text
    assert "AADSTS" not in text
    assert "555" not in text
    assert not browser.is_in()


@pytest.mark.parametrize(
    ("place", "name"),
    [(client, "verify_claims"), (Provider, "load_keys"), (Provider, "_may_sign")],
)
def test_an_internal_error_is_logged_and_not_blamed_on_microsoft(
    browser, sign_in, monkeypatch, caplog, place, name
):
    def mistaken(*_arguments, **_options):
        raise TypeError("planted")

    monkeypatch.setattr(place, name, mistaken)
    answer = sign_in(browser)
    assert answer.status_code == 500
    assert "cannot be trusted" not in answer.text
    reference = re.search(r"Error 500, reference ([0-9a-f]{8})<", answer.text)[1]
    (logged,) = [each for each in caplog.records if each.exc_info]
    assert logged.getMessage().endswith(f"failed, reference {reference}")
    assert isinstance(logged.exc_info[1], TypeError)
    assert not browser.is_in()


def test_an_unsolicited_error_is_not_reflected(browser):
    query = {"error": SCRIPT, "error_description": SCRIPT, "state": SCRIPT}
    for sent in (query, {"error": "access_denied", "error_description": SCRIPT}):
        answer = browser.get(CALLBACK, query_string=sent)
        assert answer.status_code == 400
        assert "555" not in answer.text
        assert "alert" not in answer.text
        assert "has expired" in answer.text


def test_an_error_ends_the_sign_in_attempt(browser, at_microsoft, microsoft):
    microsoft.error = {"error": "access_denied"}
    back = at_microsoft(browser)
    assert browser.get(back).status_code == 403
    assert browser.get(back).status_code == 400


def test_only_the_ids_and_time_in_an_error_description_are_shown(
    browser, sign_in, microsoft
):
    microsoft.error = {
        "error": "access_denied",
        "error_description": f"AADSTS53003: {SCRIPT} Trace ID: {JANE} "
        f"Correlation ID: {OTHER} Timestamp: 2026-11-22 10:00:00Z",
    }
    text = sign_in(browser).text
    assert f"<dd>{JANE}</dd>" in text
    assert f"<dd>{OTHER}</dd>" in text
    assert "2026-11-22 10:00:00Z" in text
    assert "555" not in text


def test_a_client_secret_that_microsoft_refuses_is_reported(
    browser, sign_in, microsoft
):
    microsoft.secret = "expired"
    answer = sign_in(browser)
    assert answer.status_code == 503
    assert "does not work at the moment" in answer.text


def test_a_user_without_an_account_sees_their_microsoft_user_name(
    browser, sign_in, people, jane, rows
):
    people.change(jane, externalId="jane")
    answer = sign_in(browser)
    assert answer.status_code == 403
    text = html.unescape(answer.text)
    assert "jane@example.org" in text
    assert "There is no account here for you yet" in text
    assert "about every 40 minutes" in text
    assert not browser.is_in()


def test_a_hostile_user_name_is_escaped(browser, sign_in, microsoft):
    microsoft.claims = {
        "oid": JANE[::-1].replace("-", "0")[:8] + JANE[8:],
        "preferred_username": SCRIPT,
    }
    assert "<script>alert" not in sign_in(browser).text


def test_a_disabled_user_is_told_so(browser, sign_in, people, jane):
    people.change(jane, active=False)
    assert "Your account is disabled" in sign_in(browser).text


def test_a_user_disabled_while_at_microsoft_is_refused(
    browser, at_microsoft, people, jane
):
    back = at_microsoft(browser)
    people.change(jane, active=False)
    assert "Your account is disabled" in browser.get(back).text


def test_the_page_says_when_microsoft_sign_in_is_not_set_up(app, people):
    client = app.test_client()
    assert "not set up" in client.get("/sign-in/microsoft").text
    assert "Sign in with Microsoft" not in client.get("/sign-in").text


def test_the_sign_in_button_is_shown_when_microsoft_sign_in_is_set_up(browser):
    page = browser.get("/sign-in?next=/account").text
    assert 'href="/sign-in/microsoft?next=/account"' in page
    assert "<span>Sign in with Microsoft</span>" in page


@pytest.mark.parametrize("base", ["http://192.0.2.7:8000", "http://intranet"])
def test_plain_http_is_refused_because_microsoft_requires_https(
    make_app, microsoft, configured, base
):
    app = make_app(entra_authority=microsoft.authority, base_url=base)
    answer = app.test_client().get("/sign-in/microsoft", base_url=base)
    assert answer.status_code == 409
    assert "NETPRESENTER_BASE_URL" in answer.text


def test_without_a_base_url_no_redirect_uri_is_guessed(browser):
    answer = browser.get(
        "/sign-in/microsoft", environ_base={"REMOTE_ADDR": "192.0.2.7"}
    )
    assert answer.status_code == 409


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "evil.example"},
        {"X-Forwarded-Prefix": "/evil"},
        {"X-Forwarded-Proto": "http"},
        {"Forwarded": "host=evil.example"},
    ],
)
def test_the_redirect_uri_comes_from_the_setting_alone(
    make_app, microsoft, configured, headers
):
    site = "https://news.example.org"
    app = make_app(entra_authority=microsoft.authority, base_url=site)
    answer = app.test_client().get("/sign-in/microsoft", base_url=site, headers=headers)
    assert "redirect_uri=https%3A%2F%2Fnews.example.org%2Fsign-in" in answer.location
    other = app.test_client().get(
        "/sign-in/microsoft", headers={"Host": "evil.example"}
    )
    assert other.status_code == 400
    assert "evil" not in other.text


# ------------------------------------------------------------------ unreachable
def test_sign_in_works_again_after_microsoft_was_unreachable_at_first(
    browser, app, people, sign_in, microsoft, clock
):
    microsoft.down = True
    assert "Microsoft cannot be reached" in browser.get("/sign-in").text
    answer = browser.get("/sign-in/microsoft")
    assert answer.status_code == 503
    assert "could not be reached" in answer.text
    admin = app.test_client()
    assert admin.sign_in("ada").status_code == 303
    page = admin.get("/settings/system/microsoft-entra-id/sign-in").text
    assert "cannot be reached from this server: Microsoft answered 502" in page
    microsoft.down = False
    clock(5)
    assert "Microsoft cannot be reached" not in browser.get("/sign-in").text
    assert sign_in(browser).status_code == 303
    assert "cannot be reached" not in admin.get("/settings").text


def test_health_warns_after_a_failed_attempt_and_makes_none(
    admin, browser, microsoft, clock
):
    health, warning = "/settings/system/health", "At the last attempt, Microsoft could"
    assert warning not in admin.get(health).text
    microsoft.down = True
    browser.get("/sign-in")
    page = admin.get(health).text
    assert f"{warning} not be reached from this server: Microsoft answered 502" in page
    assert "firewall and proxy of this server" in page
    assert 'href="/settings/system/microsoft-entra-id/sign-in">Sign in with' in page
    microsoft.down = False
    clock(5)
    assert warning in admin.get(health).text  # nobody has asked Microsoft since
    browser.get("/sign-in")
    assert warning not in admin.get(health).text


def test_a_forged_error_counts_apart_from_a_real_one(
    browser, at_microsoft, microsoft, rows
):
    """So that it neither raises an alarm nor hides what does."""
    microsoft.error = {"error": "temporarily_unavailable"}
    assert browser.get(at_microsoft(browser)).status_code == 503
    microsoft.error = None
    back = at_microsoft(browser)
    microsoft.down = True
    assert browser.get(back).status_code == 503
    failed = JOURNAL.c.event == Event.MICROSOFT_SIGN_IN_FAILED
    forged, real = rows(select(JOURNAL).where(failed).order_by(JOURNAL.c.id))
    assert forged.facts["kind"] == real.facts["kind"] == "unreachable"
    assert may_be_made_up(forged.facts["detail"])
    assert not may_be_made_up(real.facts["detail"])


def visit_at_once(visits):
    """Make requests, each in a thread; returns the threads and a queue of answers."""
    answers = queue.Queue()
    threads = [
        threading.Thread(target=lambda a, b: answers.put(a.get(b)), args=each)
        for each in visits
    ]
    for each in threads:
        each.start()
    return threads, answers


def test_the_sign_in_page_does_not_wait_while_microsoft_hangs(
    browser, microsoft, monkeypatch
):
    monkeypatch.setattr(transport, "CALL_SECONDS", 30.0)
    microsoft.hangs = "openid-configuration"
    assert "cannot be reached" not in browser.get("/sign-in").text
    microsoft.wait_until_it_hangs()
    microsoft.down = True
    microsoft.answer_again()
    wait_for(lambda: "cannot be reached" in browser.get("/sign-in").text)


@pytest.mark.parametrize("hanging", ["openid-configuration", "token", "keys"])
def test_waiting_for_microsoft_holds_few_threads(
    browser, at_microsoft, microsoft, app, monkeypatch, hanging
):
    monkeypatch.setattr(transport, "CALL_SECONDS", 30.0)
    visits = [(app.test_client(), "/sign-in/microsoft") for _ in range(12)]
    if hanging != "openid-configuration":
        browsers = [app.test_client() for _ in range(12)]
        visits = [(each, at_microsoft(each)) for each in browsers]
    microsoft.hangs = hanging
    threads, answers = visit_at_once(visits)
    # All but the two calls that hang; a few are asked to come back in a moment.
    statuses = {answers.get(timeout=20).status_code for _ in range(10)}
    microsoft.down = True
    microsoft.answer_again()
    for each in threads:
        each.join()
    statuses |= {answers.get_nowait().status_code for _ in range(2)}
    assert statuses <= {429, 503}


def test_the_server_answers_other_requests_while_microsoft_hangs(
    microsoft, make_app, configured
):
    microsoft.hangs = "openid-configuration"
    instance = Instance(context.of(make_app()).config.instance)
    settings = {"NETPRESENTER_ENTRA_AUTHORITY": microsoft.authority}
    with instance.served(**settings) as running:
        threads, _ = visit_at_once(
            [(requests, f"{running.url}/sign-in/microsoft")] * 30
        )
        microsoft.wait_until_it_hangs()
        assert requests.get(f"{running.url}/healthz", timeout=20).status_code == 200
        assert any(each.is_alive() for each in threads)  # before what hangs has ended
        microsoft.answer_again()
        for each in threads:
            each.join()


def test_ten_people_sign_in_at_once_while_microsoft_is_slow(
    browser, at_microsoft, microsoft, app, rows, monkeypatch
):
    """Whoever would wait too long is asked to come again, with the same code."""
    monkeypatch.setattr(transport, "CALL_SECONDS", 30.0)
    monkeypatch.setattr(transport, "SLOW_SECONDS", 30.0)
    clients = [app.test_client() for _ in range(10)]
    backs = [at_microsoft(each) for each in clients]
    microsoft.hangs = "token"
    statuses, refused, waited = [], threading.Event(), []

    def visit(client, back):
        answer = client.get(back)
        while answer.headers.get("Refresh"):
            waited.append(answer.status_code)
            refused.set()
            time.sleep(0.3)
            answer = client.get(back)
        statuses.append(answer.status_code)

    threads = [
        threading.Thread(target=visit, args=each)
        for each in zip(clients, backs, strict=True)
    ]
    for each in threads:
        each.start()
    assert refused.wait(30)
    microsoft.answer_again()
    for each in threads:
        each.join()
    assert statuses == [303] * 10
    assert set(waited) == {429}
    assert len(rows(select(IDENTITIES))) == 1


def test_forged_codes_hold_few_threads_while_microsoft_is_slow(
    browser, at_microsoft, microsoft, app, monkeypatch
):
    """Microsoft answers, slowly: whoever floods it must not hold every thread."""
    monkeypatch.setattr(transport, "CALL_SECONDS", 30.0)
    monkeypatch.setattr(transport, "SLOW_SECONDS", 30.0)
    visits = [forged_code(app, number) for number in range(12)]
    microsoft.hangs = "token"
    threads, answers = visit_at_once(visits)
    for _ in range(12 - transport.MOST_RUNNING - transport.MOST_WAITING):
        assert answers.get(timeout=20).status_code == 429
    microsoft.answer_again()
    for each in threads:
        each.join()


def drip(what):
    """A server of which a byte comes now and then, of the headers or of the body."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve():
        with listener:
            peer, _ = listener.accept()
        with peer, contextlib.suppress(OSError):
            peer.recv(4096)
            start = b"HTTP/1.1 200 OK\r\n"
            if what == "nothing":
                peer.recv(4096)  # until the client gives up
                return
            length = b"Content-Length: 9999\r\n\r\n" if what == "body" else b""
            peer.sendall(start + length)
            for _ in range(300):
                peer.sendall(b"X")
                time.sleep(0.1)

    threading.Thread(target=serve, daemon=True).start()
    return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("what", ["headers", "body", "nothing"])
def test_an_answer_that_arrives_too_slowly_is_cut_off(
    make_app, configured, monkeypatch, what
):
    monkeypatch.setattr(transport, "CALL_SECONDS", 0.5)
    browser = make_app(entra_authority=drip(what)).test_client()
    began = time.monotonic()
    assert browser.get("/sign-in/microsoft").status_code == 503
    assert time.monotonic() - began < 15  # the server drips for thirty seconds


def forged_code(app, number, known=None):
    """Return a browser, new unless given, and a callback URL with a forged code."""
    stranger = known or app.test_client()
    query = parse_qs(urlsplit(stranger.get("/sign-in/microsoft").location).query)
    return stranger, f"{CALLBACK}?state={query['state'][0]}&code=forged-{number}"


def test_a_valid_code_is_redeemed_after_many_forged_ones(
    app, at_microsoft, sign_in, browser
):
    """However many forged codes come from the same network."""
    for number in range(40):
        stranger, back = forged_code(app, number)
        assert stranger.get(back).status_code == 400
    assert sign_in(browser).status_code == 303


def test_error_parameters_of_the_callback_are_not_stored(
    app, at_microsoft, browser, rows
):
    for number in range(30):
        stranger, back = forged_code(app, number)
        back = back.partition("&code")[0]
        said = f"&error=call_{number}&error_description=AADSTS{10001 + number}"
        assert stranger.get(back + said).status_code == 400
    kept = rows(select(JOURNAL).where(~JOURNAL.c.succeeded))
    named = [each for each in kept if "is_rest" not in each.facts]
    assert {each.facts["detail"] for each in named} == {"another error"}
    assert len(named) <= 2  # one row for each quarter of an hour
    assert sum(each.times for each in kept) >= 10  # ten a second are recorded


def test_a_code_keeps_its_place_in_the_queue(monkeypatch):
    present = [0.0]
    monkeypatch.setattr(call_queue.time, "monotonic", lambda: present[0])
    queue = call_queue.CallQueue()
    assert queue.try_start("flood")
    assert not queue.try_start("honest")
    served = ["flood"]
    for number in range(200):
        present[0] += 0.1
        for key in (f"flood {number}", *(["honest"] if number % 20 == 0 else [])):
            if queue.try_start(key):
                served.append(key)
        queue.finish(served[-1])
    assert served.index("honest") <= 2
    present[0] += call_queue.PATIENCE + 1  # nobody asks for so long
    assert queue.try_start("another")


def test_unknown_browsers_do_not_use_up_the_calls_of_known_ones(monkeypatch):
    limiter = transport.CallLimiter(2, 1, 2)
    slots = [limiter.acquire(), limiter.acquire()]
    with transport.as_known_browser(True):
        slots.append(limiter.acquire())
    monkeypatch.setattr(transport, "SLOW_SECONDS", 0.1)
    with pytest.raises(transport.Busy):
        limiter.acquire()
    for each in slots:
        limiter.release(each)


def test_forged_codes_of_one_network_are_redeemed_one_at_a_time(
    app, at_microsoft, sign_in, browser, microsoft
):
    assert sign_in(browser).status_code == 303
    browser.submit("/sign-out", page="/account")
    for number in range(30):
        stranger, back = forged_code(app, number)
        assert stranger.get(back).status_code == 400
    others = [forged_code(app, f"again-{number}") for number in range(6)]
    known, back = forged_code(app, "known", browser)
    microsoft.latency = 0.8
    statuses, at_once = [], threading.Barrier(len(others))

    def visit(stranger, back):
        at_once.wait()
        statuses.append(stranger.get(back).status_code)

    threads = [threading.Thread(target=visit, args=each) for each in others]
    for each in threads:
        each.start()
    assert (
        known.get(back).status_code == 400
    )  # a known browser does not wait behind them
    for each in threads:
        each.join()
    assert statuses.count(400) < len(others)
    assert set(statuses) == {400, 429}  # the browser repeats a request that got 429
    microsoft.latency = 0
    assert sign_in(browser).status_code == 303
