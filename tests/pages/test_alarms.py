"""Settings > System > Alarms: settings, secrets, tests and the last messages."""

import html
import re

import pytest
from sqlalchemy import select, update

from netpresenter_next.delivery import connecting
from netpresenter_next.directory import alarm_queue, alarm_webhook
from netpresenter_next.directory.alarm_kinds import KINDS, Alarm, AlarmKind
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.pages.settings import alarms as alarms_page
from netpresenter_next.storage import database
from netpresenter_next.storage.alarm_models import ALARM_MESSAGES, ALARM_SETTINGS
from netpresenter_next.storage.choices import Channel, MessageState
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.upkeep import diagnosis
from netpresenter_next.upkeep.alarm_sender import Sender
from netpresenter_next.web import context
from receivers import (
    Mailbox,
    Webhook,
    find_free_port,
    serve_bytes,
    serve_mail,
    serve_webhook,
)
from visitors import hidden

ALARMS = "/settings/system/alarms"
MAIL = {
    "host": "localhost",
    "port": "587",
    "security": "starttls",
    "user": "alarms",
    "password": "correct horse",
    "sender": "alarms@example.org",
    "recipients": "ada@example.org\r\ngrace@example.org",
}
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]+")


@pytest.fixture
def settings(rows):
    return lambda: rows(select(ALARM_SETTINGS))[0]


@pytest.fixture
def send(administrator):
    """Sends a form of the page; returns the response."""

    def send_form(path, **fields):
        if path == "kinds":
            fields.setdefault("language", "en")
        if path == "webhook":
            fields.setdefault("format", "signed_json")
        return administrator.submit(f"{ALARMS}/{path}", page=ALARMS, **fields)

    return send_form


@pytest.fixture
def sentences(rows):
    """Returns the sentences of the entries of the audit log about alarms."""
    query = select(JOURNAL).where(JOURNAL.c.target_name == "Alarms")
    return lambda: [describe(row) for row in rows(query.order_by(JOURNAL.c.id))]


def change(app, **values):
    with app.app_context(), database.write() as connection:
        connection.execute(update(ALARM_SETTINGS).values(values))


def fault_in(response):
    """Return the message of a form that was not accepted."""
    assert response.status_code == 400, response.status_code
    (text,) = re.findall(
        r'class="note bad" role="alert".*?<p>(.*?)</p>', *[response.text], re.DOTALL
    )
    return html.unescape(text)


# --------------------------------------------------------------- what is sent
def test_alarms_are_off_at_first_and_all_kinds_but_silence_are_chosen(administrator):
    page = administrator.get(ALARMS).text
    assert '<span class="pill">Off</span>' in page
    for details in KINDS.values():
        assert html.escape(details.label) in page
        assert html.escape(details.explanation) in page
    assert len(re.findall('name="kinds"[^>]* checked', page)) == len(KINDS) - 1
    (silence,) = re.findall('<input[^>]* value="no_contact"[^>]*>', page)
    assert "checked" not in silence
    assert f'href="{ALARMS}"' in administrator.get("/settings/system").text


def test_kinds_are_chosen(send, administrator, settings, sentences):
    kinds = ["backup_failed", "many_disabled"]
    assert send("kinds", is_on="y", kinds=kinds).status_code == 303
    row = settings()
    assert row.is_on
    assert sorted(set(AlarmKind) - set(row.kinds_off)) == kinds
    page = administrator.get(ALARMS).text
    assert len(re.findall('name="kinds"[^>]* checked', page)) == 2
    assert "nobody is told" in page
    assert send("kinds").status_code == 303
    assert not settings().is_on
    assert sentences() == ["Changed the alarms to send."] * 2
    assert send("kinds", is_on="y", kinds=["unknown"]).status_code == 303
    assert set(settings().kinds_off) == set(AlarmKind)  # none is chosen


