"""Settings > System > People directory, and hiding a person from colleagues."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import BooleanField, StringField
from wtforms.validators import AnyOf

from netpresenter_next.directory import colleague_settings, colleagues, people
from netpresenter_next.directory.colleagues import Absence
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import ShownNumbers
from netpresenter_next.storage.models import User
from netpresenter_next.web import access_control, authorized, signed_in

PAGE = "people_directory.page"
NUMBERS = {
    ShownNumbers.NONE: marked("None"),
    ShownNumbers.WORK: marked("Work"),
    ShownNumbers.WORK_AND_MOBILE: marked("Work and mobile"),
}
blueprint = Blueprint("people_directory", __name__, url_prefix="/settings")


class DirectoryForm(FlaskForm):
    """The settings of the directory."""

    is_on = BooleanField(_l("Show People to everybody who is signed in"))
    shown_numbers = StringField(
        _l("Phone numbers that colleagues see"),
        [AnyOf([each.value for each in NUMBERS], _l("Choose one of the three."))],
    )


@blueprint.app_template_global()
def find_absence(person: User) -> Absence | None:
    """Return why colleagues do not see a person, or None if they do."""
    with database.read() as connection:
        settings = colleague_settings.read(connection)
    return colleagues.find_absence(colleagues.facts_of(person, settings))


@blueprint.get("/system/people-directory")
@access_control.administrator
def page() -> str:
    """Show the settings."""
    with database.read() as connection:
        row = colleague_settings.read(connection)
    return _render(DirectoryForm(formdata=None, obj=row))


def _render(form: DirectoryForm) -> str:
    return render_template("settings/people_directory.html", form=form, numbers=NUMBERS)


@blueprint.post("/system/people-directory")
@access_control.administrator
@access_control.require_recent_authentication
def change() -> ResponseReturnValue:
    """Change the settings; the form says why if they are refused."""
    form = DirectoryForm()
    if not form.validate_on_submit():
        return _render(form), 400
    with authorized.write() as connection:
        colleague_settings.change(
            connection,
            signed_in.actor(),
            is_on=form.is_on.data,
            shown_numbers=ShownNumbers(str(form.shown_numbers.data)),
        )
    flash(_("Saved."))
    return redirect(url_for(PAGE), 303)


@blueprint.post("/users/<user_id>/hidden")
@access_control.administrator
@access_control.require_recent_authentication
def set_hidden(user_id: str) -> ResponseReturnValue:
    """Hide a person from colleagues, or show them again."""
    wanted = request.form.get("hidden")
    if wanted not in ("on", "off"):
        abort(400, _("Use the buttons of the page."))
    is_hidden = wanted == "on"
    with authorized.write() as connection:
        person = people.find_by_id(connection, user_id)
        colleague_settings.set_hidden(
            connection, person, signed_in.actor(), hidden=is_hidden
        )
    name = person.user_name
    if is_hidden:
        flash(_("%(name)s is hidden from colleagues.", name=name))
    else:
        flash(_("%(name)s is no longer hidden.", name=name))
    return redirect(url_for("person.show", user_id=user_id), 303)
