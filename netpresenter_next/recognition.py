"""Whose account a Microsoft sign-in is for.

A person is known by tenant ID and object ID, which never change and are never used
again.  E-mail addresses and names are only shown: whoever administers a mailbox or a
directory elsewhere can have any of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, select

from netpresenter_next import refusals
from netpresenter_next.accounts import Person
from netpresenter_next.models import ADMINISTRATOR, MICROSOFT, USERS
from netpresenter_next.registration import settings
from netpresenter_next.sessions import Proof
from netpresenter_next.sign_in_models import IDENTITIES
from netpresenter_next.texts import fold

# By which rule a person was found.
IDENTITY, EXTERNAL_ID, USER_NAME, CREATED, SELF = (
    "identity",
    "externalId",
    "user name",
    "creation at the first sign-in",
    "the person themselves",
)


@dataclass(frozen=True)
class Claims:
    """What Microsoft says about who signed in, checked and typed."""

    tenant_id: str
    object_id: str
    subject: str
    user_name: str
    name: str = ""
    app_roles: tuple[str, ...] = ()
    is_guest: bool = False
    oidc_session: str | None = None
    login_hint: str | None = None
    authenticated_at: datetime | None = None

    @property
    def shown(self) -> str:
        """Return what the person recognises the account by."""
        return self.user_name or self.name or self.object_id

    @property
    def proof(self) -> Proof:
        """Return what a session that begins with this keeps of it."""
        return Proof(
            MICROSOFT, self.oidc_session, self.login_hint, self.authenticated_at
        )


class Match(NamedTuple):
    """The person whose account it is, and the rule that says so."""

    person: Person | None
    rule: str


class NotLetIn(refusals.AccountError):
    """Signed in to Microsoft, but not let in here; ``kind`` names the page to show."""

    kind = "not_provisioned"

    def __init__(self, message: str, person: Person | None = None) -> None:
        super().__init__(message)
        self.person = person


class NotProvisioned(NotLetIn):
    """There is no account here for this Microsoft account (yet)."""


class IdentityConflict(NotLetIn):
    """Two accounts lay claim to each other: an administrator has to look."""

    kind = "conflict"


class Disabled(NotLetIn):
    """The account is disabled, by provisioning or here."""

    kind = "disabled"


def of_person(connection: Connection, user_id: str) -> Row[Any] | None:
    """Return a person's Microsoft identity."""
    query = select(IDENTITIES).where(IDENTITIES.c.user_id == user_id)
    return connection.execute(query).first()


# --------------------------------------------------------------- finding
def match(connection: Connection, claims: Claims) -> Match:
    """Find the person; raises NotProvisioned and IdentityConflict.  Changes nothing."""
    person = by_identity(connection, claims)
    if person is not None:
        _refuse_contradiction(connection, person, claims)
        return Match(person, IDENTITY)
    person = by_external_id(connection, claims)
    if person is not None:
        return Match(person, EXTERNAL_ID)
    options = settings(connection)
    namesake = _by_user_name(connection, claims)
    if options.match_user_names and _is_candidate(connection, claims, namesake):
        return Match(namesake, USER_NAME)
    if options.create_people and not claims.is_guest and not namesake:
        return Match(None, CREATED)
    raise NotProvisioned(f"There is no account for {claims.shown}.")


def by_identity(connection: Connection, claims: Claims) -> Person | None:
    """Find the person who is connected with this Microsoft account."""
    query = select(USERS).join(IDENTITIES, IDENTITIES.c.user_id == USERS.c.id)
    return connection.execute(
        query.where(
            IDENTITIES.c.tenant_id == claims.tenant_id,
            IDENTITIES.c.object_id == claims.object_id,
        )
    ).first()


def _refuse_contradiction(
    connection: Connection, person: Person, claims: Claims
) -> None:
    """Raise IdentityConflict where provisioning says otherwise: it is believed."""
    if person.is_provisioned and person.object_id not in (None, claims.object_id):
        raise IdentityConflict(
            f"{person.user_name} is connected with the object ID {claims.object_id}, "
            f"but provisioning says {person.external_id}.",
            person,
        )
    for other in _with_object_id(connection, claims.object_id):
        if other.id != person.id:
            raise IdentityConflict(
                f"{person.user_name} is connected with the object ID "
                f"{claims.object_id}, which provisioning gives to {other.user_name}.",
                person,
            )


def _with_object_id(connection: Connection, object_id: str) -> Sequence[Person]:
    query = select(USERS).where(USERS.c.object_id == object_id, USERS.c.is_provisioned)
    return connection.execute(query.limit(2)).all()


def by_external_id(connection: Connection, claims: Claims) -> Person | None:
    """Find the person whom provisioning gave this object ID, if not yet connected.

    Raises IdentityConflict.
    """
    found = _with_object_id(connection, claims.object_id)
    if not found:
        return None
    if len(found) > 1:
        names = " and ".join(each.user_name for each in found)
        raise IdentityConflict(
            f"The object ID {claims.object_id} is the externalId of {names}.", found[0]
        )
    if is_connected(connection, found[0], claims.tenant_id):
        raise IdentityConflict(
            f"The object ID {claims.object_id} is the externalId of "
            f"{found[0].user_name}, who is connected with another Microsoft account.",
            found[0],
        )
    return found[0]


def is_connected(connection: Connection, person: Person, tenant_id: str) -> bool:
    """Has the person a Microsoft account of this directory?  Others count no more."""
    known = of_person(connection, person.id)
    return known is not None and known.tenant_id == tenant_id


def _by_user_name(connection: Connection, claims: Claims) -> Person | None:
    query = select(USERS).where(USERS.c.user_name_key == fold(claims.user_name))
    return connection.execute(query).first() if claims.user_name else None


def _is_candidate(
    connection: Connection, claims: Claims, person: Person | None
) -> bool:
    """May a first sign-in be matched by name?  Never for what an attacker wants."""
    if person is None or not person.is_provisioned or claims.is_guest:
        return False
    reasons = {
        "is an administrator": person.role == ADMINISTRATOR,
        "has another externalId": person.object_id is not None,
        "is connected with another Microsoft account": is_connected(
            connection, person, claims.tenant_id
        ),
    }
    for reason, holds in reasons.items():
        if holds:
            raise IdentityConflict(
                f"{claims.shown} has the name of {person.user_name}, who {reason}.",
                person,
            )
    return True
