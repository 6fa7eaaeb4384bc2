"""The page and the journal entry for a sign-in with Microsoft that failed."""

import base64
import logging
import re
from typing import NamedTuple

from flask import Response, make_response, render_template, request, url_for

from netpresenter_next.directory import refused_sign_ins, sign_in_settings
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.identity_matching import SignInRefused
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.microsoft.attempts import CONFIRM, CONNECT, TEST, Attempt
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.microsoft.errors import SignInError
from netpresenter_next.pages.microsoft_messages import MESSAGES, REPAIRS, Message
from netpresenter_next.storage import database
from netpresenter_next.web import context, rate_limits, signed_in

# The parts of Microsoft's error text that may be shown: its support asks for them.
TRACE = re.compile(
    r"(Trace ID|Correlation ID|Timestamp): "
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}[0-9:Z ]*)"
)
RETRY_SECONDS = 2

logger = logging.getLogger(__name__)


class Links(NamedTuple):
    """The links of a page that says what went wrong."""

    retry: str | None
    back: str
    name: str
    password: str | None = None


def render_message(kind: str) -> Response:
    """Render a page of ``MESSAGES`` that shows nothing the browser sent."""
    message = _find_message(kind)
    links = _make_links(None)
    page = render_template("microsoft/refused.html", message=message, links=links)
    return make_response(page, message.status)


def render_waiting_page() -> Response:
    """Render a page that makes the browser request the same address again."""
    response = render_message("wait")
    response.headers["Refresh"] = str(RETRY_SECONDS)
    response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def render_failure(
    error: SignInError,
    attempt: Attempt | None,
    claims: Claims | None = None,
    reference: str = "",
) -> Response:
    """Log a failed sign-in and render its page; a test sign-in shows the details."""
    logger.warning(
        "Microsoft sign-in failed, %s: %s %r",
        error.kind,
        error.detail,
        error.description,
    )
    message = _find_message(error.kind)
    is_test = (
        attempt is not None and attempt.purpose == TEST and signed_in.is_administrator()
    )
    page = render_template(
        "microsoft/test_failed.html" if is_test else "microsoft/refused.html",
        message=message,
        links=_make_links(attempt),
        error=error,
        repair=_(REPAIRS.get(error.kind, message.advice)),
        trace=[
            (name, value.strip()) for name, value in TRACE.findall(error.description)
        ],
        claims=claims,
        reference=reference,
    )
    return make_response(page, message.status)


def _find_message(kind: str) -> Message:
    """Return the message about a kind of failure, in the language of the page."""
    message = MESSAGES[kind]
    return message._replace(
        title=_(message.title), what=_(message.what), advice=_(message.advice)
    )


def _make_links(attempt: Attempt | None) -> Links:
    purpose = attempt.purpose if attempt else None
    if purpose == TEST:
        page = url_for("microsoft_connection.show")
        return Links(url_for("microsoft.start_test"), page, _("Back to Sign-in"))
    if purpose in (CONNECT, CONFIRM):
        retry = password = None
        if attempt and purpose == CONFIRM:
            retry = url_for("microsoft.confirm", next=attempt.next)
            if signed_in.is_signed_in() and signed_in.may_use_password():
                password = url_for("account.confirm", next=attempt.next)
        return Links(retry, url_for("home.account"), _("Back to my account"), password)
    target = attempt.next if attempt else None
    retry = url_for("microsoft.start", next=target)
    return Links(
        retry, url_for("sign_in.sign_in", next=target), _("Go to the sign-in page")
    )


def journal_failure(error: SignInError) -> str:
    """Write a failure to the journal, in a bounded number of rows.

    Text that the browser sent is not stored, because anybody can send any text.  That
    Microsoft refuses the credentials is recorded in any case.  Returns the reference by
    which administrators find the entry.
    """
    reference = _make_reference(error.kind)
    unrecorded = rate_limits.count_event()
    if unrecorded is None and not error.refused_fingerprint:
        return reference
    with database.write() as connection:
        refused_sign_ins.note_failure(
            connection,
            actor_of(None),
            error.kind,
            error.detail,
            reference,
            unrecorded or 0,
        )
        if error.refused_fingerprint:
            sign_in_settings.note_refused_credentials(
                connection, error.refused_fingerprint
            )
    return reference


def journal_refusal(error: SignInRefused, claims: Claims, actor: Actor) -> str:
    """Write a refused sign-in to the journal, one row for each account and cause.

    Returns the reference by which administrators find the cause.  For a Microsoft
    account, it is the same all day: if it depended on the cause, it would reveal which
    accounts exist here.
    """
    reference = _make_reference(claims.object_id)
    with database.write() as connection:
        refused_sign_ins.note_refusal(connection, actor, error, claims, reference)
    return reference


def _make_reference(*cause: str) -> str:
    """Return the reference for a cause on this day, short enough to be read aloud."""
    day = now().date().isoformat()
    digest = context.current().encryption_key.fingerprint("reference", day, *cause)
    code = base64.b32encode(bytes.fromhex(digest))[:8].decode("ascii")
    return f"{code[:4]}-{code[4:]}"


def actor_of(claims: Claims | None) -> Actor:
    """Return the Microsoft account as an actor of the journal.

    The object ID is part of it, because user names at Microsoft can be chosen freely.
    """
    name = f"{claims.account_name} ({claims.object_id})" if claims else ""
    return Actor("Microsoft account", name, request.remote_addr)
