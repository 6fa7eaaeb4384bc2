"""Messages reach a real mail server and a real webhook, or are tried again."""

import contextlib
import json
import time
from email import message_from_bytes, policy

import pytest
from sqlalchemy import select, update

from clocks import DAY, MINUTE, SettableClock
from helpers import wait_for
from netpresenter_next.delivery import connecting, problem_texts
from netpresenter_next.directory import alarm_queue, alarm_settings, alarm_webhook
from netpresenter_next.directory.alarm_kinds import Alarm, AlarmKind
from netpresenter_next.directory.alarm_settings import MailChoices
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.alarm_models import ALARM_MESSAGES, ALARM_SETTINGS
from netpresenter_next.storage.choices import Channel, Language, MailSecurity
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.write_lock import Busy
from netpresenter_next.upkeep import alarm_sender, retention
from netpresenter_next.upkeep.alarm_job import AlarmJob
from netpresenter_next.upkeep.alarm_sender import Sender, Senders
from netpresenter_next.web import context
from receivers import (
    SMTP_PASSWORD,
    USER,
    Authority,
    Mailbox,
    Webhook,
    find_free_port,
    serve_bytes,
    serve_mail,
    serve_mail_with_password,
    serve_webhook,
)
from visitors import signed_in

EMAIL, WEBHOOK = Channel.EMAIL, Channel.WEBHOOK
ADDRESS = "ada@example.org"


class Alarms:
    """The settings and the queue of the application of a test."""

    def __init__(self, app):
        self.app = app
        self.installation = context.of(app).installation
        self.key = self.installation.encryption_key
        self.senders = {each: Sender(app, self.installation, each) for each in Channel}

    def write(self, function, *arguments, **more):
        with self.app.app_context(), database.write() as connection:
            return function(connection, *arguments, **more)

    def switch(self, *, on, language=Language.ENGLISH):
        values = {"is_on": on, "kinds": list(AlarmKind), "language": language}
        self.write(alarm_settings.choose, COMMAND_LINE, **values)

    def send_mail_to(self, port, security=MailSecurity.NONE, password=""):
        user = USER if password else ""
        sender = "alarms@example.org"
        chosen = MailChoices(
            "localhost", port, security, user, password, sender, [ADDRESS]
        )
        self.write(alarm_settings.set_mail, self.key, COMMAND_LINE, chosen)

    def post_to(self, port):
        url = f"http://127.0.0.1:{port}/alarms"
        self.write(alarm_webhook.change, COMMAND_LINE, url)
        self.write(alarm_webhook.replace_secret, self.key, COMMAND_LINE)

    def add(self, *channels, kind=AlarmKind.BACKUP_FAILED):
        alarm = Alarm(kind, now(), "The last nightly backup failed.")
        self.write(alarm_queue.add, alarm, channels, "https://news.example.org")

    def detect(self):
        with self.app.app_context():
            AlarmJob(self.installation.config).run(lambda _: None)

    def tick(self, *channels):
        for channel in channels or Channel:
            self.senders[channel].tick()

    def states(self):
        columns = ALARM_MESSAGES.c
        query = select(columns.channel, columns.state, columns.attempts)
        with self.app.app_context(), database.read() as connection:
            rows = connection.execute(query.order_by(columns.id)).all()
        return [(str(channel), str(state), number) for channel, state, number in rows]

    def last_error(self):
        query = select(ALARM_MESSAGES.c.last_error).order_by(ALARM_MESSAGES.c.id.desc())
        with self.app.app_context(), database.read() as connection:
            return problem_texts.read(connection.scalar(query))


@pytest.fixture
def alarms(app, people):
    alarms = Alarms(app)
    alarms.switch(on=True)
    return alarms


@pytest.fixture
def clock(monkeypatch):
    return SettableClock(monkeypatch)


