"""Setting a password with a one-time link.

Opening the link does not use it up, because programs that check e-mail open links too.
"""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask import request as http_request
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from werkzeug.exceptions import TooManyRequests
from wtforms import HiddenField, PasswordField
from wtforms.validators import EqualTo, InputRequired

from netpresenter_next.directory import (
    access,
    counted_events,
    errors,
    password_links,
    passwords,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.password_links import CannotUse, FoundLink, Outcome
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.storage import database
from netpresenter_next.storage.link_models import PasswordLink
from netpresenter_next.storage.models import Person
from netpresenter_next.web import access_control, rate_limits, reauthentication

# It is part of links that people have, so it stays.
PATH = "/set-password"
blueprint = Blueprint("set_password", __name__, url_prefix=PATH)
# Who acts with a link: whoever has it, which nobody can prove to be the person.
HOLDER = "holder of the one-time link"
LONGEST_LINK = 100
WAIT_SECONDS = 2


class PasswordForm(FlaskForm):
    """A new password, typed twice; the link is not in the address of the form."""

    link = HiddenField()
    new = PasswordField(
        _l("New password"), [InputRequired(_l("Enter a new password."))]
    )
    repeated = PasswordField(
        _l("Confirm new password"),
        [EqualTo("new", _l("The new passwords do not match."))],
    )


@blueprint.get("")
@access_control.public
def show() -> ResponseReturnValue:
    """Show for which user name the link sets a password, and the form."""
    secret = http_request.args.get("link", "")[:LONGEST_LINK]
    found = _find(secret)
    if found.person is None or found.outcome is not Outcome.SETS_PASSWORD:
        return _refuse(found)
    return _render(PasswordForm(formdata=None, link=secret), found.person)


@blueprint.post("")
@access_control.public
def set_password() -> ResponseReturnValue:
    """Set the password, once; the person then signs in with it."""
    form = PasswordForm()
    secret = (form.link.data or "")[:LONGEST_LINK]
    found = _find(secret)
    if found.person is None or found.outcome is not Outcome.SETS_PASSWORD:
        # Only links that do not work are counted: whoever has one that works does not
        # guess, and a new password that is refused must not keep others out.
        try:
            rate_limits.count_guess(_key_of(secret))
        except TooManyRequests as error:
            return _ask_to_wait(form, found, error)
        return _refuse(found)
    if not form.validate_on_submit():
        return _render(form, found.person, 400)
    try:
        return _set(form, secret, found.person)
    except errors.BadPassword as error:
        form.new.errors = [str(error)]
        return _render(form, found.person, 400)
    except CannotUse as error:
        return _refuse(error.found)
    except passwords.TooBusy:
        busy = TooManyRequests(_(reauthentication.BUSY), retry_after=WAIT_SECONDS)
        return _ask_to_wait(form, found, busy)


def _find(secret: str) -> FoundLink:
    with database.read() as connection:
        return password_links.find(connection, secret)


def _key_of(secret: str) -> str:
    """Return under which name attempts with a link are counted, like a user name."""
    return f"one-time link {password_links.digest(secret).hex()}"


def _set(form: PasswordForm, secret: str, person: Person) -> ResponseReturnValue:
    """Store the new password; raises BadPassword, CannotUse and TooBusy."""
    # The same length for everybody: the answer must not say who is an administrator.
    password_hash = access.hash_new_password(
        form.new.data or "", administrator=True, user_name=person.user_name
    )
    with database.write() as connection:
        holder = Actor(HOLDER, "", http_request.remote_addr)
        password_links.use(connection, secret, password_hash, holder)
    flash(
        _("Your password is set. Sign in as %(user_name)s.", user_name=person.user_name)
    )
    return redirect(url_for("sign_in.sign_in"), 303)


def _visitor() -> Actor:
    return Actor("visitor", "", http_request.remote_addr)


def _refuse(found: FoundLink) -> ResponseReturnValue:
    """Say that the link does not work; why is for administrators, in the log."""
    if found.link is not None and found.person is not None:
        _record_refusal(found.link, found.person, found.outcome)
    return _respond(render_template("sign_in/dead_link.html"), 404)


def _record_refusal(link: PasswordLink, person: Person, outcome: Outcome) -> None:
    """Record it, unless strangers cause too many entries just now."""
    unrecorded = rate_limits.count_event()
    if unrecorded is None:
        return
    with database.write() as connection:
        counted_events.record(
            connection,
            _visitor(),
            Event.PASSWORD_LINK_REFUSED,
            target_of_person(person),
            about=f"{link.id} {outcome}",
            unrecorded=unrecorded,
            reason=outcome.value,
        )


def _ask_to_wait(
    form: PasswordForm, found: FoundLink, error: TooManyRequests
) -> ResponseReturnValue:
    if found.person is None or found.outcome is not Outcome.SETS_PASSWORD:
        raise error
    form.form_errors.append(str(error.description))
    wait = {"Retry-After": str(error.retry_after)}
    return _render(form, found.person, 429, wait)


def _render(
    form: PasswordForm,
    person: Person,
    status: int = 200,
    headers: dict[str, str] | None = None,
) -> ResponseReturnValue:
    page = render_template(
        "sign_in/set_password.html",
        form=form,
        user_name=person.user_name,
        password_advice=passwords.advise(administrator=False, by_link=True),
    )
    return _respond(page, status, headers)


def _respond(
    page: str, status: int, headers: dict[str, str] | None = None
) -> ResponseReturnValue:
    """Respond without telling any server, not even this one, the address as Referer."""
    response = make_response(page, status, headers or {})
    response.headers["Referrer-Policy"] = "strict-origin"
    return response
