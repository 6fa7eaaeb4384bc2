"""Sign in with Microsoft: the authorization request, and the callback."""

import time
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import (
    account_linking,
    identity_matching,
    microsoft_reauthentication,
    role_mappings,
    sessions,
    sign_in_settings,
)
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.microsoft import transport
from netpresenter_next.microsoft.attempts import (
    CONFIRM,
    CONNECT,
    SIGN_IN,
    TEST,
    Attempt,
    end_attempt,
    find_attempt,
)
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.microsoft.errors import SignInError, error_of_callback
from netpresenter_next.microsoft.transport import QueueFull
from netpresenter_next.pages import identity_sentences
from netpresenter_next.pages.microsoft_failures import (
    actor_of,
    journal_failure,
    journal_refusal,
    render_failure,
    render_message,
    render_waiting_page,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason
from netpresenter_next.web import (
    access_control,
    authorized,
    browser_sessions,
    rate_limits,
    redirects,
    signed_in,
)
from netpresenter_next.web.microsoft_client import (
    CALLBACK_PATH,
    CONSENT_STATE,
    load_client,
    load_tenant_id,
    redirect_uri,
)

if TYPE_CHECKING:
    from netpresenter_next.microsoft.client import Client

blueprint = Blueprint("microsoft", __name__)


def redirect_to_microsoft(
    purpose: str, target: str | None = None, **hints: str
) -> ResponseReturnValue:
    """Redirect the browser to Microsoft, and store the attempt in its cookie.

    ``hints`` are further parameters of the authorization request, such as ``prompt``.
    """
    who = signed_in.current().user.id if purpose != SIGN_IN else ""
    attempt = Attempt(purpose, redirects.safe_next(target), who, int(time.time()))
    try:
        url = load_client().begin(attempt, redirect_uri(), **hints)
    except SignInError as error:
        return render_failure(error, attempt)
    return redirect(url, 303)


@blueprint.get("/sign-in/microsoft")
@access_control.public
def start() -> ResponseReturnValue:
    """Start a sign-in; also the home page URL of the tile in My Apps."""
    target = request.args.get("next")
    if signed_in.is_signed_in():
        return redirect(redirects.safe_next(target), 303)
    return redirect_to_microsoft(SIGN_IN, target, prompt="select_account")


@blueprint.get("/sign-in/microsoft/test")
@access_control.administrator
def start_test() -> ResponseReturnValue:
    """Start a test sign-in, which shows the claims and signs nobody in."""
    return redirect_to_microsoft(TEST, prompt="select_account")


@blueprint.get("/account/microsoft/start")
@access_control.signed_in
@access_control.require_recent_authentication
def start_connecting() -> ResponseReturnValue:
    """Go to Microsoft to connect an account; 403 unless the form was sent."""
    if session.pop("may_connect", None) != signed_in.current().user.id:
        abort(403, _("To connect a Microsoft account, start on your account page."))
    return redirect_to_microsoft(CONNECT, prompt="select_account")


@blueprint.get("/sign-in/microsoft/confirm")
@access_control.signed_in
def confirm() -> ResponseReturnValue:
    """Send the signed-in person to Microsoft to authenticate again.

    Anybody who uses the browser can remove ``prompt`` from the address, so only the
    claim ``auth_time`` counts; ``max_age`` makes it required (OpenID Connect Core,
    section 3.1.2.1).  Microsoft's reference does not list ``max_age``, although its own
    libraries send it.  What it documents is the optional claim ``auth_time``, so that
    is what administrators are asked to add.  ``max_age`` is not 0: Microsoft was seen
    to let the id_token expire ``max_age`` seconds after ``auth_time``, with 0 often
    before the second factor is entered.
    """
    hint = signed_in.current().session.login_hint
    hints = {
        "prompt": "login",
        "max_age": str(microsoft_reauthentication.LOGIN_SECONDS),
    }
    if hint:
        hints["login_hint"] = hint
    return redirect_to_microsoft(CONFIRM, request.args.get("next"), **hints)


@blueprint.get(CALLBACK_PATH)
@access_control.public
def callback() -> ResponseReturnValue:
    """Answer the redirect from Microsoft, without leaking the code as a referrer."""
    response = _handle_callback()
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def _handle_callback() -> Response:
    """Answer the callback; nothing of it is shown before its state is recognised."""
    state = request.args.get("state")
    if state == CONSENT_STATE:
        # Anybody can open this address, so it only shows a message.
        is_approved = "admin_consent" in request.args
        return render_message("approved" if is_approved else "not_approved")
    attempt = find_attempt(state)
    if attempt is None:
        return render_message("expired")
    try:
        if request.args.get("error"):
            description = request.args.get("error_description")
            raise error_of_callback(request.args["error"], description)
        response = _finish_attempt(attempt)
    except (QueueFull, rate_limits.Queued):
        return (
            render_waiting_page()
        )  # the page tries again with the same state and code
    except SignInError as error:
        response = render_failure(error, attempt, reference=journal_failure(error))
    end_attempt(state)
    return response


def _finish_attempt(attempt: Attempt) -> Response:
    oidc_client = load_client()
    claims = _redeem(oidc_client)
    if attempt.purpose == SIGN_IN:
        return _sign_in(attempt, claims)
    # The person who started the attempt must still be the one who is signed in.
    if not signed_in.is_signed_in() or signed_in.current().user.id != attempt.who:
        raise SignInError("changed", "another person is signed in now")
    if attempt.purpose == TEST:
        return _show_test(oidc_client, claims)
    if attempt.purpose == CONNECT:
        return _ask_to_connect(claims)
    return _accept_reauthentication(attempt, claims)


def _redeem(oidc_client: "Client") -> Claims:
    """Redeem the code for the claims; raises QueueFull, Queued and SignInError.

    Failed codes are counted, and networks with many of them wait in a line of their
    own, so that made-up codes do not delay other people.
    """
    try:
        state = request.args["state"]
        with (
            rate_limits.limit_redemption(state),
            transport.as_known_browser(rate_limits.is_known_browser()),
        ):
            return oidc_client.finish(state, request.args.get("code"))
    except SignInError as error:
        if not error.refused_fingerprint and error.kind != "unreachable":
            rate_limits.count_failed_code()
        raise


def _sign_in(attempt: Attempt, claims: Claims) -> Response:
    try:
        with database.write() as connection:
            person = account_linking.accept_sign_in(
                connection,
                claims,
                actor_of(claims),
                tenant_id=load_tenant_id(connection),
            )
            secret = browser_sessions.begin(
                connection, person, sessions.authentication_from_claims(claims)
            )
            sign_in_settings.note_accepted_credentials(connection)
    except identity_matching.SignInRefused as error:
        reference = journal_refusal(error, claims, actor_of(claims))
        sign_in_error = SignInError(error.page, str(error.reason))
        return render_failure(sign_in_error, attempt, claims, reference)
    browser_sessions.set_cookie(secret)
    rate_limits.remember_browser(person.user_name)
    return make_response(redirect(attempt.next, 303))


def _show_test(oidc_client: "Client", claims: Claims) -> Response:
    if not signed_in.current().user.is_administrator:
        raise SignInError("changed", "not an administrator any more")
    person, rule, problem, is_early = None, "", None, False
    with authorized.write(administrator=True) as connection:
        sign_in_settings.note_test(
            connection, signed_in.actor(), oidc_client.registration.fingerprint
        )
        try:
            person, rule = identity_matching.match(connection, claims)
            account_linking.refuse_sign_in(person, claims)
        except identity_matching.SignInRefused as error:
            problem = identity_sentences.explain_refusal(error, claims)
            is_early = error.reason is Reason.NO_ACCOUNT
    page = render_template(
        "microsoft/test.html",
        claims=claims,
        person=person,
        rule=rule,
        problem=problem,
        is_early=is_early,
    )
    return make_response(page)


def _ask_to_connect(claims: Claims) -> Response:
    with database.read() as connection:
        mapped_roles = role_mappings.filter_mapped(connection, claims.app_roles)
    # All of them might not fit into the cookie.
    claims = replace(claims, app_roles=mapped_roles)
    session["connecting"] = {"claims": asdict(claims), "at": int(time.time())}
    return make_response(redirect(url_for("account.connect"), 303))


def _accept_reauthentication(attempt: Attempt, claims: Claims) -> Response:
    """Accept the claims if the person authenticated after the attempt began."""
    row, actor = signed_in.current().session, signed_in.actor()
    with authorized.write() as connection:
        microsoft_reauthentication.accept(
            connection, row, claims, attempt.begun_at, actor
        )
    return make_response(redirect(attempt.next, 303))
