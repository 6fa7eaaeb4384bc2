"""The warning about a SCIM token that expires soon, on the pages of administrators."""

from flask import Flask, request

from netpresenter_next.directory import actor_names
from netpresenter_next.directory.token_states import (
    ON_ENTRA_PAGE,
    ON_EVERY_PAGE,
    ON_SETTINGS,
    Expiry,
)
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import ngettext, write_day
from netpresenter_next.web import administrator_notices

SETTINGS, ENTRA = "/settings", "/settings/system/microsoft-entra-id"


def init_app(app: Flask) -> None:
    """Register the function for templates."""
    app.add_template_global(actor_names.name_token)
    app.add_template_global(actor_names.name_tokens)
    app.add_template_global(token_warning)


def token_warning() -> str | None:
    """Return the warning for this page, for administrators, if there is one."""
    notices = administrator_notices.load()
    expiring = notices.expiring if notices else ()
    near = [each for each in expiring if each.days < _find_days(request.path)]
    return describe(near[0]) if near else None


def _find_days(path: str) -> int:
    if path.startswith(ENTRA):
        return ON_ENTRA_PAGE
    return ON_SETTINGS if path.startswith(SETTINGS) else ON_EVERY_PAGE


def describe(expiry: Expiry) -> str:
    """Return what happens to a token, and what to do."""
    token = expiry.token
    name = f"{token.label} ({token.hint})" if token.label else token.hint
    if expiry.days < 0:
        return _(
            "The SCIM token %(name)s expired on %(day)s: requests with it are refused. "
            "Replace it.",
            name=name,
            day=write_day(expiry.expires_at),
        )
    left = _("less than a day")
    if expiry.days:
        left = ngettext("%(num)s day", "%(num)s days", expiry.days)
    return _(
        "The SCIM token %(name)s expires in %(left)s, on %(day)s. Replace it before, "
        "so that provisioning continues.",
        name=name,
        left=left,
        day=write_day(expiry.expires_at),
    )
