"""The webhook of alarms: its URL, what is sent there, and the secret that signs it."""

import re
from urllib.parse import urlsplit

from sqlalchemy import Connection

from netpresenter_next.config.options import LOOPBACK_NAMES
from netpresenter_next.delivery import webhook
from netpresenter_next.delivery.problem_texts import Problem, write
from netpresenter_next.directory import alarm_queue, alarm_settings
from netpresenter_next.directory.alarm_settings import WEBHOOK_PART, store
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import Channel, WebhookFormat
from netpresenter_next.storage.encryption import EncryptionKey

LONGEST_URL = 2_000

_URL = re.compile(r"[!-~]+")


def find_url_problem(url: str) -> str:
    """Return what is wrong with the URL of a webhook, or ""."""
    advice = _("Enter an https URL, such as https://alarms.example.org/netpresenter.")
    if not _URL.fullmatch(url) or len(url) > LONGEST_URL:
        return advice
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return advice
    if not parts.hostname or port == 0 or parts.fragment:
        return advice
    if parts.username is not None or parts.password is not None:
        return _(
            "Leave the user name and password out of the URL: messages are signed."
        )
    is_here = parts.hostname in LOOPBACK_NAMES
    is_allowed = parts.scheme == "https" or (parts.scheme == "http" and is_here)
    return "" if is_allowed else advice


def change(
    connection: Connection,
    actor: Actor,
    url: str,
    webhook_format: WebhookFormat = WebhookFormat.SIGNED_JSON,
) -> None:
    """Change the URL, in which ``find_url_problem`` finds none, and what is sent there.

    Without a URL no alarms are sent by webhook, and the secret is removed; so it is for
    a chat application, which does not verify signatures.
    """
    row = alarm_settings.read(connection)
    is_signed = bool(url) and webhook_format is WebhookFormat.SIGNED_JSON
    secrets = {"webhook_secret": row.webhook_secret if is_signed else None}
    values = {"webhook_url": url, "webhook_format": webhook_format}
    store(connection, actor, WEBHOOK_PART, values, secrets=secrets)
    if not url:
        reason = write(Problem.WEBHOOK_REMOVED)
        alarm_queue.drop_waiting(connection, reason, Channel.WEBHOOK)


def replace_secret(connection: Connection, key: EncryptionKey, actor: Actor) -> str:
    """Make a new secret and return it; it cannot be read again."""
    secret = webhook.make_secret()
    secrets = {"webhook_secret": key.encrypt(secret)}
    store(connection, actor, WEBHOOK_PART, {}, secrets=secrets)
    return secret
