"""What administrators decide about conflicts: Link, Keep apart, Dismiss."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, select, update

from netpresenter_next.directory import (
    claimants,
    conflicts,
    errors,
    events,
    kept_apart,
    link_facts,
    linking,
    people,
)
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.directory.conflicts import DISMISSABLE_REASONS, NamedConflict
from netpresenter_next.directory.events import Actor, Event, Target, target_of_person
from netpresenter_next.directory.link_facts import MATCHES, Pair
from netpresenter_next.directory.link_rules import LinkDecision, LinkLevel
from netpresenter_next.directory.linking import CannotLink
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import KEPT_APART_REASONS, Reason
from netpresenter_next.storage.identity_models import CONFLICTS, KEPT_APART, KeptApart
from netpresenter_next.storage.models import USER, USERS, Person
from netpresenter_next.storage.rows import every, first

# How many are linked at once, and among how many they are looked for.
MOST_LINKED, MOST_EXAMINED = 200, 1_000


class NoSuchConflict(errors.AccountError):
    """The conflict is closed, or what provisioning sends has changed."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Nothing was changed: the conflict, or what Microsoft Entra ID sends, "
                "is not the same any more. Look at it again."
            )
        )


class Choice(NamedTuple):
    """A claimant of a conflict, and how the account may be linked with them."""

    claimant: Claimant
    decision: LinkDecision
    may_keep_apart: bool


class Match(NamedTuple):
    """An account and the only claimant of its name, who is surely the same person."""

    conflict_id: str
    person: Person
    claimant: Claimant

    @property
    def fingerprint(self) -> str:
        """Return a digest, so that what is linked is what was shown."""
        parts = (
            self.conflict_id,
            self.person.id,
            self.person.user_name,
            self.claimant.fingerprint,
        )
        text = "\n".join(parts)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class NamedDecision(KeptApart):
    """A decision with the user name of its local account."""

    __abstract__ = True
    user_name: str


class _MatchedPerson(Person):
    """A person with the conflict about their user name."""

    conflict_id: str
    sent: list[dict[str, str]]


# --------------------------------------------------------------- reading
def find(connection: Connection, conflict_id: str) -> NamedConflict | None:
    """Return an open conflict, with the names of its person."""
    query = select(CONFLICTS, USERS.c.user_name, USERS.c.external_id).join(USERS)
    this = query.where(CONFLICTS.c.id == conflict_id)
    return first(NamedConflict, connection.execute(this))


def list_choices(
    connection: Connection, conflict: NamedConflict, person: Person
) -> list[Choice]:
    """Return the claimants of a conflict, and what may be decided about each."""
    if conflict.reason not in MATCHES:
        return []
    sent = claimants.read(conflict.sent)
    pairs = [Pair(person, conflict.reason, each, len(sent) == 1) for each in sent]
    decisions = link_facts.decide_on_each(connection, pairs)
    may_keep_apart = conflict.reason in KEPT_APART_REASONS
    return [
        Choice(pair.claimant, decision, may_keep_apart)
        for pair, decision in zip(pairs, decisions, strict=True)
    ]


def list_matches(connection: Connection) -> list[Match]:
    """Return accounts that may be linked together, the oldest conflicts first.

    At most ``MOST_EXAMINED`` conflicts are read.
    """
    examined = (
        select(CONFLICTS.c.id)
        .where(CONFLICTS.c.reason == Reason.LOCAL_USER_NAME)
        .order_by(CONFLICTS.c.id)
        .limit(MOST_EXAMINED)
    )
    return _read_matches(connection, connection.scalars(examined).all())


def _read_matches(connection: Connection, conflict_ids: Sequence[str]) -> list[Match]:
    """Return those of the conflicts whose accounts may be linked together."""
    query = select(USERS, CONFLICTS.c.id.label("conflict_id"), CONFLICTS.c.sent)
    likely = query.join(CONFLICTS, CONFLICTS.c.user_id == USERS.c.id).where(
        CONFLICTS.c.id.in_(conflict_ids),
        CONFLICTS.c.reason == Reason.LOCAL_USER_NAME,
        USERS.c.role == USER,
        ~USERS.c.is_blocked,
    )
    rows = every(
        _MatchedPerson,
        connection.execute(likely.order_by(CONFLICTS.c.id).limit(MOST_LINKED)),
    )
    matches = [
        Match(row.conflict_id, row, each)
        for row in rows
        for each in claimants.read(row.sent)
        if len(row.sent) == 1
    ]
    pairs = [
        Pair(each.person, Reason.LOCAL_USER_NAME, each.claimant, True)
        for each in matches
    ]
    decisions = link_facts.decide_on_each(connection, pairs)
    return [
        match
        for match, decision in zip(matches, decisions, strict=True)
        if decision.level is LinkLevel.UNAMBIGUOUS
    ]


