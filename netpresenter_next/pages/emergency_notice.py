"""The notice of sign-ins with emergency access, on every page of administrators."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Row

from netpresenter_next import authorized, login, way_back
from netpresenter_next.directory import emergency
from netpresenter_next.storage import database

blueprint = Blueprint("emergency_notice", __name__, url_prefix="/settings")


@blueprint.app_template_global()
def emergency_sign_ins() -> Sequence[Row[Any]]:
    """Return what an administrator's page has to name, and nothing to others."""
    if not (login.is_anybody() and login.current().user.is_administrator):
        return []
    with database.read() as connection:
        me = login.current()
        return emergency.unseen(connection, me.user.id, me.get_id())


@blueprint.post("/emergency-sign-ins/close")
@login.administrator
def close() -> ResponseReturnValue:
    """Write down who has seen the sign-ins that the page named."""
    these, me = request.form.getlist("id"), login.current().user.id
    with authorized.write() as connection:
        emergency.close(connection, these, login.actor(), me)
    return redirect(way_back.safe_next(request.form.get("next")), 303)
