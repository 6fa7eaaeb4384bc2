"""What a SCIM token is called where it did something: logs, pages and messages."""

from collections.abc import Sequence

from netpresenter_next.lib.translation import gettext as _


def name_token(name: str) -> str:
    """Return who did something with a token, by its label or its first characters."""
    return _("Microsoft Entra ID (token %(name)s)", name=name)


def name_tokens(names: Sequence[str]) -> str:
    """Return who did something with one or several tokens."""
    if len(names) == 1:
        return name_token(names[0])
    return _("Microsoft Entra ID (tokens %(names)s)", names=", ".join(names))
