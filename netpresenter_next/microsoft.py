"""Sign in with Microsoft: the way there, the way back, and signing out."""

import logging
import re
import time
from dataclasses import asdict
from urllib.parse import urlencode

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from netpresenter_next import (
    database,
    entra,
    identities,
    login,
    oidc,
    recognition,
    sessions,
    throttle,
)
from netpresenter_next.journal import Actor
from netpresenter_next.microsoft_client import (
    CALLBACK,
    FRONT_CHANNEL,
    client,
    redirect_uri,
)
from netpresenter_next.microsoft_words import WORDS
from netpresenter_next.models import MICROSOFT
from netpresenter_next.oidc import Attempt, Client, Fault
from netpresenter_next.provider import Unreachable
from netpresenter_next.recognition import Claims
from netpresenter_next.sessions import Proof

blueprint = Blueprint("microsoft", __name__)
logger = logging.getLogger(__name__)

SIGN_IN, TEST, CONNECT, CONFIRM = "sign-in", "test", "connect", "confirm"
LONGEST_NEXT = 200
LOGIN_SECONDS = 300
# What of Microsoft's error text may be shown: ids that its support asks for.
TRACE = re.compile(r"(Trace ID|Correlation ID|Timestamp): ([0-9a-fA-F:Z -]{1,40})")


def begin(purpose: str, target: str | None = None, **hints: str) -> ResponseReturnValue:
    """Send the browser to Microsoft, and remember what for."""
    who = login.current().user.id if purpose != SIGN_IN else ""
    safe = login.safe_next(target)
    attempt = Attempt(purpose, _short(safe), who)
    try:
        url = client().begin(attempt, redirect_uri(), **hints)
    except Unreachable as error:
        return _refusal(Fault("unreachable", str(error)))
    except Fault as fault:
        return _refusal(fault)
    return redirect(url, 303)


def _short(target: str) -> str:
    """Return an address that fits the cookie four times."""
    return target if len(target) <= LONGEST_NEXT else login.safe_next(None)


@blueprint.get("/sign-in/microsoft")
@login.public
def start() -> ResponseReturnValue:
    """Begin to sign in; also the home page URL for Microsoft's list of apps."""
    target = login.safe_next(request.args.get("next"))
    if login.is_anybody():
        return redirect(target, 303)
    return begin(SIGN_IN, target, prompt="select_account")


@blueprint.get("/sign-in/microsoft/test")
@login.administrator
def start_test() -> ResponseReturnValue:
    """Try the configuration in one's own browser; nobody is signed in by it."""
    return begin(TEST, prompt="select_account")


@blueprint.get("/account/microsoft/start")
@login.signed_in
@login.recent
def start_connecting() -> ResponseReturnValue:
    """Go to Microsoft to connect, after the form on the account page was sent."""
    if session.pop("may_connect", None) != login.current().user.id:
        abort(403, "Begin on your account page: this address alone connects nothing.")
    return begin(CONNECT, prompt="select_account")


@blueprint.get("/sign-in/microsoft/confirm")
@login.signed_in
def confirm() -> ResponseReturnValue:
    """Prove again who one is, at Microsoft."""
    hint = login.current().session.login_hint
    hints = {"login_hint": hint} if hint else {}
    return begin(CONFIRM, request.args.get("next"), prompt="login", **hints)


@blueprint.get(CALLBACK)
@login.public
def callback() -> ResponseReturnValue:
    """Take what Microsoft sends back; the code in the address goes nowhere."""
    answer = _answer()
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


def _answer() -> Response:
    """Answer the callback; nothing of it is shown before it is known to be ours."""
    state = request.args.get("state")
    attempt = oidc.attempt_of(state)
    if attempt is None:
        return _refusal(Fault("expired", "unknown state"), is_known=False)
    try:
        if request.args.get("error"):
            description = request.args.get("error_description")
            raise oidc.of_error(request.args["error"], description)
        known = client()
        return _go_on(attempt, known, known.finish())
    except Unreachable as error:
        return _refusal(Fault("unreachable", str(error)))
    except Fault as fault:
        return _refusal(fault)
    finally:
        oidc.forget(state)


def _go_on(attempt: Attempt, known: Client, claims: Claims) -> Response:
    if attempt.purpose == SIGN_IN:
        return _sign_in(attempt, claims)
    # Whoever signs out, or in as somebody else, in between has begun nothing.
    if not login.is_anybody() or login.current().user.id != attempt.who:
        raise Fault("expired", "another person is signed in by now")
    if attempt.purpose == TEST:
        return _show_test(known, claims)
    if attempt.purpose == CONNECT:
        return _ask_to_connect(claims)
    return _confirm(attempt, claims)


