"""Responses to errors: a page or, below /scim, a SCIM error (RFC 7644, 3.12)."""

import logging
import secrets
from typing import NamedTuple

import flask_babel
from flask import Flask, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import (
    Conflict,
    Forbidden,
    HTTPException,
    InternalServerError,
    NotFound,
    ServiceUnavailable,
    TooManyRequests,
)

from netpresenter_next.directory import events, passwords
from netpresenter_next.directory.errors import AccountError, NoSuchGroup, NoSuchPerson
from netpresenter_next.lib import names
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import sign_in
from netpresenter_next.scim import errors
from netpresenter_next.scim_http.responses import respond_with_error
from netpresenter_next.storage import database
from netpresenter_next.storage.errors import Kind
from netpresenter_next.web import authorized, redirects, security, signed_in
from netpresenter_next.web.signed_in import SignedInUser

logger = logging.getLogger(__name__)

# Retry-After while others write, while a disk is repaired, while a backup is restored.
RETRY_SECONDS, REPAIR_SECONDS, RESTORING_SECONDS = 5, 60, 600
LONGEST_PATH = 200
ASK_AN_ADMINISTRATOR = marked(
    "Tell an administrator: after signing in, they see what is wrong and what to do."
)

OUTDATED_FORM = marked(
    "Nothing was changed: you signed out, or signed in again, after you opened the "
    "form."
)
EXPIRED_TITLE = marked("This form has expired")
EXPIRED_ADVICE = marked(
    "Open the form again, and fill it in once more. The Back button of your browser "
    "may still show what you typed: copy it from there first."
)


class ErrorText(NamedTuple):
    """An error in plain words: what happened, and what to do."""

    title: str
    what: str
    advice: str


ERROR_TEXTS = {
    400: ErrorText(
        marked("That request was not understood"),
        marked("The server could not understand what the browser sent."),
        marked("Go back, reload the page and try again."),
    ),
    403: ErrorText(
        marked("You may not do this"),
        marked("Your account does not have the right to open this page."),
        marked("If you need it, ask an administrator of Netpresenter Next."),
    ),
    404: ErrorText(
        marked("Page not found"),
        marked("The address may be mistyped, or the page no longer exists."),
        marked("Check the address, or start from the home page."),
    ),
    405: ErrorText(
        marked("This request is not allowed here"),
        marked("The address exists, but it does not accept this kind of request."),
        marked("Go back and use the buttons of the page."),
    ),
    409: ErrorText(
        marked("That cannot be done now"),
        marked("The current state does not allow it."),
        marked("Go back and reload the page to see the current state."),
    ),
    413: ErrorText(
        marked("That is too large"),
        marked("The browser sent more data than the server accepts."),
        marked("Go back and send less."),
    ),
    415: ErrorText(
        marked("Unsupported form data"),
        marked("Pages accept only their own forms, sent as UTF-8 text."),
        marked(
            "Go back, reload the page and use its buttons. Programs use the SCIM "
            "endpoint."
        ),
    ),
    429: ErrorText(
        marked("Too many attempts"),
        marked("There were too many attempts in a short time. Try again later."),
        marked("If it is urgent, ask an administrator of Netpresenter Next."),
    ),
    500: ErrorText(
        marked("Something went wrong"),
        marked("An unexpected error occurred on the server. Nothing was changed."),
        marked(
            "Try again. If it happens again, tell an administrator: the server's log "
            "has the details."
        ),
    ),
    503: ErrorText(
        marked("That cannot be done at the moment"),
        marked("The database is busy with other work. Nothing was changed."),
        marked("Try again in a few seconds."),
    ),
}


class DatabaseFault(ServiceUnavailable):
    """A fault of the disk or the database that an administrator has to repair."""

    def __init__(self, kind: Kind, retry_after: int) -> None:
        nothing = _("Nothing was changed.")
        super().__init__(f"{_(kind.sentence)} {nothing}", retry_after=retry_after)
        self.kind = kind


def init_app(app: Flask) -> None:
    """Register the error handlers."""
    app.register_error_handler(HTTPException, _handle_http_error)
    app.register_error_handler(Exception, _handle_exception)


def _handle_http_error(error: HTTPException) -> ResponseReturnValue:
    if error.code is None or error.code < 400:
        return error.get_response()
    _use_language_of_reader()
    if isinstance(error, CSRFError):
        if (answer := sign_in.redirect_outdated_form()) is not None:
            return answer
        error = Forbidden(OUTDATED_FORM)
        return _render_page(error, form_page=redirects.find_form_page())
    if isinstance(error, redirects.ExpiredForm):
        return _render_page(error, form_page=redirects.find_form_page())
    if security.is_scim(request.path):
        return _respond_with_scim_error(error, error)
    return _render_page(error)


