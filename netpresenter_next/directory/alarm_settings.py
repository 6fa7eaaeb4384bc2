"""The settings of alarms: what is sent, and by which mail server and webhook."""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from sqlalchemy import Connection, func, select, update

from netpresenter_next.config.options import LOOPBACK_NAMES
from netpresenter_next.delivery.mail import MailServer
from netpresenter_next.delivery.messages import DeliveryFailed
from netpresenter_next.delivery.problem_texts import Problem, write
from netpresenter_next.delivery.sending import Receiver
from netpresenter_next.delivery.webhook import Webhook
from netpresenter_next.directory import alarm_queue, events
from netpresenter_next.directory.alarm_kinds import AlarmKind
from netpresenter_next.directory.alarm_queue import TARGET
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.alarm_models import ALARM_SETTINGS, AlarmSettings
from netpresenter_next.storage.choices import (
    Channel,
    Language,
    MailSecurity,
    WebhookFormat,
)
from netpresenter_next.storage.encryption import DecryptionFailed, EncryptionKey
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.rows import one

# The parts of the settings, as events name them.
KINDS_PART, MAIL_PART, WEBHOOK_PART = "alarm_kinds", "alarm_mail", "alarm_webhook"
MOST_RECIPIENTS, LONGEST_ADDRESS = 10, 254
LONGEST_HOST, LONGEST_PASSWORD = 253, 500

# That of HTML's input type "email": ASCII, and nothing that could add a header.
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*"
)
_HOST = re.compile(r"[A-Za-z0-9._-]+|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")


class NotSetUp(DeliveryFailed):
    """Nothing can be sent by this channel, as it is set up."""


class MailChoices(NamedTuple):
    """What an administrator enters about the mail server; no password keeps the old."""

    host: str
    port: int
    security: MailSecurity
    user: str
    password: str
    sender: str
    recipients: Sequence[str]


# --------------------------------------------------------------- reading
def read(connection: Connection) -> AlarmSettings:
    """Return the only row of the settings."""
    return one(AlarmSettings, connection.execute(select(ALARM_SETTINGS)))


def is_chosen(row: AlarmSettings, kind: AlarmKind) -> bool:
    """Are alarms of this kind to be sent?"""
    return row.is_on and kind not in row.kinds_off


def list_channels(row: AlarmSettings) -> list[Channel]:
    """Return the channels that are set up."""
    is_set_up = {
        Channel.EMAIL: bool(row.mail_host),
        Channel.WEBHOOK: bool(row.webhook_url) and not lacks_secret(row),
    }
    return [channel for channel in Channel if is_set_up[channel]]


def lacks_secret(row: AlarmSettings) -> bool:
    """Does the webhook need a secret that was not generated yet?"""
    is_signed = row.webhook_format is WebhookFormat.SIGNED_JSON
    return is_signed and row.webhook_secret is None


def open_receiver(row: AlarmSettings, channel: Channel, key: EncryptionKey) -> Receiver:
    """Return the mail server or the webhook, with decrypted secrets; raises NotSetUp.

    Call it outside of write transactions.
    """
    if channel not in list_channels(row):
        raise NotSetUp(write(Problem.NOT_SET_UP, channel=str(channel)))
    secrets = {Channel.EMAIL: row.mail_password, Channel.WEBHOOK: row.webhook_secret}
    encrypted = secrets[channel]
    try:
        secret = key.decrypt(encrypted) if encrypted else ""
    except DecryptionFailed as error:
        raise NotSetUp(write(Problem.UNDECRYPTABLE)) from error
    if channel is Channel.WEBHOOK:
        return Webhook(row.webhook_url, secret, row.webhook_format)
    recipients = tuple(row.mail_to)
    server = row.mail_host, row.mail_port, row.mail_security, row.mail_user
    return MailServer(*server, secret, row.mail_from, recipients)


# --------------------------------------------------------------- what is sent
def choose(
    connection: Connection,
    actor: Actor,
    *,
    is_on: bool,
    kinds: Sequence[AlarmKind],
    language: Language,
) -> None:
    """Switch alarms on or off, and choose their kinds and language.

    After switching on, only what happens from now on is told.  Switching off drops the
    messages that are waiting.
    """
    row = read(connection)
    kinds_off = [kind.value for kind in AlarmKind if kind not in kinds]
    values = {"is_on": is_on, "kinds_off": kinds_off, "language": language}
    store(connection, actor, KINDS_PART, values)
    if is_on and not row.is_on:
        newest = connection.scalar(select(func.max(JOURNAL.c.id))) or ""
        note_examined(connection, newest)
    elif row.is_on and not is_on:
        alarm_queue.drop_waiting(connection, write(Problem.SWITCHED_OFF), None)


def note_examined(connection: Connection, entry_id: str) -> None:
    """Store up to which entry the event log was examined."""
    connection.execute(update(ALARM_SETTINGS).values(examined_id=entry_id))


