"""Why a message was not sent, in words.

Texts of a server are left out, since it could repeat a password.
"""

import os
import smtplib
import socket
import ssl
from collections.abc import Callable
from http.client import HTTPException
from typing import NamedTuple

from netpresenter_next.delivery.connecting import TOTAL_SECONDS
from netpresenter_next.delivery.mail import Unencrypted
from netpresenter_next.delivery.webhook import NotAccepted

# Codes of OpenSSL for a certificate that does not pass (x509_vfy.h).
_EXPIRED, _NOT_TRUSTED, _OTHER_NAME, _OTHER_ADDRESS = 10, (18, 19, 20, 21), 62, 64

_AUTHENTICATION_REQUIRED = 530  # RFC 4954, section 6


class Server(NamedTuple):
    """The server that a message was for."""

    host: str
    port: int


def explain(error: Exception, server: Server) -> str:
    """Return a sentence that says what the error means for an administrator."""
    for kind, describe in _EXPLANATIONS:
        if isinstance(error, kind):
            return describe(error, server)
    return f"Sending to {server.host} failed ({type(error).__name__})."


def _explain_certificate(error: Exception, server: Server) -> str:
    code = getattr(error, "verify_code", 0)
    if code in (_OTHER_NAME, _OTHER_ADDRESS):
        return f"The certificate of the server is not for the name {server.host}."
    if code == _EXPIRED:
        return f"The certificate of {server.host} has expired."
    if code in _NOT_TRUSTED:
        return (
            f"The certificate of {server.host} is not from an authority that this "
            "machine trusts."
        )
    return f"The certificate of {server.host} is not valid."


def _explain_recipients(error: Exception, server: Server) -> str:
    refused = getattr(error, "recipients", {})
    codes = sorted({code for code, _ in refused.values()})
    return (
        f"{server.host} refused every recipient: {', '.join(refused)} "
        f"({', '.join(map(str, codes))})."
    )


def _explain_sender(error: Exception, server: Server) -> str:
    code = getattr(error, "smtp_code", 0)
    if code == _AUTHENTICATION_REQUIRED:
        return f"{server.host} requires a user name and a password."
    return f"{server.host} refused the sender ({code})."


def _explain_reply(error: Exception, server: Server) -> str:
    code = getattr(error, "smtp_code", -1)
    if not 200 <= code < 600:
        return f"{server.host} does not answer as a mail server does."
    return f"{server.host} refused the message or the connection ({code})."


def _explain_status(error: Exception, server: Server) -> str:
    status = getattr(error, "status", 0)
    if 300 <= status < 400:
        return f"{server.host} answered with a redirect ({status}); none is followed."
    return f"{server.host} answered with the status {status}, which is no success."


def _explain_system_error(error: Exception, server: Server) -> str:
    number = getattr(error, "errno", None)
    reason = os.strerror(number) if number else type(error).__name__
    return f"There is no connection to {server.host}, port {server.port}: {reason}."


def _say(text: str) -> Callable[[Exception, Server], str]:
    """Return a function that gives the text, with the host and port of the server."""
    return lambda _, server: text.format(host=server.host, port=server.port)


# The first kind that applies counts, so subclasses come before their bases.
_EXPLANATIONS: tuple[
    tuple[type[Exception], Callable[[Exception, Server], str]], ...
] = (
    (
        TimeoutError,
        _say(f"{{host}} did not answer within {TOTAL_SECONDS:g} seconds."),
    ),
    (socket.gaierror, _say("The name {host} was not found.")),
    (ConnectionRefusedError, _say("{host} refuses connections to port {port}.")),
    (ssl.SSLCertVerificationError, _explain_certificate),
    (ssl.SSLError, _say("{host} does not use TLS on port {port}, or an old version.")),
    (
        Unencrypted,
        _say("{host} is not this machine, so the connection must be encrypted."),
    ),
    (
        smtplib.SMTPNotSupportedError,
        _say("{host} does not offer STARTTLS or sign-in, which the settings require."),
    ),
    (
        smtplib.SMTPAuthenticationError,
        _say("{host} refused the user name or the password."),
    ),
    (smtplib.SMTPRecipientsRefused, _explain_recipients),
    (smtplib.SMTPSenderRefused, _explain_sender),
    (smtplib.SMTPResponseException, _explain_reply),
    (
        smtplib.SMTPServerDisconnected,
        _say("{host} closed the connection, or does not answer as a mail server does."),
    ),
    (smtplib.SMTPException, _say("{host} does not answer as a mail server does.")),
    (NotAccepted, _explain_status),
    (ConnectionError, _say("{host} closed the connection.")),
    (HTTPException, _say("{host} does not answer as a web server does.")),
    (OSError, _explain_system_error),
)