def _sign_in(attempt: Attempt, claims: Claims) -> Response:
    actor = _actor(claims)
    try:
        with database.write() as connection:
            person = identities.admit(connection, claims, actor)
            proof = Proof(MICROSOFT, claims.oidc_session, claims.login_hint)
            secret = login.begin(connection, person, proof)
    except recognition.NotLetIn as error:
        return _not_let_in(error, claims)
    login.remember(secret)
    return make_response(redirect(attempt.next, 303))


def _not_let_in(error: recognition.NotLetIn, claims: Claims) -> Response:
    return _refusal(Fault(error.kind, str(error)), claims)


def _show_test(known: Client, claims: Claims) -> Response:
    if not login.current().user.is_administrator:
        raise Fault("expired", "no administrator any more")
    rule = person = problem = None
    with database.write() as connection:
        entra.note_test(connection, login.actor(), known.registration.fingerprint)
        try:
            person, rule = recognition.match(connection, claims)
        except recognition.NotLetIn as error:
            problem = str(error)
    page = render_template(
        "microsoft/test.html", claims=claims, person=person, rule=rule, problem=problem
    )
    return make_response(page)


def _ask_to_connect(claims: Claims) -> Response:
    session["connecting"] = {"claims": asdict(claims), "at": int(time.time())}
    return make_response(redirect(url_for("account.connect"), 303))


def _confirm(attempt: Attempt, claims: Claims) -> Response:
    """Accept the proof, of this person and given just now."""
    me = login.current()
    with database.read() as connection:
        mine = recognition.of_person(connection, me.user.id)
    is_mine = mine and (mine.tenant_id, mine.object_id) == (
        claims.tenant_id,
        claims.object_id,
    )
    if not is_mine:
        raise Fault("other_person", f"{claims.shown} is not {me.user.user_name}")
    at = claims.authenticated_at
    if at is not None and time.time() - at > LOGIN_SECONDS:
        raise Fault("cancelled", "Microsoft did not ask for the password")
    with database.write() as connection:
        sessions.note_proof(connection, me.session)
    return make_response(redirect(attempt.next, 303))


def _actor(claims: Claims) -> Actor:
    return Actor("person", claims.shown, request.remote_addr)


# --------------------------------------------------------------- failures
def _refusal(
    fault: Fault, claims: Claims | None = None, *, is_known: bool = True
) -> Response:
    """Say what happened; an unsolicited answer leaves no trace and shows nothing."""
    words = WORDS[fault.kind]
    trace = []
    if is_known:
        logger.warning("Microsoft sign-in failed, %s: %s", fault.kind, fault.detail)
        _journal(fault, claims)
        trace = TRACE.findall(request.args.get("error_description", "")[:1000])
    page = render_template(
        "microsoft/refused.html", words=words, trace=trace, claims=claims
    )
    return make_response(page, words.status)


def _journal(fault: Fault, claims: Claims | None) -> None:
    """Journal it, not more than once a minute for an address."""
    if not throttle.is_news("microsoft", request.remote_addr or ""):
        return
    actor = _actor(claims) if claims else Actor("person", "", request.remote_addr)
    title = WORDS[fault.kind].title
    with database.write() as connection:
        identities.note_refusal(connection, actor, f"{title}: {fault.detail}"[:500])


# --------------------------------------------------------------- signing out
@blueprint.get(FRONT_CHANNEL)
@login.public
def front_channel() -> Response:
    """End the sessions of a session that ended at Microsoft.

    It comes in a frame of another site, without cookies: the session's name, which
    only Microsoft and we know, is all there is to it.
    """
    oidc_session = request.args.get("sid", "")
    if 8 <= len(oidc_session) <= oidc.LONGEST_HINT and _is_of_us():
        with database.read() as connection:
            found = sessions.is_of_microsoft(connection, oidc_session)
        if found:
            with database.write() as connection:
                sessions.end_of_microsoft(connection, oidc_session)
    return Response(mimetype="text/plain")


def _is_of_us() -> bool:
    """Is the issuer ours, where one is named?  Microsoft names none."""
    with database.read() as connection:
        issuer = entra.registration(connection).issuer
    return request.args.get("iss", issuer) == issuer


@blueprint.get("/sign-in/microsoft/sign-out")
@login.public
def sign_out() -> ResponseReturnValue:
    """Sign out at Microsoft too, after signing out here."""
    hint = session.pop("microsoft_hint", None)
    back = url_for("local.sign_in")
    if hint is None:
        return redirect(back, 303)
    try:
        endpoint = client().load_server_metadata()["end_session_endpoint"]
        base = redirect_uri().removesuffix(CALLBACK)
    except (Unreachable, Fault):
        flash("Microsoft could not be reached: you are still signed in there.")
        return redirect(back, 303)
    query = {"post_logout_redirect_uri": f"{base}/sign-in"}
    if hint:
        query["logout_hint"] = hint
    return redirect(f"{endpoint}?{urlencode(query)}", 303)
