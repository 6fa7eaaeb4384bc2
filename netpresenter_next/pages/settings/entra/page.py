"""The page Settings > System > Microsoft Entra ID: its forms and its contents."""

import re
import secrets
from functools import partial
from typing import Any
from urllib.parse import urlencode

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection, select
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, Length, Optional, ValidationError

from netpresenter_next.directory import (
    conflict_lists,
    conflicts,
    force,
    force_switch,
    ignored_attributes,
    look_alikes,
    mapping_check,
    new_administrators,
    refused_sign_ins,
    role_mappings,
    scim_tokens,
)
from netpresenter_next.directory.sign_in_settings import read_settings
from netpresenter_next.lib.text import as_guid, parse_whole_number
from netpresenter_next.microsoft.app_registration import (
    CLOUDS,
    CONSUMERS,
    SCOPE,
    AppRegistration,
)
from netpresenter_next.pages import event_sentences, identity_sentences
from netpresenter_next.pages.fields import NumberField
from netpresenter_next.pages.settings.entra import force_sentences
from netpresenter_next.scim import paths
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import CONFLICT_REASONS, Reason
from netpresenter_next.storage.models import GROUPS
from netpresenter_next.storage.sign_in_models import SignInSettings
from netpresenter_next.web import context, microsoft_client, security
from netpresenter_next.web.microsoft_client import (
    CALLBACK_PATH,
    CONSENT_STATE,
    FRONT_CHANNEL_PATH,
    SIGNED_OUT_PATH,
)

ENDPOINT = "tokens.microsoft_entra_id"
SUGGESTED_GROUPS = 200
LAST_VERSION = 999_999_999
_CONFLICTS = [
    each
    for each in CONFLICT_REASONS
    if each not in (*conflicts.MAPPING_REASONS, Reason.DISABLE_REFUSED)
]
# A domain has a dot, so the shared tenants (common, organizations) do not match.
DOMAIN = re.compile(r"(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}")


class TokenForm(FlaskForm):
    """Generate a token; the nonce prevents a reload from generating another."""

    nonce = HiddenField(validators=[Length(16, 64)])
    label = StringField(
        "Label",
        [
            Length(
                max=scim_tokens.LONGEST_LABEL, message="Use at most %(max)d characters."
            )
        ],
        description="Optional: a name that distinguishes this token from the other "
        "one.",
    )