def test_the_language_of_messages_is_chosen(send, administrator, settings):
    assert send("kinds", is_on="y", kinds=[], language="nl").status_code == 303
    assert settings().language == "nl"
    assert re.search('value="nl" lang="nl" selected', administrator.get(ALARMS).text)
    assert send("kinds", language="xx").status_code == 400
    assert settings().language == "nl"


# --------------------------------------------------------------- e-mail
def test_a_mail_server_is_set_up_and_its_password_is_never_shown(
    app, send, administrator, settings, sentences, rows
):
    assert send("e-mail", **MAIL).status_code == 303
    row = settings()
    assert row.mail_to == ["ada@example.org", "grace@example.org"]
    assert MAIL["password"].encode() not in row.mail_password
    key = context.of(app).encryption_key
    assert key.decrypt(row.mail_password) == MAIL["password"]
    page = administrator.get(ALARMS).text
    assert MAIL["password"] not in page
    assert "ada@example.org\ngrace@example.org" in page
    assert sentences() == ["Changed the mail server for alarms."]
    (entry,) = rows(select(JOURNAL).where(JOURNAL.c.target_name == "Alarms"))
    assert {"attribute": "mail_password", "new": "set"} in entry.changes
    assert MAIL["password"] not in str(entry)


def test_an_empty_password_keeps_the_stored_one_for_the_same_server(send, settings):
    send("e-mail", **MAIL)
    stored = settings().mail_password
    changed = {**MAIL, "password": "", "sender": "other@example.org"}
    assert send("e-mail", **changed).status_code == 303
    assert settings().mail_password == stored
    for name, value in (
        ("host", "evil.example.org"),
        ("port", "25"),
        ("security", "tls"),
        ("user", "somebody"),
    ):
        refused = send("e-mail", **{**changed, name: value})
        assert "Enter the password again" in fault_in(refused), name
    assert settings().mail_host == "localhost"
    assert send("e-mail", **{**changed, "user": ""}).status_code == 303
    assert settings().mail_password is None
    assert "Enter the password of this user" in fault_in(send("e-mail", **changed))


def test_removing_the_mail_server_removes_its_password(send, settings, sentences):
    send("e-mail", **MAIL)
    assert send("e-mail", **{**MAIL, "host": "", "password": ""}).status_code == 303
    assert settings().mail_password is None
    assert len(sentences()) == 2


WRONG_SETTINGS = [
    ("host", "mail.example.org:25", "Enter the name of a mail server"),
    ("host", "http://mail", "Enter the name of a mail server"),
    ("port", "0", "Enter a whole number from 1 to 65535."),
    ("port", "x", "Enter a whole number from 1 to 65535."),
    ("security", "ssl", "Invalid value, must be one of"),
    ("sender", "", "Enter one e-mail address."),
    ("sender", "Ada <ada@example.org>", "Enter one e-mail address."),
    ("sender", "a@example.org\r\nBcc: x@example.org", "Enter one e-mail address."),
    ("recipients", "", "Enter at least one e-mail address."),
    ("recipients", "a@example.org nobody", "This is not an e-mail address: nobody"),
    ("recipients", "zoë@example.org", "This is not an e-mail address: zoë@"),
    ("recipients", "a@example.org " * 11, "Enter at most 10 addresses"),
    ("password", "wachtwoordé", "only ASCII characters"),
]


def test_a_wrong_setting_is_refused_and_the_form_is_kept(send, settings):
    for field, value, words in WRONG_SETTINGS:
        refused = send("e-mail", **{**MAIL, field: value})
        assert words in fault_in(refused)
        assert settings().mail_host == ""
        assert MAIL["password"] not in refused.text
        assert "enter it again: it is never shown" in refused.text
        if field != "sender":
            assert MAIL["sender"] in refused.text


def test_an_unencrypted_connection_is_only_possible_to_this_machine(send, settings):
    wanted = {**MAIL, "security": "none", "user": "", "password": ""}
    refused = send("e-mail", **{**wanted, "host": "mail.example.org"})
    assert "others on the network can read" in fault_in(refused)
    for host in ("localhost", "127.0.0.1", "::1"):
        assert send("e-mail", **{**wanted, "host": host}).status_code == 303
        assert settings().mail_host == host


