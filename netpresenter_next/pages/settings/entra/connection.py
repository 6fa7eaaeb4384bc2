"""Settings > System > Microsoft Entra ID: the app registration and its credentials."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import force, registration_changes
from netpresenter_next.directory.sign_in_settings import read_settings
from netpresenter_next.lib import certificates
from netpresenter_next.lib.text import as_guid
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.microsoft import discovery
from netpresenter_next.microsoft.app_registration import CLOUDS, AppRegistration
from netpresenter_next.microsoft.transport import Unreachable
from netpresenter_next.pages import failure_sentences
from netpresenter_next.pages.settings.entra import connection_form, registered_urls
from netpresenter_next.pages.settings.entra.connection_form import ConnectionForm
from netpresenter_next.storage import database
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    microsoft_client,
    reauthentication,
    redirects,
    security,
    signed_in,
)
from netpresenter_next.web.microsoft_client import load_registration

VALUE_WANTED = marked(
    "This is the Secret ID, a GUID. Enter the Value of the client secret: Microsoft "
    "shows it only once, right after the secret was created."
)

blueprint = Blueprint(
    "microsoft_connection", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


@blueprint.get("/sign-in")
@access_control.administrator
def show() -> str:
    """Show the app registration, its credentials, and the test sign-in."""
    return _render()


def _render(form: ConnectionForm | None = None) -> str:
    origin = security.base_url()
    # Outside of the transaction, because it may wait.
    microsoft_problem = microsoft_client.find_problem()
    with database.read() as connection:
        registration = load_registration(connection)
        row = read_settings(connection)
        return render_template(
            "settings/entra/sign_in.html",
            connection_form=form or connection_form.fill(registration, row),
            registration=registration,
            settings=row,
            clouds=CLOUDS,
            microsoft_problem=failure_sentences.put_in_words(microsoft_problem),
            origin=origin,
            addresses=registered_urls.list_urls(origin),
            consent_url=registered_urls.make_consent_url(registration, origin),
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
        return _render(form), 400
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
        return _render(form), 409
    flash(_make_next_step_message(is_complete=is_complete, is_forced=is_forced))
    return redirect(url_for("microsoft_connection.show"), 303)


def _make_next_step_message(*, is_complete: bool, is_forced: bool) -> str:
    if is_complete:
        return _("Saved. Run a test sign-in now to check that it works.")
    if is_forced:
        return _(
            "Saved, but sign-in with Microsoft is not fully set up and Force sign in "
            "with Microsoft is on: people with a Microsoft Entra account cannot sign "
            "in at all."
        )
    return _(
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
    if as_guid(secret):
        form.secret.errors = [_(VALUE_WANTED)]
    elif secret and pem:
        form.certificate.errors = [
            _("Enter a client secret or a certificate, not both.")
        ]
    elif secret:
        return {"secret": secret, "certificate": None, **expires_on}
    elif pem:
        try:
            pair = certificates.read(pem)
        except certificates.BadCertificate as error:
            form.certificate.errors = [
                _("The certificate cannot be used: %(error)s.", error=error)
            ]
            return {}
        if pair.expires_on >= now().date():
            return registration_changes.credentials_of(pair)
        form.certificate.errors = [_("The certificate has expired.")]
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
        form.tenant_id.errors = [_("Microsoft has no such directory in this cloud.")]
    except Unreachable:
        if not as_guid(tenant):
            form.tenant_id.errors = [
                _(
                    "Microsoft could not be reached to look up the directory of this "
                    "domain. Try again, or enter the directory (tenant) ID, a GUID."
                )
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