class ConnectionForm(FlaskForm):
    """The app registration and its credentials."""

    version = HiddenField()
    confirmed_tenant_id = HiddenField()
    authority = StringField("Cloud", [AnyOf(list(CLOUDS))])
    tenant_id = StringField(
        "Directory (tenant) ID", description="Its GUID, or a domain of your directory."
    )
    client_id = StringField("Application (client) ID", description="A GUID.")
    secret = PasswordField(
        "Client secret",
        [Length(max=1000)],
        description="Its value, not its ID. It is never shown; leave empty to keep "
        "the current one.",
    )
    secret_expires_on = DateField(
        "Client secret expires on",
        [Optional()],
        description="You are warned 30 days before.",
    )
    certificate = TextAreaField(
        "Certificate instead of a secret",
        [Length(max=20_000)],
        description="Certificate and private key as PEM. Leave empty to keep the "
        "current one.",
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
            raise ValidationError("Enter the directory (tenant) ID, a GUID.")
        field.data = as_guid(text) or text

    def validate_client_id(self, field: StringField) -> None:
        """Accept a GUID, or an empty field."""
        if field.data and not as_guid(field.data):
            raise ValidationError("Enter the application (client) ID, a GUID.")
        field.data = as_guid(field.data) or ""


class OptionsForm(FlaskForm):
    """How people are matched, and how long sessions last."""

    match_user_names = BooleanField("Match a first sign-in by user name")
    create_people = BooleanField("Create people at their first sign-in")
    idle_minutes = NumberField(
        "Minutes of inactivity until people are signed out", 5, 10_080
    )
    absolute_hours = NumberField(
        "Hours until people are signed out even if active", 1, 720
    )


def new_token_form() -> TokenForm:
    """Return an empty form with a new nonce, ignoring the form that was sent."""
    return TokenForm(formdata=None, nonce=secrets.token_urlsafe(16))


def redirect_to_page() -> ResponseReturnValue:
    """Redirect to the page after a form was accepted."""
    return redirect(url_for(ENDPOINT), 303)


def render(
    form: TokenForm | None = None,
    *,
    connection_form: ConnectionForm | None = None,
    options_form: OptionsForm | None = None,
    secret: str = "",
    problem: str = "",
    force_problem: str = "",
    role_problem: str = "",
    reference: str = "",
) -> str:
    """Render the page, with forms just sent, a new token, or a refused sign-in."""
    origin = security.base_url()
    # Outside of the transaction, because it may wait.
    microsoft_problem = microsoft_client.find_problem()
    with database.read() as connection:
        registration = microsoft_client.load_registration(connection)
        row = read_settings(connection)
        return render_template(
            "settings/entra/microsoft_entra_id.html",
            form=form or new_token_form(),
            secret=secret,
            problem=problem,
            force_problem=force_problem,
            role_problem=role_problem,
            endpoint_url=origin and origin + paths.PREFIX,
            connection_form=connection_form or _fill_connection_form(registration, row),
            options_form=options_form or OptionsForm(formdata=None, obj=row),
            registration=registration,
            microsoft_problem=microsoft_problem,
            clouds=CLOUDS,
            settings=row,
            addresses=_list_urls(origin),
            consent_url=_make_consent_url(registration, origin),
            **_load_state(connection, reference),
        )


def _fill_connection_form(
    registration: AppRegistration, row: SignInSettings
) -> ConnectionForm:
    return ConnectionForm(
        formdata=None,
        version=str(row.version),
        authority=registration.authority,
        tenant_id=registration.tenant_id,
        client_id=registration.client_id,
        secret_expires_on=None if registration.certificate else row.secret_expires_on,
    )


def _load_state(connection: Connection, reference: str) -> dict[str, Any]:
    """Return the present state: conflicts, Force, role mappings, refused sign-ins."""
    groups = select(GROUPS.c.display_name).order_by(GROUPS.c.display_name_key)
    list_newest = partial(conflict_lists.list_newest, connection)
    in_conflict = {
        "conflicts": list_newest(_CONFLICTS),
        "refused_disables": list_newest([Reason.DISABLE_REFUSED]),
        "disagreements": list_newest(conflicts.MAPPING_REASONS),
    }
    unseen = new_administrators.list_unseen(connection)
    named = {each.user_id for shown in in_conflict.values() for each in shown.rows}
    named |= {each.id for each in unseen}
    live = scim_tokens.list_live(connection)
    return {
        **in_conflict,
        "tokens": live,
        "is_full": len(live) >= scim_tokens.MOST_LIVE,
        "unstored": ignored_attributes.list_all(connection),
        "describe_event": event_sentences.describe,
        "look_alikes": look_alikes.warn_about_people(connection, named),
        "is_forced": force.is_on(connection),
        "conditions": force_switch.check_conditions(
            connection, context.current().installation
        ),
        "force_needs": force_sentences.NEEDS,
        "describe_condition": force_sentences.describe_condition,
        "effect": force.measure_effect(connection),
        "check": mapping_check.check_mapping(connection),
        "refusals": refused_sign_ins.list_recent(connection),
        "found": refused_sign_ins.list_by_reference(connection, reference),
        "reference": reference,
        "without_object_id": mapping_check.list_without_object_id(connection),
        "dismissable": conflicts.DISMISSABLE_REASONS,
        "explain_conflict": identity_sentences.explain_conflict,
        "new_administrators": unseen,
        "mappings": role_mappings.list_mappings(connection),
        "groups": connection.scalars(groups.limit(SUGGESTED_GROUPS)).all(),
    }


def _list_urls(origin: str | None) -> list[tuple[str, str, str, str]]:
    """Return the URLs to register at Microsoft: id, label, value, help."""
    if origin is None:
        return []
    return [
        (
            "redirect-uri",
            "Redirect URI",
            origin + CALLBACK_PATH,
            "Under Authentication > Web > Redirect URIs",
        ),
        (
            "signed-out-uri",
            "Post-logout redirect URI",
            origin + SIGNED_OUT_PATH,
            "Under Authentication > Web > Redirect URIs too: where Microsoft sends "
            "people after sign-out",
        ),
        (
            "front-channel-url",
            "Front-channel logout URL",
            origin + FRONT_CHANNEL_PATH,
            "Under Authentication > Front-channel logout URL",
        ),
        (
            "home-page-url",
            "Home page URL",
            f"{origin}/sign-in/microsoft",
            "Under Branding & properties: the tile in My Apps",
        ),
    ]


def _make_consent_url(registration: AppRegistration, origin: str | None) -> str:
    if not (registration.tenant_id and registration.client_id and origin):
        return ""
    query = {
        "client_id": registration.client_id,
        "scope": SCOPE,
        "redirect_uri": origin + CALLBACK_PATH,
        "state": CONSENT_STATE,
    }
    tenant_url = f"{registration.authority}/{registration.tenant_id}"
    return f"{tenant_url}/v2.0/adminconsent?{urlencode(query)}"
