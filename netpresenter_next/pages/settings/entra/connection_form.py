"""The form of the app registration at Microsoft."""

import re

from flask_wtf import FlaskForm
from wtforms import DateField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import AnyOf, Length, Optional, ValidationError

from netpresenter_next.lib.text import as_guid, parse_whole_number
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.microsoft.app_registration import (
    CLOUDS,
    CONSUMERS,
    AppRegistration,
)
from netpresenter_next.storage.sign_in_models import SignInSettings

LAST_VERSION = 999_999_999
# A domain has a dot, so the shared tenants (common, organizations) do not match.
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class ConnectionForm(FlaskForm):
    """The app registration and its credentials."""

    version = HiddenField()
    confirmed_tenant_id = HiddenField()
    authority = StringField(_l("Cloud"), [AnyOf(list(CLOUDS))])
    tenant_id = StringField(
        _l("Directory (tenant) ID"),
        description=_l("Its GUID, or a domain of your directory."),
    )
    client_id = StringField(_l("Application (client) ID"), description=_l("A GUID."))
    secret = PasswordField(
        _l("Client secret"),
        [Length(max=1000)],
        description=_l(
            "Its value, not its ID. It is never shown; leave empty to keep "
            "the current one."
        ),
    )
    secret_expires_on = DateField(
        _l("Client secret expires on"),
        [Optional()],
        description=_l("You are warned 30 days before."),
    )
    certificate = TextAreaField(
        _l("Certificate instead of a secret"),
        [Length(max=20_000)],
        description=_l(
            "Certificate and private key as PEM. Leave empty to keep the current one."
        ),
    )

    @property
    def known_version(self) -> int:
        """Return the version of the settings that the form was filled from."""
        return parse_whole_number(self.version.data, 0, LAST_VERSION) or 0

    @property
    def confirmed(self) -> str:
        """Return the new directory that the administrator has confirmed, or ""."""
        return self.confirmed_tenant_id.data or ""

    def validate_tenant_id(self, field: StringField) -> None:
        """Accept the GUID or a domain of one directory, and write it in lower case."""
        text = (field.data or "").strip().lower()
        if as_guid(text) == CONSUMERS or (
            text and not as_guid(text) and not DOMAIN.fullmatch(text)
        ):
            raise ValidationError(_("Enter the directory (tenant) ID, a GUID."))
        field.data = as_guid(text) or text

    def validate_client_id(self, field: StringField) -> None:
        """Accept a GUID, or an empty field."""
        if field.data and not as_guid(field.data):
            raise ValidationError(_("Enter the application (client) ID, a GUID."))
        field.data = as_guid(field.data) or ""


def fill(registration: AppRegistration, row: SignInSettings) -> ConnectionForm:
    """Return the form with the present values."""
    return ConnectionForm(
        formdata=None,
        version=str(row.version),
        authority=registration.authority,
        tenant_id=registration.tenant_id,
        client_id=registration.client_id,
        secret_expires_on=None if registration.certificate else row.secret_expires_on,
    )
