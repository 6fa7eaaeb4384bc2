"""Settings > System > Microsoft Entra ID > Sign in options: Force and matching."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from wtforms import BooleanField

from netpresenter_next.directory import force, force_switch, sign_in_settings
from netpresenter_next.lib.text import format_some
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.lib.translation import ngettext
from netpresenter_next.pages.fields import NumberField
from netpresenter_next.pages.settings.entra import force_sentences
from netpresenter_next.storage import database
from netpresenter_next.storage.totals import MOST_COUNTED
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    microsoft_client,
    signed_in,
)

blueprint = Blueprint(
    "microsoft_options", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


class OptionsForm(FlaskForm):
    """How people are matched, and how long sessions last."""

    match_user_names = BooleanField(_l("Match a first sign-in by user name"))
    create_people = BooleanField(_l("Create people at their first sign-in"))
    idle_minutes = NumberField(
        _l("Minutes of inactivity until people are signed out"), 5, 10_080
    )
    absolute_hours = NumberField(
        _l("Hours until people are signed out even if active"), 1, 720
    )


@blueprint.get("/sign-in-options")
@access_control.administrator
def show() -> str:
    """Show the switch of Force, its conditions and effect, and the other options."""
    return _render()


def _render(form: OptionsForm | None = None, force_problem: str = "") -> str:
    with database.read() as connection:
        row = sign_in_settings.read_settings(connection)
        conditions = force_switch.check_conditions(
            connection, context.current().installation
        )
        return render_template(
            "settings/entra/sign_in_options.html",
            force_problem=force_problem,
            options_form=form or OptionsForm(formdata=None, obj=row),
            registration=microsoft_client.load_registration(connection),
            is_forced=force.is_on(connection),
            conditions=conditions,
            force_needs=_(force_sentences.NEEDS),
            lock_reason=force_sentences.explain_lock(conditions),
            link_of=force_sentences.link_of,
            describe_condition=force_sentences.describe_condition,
            effect=force.measure_effect(connection),
            losing=force.list_losing(connection),
        )


def _redirect() -> ResponseReturnValue:
    return redirect(url_for("microsoft_options.show"), 303)


@blueprint.post("/sign-in-options")
@access_control.administrator
@access_control.require_recent_authentication
def change_sign_in_options() -> ResponseReturnValue:
    """Switch Force on or off; a form that does not name the switch changes nothing."""
    wanted = request.form.get("force") == "on"
    if not wanted and request.form.get("form") != "force":
        return _redirect()
    try:
        with authorized.write() as connection:
            if wanted != force.is_on(connection):
                flash(_switch_force(connection, on=wanted))
    except force_switch.CannotForce as error:
        return _render(force_problem=force_sentences.explain_refusal(error)), 409
    return _redirect()


def _switch_force(connection: Connection, *, on: bool) -> str:
    """Switch Force and return the message to show; raises CannotForce."""
    if on:
        installation = context.current().installation
        ended = force_switch.switch_on(connection, installation, signed_in.actor())
        return ngettext(
            "Force sign in with Microsoft is on. %(num)s local session has ended.",
            "Force sign in with Microsoft is on. %(num)s local sessions have ended.",
            ended,
        )
    force_switch.switch_off(connection, signed_in.actor())
    without = force.count_without_password(connection)
    message = _("Force sign in with Microsoft is off: local passwords work again.")
    if not without:
        return message
    more = ngettext(
        "%(number)s person has no password and cannot sign in locally: set one if "
        "needed.",
        "%(number)s people have no password and cannot sign in locally: set one if "
        "needed.",
        without,
        number=format_some(without, MOST_COUNTED).capitalize(),
    )
    return f"{message} {more}"


@blueprint.post("/matching")
@access_control.administrator
@access_control.require_recent_authentication
def change_options() -> ResponseReturnValue:
    """Change how people are matched, and how long sessions last."""
    form = OptionsForm()
    if not form.validate_on_submit():
        return _render(form), 400
    names = ("match_user_names", "create_people", "idle_minutes", "absolute_hours")
    with authorized.write() as connection:
        values = {name: form[name].data for name in names}
        sign_in_settings.set_options(connection, signed_in.actor(), values)
    flash(_("Saved."))
    return _redirect()
