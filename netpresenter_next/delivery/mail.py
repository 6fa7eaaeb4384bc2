"""Sending an e-mail by SMTP (RFC 5321), with STARTTLS or TLS."""

import contextlib
import smtplib
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import BinaryIO

from netpresenter_next.config.options import LOOPBACK_NAMES
from netpresenter_next.delivery import connecting, problem_texts
from netpresenter_next.delivery.messages import Message
from netpresenter_next.delivery.problem_texts import Problem
from netpresenter_next.lib import names
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import MailSecurity

# The most bytes of all replies of a server.
LONGEST_REPLIES = 64 * 1024
LONGEST_SUBJECT = 200
# ASCII only: not every server accepts anything else.
_POLICY = policy.SMTP.clone(cte_type="7bit")


class Unencrypted(OSError):
    """The connection to this server would not be encrypted."""


@dataclass(frozen=True)
class MailServer:
    """A mail server, with the sender and the recipients of the messages."""

    host: str
    port: int
    security: MailSecurity
    user: str  # empty to send without signing in
    password: str = field(repr=False)
    sender: str
    recipients: tuple[str, ...]


class LimitedReplies:
    """The replies of a server, up to ``LONGEST_REPLIES``."""

    def __init__(self, replies: BinaryIO) -> None:
        self._replies = replies
        self._left = LONGEST_REPLIES

    def readline(self, most: int) -> bytes:
        """Return the next line; raises OSError if there were too many."""
        line = self._replies.readline(most)
        self._left -= len(line)
        if self._left < 0:
            raise OSError("the replies are too long")
        return line

    def close(self) -> None:
        """Close the replies."""
        self._replies.close()


class _Session(smtplib.SMTP):
    """A session on a connection that is already open."""

    def __init__(self, connection: socket.socket, server: MailServer) -> None:
        self._connection = connection
        # Otherwise smtplib looks up the name of this machine, which can take long.
        own_name = _make_address_literal(connection)
        super().__init__(server.host, server.port, own_name)

    def _get_socket(self, *_arguments: object) -> socket.socket:
        return self._connection

    def getreply(self) -> tuple[int, bytes]:
        """Read a reply; raises SMTPException, also for one that is too long."""
        if self.file is None and self.sock is not None:
            self.file = LimitedReplies(self.sock.makefile("rb"))
        return super().getreply()


def _make_address_literal(connection: socket.socket) -> str:
    """Return the name of this machine for EHLO (RFC 5321, 4.1.3)."""
    address = connection.getsockname()[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def send(server: MailServer, message: Message) -> str:
    """Send a message; returns a problem, as it is stored, of refused recipients, or "".

    Raises OSError, of which SMTPException is one, and ValueError.
    """
    if server.security is MailSecurity.NONE and server.host not in LOOPBACK_NAMES:
        raise Unencrypted
    with (
        connecting.connect(server.host, server.port) as connection,
        _encrypt(connection, server) as opened,
    ):
        session = _Session(opened, server)
        try:
            return _send(session, server, message)
        finally:
            session.close()


@contextlib.contextmanager
def _encrypt(connection: socket.socket, server: MailServer) -> Iterator[socket.socket]:
    if server.security is MailSecurity.TLS:
        with connecting.start_tls(connection, server.host) as encrypted:
            yield encrypted
    else:
        yield connection


def _send(session: smtplib.SMTP, server: MailServer, message: Message) -> str:
    if server.security is MailSecurity.STARTTLS:
        session.starttls(context=connecting.make_tls_context())
    if server.user:
        session.login(server.user, server.password)
    refused = session.send_message(write(server, message))
    with contextlib.suppress(OSError):  # the server has accepted the message
        session.quit()
    if not refused:
        return ""
    return problem_texts.write(Problem.SOME_REFUSED, recipients=", ".join(refused))


def write(server: MailServer, message: Message) -> EmailMessage:
    """Return the e-mail; no text can add a header."""
    mail = EmailMessage(_POLICY)
    mail["Subject"] = names.to_one_line(message.subject, LONGEST_SUBJECT)
    mail["From"] = f"Netpresenter Next <{server.sender}>"
    mail["To"] = ", ".join(server.recipients)
    mail["Date"] = format_datetime(now())
    # The same at each attempt, so that a second copy can be recognised.
    mail["Message-ID"] = f"<{message.id}@{server.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: do not answer it
    mail.set_content(message.body)
    return mail
