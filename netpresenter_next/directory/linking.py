"""Linking: a local account continues as the person whom provisioning sends.

The account keeps its id, role, password and sessions.  From the link on, provisioning
finds it by its user name and externalId, and its first change claims it.  Until then,
nobody but the linked claimant can be sent for it, and the link can be taken back.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    account_linking,
    blocks,
    claimants,
    conflicts,
    deletions,
    errors,
    events,
    force,
    identity_matching,
    kept_apart,
    link_facts,
    link_voiding,
    people,
    person_rows,
    sessions,
)
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.link_facts import Pair
from netpresenter_next.directory.link_rules import LinkLevel
from netpresenter_next.directory.sign_in_settings import read_settings
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.schema import tables
from netpresenter_next.storage.choices import Reason, Source
from netpresenter_next.storage.identity_models import CONFLICTS, Conflict
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import first


class CannotLink(errors.AccountError):
    """The account cannot be linked with this claimant."""


def link(
    connection: Connection, person: Person, claimant: Claimant, actor: Actor
) -> Person:
    """Link an account with a claimant, as ``link_facts.decide`` allows.

    The account gets the user name and externalId of the claimant.  Raises CannotLink if
    another account has that user name, or if an earlier block applies to the claimant.
    """
    person = _make_provisioned(connection, person, claimant)
    document = {**person.document, "userName": claimant.user_name}
    if claimant.external_id:
        document["externalId"] = claimant.external_id
    try:
        changed = people.change_document(connection, person, document, actor)
    except errors.AccountError as error:
        raise CannotLink(
            _(
                "%(user_name)s cannot be linked: %(error)s",
                user_name=person.user_name,
                error=error,
            )
        ) from error
    _complete_link(connection, changed, claimant, actor, is_automatic=False)
    return changed


def _make_provisioned(
    connection: Connection, person: Person, claimant: Claimant
) -> Person:
    person_rows.set_facts(
        connection,
        person.id,
        source=Source.PROVISIONED,
        awaited_claimant=claimant.key,
    )
    return people.find_by_id(connection, person.id)


def _complete_link(
    connection: Connection,
    person: Person,
    claimant: Claimant,
    actor: Actor,
    *,
    is_automatic: bool,
) -> None:
    """Apply earlier decisions, and record the link; raises CannotLink."""
    if blocks.has_earlier_block(connection, person):
        raise CannotLink(
            _(
                "%(user_name)s cannot be linked: %(claimant)s is blocked. Lift that "
                "block first, under Settings > Users > Deleted people.",
                user_name=person.user_name,
                claimant=claimant.user_name,
            )
        )
    deletions.forget_recreated(connection, person)
    events.record(
        connection,
        actor,
        Event.ACCOUNT_LINKED,
        target_of_person(person),
        claimant=claimant.user_name,
        external_id=claimant.external_id or None,
        is_automatic=is_automatic,
    )
    conflicts.close_resolved(connection, person.id, actor)
    if force.forbids_local_sign_in(connection, person.id):
        sessions.end_local(connection, USERS.c.id == person.id)
        link_voiding.void(connection, person.id)


def take_back(connection: Connection, person: Person, actor: Actor) -> None:
    """Make a linked account local again, unless provisioning has changed it.

    The user name stays.  A Microsoft account that signed in because of the link is
    unlinked, which ends all sessions.  Raises CannotLink.
    """
    if person.awaited_claimant is None:
        raise CannotLink(
            _(
                "Provisioning has changed %(user_name)s since the link, so it cannot "
                "be taken back. Block the person if the link was wrong.",
                user_name=person.user_name,
            )
        )
    identity = identity_matching.find_identity(connection, person.id)
    if identity is not None and identity.linked_by != identity_matching.SELF:
        account_linking.unlink(connection, person, actor)
    person_rows.set_facts(
        connection, person.id, source=Source.LOCAL, awaited_claimant=None
    )
    person = people.find_by_id(connection, person.id)
    document = {
        name: value for name, value in person.document.items() if name != "externalId"
    }
    people.change_document(connection, person, document, actor)
    events.record(connection, actor, Event.LINK_WITHDRAWN, target_of_person(person))
    conflicts.close_resolved(connection, person.id, actor)


# ------------------------------------------------------------- creation over SCIM
def create_or_adopt(
    connection: Connection,
    document: Mapping[str, Any],
    actor: Actor,
    user_id: str | None,
) -> Person:
    """Create a provisioned person, or continue with the account that is linked.

    That is an account which an administrator linked with this claimant, or one with the
    same user name if settings say that such accounts are linked automatically.  Raises
    the errors of ``people.create``.
    """
    try:
        return people.create(
            connection, document, actor, source=Source.PROVISIONED, user_id=user_id
        )
    except ValueTaken as error:
        adopted = None
        # In a bulk request, others may refer to an id that was reserved.
        if error.person is not None and user_id is None:
            adopted = _adopt(connection, document, error.person, error, actor)
        if adopted is None:
            raise
        return adopted


def _adopt(
    connection: Connection,
    document: Mapping[str, Any],
    person: Person,
    error: ValueTaken,
    actor: Actor,
) -> Person | None:
    """Continue with an account that has a value of a new person; None to refuse."""
    claimant = claimants.extract(tables.derive_columns(USERS, document))
    if claimant is None:
        return None
    merged = {**person.document, **document}
    if person.awaited_claimant == claimant.key and error.conflict is None:
        return people.change_document(connection, person, merged, actor)
    if not _links_automatically(connection, person, claimant, error):
        return None
    try:
        person = _make_provisioned(connection, person, claimant)
        changed = people.change_document(connection, person, merged, actor)
        _complete_link(connection, changed, claimant, actor, is_automatic=True)
    except CannotLink:
        raise error from None
    return changed


def _links_automatically(
    connection: Connection, person: Person, claimant: Claimant, error: ValueTaken
) -> bool:
    """Do the settings and the rules allow to link at once?"""
    reason = Reason.LOCAL_USER_NAME
    if error.conflict is None or error.conflict.reason is not reason:
        return False
    if not read_settings(connection).link_automatically:
        return False
    if kept_apart.is_decided(connection, person.id, reason, claimant.key):
        return False
    this = (CONFLICTS.c.user_id == person.id, CONFLICTS.c.reason == reason)
    row = first(Conflict, connection.execute(select(CONFLICTS).where(*this)))
    refused = claimants.read(row.sent if row is not None else ())
    is_only = all(each.key == claimant.key for each in refused)
    pair = Pair(person, reason, claimant, is_only)
    return link_facts.decide(connection, pair).level is LinkLevel.UNAMBIGUOUS
