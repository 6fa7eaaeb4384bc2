"""What a SCIM token is called where it did something: logs, pages and messages."""

from netpresenter_next.lib.translation import gettext as _


def name_token(name: str) -> str:
    """Return who did something with a token, by its label or its first characters."""
    return _("Microsoft Entra ID (token %(name)s)", name=name)