# --------------------------------------------------------------- webhook
def test_a_webhook_is_set_up_and_its_secret_is_shown_once(
    app, send, administrator, settings, rows
):
    assert send("webhook/secret").status_code == 404
    url = "https://hooks.example.org/services/T0/very-secret"
    assert send("webhook", url=url).status_code == 303
    assert "Set up" not in administrator.get(ALARMS).text.partition('id="webhook"')[2]
    (secret,) = set(SECRET.findall(send("webhook/secret").text))
    assert context.of(app).encryption_key.decrypt(settings().webhook_secret) == secret
    page = administrator.get(ALARMS).text
    assert not SECRET.search(page)
    assert url in page
    (other,) = set(SECRET.findall(send("webhook/secret").text))
    assert other != secret
    entries = str(rows(select(JOURNAL)))
    for text in (secret, other, "very-secret"):
        assert text not in entries
    assert "https://hooks.example.org/…" in entries


def test_another_path_of_the_webhook_is_recorded_without_it(send, sentences, settings):
    send("webhook", url="https://hooks.example.org/one")
    send("webhook", url="https://hooks.example.org/two")
    send("webhook", url="https://hooks.example.org/two")
    assert settings().webhook_url.endswith("/two")
    assert sentences() == ["Changed the webhook for alarms."] * 2


def test_another_path_of_the_webhook_is_recorded_with_another_format(send, rows):
    send("webhook", url="https://hooks.example.org/one", format="teams")
    send("webhook", url="https://hooks.example.org/two", format="slack")
    (_, changes) = [each for (each,) in rows(select(JOURNAL.c.changes)) if each][-2:]
    assert {"attribute": "webhook_url", "new": "changed"} in changes
    assert len(changes) == 2


@pytest.mark.parametrize(
    ("chosen", "words"),
    [("teams", '"AdaptiveCard"'), ("slack", '"mrkdwn":false')],
)
def test_a_chat_application_needs_no_secret(
    app, send, administrator, settings, sentences, chosen, words
):
    webhook = Webhook()
    with serve_webhook(webhook) as port:
        url = f"http://127.0.0.1:{port}/very-secret"
        assert send("webhook", url=url, format=chosen).status_code == 303
        page = administrator.get(ALARMS).text
        assert f'value="{chosen}" selected' in page
        assert "Generate secret" not in page
        assert send("webhook/secret").status_code == 404
        assert send("webhook/test").status_code == 303
    ((_, headers, body),) = webhook.requests
    assert words in body.decode()
    assert "webhook-signature" not in headers
    assert sentences()[0] == "Changed the webhook for alarms."


def test_the_secret_is_removed_when_the_format_changes(send, administrator, settings):
    url = "https://hooks.example.org/"
    send("webhook", url=url)
    send("webhook/secret")
    send("webhook", url=url, format="teams")
    assert settings().webhook_secret is None
    assert "Set up" in administrator.get(ALARMS).text.partition('id="webhook"')[2]
    send("webhook", url=url)
    assert "Nothing is sent until you generate a secret" in (
        administrator.get(ALARMS).text
    )
    assert send("webhook", url=url, format="letter").status_code == 400
    assert settings().webhook_format == "signed_json"


def test_removing_the_webhook_removes_its_secret(send, settings):
    send("webhook", url="https://hooks.example.org/")
    send("webhook/secret")
    send("webhook", url="")
    assert settings().webhook_secret is None


