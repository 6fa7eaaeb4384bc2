"""What administrators see of the SCIM tokens: active, being replaced, expired.

=======  ===============  =============  ==============
expired  has a successor  successor used  state
=======  ===============  =============  ==============
yes      any              any            EXPIRED
no       no               any            ACTIVE
no       yes              no             BEING_REPLACED
no       yes              yes            REPLACED
=======  ===============  =============  ==============

A successor is a token that replaces this one, and that has not expired.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, func, select

from netpresenter_next.directory import scim_tokens
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.models import SCIM_TOKENS, ScimToken

# Days before the expiry of a token on which pages begin to warn: the page Microsoft
# Entra ID, all settings pages, every page of an administrator.
ON_ENTRA_PAGE, ON_SETTINGS, ON_EVERY_PAGE = 30, 14, 3


# The lifetimes to choose from, in days; 0 for none.
LIFETIMES = {
    0: marked("Never"),
    90: marked("In 90 days"),
    365: marked("In a year"),
    730: marked("In two years"),
}


class State(StrEnum):
    """The state of a token that was not revoked."""

    ACTIVE = "active"
    BEING_REPLACED = "being replaced"
    REPLACED = "replaced"
    EXPIRED = "expired"


class ShownToken(NamedTuple):
    """A token with its state, and the token that replaces it."""

    token: ScimToken
    state: State
    successor: ScimToken | None
    # Neither being replaced, nor the replacement of a token that is not revoked yet.
    may_be_replaced: bool

    @property
    def lifetime(self) -> int:
        """Return the lifetime in days with which it was issued, of LIFETIMES."""
        if self.token.expires_at is None:
            return 0
        days = (self.token.expires_at - self.token.created_at).days
        return min(set(LIFETIMES) - {0}, key=lambda each: abs(each - days))


class Expiry(NamedTuple):
    """A token that expires soon, or that expired and has no successor."""

    token: ScimToken
    expires_at: datetime
    # Whole days that are left; negative once it has expired.
    days: int


def list_shown(connection: Connection) -> Sequence[ShownToken]:
    """Return the tokens that were not revoked, oldest first."""
    tokens = scim_tokens.list_unrevoked(connection)
    successors = {
        each.replaces_id: each
        for each in tokens
        if each.replaces_id and not scim_tokens.has_expired(each)
    }
    live = {each.id for each in tokens if not scim_tokens.has_expired(each)}
    return [
        ShownToken(
            each,
            find_state(each, successors.get(each.id)),
            successors.get(each.id),
            each.id in live - set(successors) and each.replaces_id not in live,
        )
        for each in tokens
    ]


def find_state(token: ScimToken, successor: ScimToken | None) -> State:
    """Return the state of a token by the table above."""
    if scim_tokens.has_expired(token):
        return State.EXPIRED
    if successor is None:
        return State.ACTIVE
    return State.BEING_REPLACED if successor.last_used_at is None else State.REPLACED


# When the first of the tokens expires that were not revoked.
FIRST_EXPIRY = select(func.min(SCIM_TOKENS.c.expires_at)).where(
    SCIM_TOKENS.c.revoked_at.is_(None)
)


def is_near(expires_at: datetime | None) -> bool:
    """Does a token that expires then need a warning, unless it is replaced?"""
    near = timedelta(days=ON_ENTRA_PAGE)
    return expires_at is not None and expires_at - now() < near


def list_expiring(connection: Connection) -> Sequence[Expiry]:
    """Return the tokens to warn about, those that expire first at the beginning.

    A token with a successor needs no warning.
    """
    expiring = [
        Expiry(token, token.expires_at, (token.expires_at - now()) // timedelta(days=1))
        for token, _, successor, _ in list_shown(connection)
        if token.expires_at is not None and successor is None
    ]
    near = [each for each in expiring if each.days < ON_ENTRA_PAGE]
    return sorted(near, key=lambda each: each.expires_at)
