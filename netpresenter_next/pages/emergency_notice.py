"""The notice of sign-ins with emergency access, on every page for administrators."""

from collections.abc import Sequence

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import emergency
from netpresenter_next.directory.emergency import UnseenSignIn
from netpresenter_next.storage import database
from netpresenter_next.web import access_control, authorized, redirects, signed_in

blueprint = Blueprint("emergency_notice", __name__, url_prefix="/settings")


@blueprint.app_template_global()
def emergency_sign_ins() -> Sequence[UnseenSignIn]:
    """Return the sign-ins to show to an administrator; empty for everybody else."""
    if not (signed_in.is_signed_in() and signed_in.current().user.is_administrator):
        return []
    with database.read() as connection:
        me = signed_in.current()
        return emergency.list_unseen(connection, me.user.id, me.get_id())


@blueprint.post("/emergency-sign-ins/close")
@access_control.administrator
def close() -> ResponseReturnValue:
    """Record that the administrator has reviewed the sign-ins of the notice."""
    ids, me = request.form.getlist("id"), signed_in.current().user.id
    with authorized.write() as connection:
        emergency.close_notices(connection, ids, signed_in.actor(), me)
    return redirect(redirects.find_page(request.form.get("next")), 303)