def _handle_exception(error: Exception) -> Response:
    http_error, reference = _to_http_error(error), ""
    if http_error.code == 500:
        # By the reference on the page, an administrator finds the error in the log.
        reference = secrets.token_hex(4)
        path = names.to_one_line(request.path, LONGEST_PATH)
        logger.exception("%s %s failed, reference %s", request.method, path, reference)
    if security.is_scim(request.path):
        return _respond_with_scim_error(http_error, error)
    return _render_page(http_error, reference)


def _to_http_error(error: Exception) -> HTTPException:
    """Return the HTTP error for an exception of the application."""
    if isinstance(error, passwords.TooBusy):
        return TooManyRequests(retry_after=2)
    if isinstance(error, NoSuchPerson):
        return NotFound(_("This person has been deleted."))
    if isinstance(error, NoSuchGroup):
        return NotFound(_("This group has been deleted."))
    if isinstance(error, AccountError):
        return Conflict(str(error))
    if (kind := database.kind_of(error)) is not None:
        return _make_database_error(kind)
    if isinstance(error, events.NotWritten):
        logger.error("%s", error)
        return ServiceUnavailable(
            _(
                "The server cannot write its event log, so the rest was not done. Tell "
                "an administrator: the server's log has the reason."
            )
            if authorized.has_changed()
            else _(
                "The server cannot write its event log, so nothing was changed. Tell "
                "an administrator: the server's log has the reason."
            ),
            retry_after=RETRY_SECONDS,
        )
    return InternalServerError()


def _make_database_error(kind: Kind) -> ServiceUnavailable:
    """Return the error for a kind of database fault, with when to try again."""
    if kind is Kind.BUSY:
        return ServiceUnavailable(retry_after=RETRY_SECONDS)
    is_temporary = kind is not Kind.DAMAGED
    return DatabaseFault(kind, REPAIR_SECONDS if is_temporary else RESTORING_SECONDS)


def _render_page(
    error: HTTPException, reference: str = "", form_page: str = ""
) -> Response:
    """Render the error page; a description of the error replaces the general text.

    ``form_page`` is the address of the page whose form has expired.
    """
    code = error.code or 500
    text = ERROR_TEXTS.get(code) or ERROR_TEXTS[400 if code < 500 else 500]
    if description := _find_description(error):
        text = text._replace(what=description)
    if form_page:
        text = text._replace(title=EXPIRED_TITLE, advice=EXPIRED_ADVICE)
    is_for_health = isinstance(error, DatabaseFault) and _is_for_administrator()
    if isinstance(error, DatabaseFault):
        advice = error.kind.advice if is_for_health else ASK_AN_ADMINISTRATOR
        text = text._replace(advice=advice)
    page = render_template(
        "error.html",
        text=ErrorText(*(_(each) for each in text)),
        code=code,
        reference=reference,
        is_for_health=is_for_health,
        form_page=form_page,
    )
    headers = [each for each in error.get_headers() if each[0] != "Content-Type"]
    return Response(page, code, headers, mimetype="text/html")


def _use_language_of_reader() -> None:
    """Write the page in the language of whoever is signed in.

    A language is chosen by who is loaded, and before a view runs nobody is.
    """
    if not security.is_scim(request.path):
        _load_reader()
        flask_babel.refresh()


def _load_reader() -> SignedInUser | None:
    """Return who is signed in, as far as the faulty database can tell."""
    try:
        return signed_in.current() if signed_in.is_signed_in() else None
    except Exception as error:
        if database.kind_of(error) is None:
            raise
        return None


def _is_for_administrator() -> bool:
    reader = _load_reader()
    return reader is not None and reader.user.is_administrator


def _find_description(error: HTTPException) -> str:
    """Return the description of an error; empty if it is the default of its class."""
    is_default = error.description == type(error).description
    return "" if is_default else str(error.description)


def _respond_with_scim_error(http_error: HTTPException, error: Exception) -> Response:
    """Return the SCIM error; every exception below /scim is answered here."""
    response = respond_with_error(_to_scim_error(http_error))
    for name, value in http_error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _to_scim_error(http_error: HTTPException) -> errors.ScimError:
    if http_error.code == 404:
        return errors.NotFound(f"There is no endpoint {request.path} here.")
    if http_error.code == 405:
        return errors.MethodNotAllowed(f"{request.method} is not for {request.path}.")
    if http_error.code == 413:
        return errors.TooLarge(errors.BODY_TOO_LARGE)
    if http_error.code == 429:
        return errors.TooManyRequests("Too many requests: try again later.")
    if isinstance(http_error, DatabaseFault):
        # Administrators read SCIM errors, so this one has the advice.
        return errors.Unavailable(f"{http_error.description} {http_error.kind.advice}")
    if http_error.code == 503:
        busy = "The database is busy: try again in a few seconds."
        return errors.Unavailable(_find_description(http_error) or busy)
    error_class = (
        errors.InvalidSyntax if (http_error.code or 500) < 500 else errors.InternalError
    )
    return error_class(str(http_error.description or http_error.name))
