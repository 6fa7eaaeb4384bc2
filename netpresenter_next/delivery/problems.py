"""Why a message was not sent, from the error.

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
from netpresenter_next.delivery.problem_texts import Problem, write
from netpresenter_next.delivery.webhook import NotAccepted

# Codes of OpenSSL for a certificate that does not pass (x509_vfy.h).
_EXPIRED, _NOT_TRUSTED, _OTHER_NAME, _OTHER_ADDRESS = 10, (18, 19, 20, 21), 62, 64

_AUTHENTICATION_REQUIRED = 530  # RFC 4954, section 6


class Server(NamedTuple):
    """The server that a message was for."""

    host: str
    port: int


def explain(error: Exception, server: Server) -> str:
    """Return what the error means for an administrator, as it is stored."""
    for kind, describe in _EXPLANATIONS:
        if isinstance(error, kind):
            return describe(error, server)
    return write(Problem.OTHER, host=server.host, reason=type(error).__name__)


def _explain_certificate(error: Exception, server: Server) -> str:
    code = getattr(error, "verify_code", 0)
    problem = Problem.CERTIFICATE_NOT_VALID
    if code in (_OTHER_NAME, _OTHER_ADDRESS):
        problem = Problem.CERTIFICATE_OF_ANOTHER
    elif code == _EXPIRED:
        problem = Problem.CERTIFICATE_EXPIRED
    elif code in _NOT_TRUSTED:
        problem = Problem.CERTIFICATE_NOT_TRUSTED
    return write(problem, host=server.host)


def _explain_recipients(error: Exception, server: Server) -> str:
    refused = getattr(error, "recipients", {})
    codes = sorted({code for code, _ in refused.values()})
    return write(
        Problem.RECIPIENTS_REFUSED,
        host=server.host,
        recipients=", ".join(refused),
        codes=", ".join(map(str, codes)),
    )


def _explain_sender(error: Exception, server: Server) -> str:
    code = getattr(error, "smtp_code", 0)
    if code == _AUTHENTICATION_REQUIRED:
        return write(Problem.AUTHENTICATION_REQUIRED, host=server.host)
    return write(Problem.SENDER_REFUSED, host=server.host, code=code)


def _explain_reply(error: Exception, server: Server) -> str:
    code = getattr(error, "smtp_code", -1)
    if not 200 <= code < 600:
        return write(Problem.NO_MAIL_SERVER, host=server.host)
    return write(Problem.REFUSED, host=server.host, code=code)


def _explain_status(error: Exception, server: Server) -> str:
    status = getattr(error, "status", 0)
    problem = Problem.REDIRECT if 300 <= status < 400 else Problem.NO_SUCCESS
    return write(problem, host=server.host, status=status)


def _explain_system_error(error: Exception, server: Server) -> str:
    number = getattr(error, "errno", None)
    reason = os.strerror(number) if number else type(error).__name__
    where = server._asdict()
    return write(Problem.NO_CONNECTION, **where, reason=reason)


def _explain_timeout(_error: Exception, server: Server) -> str:
    return write(Problem.TIMEOUT, host=server.host, seconds=f"{TOTAL_SECONDS:g}")


def _say(problem: Problem) -> Callable[[Exception, Server], str]:
    """Return a function that writes the problem, with host and port of the server."""
    return lambda _, server: write(problem, host=server.host, port=server.port)


# The first kind that applies counts, so subclasses come before their bases.
_EXPLANATIONS: tuple[
    tuple[type[Exception], Callable[[Exception, Server], str]], ...
] = (
    (TimeoutError, _explain_timeout),
    (socket.gaierror, _say(Problem.UNKNOWN_NAME)),
    (ConnectionRefusedError, _say(Problem.CONNECTION_REFUSED)),
    (ssl.SSLCertVerificationError, _explain_certificate),
    (ssl.SSLError, _say(Problem.NO_TLS)),
    (Unencrypted, _say(Problem.UNENCRYPTED)),
    (smtplib.SMTPNotSupportedError, _say(Problem.NOT_SUPPORTED)),
    (smtplib.SMTPAuthenticationError, _say(Problem.AUTHENTICATION_REFUSED)),
    (smtplib.SMTPRecipientsRefused, _explain_recipients),
    (smtplib.SMTPSenderRefused, _explain_sender),
    (smtplib.SMTPResponseException, _explain_reply),
    (smtplib.SMTPServerDisconnected, _say(Problem.NO_MAIL_SERVER_OR_CLOSED)),
    (smtplib.SMTPException, _say(Problem.NO_MAIL_SERVER)),
    (NotAccepted, _explain_status),
    (ConnectionError, _say(Problem.CONNECTION_CLOSED)),
    (HTTPException, _say(Problem.NO_WEB_SERVER)),
    (OSError, _explain_system_error),
)
