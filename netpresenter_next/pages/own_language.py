"""The language that the signed-in person chooses on their account page."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from netpresenter_next.directory import own_language, people
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import Language
from netpresenter_next.web import access_control, authorized, signed_in
from netpresenter_next.web import language as page_language

# The value of the form for the language that the browser asks for.
AUTOMATIC = ""
blueprint = Blueprint("own_language", __name__)


@blueprint.app_template_global()
def list_languages() -> list[tuple[str, str]]:
    """Return the choices of the form: value, and name in the language itself."""
    names = [(each.value, name) for each, name in own_language.NAMES.items()]
    return [(AUTOMATIC, _("As the browser asks")), *names]


@blueprint.post("/account/language")
@access_control.signed_in
def choose() -> ResponseReturnValue:
    """Store the language; the page that follows is in it."""
    chosen = request.form.get("language")
    if chosen not in (AUTOMATIC, *(each.value for each in Language)):
        abort(400, _("Choose one of the languages of the list."))
    language = Language(chosen) if chosen else None
    me = signed_in.current()
    with authorized.write() as connection:
        person = people.find_by_id(connection, me.user.id)
        own_language.choose(connection, person, language, signed_in.actor())
    with force_locale(language or page_language.find_of_browser()):
        flash(_("Your language is saved."))
    return redirect(url_for("home.account"), 303)
