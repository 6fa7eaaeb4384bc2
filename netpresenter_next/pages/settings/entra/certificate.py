"""The certificate that this server creates for client authentication at Microsoft."""

from flask import Blueprint, Response, abort, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory import registration_changes
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.sign_in_settings import read_settings
from netpresenter_next.lib import certificates
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages import changes
from netpresenter_next.pages.changes import Done
from netpresenter_next.storage import database
from netpresenter_next.web import access_control, context
from netpresenter_next.web.microsoft_client import load_registration

blueprint = Blueprint(
    "microsoft_certificate", __name__, url_prefix="/settings/system/microsoft-entra-id"
)


@blueprint.post("/certificate")
@access_control.administrator
@access_control.require_recent_authentication
def make_certificate() -> ResponseReturnValue:
    """Create a certificate; it is not used before ``use_certificate``."""
    pair, installation = certificates.make(), context.current().installation

    def change(connection: Connection, actor: Actor) -> Done:
        registration_changes.offer_certificate(connection, installation, actor, pair)
        message = _(
            "The certificate is created. Download it, and upload it to the app "
            "registration."
        )
        return Done(message, url_for("microsoft_connection.show"))

    return changes.make(change)


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

    def change(connection: Connection, actor: Actor) -> Done:
        registration_changes.use_certificate(connection, installation, actor)
        message = _("The certificate is in use. Run a test sign-in now.")
        return Done(message, url_for("microsoft_connection.show"))

    return changes.make(change)
