"""My account: sessions, the connected Microsoft account, and reauthentication."""

from dataclasses import replace

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import (
    account_linking,
    events,
    identity_matching,
    people,
    session_lifetime,
    sessions,
)
from netpresenter_next.directory.events import Event, target_of_person
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import ngettext
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.pages import home, identity_texts
from netpresenter_next.pages.microsoft_failures import journal_refusal
from netpresenter_next.storage import database
from netpresenter_next.web import (
    access_control,
    authorized,
    browser_sessions,
    exports,
    microsoft_client,
    reauthentication,
    redirects,
    signed_in,
)

blueprint = Blueprint("account", __name__)


def _redirect_to_account() -> ResponseReturnValue:
    return redirect(url_for("home.account"), 303)


# --------------------------------------------------------------- reauthentication
@blueprint.app_errorhandler(reauthentication.ReauthenticationRequired)
def ask_to_authenticate(
    error: reauthentication.ReauthenticationRequired,
) -> ResponseReturnValue:
    """Show the page that asks the person to authenticate again.

    The page carries the form that was sent, encrypted, and sends it again together
    with the password, so that nothing has to be typed twice.
    """
    me = signed_in.current()
    with database.read() as connection:
        is_connected = identity_matching.find_identity(connection, me.user.id)
    is_form, address = request.method == "POST", redirects.get_current_address()
    page = render_template(
        "account/confirm.html",
        is_form=is_form,
        # Microsoft leads back to a page only.
        is_page=not is_form and not exports.is_export(address),
        encrypted_form=is_form
        and redirects.encrypt_form(me.user.id, reauthentication.FIELD),
        reauthentication_field=reauthentication.FIELD,
        current_address=address,
        problem=str(error),
        has_password=signed_in.may_use_password(),
        is_connected=is_connected,
        is_dated=session_lifetime.is_authentication_time_known(me.session),
    )
    return page, error.status


@blueprint.route("/account/confirm", methods=["GET", "POST"])
@access_control.signed_in
@access_control.require_recent_authentication
def confirm() -> ResponseReturnValue:
    """Return to where the person came from, once they have authenticated again.

    To a file, a link leads.
    """
    if not (target := request.args.get("next")):
        return render_template("account/confirmed.html", download=None)
    address = redirects.safe_next(target, redirects.LONGEST_ADDRESS)
    if exports.is_export(address):
        # A browser that is sent to a file keeps showing the page before it.
        return render_template("account/confirmed.html", download=address)
    return redirect(address, 303)


# --------------------------------------------------------------- sessions
@blueprint.post("/account/sessions/end")
@access_control.signed_in
def end_session() -> ResponseReturnValue:
    """End one session of the signed-in person, or all except the current one."""
    me, chosen = signed_in.current(), request.form.get("session", "")
    with authorized.write() as connection:
        if chosen == "others":
            ended = sessions.end_others(connection, me.session)
        else:
            ended = sessions.end_one(connection, me.user.id, _parse_digest(chosen))
        if ended:
            target, event = target_of_person(me.user), Event.SESSIONS_ENDED
            events.record(connection, signed_in.actor(), event, target, number=ended)
    if ended:
        flash(ngettext("The session has ended.", "%(num)s sessions have ended.", ended))
    else:
        flash(_("No sessions have ended."))
    return _redirect_to_account()


def _parse_digest(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        return b""


# --------------------------------------------------------------- Microsoft
@blueprint.post("/account/microsoft")
@access_control.signed_in
@access_control.require_recent_authentication
def start_connecting() -> ResponseReturnValue:
    """Allow this browser to connect a Microsoft account, and show a link to Microsoft.

    It is a link because the content security policy (``form-action``) refuses a form
    that leads to another site, even through a redirect.
    """
    session["may_connect"] = signed_in.current().user.id
    return render_template("account/to_microsoft.html")


@blueprint.get("/account/microsoft/connect")
@access_control.signed_in
@access_control.require_recent_authentication
def connect() -> ResponseReturnValue:
    """Show the two accounts and ask whether to connect them."""
    claims = microsoft_client.find_claims_to_connect()
    if claims is None:
        return _say_expired()
    me = signed_in.current()
    return render_template("account/connect.html", claims=claims, me=me)


def _say_expired() -> ResponseReturnValue:
    flash(_("Nothing was connected: it took too long. Press Connect Microsoft again."))
    return _redirect_to_account()


@blueprint.post("/account/microsoft/connect")
@access_control.signed_in
@access_control.require_recent_authentication
def connect_now() -> ResponseReturnValue:
    """Connect the two accounts."""
    claims, me = microsoft_client.find_claims_to_connect(), signed_in.current()
    session.pop("connecting", None)
    if claims is None:
        return _say_expired()
    try:
        with authorized.write() as connection:
            person = people.find_by_id(connection, me.user.id)
            account_linking.link_own_account(
                connection,
                person,
                claims,
                signed_in.actor(),
                tenant_id=microsoft_client.load_tenant_id(connection),
            )
            # A new role, or Force, must not sign this person out: both accounts were
            # just authenticated.  The time of authentication stays that of the present
            # session, because Microsoft may have used single sign-on.
            authentication = replace(
                sessions.authentication_from_claims(claims),
                at=me.session.authenticated_at,
            )
            secret = browser_sessions.renew(connection, person.id, authentication)
    except identity_matching.SignInRefused as error:
        return home.render_account(microsoft_problem=_explain(error, claims)), 409
    browser_sessions.set_cookie(secret)
    name = claims.account_name
    flash(_("Your account is connected with %(account_name)s.", account_name=name))
    return _redirect_to_account()


def _explain(error: identity_matching.SignInRefused, claims: Claims) -> str:
    """Record why the accounts are not connected; returns the words for their owner."""
    reference = journal_refusal(error, claims, signed_in.actor())
    text = _(identity_texts.MESSAGES_TO_OWNER[error.reason])
    return _(
        "%(text)s An administrator can find the cause with the reference "
        "%(reference)s.",
        text=text,
        reference=reference,
    )


@blueprint.post("/account/microsoft/disconnect")
@access_control.signed_in
@access_control.require_recent_authentication
def disconnect() -> ResponseReturnValue:
    """Disconnect the Microsoft account of the signed-in person.

    Refused with 409 when the person could then no longer sign in.
    """
    me, secret = signed_in.current(), ""
    with authorized.write() as connection:
        person = people.find_by_id(connection, me.user.id)
        if account_linking.may_unlink(connection, person):
            account_linking.unlink(connection, person, signed_in.actor())
            secret = browser_sessions.renew(
                connection, person.id, signed_in.current_authentication()
            )
    if not secret:
        problem = _(
            "Nothing was changed: without Microsoft, you could no longer sign in."
        )
        return home.render_account(microsoft_problem=problem), 409
    browser_sessions.set_cookie(secret)
    flash(_("Your account is no longer connected with Microsoft."))
    return _redirect_to_account()
