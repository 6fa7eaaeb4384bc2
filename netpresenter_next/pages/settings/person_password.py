"""Settings > Users > a person: a generated password, or a one-time link to set one."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import errors, password_links, passwords, people
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages import changes
from netpresenter_next.pages.settings import person, secret_page
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import User
from netpresenter_next.web import (
    access_control,
    authorized,
    reauthentication,
    security,
    signed_in,
)

blueprint = Blueprint(
    "person_password", __name__, url_prefix="/settings/users/<user_id>"
)
SHORTEST_NONCE, LONGEST_NONCE = 16, 64


@blueprint.get("/password")
@access_control.administrator
def confirm(user_id: str) -> str:
    """Say what a new password means for somebody who has one."""
    user = db.session.get(User, user_id) or abort(404)
    with database.read() as connection:
        password = person.load_password(connection, user)
    return render_template(
        "settings/confirm_password.html", person=user, password=password
    )


@blueprint.post("/password")
@access_control.administrator
@access_control.require_recent_authentication
def set_generated(user_id: str) -> ResponseReturnValue:
    """Generate a password and show it in this response, and never again."""
    password = passwords.generate()
    try:
        password_hash = passwords.hash_password(password)
        with authorized.write() as connection:
            found = people.find_by_id(connection, user_id)
            password_links.set_generated(
                connection,
                found,
                password_hash,
                signed_in.actor(),
                request.form.get("changed_at", ""),
            )
    except passwords.TooBusy:
        return person.render(user_id, problem=reauthentication.BUSY), 429
    except errors.NoSuchPerson:
        raise
    except errors.AccountError as error:
        problem = changes.explain_refusal(error)
        return person.render(user_id, problem=problem), 409
    return secret_page.render_password(found, password)


@blueprint.post("/password-link")
@access_control.administrator
@access_control.require_recent_authentication
def make_link(user_id: str) -> ResponseReturnValue:
    """Make a one-time link and show it in this response, and never again."""
    origin = security.base_url()
    if origin is None:
        return person.render(user_id, problem=_(secret_page.NO_ADDRESS)), 409
    nonce = request.form.get("nonce", "")
    if not SHORTEST_NONCE <= len(nonce) <= LONGEST_NONCE:
        nonce = secret_page.make_nonce()
    try:
        with authorized.write() as connection:
            found = people.find_by_id(connection, user_id)
            secret = password_links.make(connection, found, signed_in.actor(), nonce)
    except errors.NoSuchPerson:
        raise
    except errors.AccountError as error:
        return person.render(user_id, problem=str(error)), 409
    return secret_page.render_link(found, origin, secret)
