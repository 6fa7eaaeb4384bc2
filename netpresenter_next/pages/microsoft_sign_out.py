"""Sign-out at Microsoft after a sign-out here, and front-channel logout."""

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import front_channel as front_channel_logout
from netpresenter_next.directory import sessions
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.microsoft.claims import LONGEST_CLAIM
from netpresenter_next.microsoft.errors import SignInError
from netpresenter_next.storage import database
from netpresenter_next.web import access_control
from netpresenter_next.web.microsoft_client import (
    FRONT_CHANNEL_PATH,
    load_client,
    load_registration,
    signed_out_uri,
)

blueprint = Blueprint("microsoft_sign_out", __name__)

SHORTEST_SESSION = 8


@blueprint.get(FRONT_CHANNEL_PATH)
@access_control.public
def front_channel() -> Response:
    """End the sessions here that belong to a session that ended at Microsoft.

    Implements OpenID Connect Front-Channel Logout 1.0.  The request comes from a frame
    of another site, without cookies, so the only authentication is ``sid``, which only
    Microsoft and this server know.
    """
    oidc_session = request.args.get("sid", "")
    if SHORTEST_SESSION <= len(oidc_session) <= LONGEST_CLAIM and _is_from_our_issuer():
        with database.read() as connection:
            has_sessions = sessions.exists_for_oidc_session(connection, oidc_session)
        if has_sessions:
            with database.write() as connection:
                front_channel_logout.end_sessions(
                    connection, oidc_session, request.remote_addr
                )
    return Response(mimetype="text/plain")


def _is_from_our_issuer() -> bool:
    """Is ``iss`` missing, as in Microsoft's requests, or that of our directory?"""
    with database.read() as connection:
        issuer = load_registration(connection).issuer
    return request.args.get("iss", issuer) == issuer


@blueprint.get("/sign-in/microsoft/sign-out")
@access_control.public
def sign_out() -> ResponseReturnValue:
    """Redirect to the end_session_endpoint of Microsoft, after a sign-out here."""
    hint = session.pop("microsoft_hint", None)
    back = url_for("sign_in.sign_in")
    if hint is None:
        return redirect(back, 303)
    try:
        return redirect(load_client().make_sign_out_url(signed_out_uri(), hint), 303)
    except SignInError:
        flash(_("Microsoft could not be reached: you are still signed in there."))
        return redirect(back, 303)
