"""What is said of messages that were not sent, as codes with what their texts name.

That is what is stored, so that each reader gets a sentence in their language.  Rows of
older versions have English sentences, which stay as they are.
"""

from collections.abc import Mapping
from enum import StrEnum

from netpresenter_next.lib import fast_json
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import in_language, marked

_CODE = "problem"
# Of a list of addresses that a server refuses, so much is kept.
LONGEST_VALUE = 300


class Problem(StrEnum):
    """Why a message was not sent; the values are stored, so they never change."""

    TIMEOUT = "timeout"
    UNKNOWN_NAME = "unknown_name"
    CONNECTION_REFUSED = "connection_refused"
    CONNECTION_CLOSED = "connection_closed"
    NO_CONNECTION = "no_connection"
    CERTIFICATE_OF_ANOTHER = "certificate_of_another"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_TRUSTED = "certificate_not_trusted"
    CERTIFICATE_NOT_VALID = "certificate_not_valid"
    NO_TLS = "no_tls"
    UNENCRYPTED = "unencrypted"
    NOT_SUPPORTED = "not_supported"
    AUTHENTICATION_REFUSED = "authentication_refused"
    RECIPIENTS_REFUSED = "recipients_refused"
    SOME_REFUSED = "some_refused"
    AUTHENTICATION_REQUIRED = "authentication_required"
    SENDER_REFUSED = "sender_refused"
    REFUSED = "refused"
    NO_MAIL_SERVER = "no_mail_server"
    NO_MAIL_SERVER_OR_CLOSED = "no_mail_server_or_closed"
    NO_WEB_SERVER = "no_web_server"
    REDIRECT = "redirect"
    NO_SUCCESS = "no_success"
    OTHER = "other"
    NOT_SET_UP = "not_set_up"
    UNDECRYPTABLE = "undecryptable"
    SWITCHED_OFF = "switched_off"
    MAIL_SERVER_REMOVED = "mail_server_removed"
    WEBHOOK_REMOVED = "webhook_removed"
    TOO_OLD = "too_old"
    TOO_MANY = "too_many"


TEXTS: Mapping[Problem, str] = {
    Problem.TIMEOUT: marked("%(host)s did not answer within %(seconds)s seconds."),
    Problem.UNKNOWN_NAME: marked("The name %(host)s was not found."),
    Problem.CONNECTION_REFUSED: marked(
        "%(host)s refuses connections to port %(port)s."
    ),
    Problem.CONNECTION_CLOSED: marked("%(host)s closed the connection."),
    Problem.NO_CONNECTION: marked(
        "There is no connection to %(host)s, port %(port)s: %(reason)s."
    ),
    Problem.CERTIFICATE_OF_ANOTHER: marked(
        "The certificate of the server is not for the name %(host)s."
    ),
    Problem.CERTIFICATE_EXPIRED: marked("The certificate of %(host)s has expired."),
    Problem.CERTIFICATE_NOT_TRUSTED: marked(
        "The certificate of %(host)s is not from an authority that this machine trusts."
    ),
    Problem.CERTIFICATE_NOT_VALID: marked("The certificate of %(host)s is not valid."),
    Problem.NO_TLS: marked(
        "%(host)s does not use TLS on port %(port)s, or an old version."
    ),
    Problem.UNENCRYPTED: marked(
        "%(host)s is not this machine, so the connection must be encrypted."
    ),
    Problem.NOT_SUPPORTED: marked(
        "%(host)s does not offer STARTTLS or sign-in, which the settings require."
    ),
    Problem.AUTHENTICATION_REFUSED: marked(
        "%(host)s refused the user name or the password."
    ),
    Problem.RECIPIENTS_REFUSED: marked(
        "%(host)s refused every recipient: %(recipients)s (%(codes)s)."
    ),
    Problem.SOME_REFUSED: marked("The server refused %(recipients)s."),
    Problem.AUTHENTICATION_REQUIRED: marked(
        "%(host)s requires a user name and a password."
    ),
    Problem.SENDER_REFUSED: marked("%(host)s refused the sender (%(code)s)."),
    Problem.REFUSED: marked(
        "%(host)s refused the message or the connection (%(code)s)."
    ),
    Problem.NO_MAIL_SERVER: marked("%(host)s does not answer as a mail server does."),
    Problem.NO_MAIL_SERVER_OR_CLOSED: marked(
        "%(host)s closed the connection, or does not answer as a mail server does."
    ),
    Problem.NO_WEB_SERVER: marked("%(host)s does not answer as a web server does."),
    Problem.REDIRECT: marked(
        "%(host)s answered with a redirect (%(status)s); none is followed."
    ),
    Problem.NO_SUCCESS: marked(
        "%(host)s answered with the status %(status)s, which is no success."
    ),
    Problem.OTHER: marked("Sending to %(host)s failed (%(reason)s)."),
    Problem.NOT_SET_UP: marked("Alarms by %(channel)s are not set up."),
    Problem.UNDECRYPTABLE: marked(
        "The stored secret cannot be decrypted with the key in the instance folder: "
        "enter the password again, or replace the secret of the webhook."
    ),
    Problem.SWITCHED_OFF: marked("Alarms were switched off."),
    Problem.MAIL_SERVER_REMOVED: marked("The mail server was removed."),
    Problem.WEBHOOK_REMOVED: marked("The webhook was removed."),
    Problem.TOO_OLD: marked("It was not sent within a day."),
    Problem.TOO_MANY: marked("%(number)s messages are already waiting."),
}


def write(problem: Problem, **values: str | int) -> str:
    """Return a problem as it is stored, in at most some hundred characters."""
    short = {
        name: value[:LONGEST_VALUE] if isinstance(value, str) else value
        for name, value in values.items()
    }
    return fast_json.dumps_text({_CODE: problem.value, **short})


def read(stored: str) -> str:
    """Return the sentence of a stored problem, in the language of the reader.

    A text that is no stored problem, such as one of an older version, is returned.
    """
    try:
        values = fast_json.loads(stored)
        text = TEXTS[values.pop(_CODE)]
        return _(text, **values)
    except (ValueError, KeyError, AttributeError, TypeError):
        return stored


def read_in_english(stored: str) -> str:
    """Return the sentence for a log; needs an application context."""
    with in_language("en"):
        return read(stored)
