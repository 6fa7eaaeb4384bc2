"""Sending a message by any channel, within a time limit."""

from functools import partial
from http.client import HTTPException
from urllib.parse import urlsplit

from netpresenter_next.delivery import connecting, mail, problems, webhook
from netpresenter_next.delivery.mail import MailServer
from netpresenter_next.delivery.messages import DeliveryFailed, Message
from netpresenter_next.delivery.problems import Server
from netpresenter_next.delivery.webhook import PORTS, Webhook

Receiver = MailServer | Webhook


def send(receiver: Receiver, message: Message) -> str:
    """Send a message now; returns a problem to note, as it is stored, or "".

    Takes at most ``connecting.TOTAL_SECONDS``, whatever the receiver does.  Raises
    DeliveryFailed.  Call it outside of transactions.
    """
    if isinstance(receiver, MailServer):
        server = Server(receiver.host, receiver.port)
        call = partial(mail.send, receiver, message)
    else:
        url = urlsplit(receiver.url)
        server = Server(url.hostname or "", url.port or PORTS[url.scheme])
        call = partial(webhook.send, receiver, message)
    try:
        return connecting.run_within_limit(call)
    except (OSError, HTTPException, ValueError) as error:
        raise DeliveryFailed(problems.explain(error, server)) from error