@pytest.mark.parametrize(
    ("url", "is_accepted"),
    [
        ("https://alarms.example.org", True),
        ("https://alarms.example.org:8443/path?key=1", True),
        ("https://10.0.0.7/", True),
        ("https://[2001:db8::1]/", True),
        ("http://localhost:8080/", True),
        ("http://127.0.0.1/", True),
        ("http://[::1]:8080/", True),
        ("http://alarms.example.org", False),
        ("http://169.254.169.254/latest", False),
        ("http://localhost.example.org/", False),
        ("https://user:word@alarms.example.org/", False),
        ("https://@alarms.example.org/", False),
        ("https://alarms.example.org/#part", False),
        ("https://alarms.example.org:0/", False),
        ("https://alarms.example.org:99999/", False),
        ("https://alarms.example.org:x/", False),
        ("https:///path", False),
        ("https://[::1", False),
        ("https://zoë.example.org/", False),
        ("https://example.org/a b", False),
        ("https://example.org/\r\nX-Header: 1", False),
        ("ftp://alarms.example.org", False),
        ("file:///etc/passwd", False),
        ("https://example.org/" + "x" * 2_000, False),
        ("example.org", False),
    ],
)
def test_a_webhook_has_an_https_url_or_is_on_this_machine(url, is_accepted):
    assert (alarm_webhook.find_url_problem(url) == "") is is_accepted


def test_a_url_that_is_not_accepted_stays_in_the_form(send, settings):
    refused = send("webhook", url="http://alarms.example.org/x")
    assert "Enter an https URL" in fault_in(refused)
    assert 'value="http://alarms.example.org/x"' in refused.text
    assert settings().webhook_url == ""


# --------------------------------------------------------------- tests
def test_a_test_is_sent_at_once(app, send, administrator, sentences):
    mailbox, webhook = Mailbox(), Webhook()
    with serve_mail(mailbox) as mail_port, serve_webhook(webhook) as port:
        plain = {"mail_host": "localhost", "mail_security": "none"}
        change(app, **plain, mail_port=mail_port, mail_from="a@x.org", mail_to=["b@x"])
        send("webhook", url=f"http://127.0.0.1:{port}/")
        send("webhook/secret")
        for channel in Channel:
            assert send(f"{channel}/test").status_code == 303
            shown = administrator.get(ALARMS).text
            assert f"The test message was sent by {channel}." in shown
    assert b"This is a test message" in mailbox.envelopes[0].content
    assert b'"alarm.test"' in webhook.requests[0][2]
    assert sentences()[-2:] == [
        "Sent a test message by e-mail.",
        "Sent a test message by webhook.",
    ]


def test_a_test_that_fails_says_why(app, send):
    port = find_free_port()
    send("webhook", url=f"http://127.0.0.1:{port}/")
    assert send("webhook/test").status_code == 409
    send("webhook/secret")
    failed = send("webhook/test")
    assert failed.status_code == 409
    words = f"The test failed. 127.0.0.1 refuses connections to port {port}."
    assert words in failed.text
    assert "Alarms by e-mail are not set up." in send("e-mail/test").text
    assert send("letter/test").status_code == 404


def test_why_a_message_was_not_sent_is_dutch_on_a_page_and_english_in_the_log(
    app, send, administrator, sentences
):
    port = find_free_port()
    send("webhook", url=f"http://127.0.0.1:{port}/")
    send("webhook/secret")
    change(app, is_on=True)
    with app.app_context(), database.write() as connection:
        alarm = Alarm(AlarmKind.BACKUP_FAILED, now(), "It failed.")
        alarm_queue.add(connection, alarm, [Channel.WEBHOOK], "")
    Sender(app, context.of(app).installation, Channel.WEBHOOK).tick()
    administrator.submit("/account/language", page="/account", language="nl")
    words = f"127.0.0.1 weigert verbindingen met poort {port}."
    assert (
        f'<td data-label="Laatste fout">{words}</td>' in administrator.get(ALARMS).text
    )
    assert f"De test is mislukt. {words}" in send("webhook/test").text
    failing = f"Het laatste testbericht per webhook is mislukt: {words}"
    for path in (ALARMS, "/settings/system/health"):
        assert failing in administrator.get(path).text
    send("kinds", is_on="")  # drops the message that waits
    assert sentences()[-3:-1] == [
        "The test message by webhook failed: "
        f"127.0.0.1 refuses connections to port {port}.",
        "Changed the alarms to send.",
    ]
    assert sentences()[-1] == (
        "Gave up sending 'Netpresenter Next: A backup failed or is old' by webhook: "
        "Alarms were switched off."
    )
    page = administrator.get(ALARMS).text
    assert "De meldingen zijn uitgeschakeld." in page