def test_a_sign_in_with_emergency_access_reaches_both_receivers(
    app, alarms, tmp_path, monkeypatch
):
    authority, mailbox, webhook = Authority(tmp_path), Mailbox(), Webhook()
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    with (
        serve_mail_with_password(mailbox, authority.make_context()) as mail_port,
        serve_webhook(webhook) as port,
    ):
        alarms.send_mail_to(mail_port, MailSecurity.STARTTLS, SMTP_PASSWORD)
        alarms.post_to(port)
        signed_in(app, "ada")
        for _ in range(2):  # the second time there is nothing new
            alarms.detect()
            alarms.tick()
    (envelope,) = mailbox.envelopes
    mail = message_from_bytes(envelope.original_content, policy=policy.SMTP)
    assert mail["Subject"] == "Netpresenter Next: Emergency access was used"
    assert "by ada" in mail.get_content()
    ((_, headers, body),) = webhook.requests
    assert json.loads(body)["type"] == "alarm.emergency_access"
    assert headers["webhook-signature"].startswith("v1,")
    assert alarms.states() == [("e-mail", "sent", 1), ("webhook", "sent", 1)]


def test_a_message_is_in_the_language_of_the_settings(app, alarms):
    mailbox, webhook = Mailbox(), Webhook()
    alarms.switch(on=True, language=Language.DUTCH)
    with serve_mail(mailbox) as mail_port, serve_webhook(webhook) as port:
        alarms.send_mail_to(mail_port)
        alarms.post_to(port)
        signed_in(app, "ada")
        alarms.detect()
        alarms.tick()
    (envelope,) = mailbox.envelopes
    mail = message_from_bytes(envelope.original_content, policy=policy.SMTP)
    assert mail["Subject"] == "Netpresenter Next: Noodtoegang is gebruikt"
    text = mail.get_content()
    assert "Een aanmelding met noodtoegang, door ada." in text
    assert "Wat te doen: Vraag de persoon of die het was." in text
    assert "Deze soort melding wordt ten hoogste eens per dag verstuurd." in text
    ((_, _, body),) = webhook.requests
    assert json.loads(body)["data"]["title"] == "Noodtoegang is gebruikt"


def test_a_message_that_failed_is_sent_later_with_the_same_id(alarms, clock):
    webhook = Webhook()
    webhook.status = 503
    with serve_webhook(webhook) as port:
        alarms.post_to(port)
        alarms.add(WEBHOOK)
        alarms.tick()
        assert alarms.states() == [("webhook", "waiting", 1)]
        words = "127.0.0.1 answered with the status 503, which is no success."
        assert alarms.last_error() == words
        alarms.tick()  # not before its time
        webhook.status = 200
        clock.step(MINUTE)
        alarms.tick()
    assert alarms.states() == [("webhook", "sent", 2)]
    first, second = (headers for _, headers, _ in webhook.requests)
    assert first["webhook-id"] == second["webhook-id"]


def test_a_receiver_that_hangs_delays_nothing_else(app, alarms, monkeypatch):
    monkeypatch.setattr(alarm_sender, "TICK", 0.01)
    mailbox = Mailbox()
    with serve_bytes(gap=30) as hanging, serve_mail(mailbox) as port:
        alarms.post_to(hanging)
        alarms.send_mail_to(port)
        senders = Senders(app, alarms.installation)
        senders.start()
        alarms.add(WEBHOOK, kind=AlarmKind.CONFLICT_OPENED)
        wait_for(lambda: ("webhook", "waiting", 1) in alarms.states())
        signed_in(app, "ada")
        alarms.detect()
        wait_for(lambda: mailbox.envelopes)
        wait_for(lambda: ("e-mail", "sent", 1) in alarms.states())
        assert ("webhook", "waiting", 1) in alarms.states()
        monkeypatch.setattr(alarm_sender, "STOP_TIMEOUT", 0.01)
        start = time.monotonic()
        senders.stop()
        assert time.monotonic() - start < 5


def test_a_hanging_receiver_is_given_up_after_the_limit(alarms, monkeypatch):
    monkeypatch.setattr(connecting, "CONNECTION_SECONDS", 0.1)
    monkeypatch.setattr(connecting, "TOTAL_SECONDS", 0.2)
    with serve_bytes(gap=30) as port:
        alarms.post_to(port)
        alarms.add(WEBHOOK)
        alarms.tick()
    assert alarms.states() == [("webhook", "waiting", 1)]
    assert alarms.last_error() == "127.0.0.1 did not answer within 20 seconds."


