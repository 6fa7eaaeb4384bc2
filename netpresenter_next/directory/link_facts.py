"""What the database says about an account and a claimant, for the rules of linking."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, and_, or_, select

from netpresenter_next.directory import identity_rules
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.directory.identity_rules import Identifier
from netpresenter_next.directory.link_rules import (
    LinkDecision,
    LinkFacts,
    decide_on_link,
)
from netpresenter_next.lib.text import fold
from netpresenter_next.storage.choices import BlockedBy, Reason
from netpresenter_next.storage.identity_models import BLOCKS
from netpresenter_next.storage.models import MEMBERSHIPS, USERS, Person, is_visible
from netpresenter_next.storage.sign_in_models import IDENTITIES, ROLE_MAPPINGS

# The conflicts that a link can resolve, with what both sides have in common.
MATCHES: Mapping[Reason, Identifier] = {
    Reason.LOCAL_USER_NAME: Identifier.USER_NAME,
    Reason.LOCAL_WORK_EMAIL: Identifier.WORK_EMAIL,
    Reason.LOCAL_OBJECT_ID: Identifier.OBJECT_ID,
    Reason.LINK_CONTRADICTED: Identifier.USER_NAME,
}


class Pair(NamedTuple):
    """An account and a claimant that an administrator compares."""

    person: Person
    reason: Reason
    claimant: Claimant
    is_only_claimant: bool


def decide(connection: Connection, pair: Pair) -> LinkDecision:
    """Decide how one account may be linked."""
    (decision,) = decide_on_each(connection, [pair])
    return decision


def decide_on_each(connection: Connection, pairs: Sequence[Pair]) -> list[LinkDecision]:
    """Decide how accounts may be linked; the number of statements is constant.

    The caller passes at most a chunk of ``ids.chunks``.
    """
    ids = [pair.person.id for pair in pairs]
    linked = _read_linked(connection, ids)
    mapped = _read_mapped(connection, ids)
    blocked = _read_blocked(connection, pairs)
    holders = _read_holders(connection, pairs)
    return [
        decide_on_link(
            LinkFacts(
                MATCHES[pair.reason],
                identity_rules.identity_facts_of(
                    pair.person, linked.get(pair.person.id)
                ),
                pair.claimant.object_id,
                is_same_name=_is_same_name(pair),
                is_blocked=pair.person.is_blocked,
                is_awaited=pair.person.awaited_claimant is not None,
                is_claimant_blocked=not blocked.isdisjoint(_list_keys(pair)),
                is_created=not _list_holders(pair, holders) <= {pair.person.id},
                is_in_mapped_group=pair.person.id in mapped,
                is_only_claimant=pair.is_only_claimant,
            )
        )
        for pair in pairs
    ]


def _is_same_name(pair: Pair) -> bool:
    """Are the names equal but for case?  Not only after a compatible spelling."""
    return pair.claimant.user_name.lower() == pair.person.user_name.lower()


def _read_linked(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    query = select(IDENTITIES.c.user_id, IDENTITIES.c.object_id)
    theirs = query.where(IDENTITIES.c.user_id.in_(ids))
    return {row.user_id: row.object_id for row in connection.execute(theirs)}


def _read_mapped(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Return those of the people who are in a group with a role mapping."""
    query = select(MEMBERSHIPS.c.user_id).join(
        ROLE_MAPPINGS, ROLE_MAPPINGS.c.group_id == MEMBERSHIPS.c.group_id
    )
    return set(connection.scalars(query.where(MEMBERSHIPS.c.user_id.in_(ids))))


def _list_keys(pair: Pair) -> set[tuple[BlockedBy, str]]:
    """Return the values by which a claimant could be blocked."""
    keys = {(BlockedBy.USER_NAME, fold(pair.claimant.user_name))}
    if pair.claimant.object_id is not None:
        keys.add((BlockedBy.OBJECT_ID, pair.claimant.object_id))
    return keys


def _read_blocked(
    connection: Connection, pairs: Sequence[Pair]
) -> set[tuple[BlockedBy, str]]:
    keys = {key for pair in pairs for key in _list_keys(pair)}
    query = select(BLOCKS.c.kind, BLOCKS.c.value)
    theirs = query.where(BLOCKS.c.value.in_([value for _, value in keys]))
    return {(row.kind, row.value) for row in connection.execute(theirs)}


def _list_holders(pair: Pair, holders: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the ids of the people who are the claimant already."""
    claimant = pair.claimant
    keys = (claimant.external_id, claimant.object_id or "")
    found = {user_id for key in keys for user_id in holders.get(key, ())}
    return found | ({claimant.person_id} - {""})


def _read_holders(
    connection: Connection, pairs: Sequence[Pair]
) -> dict[str, list[str]]:
    """Return the ids of people by externalId and object ID, also the linked one."""
    claimants = [pair.claimant for pair in pairs]
    external_ids = {each.external_id for each in claimants} - {""}
    object_ids = {each.object_id for each in claimants} - {None}
    same = or_(USERS.c.external_id.in_(external_ids), USERS.c.object_id.in_(object_ids))
    visible = select(USERS.c.id, USERS.c.external_id, USERS.c.object_id)
    found = connection.execute(visible.where(and_(same, is_visible()))).all()
    linked = select(IDENTITIES.c.user_id, IDENTITIES.c.object_id)
    owners = connection.execute(
        linked.where(IDENTITIES.c.object_id.in_(object_ids))
    ).all()
    holders: dict[str, list[str]] = {}
    for row in found:
        for key in {row.external_id, row.object_id} - {None}:
            holders.setdefault(key, []).append(row.id)
    for owner in owners:
        holders.setdefault(owner.object_id, []).append(owner.user_id)
    return holders
