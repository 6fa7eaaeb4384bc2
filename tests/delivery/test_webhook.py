"""Webhooks to a real receiver, which also hangs, refuses and lies."""

import base64
import hashlib
import hmac
import json
import re
import time
from datetime import timedelta

import pytest

from helpers import ROOT
from netpresenter_next.delivery import sending, webhook
from netpresenter_next.delivery.messages import DeliveryFailed, Message
from netpresenter_next.delivery.webhook import Webhook
from receivers import Webhook as Receiver
from receivers import find_free_port, serve_bytes, serve_webhook

MESSAGE = Message("0193", "", '{"type":"alarm.test","data":{"name":"Zoë"}}')
SECRET = webhook.make_secret()


def fail(url):
    """Send a message, which must fail; returns why."""
    with pytest.raises(DeliveryFailed) as failed:
        sending.send(Webhook(url, SECRET), MESSAGE)
    return str(failed.value)


@pytest.mark.usefixtures("trust")
def test_a_message_is_sent_over_https(certified):
    receiver = Receiver()
    with serve_webhook(receiver, certified) as port:
        url = f"https://localhost:{port}/alarms?from=us"
        assert sending.send(Webhook(url, SECRET), MESSAGE) == ""
    ((path, headers, body),) = receiver.requests
    assert path == "/alarms?from=us"
    assert json.loads(body)["data"] == {"name": "Zoë"}
    assert headers["Host"] == f"localhost:{port}"
    assert headers["Content-Type"] == "application/json"
    assert headers["webhook-id"] == MESSAGE.id
    assert abs(int(headers["webhook-timestamp"]) - time.time()) < 60


def test_the_signature_is_that_of_standard_webhooks():
    """The example of the specification's own libraries."""
    signature = webhook.sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_each_secret_is_new_and_long_enough():
    secrets = {webhook.make_secret() for _ in range(20)}
    assert len(secrets) == 20
    for secret in secrets:
        assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
        assert secret not in repr(Webhook("https://example.org", secret))


def test_each_failure_is_explained(certified, authority, trust):
    receiver = Receiver()
    with serve_webhook(receiver, certified) as port:
        url = f"https://localhost:{port}/"
        for receiver.status, words in (
            (500, "localhost answered with the status 500, which is no success."),
            (404, "localhost answered with the status 404, which is no success."),
            (302, "localhost answered with a redirect (302); none is followed."),
        ):
            receiver.headers = {"Location": url}
            assert fail(url) == words
        assert len(receiver.requests) == 3
        insecure = "localhost does not answer as a web server does."
        assert fail(f"http://localhost:{port}/") in (
            insecure,
            "localhost closed the connection.",
        )
    for context, words in (
        (
            authority.make_context("example.org"),
            "The certificate of the server is not for the name localhost.",
        ),
        (
            authority.make_context(valid_for=-timedelta(days=1)),
            "The certificate of localhost has expired.",
        ),
    ):
        with serve_webhook(Receiver(), context) as port:
            assert fail(f"https://localhost:{port}/") == words
    port = find_free_port()
    assert fail(f"http://localhost:{port}/") == (
        f"localhost refuses connections to port {port}."
    )


def test_a_certificate_of_an_unknown_authority_is_refused(certified):
    receiver = Receiver()
    with serve_webhook(receiver, certified) as port:
        assert "not from an authority" in fail(f"https://localhost:{port}/")
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("scheme", "answer"),
    [
        ("http", b""),
        ("http", b"H"),
        ("http", b"HTTP/1.1 100 Continue\r\n\r\n"),
        ("https", b""),
    ],
)
@pytest.mark.usefixtures("short_limit")
def test_a_receiver_that_hangs_or_dawdles_is_given_up(scheme, answer):
    with serve_bytes(answer, gap=0.05) as port:
        start = time.monotonic()
        said = fail(f"{scheme}://localhost:{port}/")
        assert time.monotonic() - start < 10
    assert said == "localhost did not answer within 20 seconds."


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\xff\xfe\x00",
        b"220 mail.example.org\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200,
        b"HTTP/1.1 " + b"2" * 100_000,
    ],
)
def test_a_receiver_that_answers_garbage_is_given_up(answer):
    with serve_bytes(answer) as port:
        assert fail(f"http://localhost:{port}/").startswith("localhost ")


def test_a_body_without_an_end_is_not_read():
    endless = b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 10_000
    with serve_bytes(endless, gap=0.01) as port:
        url = f"http://localhost:{port}/"
        assert sending.send(Webhook(url, SECRET), MESSAGE) == ""


def verify_by_the_documentation():
    """Return the function that docs/alarms.md shows."""
    text = (ROOT / "docs" / "alarms.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.+?)```", text, re.DOTALL)
    names = {}
    exec(code, names)
    return names["verify"]


def test_a_receiver_verifies_the_signature_as_the_documentation_says():
    verify, receiver = verify_by_the_documentation(), Receiver()
    with serve_webhook(receiver) as port:
        sending.send(Webhook(f"http://127.0.0.1:{port}/", SECRET), MESSAGE)
    ((_, headers, body),) = receiver.requests
    assert verify(SECRET, headers, body)
    assert not verify(webhook.make_secret(), headers, body)
    assert not verify(SECRET, headers, body + b" ")
    for name, value in (
        ("webhook-id", "0194"),
        ("webhook-timestamp", str(int(headers["webhook-timestamp"]) + 1)),
        ("webhook-signature", "v1,AAAA v2," + "A" * 44),
    ):
        assert not verify(SECRET, {**headers, name: value}, body)
    old = {**headers, "webhook-timestamp": "1614265330"}
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    signed = b"0193.1614265330." + body
    digest = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())
    old["webhook-signature"] = f"v1,{digest.decode()}"
    assert not verify(SECRET, old, body)
