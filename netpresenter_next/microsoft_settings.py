"""Settings > System > Microsoft Entra ID: sign-in, Force, matching, roles."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Conflict

from netpresenter_next import (
    accounts,
    certificates,
    database,
    entra,
    entra_page,
    force,
    identities,
    login,
    provider,
    roles,
)
from netpresenter_next.entra_page import ConnectionForm, OptionsForm
from netpresenter_next.texts import as_guid

PAGE = "system.microsoft_entra_id"
blueprint = Blueprint(
    "microsoft_settings", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


def _to_page() -> ResponseReturnValue:
    return redirect(url_for(PAGE), 303)


# --------------------------------------------------------------- the connection
@blueprint.post("/sign-in")
@login.administrator
@login.recent
def save() -> ResponseReturnValue:
    """Change the connection; it holds from the next sign-in on, without a restart."""
    form = ConnectionForm()
    values = _values(form) if form.validate_on_submit() else None
    if values is None:
        return entra_page.render(connection_form=form), 400
    try:
        with database.write() as connection:
            version = int(form.version.data or 0)
            entra.save(connection, login.actor(), version, values)
    except (entra.Stale, ValueError) as error:
        raise Conflict(str(error)) from error
    flash("Saved. Run a test sign-in now: it shows whether Microsoft agrees.")
    return _to_page()


def _values(form: ConnectionForm) -> dict[str, Any] | None:
    """Return what is to be stored; None, with the form saying why, when refused."""
    with database.read() as connection:
        outside = entra.registration(connection).from_environment
    values: dict[str, Any] = {
        "authority": form.authority.data,
        "tenant_id": form.tenant_id.data or None,
        "client_id": form.client_id.data or None,
        "secret": (form.secret.data or "").strip() or None,
        "secret_expires_on": form.secret_expires_on.data,
    }
    if values["secret"]:
        values["certificate"] = None
    if form.certificate.data and form.certificate.data.strip():
        try:
            pair = certificates.read(form.certificate.data)
        except certificates.BadCertificate as error:
            form.certificate.errors = [str(error)]
            return None
        values |= {"certificate": pair.certificate, "secret": pair.key}
        values["secret_expires_on"] = pair.expires_on
    values = {name: each for name, each in values.items() if name not in outside}
    return values if _is_resolved(form, values) else None


def _is_resolved(form: ConnectionForm, values: dict[str, Any]) -> bool:
    """Turn a domain into the directory's GUID, by asking Microsoft."""
    tenant = values.get("tenant_id")
    if not tenant or as_guid(tenant):
        return True
    try:
        found = provider.tenant_of(str(form.authority.data), tenant)
    except provider.Unreachable:
        found = ""
    values["tenant_id"] = as_guid(found)
    if values["tenant_id"] is None or values["tenant_id"] == entra.CONSUMERS:
        form.tenant_id.errors = [
            "Microsoft knows no directory of this domain, or could not be reached. "
            "Enter the directory (tenant) ID, a GUID."
        ]
        return False
    return True


# --------------------------------------------------------------- sign in options
@blueprint.post("/sign-in-options")
@login.administrator
@login.recent
def change_sign_in_options() -> ResponseReturnValue:
    """Switch Force on or off; a form without the switch changes nothing."""
    wanted = request.form.get("force") == "on"
    if not wanted and request.form.get("form") != "force":
        return _to_page()
    with database.write() as connection:
        if wanted == force.is_on(connection):
            return _to_page()
        if not wanted:
            entra.force_off(connection, login.actor())
            flash("Force sign in with Microsoft is off: local passwords work again.")
            return _to_page()
        ended = _force_on(connection)
    flash(f"Force sign in with Microsoft is on. {ended} local sessions have ended.")
    return _to_page()


def _force_on(connection: Any) -> int:
    try:
        return entra.force_on(connection, login.actor())
    except entra.CannotForce as error:
        raise Conflict(
            "Force sign in with Microsoft needs a tested Microsoft sign-in first, so "
            f"that nobody is locked out. {error} Nothing was changed."
        ) from error


@blueprint.post("/matching")
@login.administrator
@login.recent
def change_options() -> ResponseReturnValue:
    """Change how people are matched, and how long sessions last."""
    form = OptionsForm()
    if not form.validate_on_submit():
        return entra_page.render(options_form=form), 400
    names = ("match_user_names", "create_people", "idle_minutes", "absolute_hours")
    with database.write() as connection:
        values = {name: form[name].data for name in names}
        entra.set_options(connection, login.actor(), values)
    flash("Saved.")
    return _to_page()


# --------------------------------------------------------------- roles
@blueprint.post("/roles")
@login.administrator
@login.recent
def add_mapping() -> ResponseReturnValue:
    """Let an app role or a group make administrators."""
    app_role = request.form.get("app_role", "").strip()
    group_id = request.form.get("group_id", "")
    if bool(app_role) == bool(group_id) or len(app_role) > roles.LONGEST_APP_ROLE:
        abort(400, "Name an app role, or choose a group: one of the two.")
    try:
        with database.write() as connection:
            roles.add(connection, login.actor(), app_role=app_role, group_id=group_id)
    except roles.MappingError as error:
        raise Conflict(str(error)) from error
    flash("The mapping holds from now on.")
    return _to_page()


@blueprint.post("/roles/<mapping_id>/remove")
@login.administrator
@login.recent
def remove_mapping(mapping_id: str) -> ResponseReturnValue:
    """Take a mapping away, and what it gave."""
    with database.write() as connection:
        if not roles.remove(connection, login.actor(), mapping_id):
            abort(404)
    flash("The mapping is removed, and whoever it made administrator is one no more.")
    return _to_page()


# --------------------------------------------------------------- a person
@blueprint.post("/identities/<user_id>/forget")
@login.administrator
@login.recent
def forget(user_id: str) -> ResponseReturnValue:
    """Forget a person's Microsoft identity: the way out of a conflict."""
    with database.write() as connection:
        person = accounts.by_id(connection, user_id)
        if not identities.disconnect(connection, person, login.actor()):
            abort(404)
    flash("The Microsoft identity is forgotten; the next sign-in matches anew.")
    return redirect(url_for("settings.user", user_id=user_id), 303)