def test_a_test_waits_no_longer_than_the_limit_and_holds_no_transaction(
    app, send, monkeypatch
):
    monkeypatch.setattr(connecting, "CONNECTION_SECONDS", 0.1)
    monkeypatch.setattr(connecting, "TOTAL_SECONDS", 0.2)
    open_connections, run = [], connecting.run_within_limit

    def note_connections(call):
        open_connections.append(database.db.engine.pool.checkedout())
        return run(call)

    monkeypatch.setattr(
        alarms_page.sending.connecting, "run_within_limit", note_connections
    )
    with serve_bytes(gap=30) as port:
        send("webhook", url=f"http://127.0.0.1:{port}/")
        send("webhook/secret")
        failed = send("webhook/test")
    assert "did not answer within 20 seconds" in failed.text
    assert open_connections == [0]


def test_one_test_runs_at_a_time(send):
    with alarms_page._testing:
        refused = send("webhook/test")
    assert refused.status_code == 409
    assert "Another test is running" in refused.text


# --------------------------------------------------------------- messages
def test_a_failed_test_is_told_until_a_message_is_sent(
    app, send, administrator, sentences
):
    system = "/settings/system"
    mailbox = Mailbox()
    send("webhook", url=f"http://127.0.0.1:{find_free_port()}/")
    send("webhook/secret")
    assert "Failing" not in administrator.get(system).text
    send("webhook/test")
    failed = "The last test message by webhook failed: 127.0.0.1 refuses connections"
    assert failed in administrator.get(system).text
    page = administrator.get(ALARMS).text
    assert failed in page
    assert '<span class="pill warn">Failing</span>' in page
    assert sentences()[-1].startswith("The test message by webhook failed: 127.0.0.1")
    change(app, is_on=True)
    assert failed in administrator.get("/settings/system/health").text
    with serve_mail(mailbox) as mail_port, serve_webhook(Webhook()) as port:
        plain = {"mail_host": "localhost", "mail_security": "none"}
        change(app, **plain, mail_port=mail_port, mail_from="a@x.org", mail_to=["b@x"])
        assert send("e-mail/test").status_code == 303
        assert failed in administrator.get(system).text  # the other channel
        send("webhook", url=f"http://127.0.0.1:{port}/")
        assert send("webhook/test").status_code == 303
    assert "Failing" not in administrator.get(system).text


def test_an_alarm_that_was_sent_ends_the_failure_of_a_test(app, send, administrator):
    send("webhook", url=f"http://127.0.0.1:{find_free_port()}/")
    send("webhook/secret")
    send("webhook/test")
    with app.app_context(), database.write() as connection:
        alarm = Alarm(AlarmKind.BACKUP_FAILED, now(), "It failed.")
        alarm_queue.add(connection, alarm, [Channel.WEBHOOK], "")
        (message_id,) = alarm_queue.list_due(connection, Channel.WEBHOOK)
        alarm_queue.note_failure(connection, message_id, "It refuses.")
    page = administrator.get("/settings/system").text
    assert "The last test message by webhook failed" in page
    with app.app_context(), database.write() as connection:
        alarm_queue.note_sent(connection, message_id, "")
    assert "Failing" not in administrator.get("/settings/system").text


