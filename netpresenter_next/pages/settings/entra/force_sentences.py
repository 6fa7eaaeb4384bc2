"""The sentences about Force sign in with Microsoft: its conditions, and what to do."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import url_for

from netpresenter_next.directory.force_switch import CannotForce, Condition, Need
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked

NEEDS = marked(
    "Force sign in with Microsoft needs a tested sign-in with Microsoft and an "
    "administrator with emergency access, so that nobody is locked out."
)
# What was done, and what to do while the condition does not hold.
_TEXTS = {
    Need.CONNECTION: (
        marked(
            "Sign-in with Microsoft is set up, with a valid client secret or "
            "certificate."
        ),
        marked(
            "Set up sign-in with Microsoft, with a valid client secret or certificate, "
            "on the page Sign-in."
        ),
    ),
    Need.TEST: (
        marked("A test sign-in with the current configuration succeeded."),
        marked(
            "Press Test sign-in on the page Sign-in; it has to succeed with the "
            "current configuration."
        ),
    ),
    Need.EMERGENCY_ACCESS: (
        marked(
            "An administrator with emergency access has signed in with their current "
            "password."
        ),
        marked(
            "Let an administrator with emergency access sign in once with their "
            "current password. Emergency access is granted on the page of a local "
            "administrator."
        ),
    ),
}


# Where it is done: the view, and the name of the link.
_PLACES: Mapping[Need, tuple[str, Mapping[str, Any], str]] = {
    Need.CONNECTION: ("microsoft_connection.show", {}, marked("Sign-in")),
    Need.TEST: ("microsoft_connection.show", {}, marked("Sign-in")),
    Need.EMERGENCY_ACCESS: (
        "users.list_users",
        {"source": "local", "role": "administrator"},
        marked("Local administrators"),
    ),
}
# What is missing, in a few words beside the locked switch.
_MISSING = {
    Need.CONNECTION: marked("sign-in with Microsoft is not set up"),
    Need.TEST: marked("no test sign-in with the current configuration has succeeded"),
    Need.EMERGENCY_ACCESS: marked("nobody has proven emergency access"),
}


class Link(NamedTuple):
    """A link to where a condition is met."""

    address: str
    text: str


def link_of(condition: Condition) -> Link:
    """Return the link to where something can be done about a condition."""
    view, values, text = _PLACES[condition.need]
    return Link(url_for(view, **values), _(text))


def explain_lock(conditions: Sequence[Condition]) -> str:
    """Return why Force cannot be switched on, in a few words; "" if it can."""
    missing = [_(_MISSING[each.need]) for each in conditions if not each.is_met]
    if not missing:
        return ""
    return _("Not possible yet: %(missing)s.", missing=", ".join(missing))


def describe_condition(condition: Condition) -> str:
    """Return what was done or, while the condition does not hold, what to do."""
    done, to_do = _TEXTS[condition.need]
    return _(done) if condition.is_met else _("To do: %(to_do)s", to_do=_(to_do))


def explain_refusal(error: CannotForce) -> str:
    """Return why Force stays off, with every condition that does not hold."""
    missing = [describe_condition(each) for each in error.conditions if not each.is_met]
    return " ".join([_(NEEDS), *missing, _("Nothing was changed.")])
