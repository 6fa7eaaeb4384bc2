"""Settings > Users > Add: a local person with a generated password."""

from typing import Any

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import errors, local_people, passwords
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.pages.settings import person_form, secret_page
from netpresenter_next.pages.settings.person_form import AddForm
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    reauthentication,
    signed_in,
)

blueprint = Blueprint("new_people", __name__, url_prefix="/settings/users/new")
TWICE = (
    "If you sent this form twice, the person was added the first time: find them in "
    "the list, and set a new password there."
)


@blueprint.get("")
@access_control.administrator
def show_form() -> str:
    """Show the form for a new local person."""
    return _render(AddForm())


def _render(form: AddForm) -> str:
    return render_template(
        "settings/new_person.html",
        form=form,
        fields=[form[name] for name in person_form.PATHS],
    )


@blueprint.post("")
@access_control.administrator
@access_control.require_recent_authentication
def add() -> ResponseReturnValue:
    """Add a local person and show their password in this response, and never again."""
    form = AddForm()
    details = form.validate_on_submit() and person_form.write_details(
        form, context.current().local_type, _begin(form)
    )
    if not details:
        return _render(form), 400
    password = passwords.generate()
    try:
        password_hash = passwords.hash_password(password)
        with authorized.write() as connection:
            made = local_people.add(
                connection, details, signed_in.actor(), password_hash
            )
    except passwords.TooBusy:
        form.form_errors.append(reauthentication.BUSY)
        return _render(form), 429
    except errors.AccountError as error:
        return _explain_refusal(form, error)
    return secret_page.render_password(made, password)


def _begin(form: AddForm) -> dict[str, Any]:
    return {"userName": form.user_name.data or "", "active": True}


def _explain_refusal(form: AddForm, error: errors.AccountError) -> ResponseReturnValue:
    """Show the form again with the reason at the user name."""
    is_taken = isinstance(error, ValueTaken)
    form.user_name.errors = [f"{error} {TWICE}" if is_taken else str(error)]
    return _render(form), 409 if is_taken else 400
