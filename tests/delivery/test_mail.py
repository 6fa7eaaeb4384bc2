"""E-mail through a real mail server, which also hangs, refuses and lies."""

import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest

from netpresenter_next.delivery import problem_texts, sending
from netpresenter_next.delivery.mail import LONGEST_REPLIES, MailServer
from netpresenter_next.delivery.messages import DeliveryFailed, Message
from netpresenter_next.storage.choices import MailSecurity
from receivers import (
    SMTP_PASSWORD,
    USER,
    Mailbox,
    find_free_port,
    serve_bytes,
    serve_mail,
    serve_mail_with_password,
)

MESSAGE = Message("0193", "Netpresenter Next: A conflict opened", "Zoë.\n.\nBye.")
ADA, GRACE = "ada@example.org", "grace@example.org"
STARTTLS, TLS, NONE = MailSecurity.STARTTLS, MailSecurity.TLS, MailSecurity.NONE


def server(port, security=NONE, **more):
    facts = {
        "host": "localhost",
        "user": "",
        "password": "",
        "sender": "alarms@example.org",
        "recipients": (ADA, GRACE),
    }
    return MailServer(port=port, security=security, **{**facts, **more})


def signed_in(port, password=SMTP_PASSWORD):
    return server(port, STARTTLS, user=USER, password=password)


def fail(server, message=MESSAGE):
    """Send a message, which must fail; returns why."""
    with pytest.raises(DeliveryFailed) as failed:
        sending.send(server, message)
    return str(failed.value)


def read(mailbox):
    (envelope,) = mailbox.envelopes
    return message_from_bytes(envelope.original_content, policy=policy.SMTP)


# --------------------------------------------------------------- sending
@pytest.mark.usefixtures("trust")
def test_a_message_is_sent_with_starttls_and_a_password(certified):
    mailbox = Mailbox()
    with serve_mail_with_password(mailbox, certified) as port:
        assert sending.send(signed_in(port), MESSAGE) == ""
    mail = read(mailbox)
    assert mailbox.sessions[0].ssl
    assert mailbox.envelopes[0].mail_from == "alarms@example.org"
    assert mailbox.envelopes[0].rcpt_tos == [ADA, GRACE]
    assert mail["Subject"] == MESSAGE.subject
    assert mail["From"] == "Netpresenter Next <alarms@example.org>"
    assert mail["To"] == f"{ADA}, {GRACE}"
    assert mail["Message-ID"] == "<0193@example.org>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content().replace("\r\n", "\n").strip() == MESSAGE.body
    assert mailbox.envelopes[0].original_content.isascii()


@pytest.mark.usefixtures("trust")
def test_a_message_is_sent_with_tls_from_the_start(certified):
    mailbox = Mailbox()
    with serve_mail(mailbox, ssl_context=certified) as port:
        assert sending.send(server(port, TLS), MESSAGE) == ""
    assert read(mailbox)["Subject"] == MESSAGE.subject


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r", "\u2028", "\x00"])
def test_no_text_adds_a_header(end):
    mailbox = Mailbox()
    subject = f"Jan{end}Bcc: mallory@example.org{end}{end}Body"
    with serve_mail(mailbox) as port:
        sending.send(server(port), MESSAGE._replace(subject=subject))
    mail = read(mailbox)
    assert mail["Bcc"] is None
    assert "mallory" in mail["Subject"]
    assert mailbox.envelopes[0].rcpt_tos == [ADA, GRACE]


def test_recipients_that_are_refused_are_noted():
    mailbox = Mailbox(ADA)
    with serve_mail(mailbox) as port:
        note = problem_texts.read(sending.send(server(port), MESSAGE))
    assert note == f"The server refused {ADA}."
    assert mailbox.envelopes[0].rcpt_tos == [GRACE]


