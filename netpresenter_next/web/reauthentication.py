"""Reauthentication: sensitive actions require a recent authentication."""

from flask import request
from werkzeug.exceptions import TooManyRequests

from netpresenter_next.directory import access, passwords, session_lifetime
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage import database
from netpresenter_next.storage.models import Person
from netpresenter_next.web import authenticate
from netpresenter_next.web.browser_sessions import SignInDenied, reload_person
from netpresenter_next.web.signed_in import current

# The form field for the password of a person who authenticates again.
FIELD = "password_again"
BUSY = marked(
    "Very many people are signing in at this moment. Try again in some seconds."
)


class ReauthenticationRequired(Exception):
    """The last authentication is too old; the message says why a new one failed."""

    def __init__(self, message: str = "", status: int = 403) -> None:
        super().__init__(message)
        self.status = status


def require_recent() -> None:
    """Raise ReauthenticationRequired unless the last authentication is recent.

    A correct password in the form counts as a new authentication.  The error has the
    status 429 after too many attempts, else 403.
    """
    if session_lifetime.is_recent(current().session):
        return
    password = request.form.get(FIELD)
    if not password:
        raise ReauthenticationRequired
    try:
        person = _authenticate_again(password)
    except TooManyRequests as error:
        raise ReauthenticationRequired(str(error.description), 429) from error
    except passwords.TooBusy as error:
        raise ReauthenticationRequired(_(BUSY), 429) from error
    if person is None:
        raise ReauthenticationRequired(_("Incorrect password."))
    with database.write() as connection:
        try:
            reload_person(connection, person)
        except SignInDenied as error:
            raise ReauthenticationRequired from error
        session_lifetime.note_authentication(connection, current().session, now())
        access.note_correct_password(connection, person.id)


def _authenticate_again(password: str) -> Person | None:
    person = authenticate.authenticate(current().user.user_name, password)
    return person if person is not None and person.id == current().user.id else None


def check_own_password(password: str) -> bool:
    """Is this the local password of the signed-in person, and may they use it?

    Raises TooManyRequests and TooBusy.
    """
    return _authenticate_again(password) is not None
