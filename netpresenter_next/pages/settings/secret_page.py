"""A page with a secret for a person, which is shown once: in the answer to a form.

It is never redirected to, because the cookie of a session can be read.
"""

import secrets

from flask import render_template

from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import set_password
from netpresenter_next.storage.models import Person

NO_ADDRESS = marked(
    "The public address of this server is not known, so there can be no link: set "
    "NETPRESENTER_BASE_URL, and restart the server."
)


def make_nonce() -> str:
    """Return a nonce, so that a form that is sent twice makes one link."""
    return secrets.token_urlsafe(16)


def render_password(person: Person, password: str) -> str:
    """Show the new password of a person to the administrator who set it."""
    advice = _(
        "Give it to the person, for example by telephone. They can change it under "
        "My account."
    )
    if person.is_emergency:
        advice = _(
            "Keep it where it is at hand in an emergency, for example in a safe."
        )
    return _render(
        person,
        _("Password of %(user_name)s", user_name=person.user_name),
        _("Password"),
        password,
        advice,
    )


def render_link(person: Person, origin: str, secret: str) -> str:
    """Show a new one-time link to the administrator who made it.

    ``origin`` is the public address of this server.
    """
    return _render(
        person,
        _("One-time link for %(user_name)s", user_name=person.user_name),
        _("One-time link"),
        f"{origin}{set_password.PATH}?link={secret}",
        _(
            "Send it to the person alone: who has it can set their password. It works "
            "once, within 24 hours."
        ),
        is_local_address=not origin.startswith("https:"),
    )


def _render(
    person: Person,
    title: str,
    label: str,
    secret: str,
    advice: str,
    *,
    is_local_address: bool = False,
) -> str:
    return render_template(
        "settings/secret.html",
        person=person,
        title=title,
        label=label,
        secret=secret,
        advice=advice,
        is_local_address=is_local_address,
    )
