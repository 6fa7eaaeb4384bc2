"""Settings > Users > Add: a local person, with a generated password or a link."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import errors, local_people, password_links, passwords
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import person_details
from netpresenter_next.pages.settings import person_form, secret_page
from netpresenter_next.pages.settings.person_form import AddForm
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    reauthentication,
    security,
    signed_in,
)

blueprint = Blueprint("new_people", __name__, url_prefix="/settings/users/new")
TWICE = marked(
    "If you sent this form twice, the person was added the first time: find them in "
    "the list, and set a new password there."
)


class NoAddress(errors.AccountError):
    """There can be no link, because the address of this server is not known."""


@blueprint.get("")
@access_control.administrator
def show_form() -> str:
    """Show the form for a new local person."""
    return _render(AddForm())


def _render(form: AddForm) -> str:
    return render_template(
        "settings/new_person.html",
        form=form,
        fields=[form[name] for name in person_details.PATHS],
    )


@blueprint.post("")
@access_control.administrator
@access_control.require_recent_authentication
def add() -> ResponseReturnValue:
    """Add a local person, and show their password or link in this response only."""
    form = AddForm()
    details = form.validate_on_submit() and person_form.write_details(
        form, context.current().local_type, _begin(form)
    )
    if not details:
        return _render(form), 400
    try:
        if form.way.data == person_form.LINK:
            return _add_with_link(details)
        return _add_with_password(details)
    except passwords.TooBusy:
        form.form_errors.append(reauthentication.BUSY)
        return _render(form), 429
    except errors.AccountError as error:
        return _explain_refusal(form, error)


def _add_with_password(details: Mapping[str, Any]) -> str:
    password = passwords.generate()
    password_hash = passwords.hash_password(password)
    with authorized.write() as connection:
        actor = signed_in.actor()
        made = local_people.add(connection, details, actor, password_hash)
    return secret_page.render_password(made, password)


def _add_with_link(details: Mapping[str, Any]) -> str:
    origin = security.base_url()
    if origin is None:
        raise NoAddress(_(secret_page.NO_ADDRESS))
    with authorized.write() as connection:
        actor = signed_in.actor()
        made = local_people.add(connection, details, actor)
        secret = password_links.make(connection, made, actor, secret_page.make_nonce())
    return secret_page.render_link(made, origin, secret)


def _begin(form: AddForm) -> dict[str, Any]:
    return {"userName": form.user_name.data or "", "active": True}


def _explain_refusal(form: AddForm, error: errors.AccountError) -> ResponseReturnValue:
    """Show the form again with the reason, at the user name if it is about that."""
    if isinstance(error, NoAddress):
        form.form_errors.append(str(error))
        return _render(form), 409
    is_taken = isinstance(error, ValueTaken)
    form.user_name.errors = [f"{error} {_(TWICE)}" if is_taken else str(error)]
    return _render(form), 409 if is_taken else 400