def test_the_page_shows_the_last_messages_with_state_and_error(app, administrator):
    assert "No message yet." in administrator.get(ALARMS).text
    kinds = [AlarmKind.CONFLICT_OPENED, AlarmKind.BACKUP_FAILED]
    with app.app_context(), database.write() as connection:
        for kind in kinds:
            alarm = Alarm(kind, now(), "It happened.")
            alarm_queue.add(connection, alarm, list(Channel), "")
        first, second = alarm_queue.list_due(connection, Channel.EMAIL)
        alarm_queue.begin_attempt(connection, first)
        alarm_queue.note_failure(connection, first, "<b>refused</b>.")
        alarm_queue.note_sent(connection, second, "")
        (third, _) = alarm_queue.list_due(connection, Channel.WEBHOOK)
        alarm_queue.drop(connection, third, "Too late.")
    page = administrator.get(ALARMS).text.partition("Last messages")[2]
    for words in (
        "A backup failed or is old",
        "Failed 1 time",
        "&lt;b&gt;refused&lt;/b&gt;.",
        "Given up",
        "Too late.",
        "Waiting",
        "next try",
        "first try",
        '<span class="pill ok">Sent</span>',
    ):
        assert words in page, words


def test_a_message_of_a_kind_of_a_later_version_is_shown(app, administrator):
    with app.app_context(), database.write() as connection:
        alarm = Alarm(AlarmKind.BACKUP_FAILED, now(), "It happened.")
        alarm_queue.add(connection, alarm, [Channel.EMAIL], "")
        connection.execute(update(ALARM_MESSAGES).values(kind="later", subject="New"))
    assert "New" in administrator.get(ALARMS).text


# --------------------------------------------------------------- doctor
def test_doctor_warns_if_nobody_is_told(app, people):
    def found():
        with app.app_context():
            all_of_it = diagnosis.check_instance(context.of(app).installation)
        return [
            (str(each.severity), each.what)
            for each in all_of_it
            if each.subject == "Alarms"
        ]

    assert found() == [("off", "They are off: nobody is told of problems.")]
    change(app, is_on=True)
    missing = "They are on, but neither e-mail nor a webhook is set up."
    assert found() == [("warning", missing)]
    change(app, mail_host="mail.example.org")
    assert found() == [("ok", "They are sent by e-mail.")]
    with app.app_context(), database.write() as connection:
        alarm = Alarm(AlarmKind.BACKUP_FAILED, now(), "It failed.")
        alarm_queue.add(connection, alarm, [Channel.EMAIL], "")
        (message_id,) = alarm_queue.list_due(connection, Channel.EMAIL)
        alarm_queue.note_failure(connection, message_id, "It refuses.")
    failed = "The last message by e-mail could not be sent: It refuses."
    assert found() == [("warning", failed)]
    with app.app_context(), database.write() as connection:
        alarm_queue.note_sent(connection, message_id, "The server refused b@x.org.")
    partly = (
        "The last message by e-mail was sent only in part: The server refused b@x.org."
    )
    assert found() == [("warning", partly)]
    with app.app_context(), database.write() as connection:
        state = {"state": MessageState.SENT, "last_error": ""}
        connection.execute(update(ALARM_MESSAGES).values(state))
    assert found() == [("ok", "They are sent by e-mail.")]


# --------------------------------------------------------------- who may
def test_only_administrators_see_and_change_alarms(linus, settings):
    assert linus.get(ALARMS).status_code == 403
    token = hidden(linus.get("/account").text)
    for path in ("kinds", "e-mail", "webhook", "webhook/secret", "webhook/test"):
        assert linus.post(f"{ALARMS}/{path}", data=token).status_code == 403


def test_every_change_requires_recent_authentication(app, send, settings):
    with app.app_context(), database.write() as connection:
        long_ago = now().replace(year=2020)
        connection.execute(update(SESSIONS).values(authenticated_at=long_ago))
    for path in ("kinds", "e-mail", "webhook", "webhook/secret", "webhook/test"):
        answer = send(path, is_on="y", **MAIL)
        assert "password" in answer.text.lower()
        assert MAIL["password"] not in answer.text
    assert not settings().is_on