# --------------------------------------------------------------- deciding
def link(
    connection: Connection, conflict_id: str, fingerprint: str, actor: Actor
) -> Person:
    """Link the account of a conflict with the claimant who was shown.

    Raises NoSuchConflict if either has changed since then, and CannotLink.
    """
    conflict, claimant = _find_claimant(connection, conflict_id, fingerprint)
    if conflict.reason not in MATCHES:
        raise CannotLink(_("A conflict of this kind is not resolved by a link."))
    person = people.find_by_id(connection, conflict.user_id)
    pair = Pair(person, conflict.reason, claimant, len(conflict.sent) == 1)
    if link_facts.decide(connection, pair).level is LinkLevel.NEVER:
        raise CannotLink(
            _(
                "%(user_name)s cannot be linked with this person.",
                user_name=person.user_name,
            )
        )
    return linking.link(connection, person, claimant, actor)


def _find_claimant(
    connection: Connection, conflict_id: str, fingerprint: str
) -> tuple[NamedConflict, Claimant]:
    conflict = find(connection, conflict_id)
    claimant = claimants.find(conflict.sent, fingerprint) if conflict else None
    if conflict is None or claimant is None:
        raise NoSuchConflict
    return conflict, claimant


def link_matches(connection: Connection, shown: Mapping[str, str], actor: Actor) -> int:
    """Link the accounts that were shown; returns how many.

    ``shown`` are their fingerprints by the ids of the conflicts.  What has changed
    since then, or may no longer be linked, is left out.
    """
    number = 0
    for conflict_id in list(shown)[:MOST_LINKED]:
        # Read anew, because an earlier link may have changed what is allowed.
        for match in _read_matches(connection, [conflict_id]):
            if match.fingerprint == shown[conflict_id]:
                number += _link_if_possible(connection, match, actor)
    return number


def _link_if_possible(connection: Connection, match: Match, actor: Actor) -> bool:
    try:
        with connection.begin_nested():
            linking.link(connection, match.person, match.claimant, actor)
    except CannotLink:
        return False
    return True


def keep_apart(
    connection: Connection, conflict_id: str, fingerprint: str, actor: Actor
) -> NamedConflict:
    """Decide that the account of a conflict and a claimant are two people.

    Returns the conflict, which closes unless it has another claimant.  Raises
    NoSuchConflict.
    """
    conflict, claimant = _find_claimant(connection, conflict_id, fingerprint)
    if conflict.reason not in KEPT_APART_REASONS:
        raise CannotLink(_("A conflict of this kind cannot be resolved by a decision."))
    person = people.find_by_id(connection, conflict.user_id)
    kept_apart.add(connection, person.id, conflict.reason, claimant, actor.name)
    target = target_of_person(person)
    events.record(
        connection, actor, Event.KEPT_APART, target, claimant=claimant.user_name
    )
    others = [each for each in conflict.sent if Claimant(**each).key != claimant.key]
    if others:
        this = CONFLICTS.c.id == conflict.id
        connection.execute(update(CONFLICTS).where(this).values(sent=others))
    else:
        conflicts.close(connection, conflict, actor)
    return conflict


def take_decision_back(
    connection: Connection, decision_id: str, actor: Actor
) -> KeptApart:
    """Forget that two are kept apart; the next clash opens a conflict again.

    Raises NoSuchConflict.
    """
    query = select(KEPT_APART, USERS.c.user_name).join(USERS)
    this = query.where(KEPT_APART.c.id == decision_id)
    decision = first(NamedDecision, connection.execute(this))
    if decision is None:
        raise NoSuchConflict
    kept_apart.remove(connection, decision_id)
    target = Target("User", decision.user_id, decision.user_name)
    events.record(
        connection,
        actor,
        Event.DECISION_WITHDRAWN,
        target,
        claimant=decision.sent["user_name"],
    )
    return decision


def dismiss(
    connection: Connection, conflict_id: str, dismissed_by: str, actor: Actor
) -> bool:
    """Close a conflict because an administrator dismisses it; False if there is none.

    If its cause still exists, provisioning opens it again.  ``dismissed_by`` is the id
    of the administrator, who cannot dismiss a conflict of their own account.
    """
    conflict = find(connection, conflict_id)
    if (
        conflict is None
        or conflict.user_id == dismissed_by
        or conflict.reason not in DISMISSABLE_REASONS
    ):
        return False
    conflicts.close(connection, conflict, actor)
    return True
