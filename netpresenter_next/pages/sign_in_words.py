"""What was found about a sign-in, in words that depend on what the log says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from netpresenter_next.directory.provisioning_status import State
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, ngettext, write_time
from netpresenter_next.pages import failure_sentences

PROVISIONING = {
    State.OFF: marked("Entra ID integration is switched off"),
    State.WAITING: marked("Microsoft Entra ID has not sent anything yet"),
    State.REJECTED: marked("The token that Microsoft Entra ID uses is refused"),
    State.FAILING: marked("All changes that Microsoft Entra ID sends are refused"),
    State.NO_CONTACT: marked("Microsoft Entra ID has not called for more than a day"),
}
WAYS = {"local": marked("the local password"), "microsoft": marked("Microsoft")}


def describe_success(
    name: str, ways: Sequence[str], last_at: datetime | None, last_method: str | None
) -> str:
    """Return that somebody can sign in, how, and when they last did."""
    how = _(" or with ").join(_(WAYS[each]) for each in ways)
    what = _("%(name)s can sign in with %(how)s.", name=name, how=how)
    return f"{what} {_describe_last(last_at, last_method)}"


def describe_no_way(
    name: str, ways: Sequence[str], last_at: datetime | None, last_method: str | None
) -> str:
    """Return that somebody cannot sign in, and when they last did."""
    what = _("%(name)s cannot sign in.", name=name)
    return f"{what} {_describe_last(last_at, last_method)}"


def _describe_last(at: datetime | None, method: str | None) -> str:
    if at is None:
        return _("They have never signed in.")
    if not method:
        return _("They last signed in on %(time)s.", time=write_time(at))
    return _(
        "They last signed in on %(time)s, with %(how)s.",
        time=write_time(at),
        how=_(WAYS[method]),
    )


# By whether the log says when and by whom.
BLOCKED = {
    (True, True): marked("%(name)s was blocked on %(time)s by %(by)s."),
    (True, False): marked("%(name)s was blocked on %(time)s."),
    (False, True): marked("%(name)s was blocked by %(by)s."),
    (False, False): marked("%(name)s was blocked."),
}
DISABLED = {
    (True, True): marked("%(name)s was disabled on %(time)s by %(by)s."),
    (True, False): marked("%(name)s was disabled on %(time)s."),
    (False, True): marked("%(name)s was disabled by %(by)s."),
    (False, False): marked("%(name)s was disabled."),
}


def describe_done(
    texts: Mapping[tuple[bool, bool], str],
    name: str,
    at: datetime | None,
    by: str | None,
) -> str:
    """Return who blocked or disabled somebody, and when, as far as the log says."""
    text = texts[at is not None, bool(by)]
    return _(text, name=name, time=write_time(at) if at else "", by=by or "")


def describe_disabled(name: str, at: datetime | None, by: str | None) -> str:
    """Return when Microsoft Entra ID disabled somebody."""
    if at is None:
        return _(
            "Microsoft Entra ID disabled %(name)s; the log does not say when.",
            name=name,
        )
    return _(
        "Microsoft Entra ID disabled %(name)s on %(time)s, with the token %(by)s.",
        name=name,
        time=write_time(at),
        by=by,
    )


_SLOWED = {
    True: marked(
        "After too many wrong passwords, sign-in as %(name)s is refused in a browser "
        "in which they signed in before, until %(time)s at the latest."
    ),
    False: marked(
        "After too many wrong passwords, sign-in as %(name)s is refused in browsers in "
        "which they have not signed in before, until %(time)s at the latest."
    ),
}


def describe_slowed(name: str, until: datetime, *, is_known: bool) -> str:
    """Return how long wrong passwords keep somebody out, and in which browsers."""
    return _(_SLOWED[is_known], name=name, time=write_time(until))


def describe_wrong_guesses(name: str, times: int, at: datetime) -> str:
    """Return how many wrong passwords were entered for somebody."""
    return ngettext(
        "%(num)s wrong password was entered for %(name)s, the last on %(time)s.",
        "%(num)s wrong passwords were entered for %(name)s, the last on %(time)s.",
        times,
        name=name,
        time=write_time(at),
    )


def describe_guesses_in_vain(**values: Any) -> str:
    """Return how many passwords were entered for an account without one."""
    more = _("The account has no local password.")
    return f"{describe_wrong_guesses(**values)} {more}"


def describe_shared(name: str, object_id: str, others: Sequence[str]) -> str:
    """Return who has the same object ID."""
    return _(
        "%(others)s and %(name)s have the same object ID %(object_id)s.",
        others=", ".join(others),
        name=name,
        object_id=object_id,
    )


def describe_no_object_id(name: str, external_id: str | None) -> str:
    """Return why an externalId finds nobody who signs in with Microsoft."""
    if external_id is None:
        return _("Provisioning sends no externalId for %(name)s.", name=name)
    return _(
        "The externalId of %(name)s is %(external_id)s, which is not an object ID.",
        name=name,
        external_id=external_id,
    )


def describe_unreachable(name: str, problem: str) -> str:
    """Return why Microsoft cannot be reached."""
    return _(
        "Microsoft cannot be reached from this server: %(reason)s.",
        reason=failure_sentences.put_in_words(problem),
    )


def describe_provisioning(
    state: State, since: datetime | None, last_contact: datetime | None, name: str = ""
) -> str:
    """Return why changes in Microsoft Entra ID do not arrive."""
    what, contact = _(PROVISIONING[state]), _("no contact yet")
    if last_contact:
        contact = _("last contact on %(time)s", time=write_time(last_contact))
    if since is None:
        return f"{what} ({contact})."
    time = write_time(since)
    return _(
        "%(what)s since %(time)s (%(contact)s).", what=what, time=time, contact=contact
    )