def store(
    connection: Connection,
    actor: Actor,
    part: str,
    values: Mapping[str, Any],
    *,
    secrets: Mapping[str, bytes | None] | None = None,
) -> None:
    """Store values and encrypted secrets, and record an event without the secrets."""
    row = read(connection)
    old = {name: getattr(row, name) for name in values}
    hidden, shown = _hide_paths(old), _hide_paths(values)
    changes = find_differences(hidden, shown)
    url = "webhook_url"
    if old.get(url) != values.get(url) and hidden[url] == shown[url]:
        changes.append({"attribute": url, "new": "changed"})
    for name, secret in (secrets or {}).items():
        if secret != getattr(row, name):
            changes.append({"attribute": name, "new": "set" if secret else "removed"})
    if not changes:
        return
    connection.execute(update(ALARM_SETTINGS).values({**values, **(secrets or {})}))
    events.record(connection, actor, Event.SETTINGS_CHANGED, TARGET, changes, part=part)


def _hide_paths(values: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out the path of the URL: that of many receivers contains a secret."""
    shown = {
        name: str(value) if isinstance(value, StrEnum) else value
        for name, value in values.items()
    }
    if url := shown.get("webhook_url"):
        parts = urlsplit(url)
        shown["webhook_url"] = f"{parts.scheme}://{parts.netloc}/…"
    return shown


# --------------------------------------------------------------- e-mail
def find_mail_problems(row: AlarmSettings, chosen: MailChoices) -> dict[str, str]:
    """Return what is wrong with the choices, by the name of the choice."""
    problems: dict[str, str] = {}
    if not chosen.host:
        return problems
    if not _HOST.fullmatch(chosen.host) or len(chosen.host) > LONGEST_HOST:
        problems["host"] = _("Enter the name of a mail server, without a port.")
    if chosen.security is MailSecurity.NONE and chosen.host not in LOOPBACK_NAMES:
        problems["security"] = _(
            "Without encryption, others on the network can read the messages: only a "
            "mail server on this machine (localhost) may be used so."
        )
    if not is_address(chosen.sender):
        problems["sender"] = _("Enter one e-mail address.")
    if problem := _find_recipients_problem(chosen.recipients):
        problems["recipients"] = problem
    if problem := _find_password_problem(row, chosen):
        problems["password"] = problem
    return problems


def is_address(text: str) -> bool:
    """Is it one e-mail address, in ASCII and without a name?"""
    return len(text) <= LONGEST_ADDRESS and bool(_ADDRESS.fullmatch(text))


def _find_recipients_problem(recipients: Sequence[str]) -> str:
    if not recipients:
        return _("Enter at least one e-mail address.")
    if len(recipients) > MOST_RECIPIENTS:
        return _(
            "Enter at most %(most)s addresses; use a list for more people.",
            most=MOST_RECIPIENTS,
        )
    wrong = [each for each in recipients if not is_address(each)]
    return (
        _("This is not an e-mail address: %(wrong)s", wrong=wrong[0][:80])
        if wrong
        else ""
    )


def _find_password_problem(row: AlarmSettings, chosen: MailChoices) -> str:
    if not (chosen.user + chosen.password).isascii():
        return _("The user name and the password may contain only ASCII characters.")
    if chosen.password or not chosen.user:
        return ""
    if row.mail_password is None:
        return _("Enter the password of this user name.")
    # Otherwise a stored password could be sent to a server of somebody's choice.
    if not _has_same_server(row, chosen):
        return _("Enter the password again, because the server or the user changed.")
    return ""


def _has_same_server(row: AlarmSettings, chosen: MailChoices) -> bool:
    stored = row.mail_host, row.mail_port, row.mail_security, row.mail_user
    return stored == (chosen.host, chosen.port, chosen.security, chosen.user)


def set_mail(
    connection: Connection, key: EncryptionKey, actor: Actor, chosen: MailChoices
) -> None:
    """Change the mail server; without a host, no alarms are sent by e-mail.

    The choices have no problem that ``find_mail_problems`` finds.
    """
    row = read(connection)
    password = row.mail_password
    if chosen.password:
        password = key.encrypt(chosen.password)
    if not (chosen.host and chosen.user):
        password = None
    values = {
        "mail_host": chosen.host,
        "mail_port": chosen.port,
        "mail_security": chosen.security,
        "mail_user": chosen.user,
        "mail_from": chosen.sender,
        "mail_to": list(chosen.recipients),
    }
    secrets = {"mail_password": password}
    store(connection, actor, MAIL_PART, values, secrets=secrets)
    if not chosen.host:
        reason = write(Problem.MAIL_SERVER_REMOVED)
        alarm_queue.drop_waiting(connection, reason, Channel.EMAIL)