# --------------------------------------------------------------- failures
def test_each_failure_is_explained(certified, authority, trust):
    host = "localhost"
    with serve_mail(Mailbox(ADA, GRACE)) as port:
        refused = f"localhost refused every recipient: {ADA}, {GRACE} (550)."
        assert fail(server(port)) == refused
        no_tls = "localhost does not offer STARTTLS or sign-in, which the settings"
        assert fail(server(port, STARTTLS)).startswith(no_tls)
        assert fail(server(port, user=USER)).startswith(no_tls)
        plain = f"localhost does not use TLS on port {port}, or an old version."
        assert fail(server(port, TLS)) == plain
    with serve_mail_with_password(Mailbox(), certified) as port:
        wrong = fail(signed_in(port, "wrong"))
        assert wrong == "localhost refused the user name or the password."
        required = "localhost requires a user name and a password."
        assert fail(server(port, STARTTLS)) == required
    other = authority.make_context("mail.example.org")
    expired = authority.make_context(host, -timedelta(days=1))
    for context, words in (
        (other, "The certificate of the server is not for the name localhost."),
        (expired, "The certificate of localhost has expired."),
    ):
        with serve_mail(Mailbox(), ssl_context=context) as port:
            assert fail(server(port, TLS)) == words
    port = find_free_port()
    assert fail(server(port)) == f"localhost refuses connections to port {port}."
    unknown = "no-such-host.invalid"
    assert fail(server(25, TLS, host=unknown)) == f"The name {unknown} was not found."


def test_a_certificate_of_an_unknown_authority_is_refused(certified):
    for options in ({"ssl_context": certified}, {"tls_context": certified}):
        mailbox, security = Mailbox(), TLS if "ssl_context" in options else STARTTLS
        with serve_mail(mailbox, **options) as port:
            assert fail(server(port, security, user=USER, password="x")) == (
                "The certificate of localhost is not from an authority that this "
                "machine trusts."
            )
        assert mailbox.envelopes == []


def test_nothing_is_sent_unencrypted_to_another_machine():
    words = "mail.example.org is not this machine, so the connection must be encrypted."
    assert fail(server(25, host="mail.example.org")) == words


OFFERS_STARTTLS = b"220 hi\r\n250-hi\r\n250 STARTTLS\r\n220 go\r\n"


@pytest.mark.parametrize(
    ("security", "first", "answer"),
    [
        (NONE, b"", b""),
        (NONE, b"", b"2"),
        (NONE, b"220 hi\r\n", b"250-hi\r\n"),
        (STARTTLS, OFFERS_STARTTLS, b""),
        (STARTTLS, OFFERS_STARTTLS + b"\x16\x03\x03\x20\x00", b"x"),
        (TLS, b"", b""),
        (TLS, b"\x16\x03\x03\x20\x00", b"x"),
    ],
)
@pytest.mark.usefixtures("short_limit")
def test_a_server_that_hangs_or_dawdles_is_given_up(security, first, answer):
    with serve_bytes(answer, gap=0.05, first=first) as port:
        start = time.monotonic()
        said = fail(server(port, security))
        assert time.monotonic() - start < 10
    assert said == "localhost did not answer within 20 seconds."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (b"", "localhost closed the connection, or does not answer as a mail server"),
        (b"\xff\xfe\x00garbage", "localhost does not answer as a mail server does."),
        (b"HTTP/1.1 400 Bad\r\n\r\n", "localhost does not answer as a mail server"),
        (b"554 Go away\r\n", "localhost refused the message or the connection (554)."),
        (b"220-" + b"x" * 20_000 + b"\r\n", "localhost refused the message or the"),
        (
            b"220-x\r\n" * LONGEST_REPLIES,
            "localhost closed the connection, or does not",
        ),
    ],
)
def test_a_server_that_answers_garbage_is_given_up(answer, words):
    with serve_bytes(answer) as port:
        assert fail(server(port)).startswith(words)


def test_no_password_is_shown():
    assert "correct" not in repr(signed_in(25))