def test_a_result_that_cannot_be_stored_is_stored_later_and_not_sent_again(
    alarms, monkeypatch
):
    webhook, note_sent = Webhook(), alarm_queue.note_sent
    with serve_webhook(webhook) as port:
        alarms.post_to(port)
        alarms.add(WEBHOOK)
        with monkeypatch.context() as broken:
            broken.setitem(alarm_sender._NOTE_RESULT, True, raise_busy)
            for _ in range(3):
                with contextlib.suppress(Busy):
                    alarms.tick(WEBHOOK)
        assert alarm_sender._NOTE_RESULT[True] is note_sent
        alarms.tick()
    assert alarms.states() == [("webhook", "sent", 1)]
    assert len(webhook.requests) == 1


def raise_busy(*_arguments):
    raise Busy


def test_switching_off_drops_what_waits(alarms, rows):
    alarms.post_to(find_free_port())
    alarms.add(WEBHOOK)
    alarms.tick()
    alarms.switch(on=False)
    alarms.tick()
    assert alarms.states() == [("webhook", "dropped", 1)]
    assert alarms.last_error() == "Alarms were switched off."
    dropped = select(JOURNAL.c.log).where(JOURNAL.c.event == "alarm.dropped")
    assert [row.log for row in rows(dropped)] == ["audit"]


def test_removing_a_receiver_drops_its_messages_alone(alarms):
    alarms.post_to(find_free_port())
    alarms.send_mail_to(find_free_port())
    alarms.add(EMAIL, WEBHOOK)
    alarms.write(alarm_webhook.change, COMMAND_LINE, "")
    assert alarms.states() == [("e-mail", "waiting", 0), ("webhook", "dropped", 0)]


def test_a_secret_that_cannot_be_decrypted_is_explained(alarms):
    alarms.post_to(find_free_port())
    alarms.add(WEBHOOK)
    broken = update(ALARM_SETTINGS).values(webhook_secret=b"of another key")
    alarms.write(lambda connection: connection.execute(broken))
    alarms.tick()
    assert alarms.states() == [("webhook", "waiting", 1)]
    assert "cannot be decrypted" in alarms.last_error()


def test_an_unexpected_error_is_logged_once_and_does_not_end_the_thread(
    alarms, monkeypatch, caplog
):
    monkeypatch.setattr(alarm_sender, "TICK", 0.01)
    sender, mailbox, failures = alarms.senders[EMAIL], Mailbox(), [ValueError()] * 3
    tick = sender.tick

    def fail_at_first():
        if failures:
            raise failures.pop()
        tick()

    monkeypatch.setattr(sender, "tick", fail_at_first)
    with serve_mail(mailbox) as port:
        alarms.send_mail_to(port)
        alarms.add(EMAIL)
        sender.start()
        wait_for(lambda: mailbox.envelopes)
        sender.request_stop()
        sender.join()
    logged = [each.getMessage() for each in caplog.records if each.exc_info]
    assert logged == ["Alarms cannot be sent by e-mail."]


def test_a_thread_that_was_not_started_can_be_stopped(app, alarms):
    Senders(app, alarms.installation).stop()


def test_no_password_or_secret_is_stored_or_logged(app, alarms, rows, caplog):
    alarms.send_mail_to(find_free_port(), MailSecurity.STARTTLS, SMTP_PASSWORD)
    alarms.post_to(find_free_port())
    alarms.add(EMAIL, WEBHOOK)
    alarms.tick()
    with app.app_context(), database.read() as connection:
        row = alarm_settings.read(connection)
    secret = alarms.key.decrypt(row.webhook_secret)
    everything = f"{rows(select(JOURNAL))}{rows(select(ALARM_MESSAGES))}{tuple(row)}"
    for text in (SMTP_PASSWORD, secret, secret.removeprefix("whsec_")):
        assert text not in everything + caplog.text


def test_old_messages_are_deleted(app, alarms, clock, monkeypatch):
    alarms.add(EMAIL, WEBHOOK)
    clock.step(91 * DAY)
    alarms.add(EMAIL)
    monkeypatch.setattr(retention._clock_guard, "check", lambda last: None)
    with app.app_context():
        assert "Messages about alarms deleted: 2." in retention.prune(lambda _: None)
    assert len(alarms.states()) == 1
