"""What people read, and administrators learn, when a sign-in with Microsoft failed."""

import logging
import re
from typing import NamedTuple

from flask import Response, make_response, render_template, request, url_for

from netpresenter_next import (
    database,
    entra,
    identities,
    login,
    recognition,
    throttle,
)
from netpresenter_next.accounts import Person
from netpresenter_next.directory.events import Actor
from netpresenter_next.microsoft_faults import Fault
from netpresenter_next.microsoft_words import REPAIRS, WORDS
from netpresenter_next.oidc import CONFIRM, CONNECT, TEST, Attempt
from netpresenter_next.recognition import Claims

# What of Microsoft's error text may be shown: ids that its support asks for.
TRACE = re.compile(
    r"(Trace ID|Correlation ID|Timestamp): "
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9]{4}-[0-9]{2}-[0-9]{2}[0-9:Z ]*)"
)
MOMENT = 2  # seconds

logger = logging.getLogger(__name__)


class Ways(NamedTuple):
    """Where to go on from a page that says what went wrong."""

    retry: str | None
    back: str
    name: str
    password: str | None = None


def message(kind: str) -> Response:
    """Say something that follows from nothing the browser sent."""
    words = WORDS[kind]
    ways = _ways(None)
    page = render_template("microsoft/refused.html", words=words, ways=ways)
    return make_response(page, words.status)


def wait() -> Response:
    """Let the browser ask for the same address again in a moment."""
    answer = message("crowded")
    answer.headers["Refresh"] = str(MOMENT)
    answer.headers["Retry-After"] = str(MOMENT)
    return answer


def refusal(
    fault: Fault, attempt: Attempt | None, claims: Claims | None = None
) -> Response:
    """Say what happened, and log it."""
    logger.warning(
        "Microsoft sign-in failed, %s: %s %r", fault.kind, fault.detail, fault.said
    )
    words = WORDS[fault.kind]
    is_test = attempt is not None and attempt.purpose == TEST and _is_administrator()
    page = render_template(
        "microsoft/test_failed.html" if is_test else "microsoft/refused.html",
        words=words,
        ways=_ways(attempt),
        fault=fault,
        repair=REPAIRS.get(fault.kind, words.advice),
        trace=[(name, value.strip()) for name, value in TRACE.findall(fault.said)],
        claims=claims,
    )
    return make_response(page, words.status)


def _is_administrator() -> bool:
    return login.is_anybody() and login.current().user.is_administrator


def _ways(attempt: Attempt | None) -> Ways:
    purpose = attempt.purpose if attempt else None
    if purpose == TEST:
        page = url_for("system.microsoft_entra_id")
        return Ways(url_for("microsoft.start_test"), page, "Back to Microsoft Entra ID")
    if purpose in (CONNECT, CONFIRM):
        retry = password = None
        if attempt and purpose == CONFIRM:
            retry = url_for("microsoft.confirm", next=attempt.next)
            if login.is_anybody() and login.may_use_password():
                password = url_for("account.confirm", next=attempt.next)
        return Ways(retry, url_for("pages.account"), "Back to my account", password)
    target = attempt.next if attempt else None
    retry = url_for("microsoft.start", next=target)
    return Ways(retry, url_for("local.sign_in", next=target), "Go to the sign-in page")


def journal_fault(
    fault: Fault, claims: Claims | None = None, person: Person | None = None
) -> None:
    """Keep a fault for administrators, once a minute for each kind or account there.

    What the browser brought along is not kept: anybody can write into that.  That
    Microsoft refuses the credentials is written down in any case.
    """
    whose = claims.object_id if claims else fault.kind
    is_news = throttle.is_news(f"microsoft {whose}", request.remote_addr or "")
    if not is_news and not fault.refused_fingerprint:
        return
    conflicting = person if fault.kind == recognition.IdentityConflict.kind else None
    with database.write() as connection:
        identities.note_refusal(
            connection,
            actor_of(claims),
            fault.detail,
            conflicting,
            None if claims else fault.kind,
        )
        if fault.refused_fingerprint:
            entra.note_refusal(connection, fault.refused_fingerprint)


def actor_of(claims: Claims | None) -> Actor:
    """Name who was at Microsoft, for the journal."""
    return Actor("person", claims.shown if claims else "", request.remote_addr)
