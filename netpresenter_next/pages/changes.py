"""What most forms do: change something, say so, and go to a page."""

from collections.abc import Callable
from typing import NamedTuple

from flask import flash, redirect
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.directory.errors import AccountError, NoSuchGroup, NoSuchPerson
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.web import authorized, signed_in


class Done(NamedTuple):
    """What to say after a change, if anything, and the address to go to."""

    message: str
    address: str


def explain_refusal(error: AccountError) -> str:
    """Return why a change was refused, for the page of what was to be changed."""
    return _("%(error)s Nothing was changed.", error=error)


def make(
    change: Callable[[Connection, Actor], Done],
    refuse: Callable[[AccountError], ResponseReturnValue] | None = None,
) -> ResponseReturnValue:
    """Make a change in one write transaction, then redirect with its message.

    ``refuse`` answers if the change is refused.  Without it, and for a person or group
    that was deleted in the meantime, the error page says why.
    """
    try:
        with authorized.write() as connection:
            done = change(connection, signed_in.actor())
    except (NoSuchPerson, NoSuchGroup):
        raise
    except AccountError as error:
        if refuse is None:
            raise
        return refuse(error)
    if done.message:
        flash(done.message)
    return redirect(done.address, 303)
