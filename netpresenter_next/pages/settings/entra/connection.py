"""Settings > System > Microsoft Entra ID: the app registration and its credentials."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, flash, render_template
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import force, registration_changes
from netpresenter_next.directory.sign_in_settings import read_settings
from netpresenter_next.lib import certificates
from netpresenter_next.lib.text import as_guid
from netpresenter_next.lib.timestamps import now
from netpresenter_next.microsoft import discovery
from netpresenter_next.microsoft.app_registration import AppRegistration
from netpresenter_next.microsoft.transport import Unreachable
from netpresenter_next.pages.settings.entra import page
from netpresenter_next.pages.settings.entra.page import ConnectionForm
from netpresenter_next.storage import database
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    reauthentication,
    redirects,
    signed_in,
)
from netpresenter_next.web.microsoft_client import load_registration

blueprint = Blueprint(
    "microsoft_connection", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


@blueprint.post("/sign-in")
@access_control.administrator
@access_control.require_recent_authentication
def save() -> ResponseReturnValue:
    """Change the app registration; it applies to the next sign-in, without a restart.

    Answers 409 to ask for confirmation when people of the present directory would lose
    access, and when somebody else has changed the settings in the meantime.
    """
    form = ConnectionForm()
    values = _read_values(form) if form.validate_on_submit() else None
    if values is None:
        return page.render(connection_form=form), 400
    if people_left := _count_people_left_behind(form, values):
        confirmation = render_template(
            "microsoft/other_directory.html",
            people_left=people_left,
            confirmed=values["tenant_id"] or "none",
            encrypted_form=redirects.encrypt_form(
                signed_in.current().user.id,
                reauthentication.FIELD,
                form.confirmed_tenant_id.name,
            ),
        )
        return confirmation, 409
    try:
        with authorized.write() as connection:
            registration_changes.save(
                connection,
                context.current().installation,
                signed_in.actor(),
                form.known_version,
                values,
            )
            is_complete = load_registration(connection).is_complete
            is_forced = force.is_on(connection)
    except registration_changes.Stale as error:
        form.form_errors.append(str(error))
        return page.render(connection_form=form), 409
    flash(_make_next_step_message(is_complete=is_complete, is_forced=is_forced))
    return page.redirect_to_page()


def _make_next_step_message(*, is_complete: bool, is_forced: bool) -> str:
    if is_complete:
        return "Saved. Run a test sign-in now to check that it works."
    if is_forced:
        return (
            "Saved, but sign-in with Microsoft is not fully set up and Force sign in "
            "with Microsoft is on: people with a Microsoft Entra account cannot sign "
            "in at all."
        )
    return (
        "Saved. People cannot sign in with Microsoft yet: enter the values that are "
        "still missing."
    )


# --------------------------------------------------------------- reading the form
def _read_values(form: ConnectionForm) -> dict[str, Any] | None:
    """Return the values to store, or None with the errors in the form.

    Values that come from the environment are left out.
    """
    with database.read() as connection:
        registration = load_registration(connection)
    values: dict[str, Any] = {
        "authority": form.authority.data,
        "tenant_id": form.tenant_id.data or None,
        "client_id": form.client_id.data or None,
    }
    values = {
        name: each
        for name, each in values.items()
        if name not in registration.from_environment
    }
    if not registration.from_environment & {"secret", "certificate"}:
        values |= _read_credentials(form, registration)
    authority = str(values.get("authority", registration.authority))
    return (
        values if not form.errors and _resolve_tenant(form, values, authority) else None
    )


def _read_credentials(
    form: ConnectionForm, registration: AppRegistration
) -> dict[str, Any]:
    """Return the new secret or certificate; without either, the old one is kept."""
    secret = (form.secret.data or "").strip()
    pem = (form.certificate.data or "").strip()
    form.certificate.data = ""  # a page never shows a private key
    expires_on = {"secret_expires_on": form.secret_expires_on.data}
    if secret and pem:
        form.certificate.errors = ["Enter a client secret or a certificate, not both."]
    elif secret:
        return {"secret": secret, "certificate": None, **expires_on}
    elif pem:
        try:
            pair = certificates.read(pem)
        except certificates.BadCertificate as error:
            form.certificate.errors = [f"The certificate cannot be used: {error}."]
            return {}
        if pair.expires_on >= now().date():
            return registration_changes.credentials_of(pair)
        form.certificate.errors = ["The certificate has expired."]
    return {} if registration.certificate else expires_on


def _resolve_tenant(
    form: ConnectionForm, values: dict[str, Any], authority: str
) -> bool:
    """Ask Microsoft for the directory, and replace a domain by its GUID.

    While Microsoft cannot be reached, a GUID is accepted unchecked.  Returns whether
    the directory is accepted; otherwise the form has the error.
    """
    tenant = values.get("tenant_id")
    if not tenant:
        return True
    try:
        values["tenant_id"] = discovery.look_up_tenant(authority, tenant)
    except discovery.UnknownDirectory:
        form.tenant_id.errors = ["Microsoft has no such directory in this cloud."]
    except Unreachable:
        if not as_guid(tenant):
            form.tenant_id.errors = [
                "Microsoft could not be reached to look up the directory of this "
                "domain. Try again, or enter the directory (tenant) ID, a GUID."
            ]
    return not form.tenant_id.errors


def _count_people_left_behind(form: ConnectionForm, values: Mapping[str, Any]) -> int:
    """Count the people of the present directory if the form changes it unconfirmed."""
    if "tenant_id" not in values or form.confirmed == (values["tenant_id"] or "none"):
        return 0
    with database.read() as connection:
        return registration_changes.count_people_to_unlink(
            connection, values["tenant_id"]
        )


# --------------------------------------------------------------- a certificate
@blueprint.post("/certificate")
@access_control.administrator
@access_control.require_recent_authentication
def make_certificate() -> ResponseReturnValue:
    """Create a certificate; it is not used before ``use_certificate``."""
    pair, installation = certificates.make(), context.current().installation
    with authorized.write() as connection:
        actor = signed_in.actor()
        registration_changes.offer_certificate(connection, installation, actor, pair)
    flash(
        "The certificate is created. Download it, and upload it to the app "
        "registration."
    )
    return page.redirect_to_page()


@blueprint.get("/certificate/<which>.cer")
@access_control.administrator
def download_certificate(which: str) -> Response:
    """Download the present or the next certificate, without its private key."""
    with database.read() as connection:
        chosen = {
            "next": read_settings(connection).next_certificate,
            "present": load_registration(connection).certificate,
        }.get(which)
    if not chosen:
        abort(404)
    disposition = f"attachment; filename=netpresenter-next-{which}.cer"
    return Response(
        certificates.to_der(chosen),
        mimetype="application/pkix-cert",
        headers={"Content-Disposition": disposition},
    )


@blueprint.post("/certificate/use")
@access_control.administrator
@access_control.require_recent_authentication
def use_certificate() -> ResponseReturnValue:
    """Use the next certificate for client authentication from now on."""
    installation = context.current().installation
    with authorized.write() as connection:
        registration_changes.use_certificate(
            connection, installation, signed_in.actor()
        )
    flash("The certificate is in use. Run a test sign-in now.")
    return page.redirect_to_page()
