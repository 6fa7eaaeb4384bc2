"""Local passwords that administrators give: generated, or set with a one-time link.

A link holds 256 random bits, of which only a digest is stored.  Whether it can be used
is decided by a table of what the person may do and what became of the link.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import Enum, StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from netpresenter_next.directory import access, errors, events, force, link_voiding
from netpresenter_next.directory import people as people_rules
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.link_models import PASSWORD_LINKS, PasswordLink
from netpresenter_next.storage.models import Person
from netpresenter_next.storage.rows import first

VALID_FOR = timedelta(hours=24)
# How long it is known what became of a link.
KEPT_FOR = timedelta(days=30)


class PersonState(Enum):
    """Whether a person may have a local password."""

    ALLOWED = "may have a local password"
    BLOCKED = "blocked"
    DISABLED = "disabled"
    FORCED = "has to sign in with Microsoft"


class LinkState(Enum):
    """What became of a link."""

    OPEN = "open"
    USED = "used"
    VOID = "void"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class Outcome(StrEnum):
    """Whether a link sets a password, or why not; stored in the event log."""

    SETS_PASSWORD = "sets_password"  # noqa: S105 - a code
    BLOCKED = "blocked"
    DISABLED = "disabled"
    FORCED = "forced"
    USED = "used"
    VOID = "void"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


OUTCOMES: Mapping[LinkState, Mapping[PersonState, Outcome]] = {
    LinkState.OPEN: {
        PersonState.ALLOWED: Outcome.SETS_PASSWORD,
        PersonState.BLOCKED: Outcome.BLOCKED,
        PersonState.DISABLED: Outcome.DISABLED,
        PersonState.FORCED: Outcome.FORCED,
    },
    LinkState.USED: dict.fromkeys(PersonState, Outcome.USED),
    LinkState.VOID: dict.fromkeys(PersonState, Outcome.VOID),
    LinkState.EXPIRED: dict.fromkeys(PersonState, Outcome.EXPIRED),
    LinkState.UNKNOWN: dict.fromkeys(PersonState, Outcome.UNKNOWN),
}
_WHY_NOT: Mapping[PersonState, str] = {
    PersonState.BLOCKED: marked("%(name)s is blocked: lift the block first."),
    PersonState.DISABLED: marked(
        "%(name)s is disabled, and cannot sign in with a password."
    ),
    PersonState.FORCED: (
        marked(
            "Force sign in with Microsoft is on, so %(name)s cannot use a local "
            "password."
        )
    ),
}


class SentTwice(errors.AccountError):
    """The form was sent before; the answer to the first one had the secret."""


class CannotUse(errors.AccountError):
    """A link sets no password; ``outcome`` says why, and is not for its holder."""

    def __init__(self, found: "FoundLink") -> None:
        super().__init__(f"The link cannot be used: {found.outcome}.")
        self.found = found


class FoundLink(NamedTuple):
    """A link with its person, if there is one, and whether it sets their password."""

    outcome: Outcome
    link: PasswordLink | None = None
    person: Person | None = None


def decide(link: LinkState, person: PersonState) -> Outcome:
    """Return whether a link sets the password of a person, or why not."""
    return OUTCOMES[link][person]


def link_state_of(link: PasswordLink | None) -> LinkState:
    """Return what became of a link; None is one that does not exist."""
    if link is None:
        return LinkState.UNKNOWN
    if link.used_at is not None:
        return LinkState.USED
    if link.voided_at is not None:
        return LinkState.VOID
    # A clock that was set back does not make a link valid for longer.
    is_in_time = abs(now() - link.made_at) < VALID_FOR
    return LinkState.OPEN if is_in_time else LinkState.EXPIRED


def person_state_of(connection: Connection, person: Person) -> PersonState:
    """Return whether a person may have a local password."""
    if person.is_blocked:
        return PersonState.BLOCKED
    if not person.active:
        return PersonState.DISABLED
    if force.forbids_local_sign_in(connection, person.id):
        return PersonState.FORCED
    return PersonState.ALLOWED


def explain_refusal(connection: Connection, person: Person) -> str:
    """Return why a person may not have a local password; empty if they may."""
    state = person_state_of(connection, person)
    text = _WHY_NOT.get(state)
    return _(text, name=person.user_name) if text else ""


def _refuse(connection: Connection, person: Person, actor: Actor) -> None:
    if person.id == actor.id:
        raise errors.AccountError(_("Change your own password under My account."))
    if why := explain_refusal(connection, person):
        raise errors.AccountError(why)


# ------------------------------------------------------------------ generated
def set_generated(
    connection: Connection,
    person: Person,
    password_hash: str,
    actor: Actor,
    changed_at: str,
) -> None:
    """Set a generated password, which ends all sessions of the person.

    ``changed_at`` is ``write_changed_at`` of the person when the form was shown.
    Raises SentTwice, and AccountError for oneself and for who may not have one.
    """
    _refuse(connection, person, actor)
    if write_changed_at(person) != changed_at:
        raise SentTwice(
            _(
                "The password of %(user_name)s was changed since this form was shown, "
                "perhaps by sending it twice.",
                user_name=person.user_name,
            )
        )
    access.set_password(connection, person, password_hash, actor)


def write_changed_at(person: Person) -> str:
    """Return when the password was set, as a text for a form."""
    return person.password_changed_at.isoformat() if person.password_changed_at else ""


# ------------------------------------------------------------------ links
def make(connection: Connection, person: Person, actor: Actor, form_nonce: str) -> str:
    """Make a link and return its secret; an older link of the person is void.

    Raises SentTwice for a nonce that was used before, and AccountError for who may not
    have a local password, and for oneself.
    """
    _refuse(connection, person, actor)
    same_form = PASSWORD_LINKS.c.form_nonce == form_nonce
    if connection.scalar(select(PASSWORD_LINKS.c.id).where(same_form)):
        raise SentTwice(_("This link was already made and shown."))
    link_voiding.void(connection, person.id)
    secret = secrets.token_urlsafe(32)
    row = {"id": new_id(), "user_id": person.id, "digest": digest(secret)}
    made = {"form_nonce": form_nonce, "made_at": now()}
    connection.execute(insert(PASSWORD_LINKS), {**row, **made})
    target = target_of_person(person)
    events.record(connection, actor, Event.PASSWORD_LINK_MADE, target)
    return secret


def digest(secret: str) -> bytes:
    """Return the SHA-256 digest that is stored of the secret of a link."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def find_expiry(connection: Connection, user_id: str) -> datetime | None:
    """Return until when the open link of a person is valid, if they have one."""
    theirs = PASSWORD_LINKS.c.user_id == user_id
    query = select(PASSWORD_LINKS).where(theirs, *link_voiding.IS_OPEN)
    link = first(PasswordLink, connection.execute(query))
    is_open = link is not None and link_state_of(link) is LinkState.OPEN
    return link.made_at + VALID_FOR if link is not None and is_open else None


def find(connection: Connection, secret: str) -> FoundLink:
    """Find the link with a secret; this does not use it up."""
    query = select(PASSWORD_LINKS).where(PASSWORD_LINKS.c.digest == digest(secret))
    link = first(PasswordLink, connection.execute(query))
    if link is None:
        return FoundLink(Outcome.UNKNOWN)
    person = people_rules.find_by_id(connection, link.user_id)
    state = person_state_of(connection, person)
    return FoundLink(decide(link_state_of(link), state), link, person)


def use(connection: Connection, secret: str, password_hash: str, actor: Actor) -> None:
    """Set the password of the person whose link it is, once; their sessions end.

    Raises CannotUse, also if another request used the link a moment before.
    """
    found = find(connection, secret)
    link, person = found.link, found.person
    if found.outcome is not Outcome.SETS_PASSWORD or link is None or person is None:
        raise CannotUse(found)
    this = update(PASSWORD_LINKS).where(PASSWORD_LINKS.c.id == link.id)
    connection.execute(this.values(used_at=now()))
    target = target_of_person(person)
    events.record(connection, actor, Event.PASSWORD_LINK_USED, target)
    access.set_password(connection, person, password_hash, actor)
