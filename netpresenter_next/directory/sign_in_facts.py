"""What is known here of one person's ways to sign in, read at once.

``sign_in_checks`` decides what it means.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from netpresenter_next.directory import (
    blocks,
    conflict_lists,
    force,
    guesses,
    identity_matching,
    identity_rules,
    provisioning_status,
    refused_sign_ins,
    sign_in_history,
    sign_in_settings,
    slowed_sign_ins,
)
from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.identity_rules import IdentityFacts
from netpresenter_next.directory.provisioning_status import Status
from netpresenter_next.directory.slowed_sign_ins import Slowed
from netpresenter_next.microsoft.app_registration import AppRegistration
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.identity_models import BLOCKS, Block
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.models import USERS, Person, is_visible
from netpresenter_next.storage.rows import first
from netpresenter_next.storage.sign_in_models import IDENTITIES

# At most so many of the people who share an object ID are named.
MOST_SHARING = 5


@dataclass(frozen=True)
class ObjectIdFacts:
    """Who else has the object ID that provisioning sends for a person."""

    # The person who is linked with it, and those who have it as externalId.
    owner: str | None = None
    sharing: Sequence[str] = ()
    # Somebody was blocked who had it.
    is_blocked: bool = False


@dataclass(frozen=True)
class MicrosoftFacts:
    """How sign-in with Microsoft is set up here, and whether it works."""

    registration: AppRegistration
    may_match_user_names: bool
    # Why Microsoft cannot be reached, or "".
    problem: str
    # The latest sign-in that failed before Microsoft said whose it was.
    failure: JournalEntry | None


@dataclass(frozen=True)
class SignInFacts:
    """What is known of one person's ways to sign in."""

    person: Person
    identity: IdentityFacts
    object_id: ObjectIdFacts
    microsoft: MicrosoftFacts
    # Force sign in with Microsoft is on, and concerns this person.
    is_forced: bool
    conflicts: Sequence[NamedConflict]
    block: Block | None
    disabled: JournalEntry | None
    slowed: Slowed | None
    wrong_password: JournalEntry | None
    # The latest refused sign-in with Microsoft in which the account was in the way.
    refusal: JournalEntry | None
    provisioning: Status


def read_facts(
    connection: Connection,
    installation: Installation,
    person: Person,
    microsoft_problem: str = "",
) -> SignInFacts:
    """Read the facts, in a constant number of queries.

    ``microsoft_problem`` is why Microsoft cannot be reached now, if it is known.
    """
    registration = sign_in_settings.read_registration(connection, installation)
    settings = sign_in_settings.read_settings(connection)
    account = guesses.digest_user_name(installation.encryption_key, person.user_name)
    find_latest = sign_in_history.find_latest
    return SignInFacts(
        person=person,
        identity=identity_matching.read_identity_facts(
            connection, person, registration.tenant_id
        ),
        object_id=_read_object_id_facts(connection, person),
        microsoft=MicrosoftFacts(
            registration,
            bool(settings.match_user_names),
            microsoft_problem,
            refused_sign_ins.find_latest_failure(connection),
        ),
        is_forced=force.forbids_local_sign_in(connection, person.id),
        conflicts=conflict_lists.list_for_person(connection, person.id),
        block=find_block(connection, person.id),
        disabled=find_latest(connection, person.id, Event.PERSON_DISABLED),
        slowed=slowed_sign_ins.find(connection, account, person.user_name_key),
        wrong_password=find_latest(connection, person.id, Event.SIGN_IN_FAILED),
        refusal=find_latest(connection, person.id, Event.MICROSOFT_SIGN_IN_REFUSED),
        provisioning=provisioning_status.read_status(connection),
    )


def find_block(connection: Connection, user_id: str) -> Block | None:
    """Return a row of the block of a person."""
    query = select(BLOCKS).where(BLOCKS.c.user_id == user_id).limit(1)
    return first(Block, connection.execute(query))


def _read_object_id_facts(connection: Connection, person: Person) -> ObjectIdFacts:
    object_id = person.object_id
    if object_id is None or not identity_rules.is_visible_to_scim(person.source):
        return ObjectIdFacts()
    owner = (
        select(USERS.c.user_name)
        .join(IDENTITIES, IDENTITIES.c.user_id == USERS.c.id)
        .where(IDENTITIES.c.object_id == object_id, USERS.c.id != person.id)
    )
    sharing = (
        select(USERS.c.user_name)
        .where(USERS.c.object_id == object_id, USERS.c.id != person.id, is_visible())
        .limit(MOST_SHARING)
    )
    return ObjectIdFacts(
        connection.scalar(owner.limit(1)),
        connection.scalars(sharing).all(),
        blocks.is_object_id_blocked(connection, object_id),
    )
