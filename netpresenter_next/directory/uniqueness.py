"""Which values two people may not have in common.

User names are unique; externalIds need not be (RFC 7643, section 3.1).  For SCIM, the
user name, work e-mail address and Microsoft account of a local account are taken too,
because SCIM clients cannot see or change that account.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from netpresenter_next.directory import (
    blocks,
    claimants,
    errors,
    identity_rules,
    kept_apart,
)
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.identity_rules import DuplicateOutcome, Identifier
from netpresenter_next.lib import names
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import Reason, Source
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.statements import Statement

LONGEST_USER_NAME = 320


class ValueTaken(errors.AccountError):
    """Another person has the value; ``conflict`` is the one that this opens."""

    def __init__(
        self,
        message: str,
        person: Person | None = None,
        conflict: DetectedConflict | None = None,
    ) -> None:
        super().__init__(message)
        self.person = person
        self.conflict = conflict


_IS_LOCAL = USERS.c.source == Source.LOCAL
_LINKED_PERSON_ID = (
    select(IDENTITIES.c.user_id)
    .where(IDENTITIES.c.object_id == bindparam("object_id"))
    .scalar_subquery()
)
_SELECT_OTHER = Statement(
    Person,
    select(USERS)
    .where(
        or_(
            USERS.c.user_name_key == bindparam("user_name_key"),
            and_(
                USERS.c.work_email_key == bindparam("local_email_key"),
                _IS_LOCAL,
                ~kept_apart.shares_email(),
            ),
            and_(USERS.c.id == _LINKED_PERSON_ID, _IS_LOCAL),
        ),
        USERS.c.id != bindparam("this_id"),
    )
    .limit(1),
)
_REASONS = {
    Identifier.USER_NAME: Reason.LOCAL_USER_NAME,
    Identifier.WORK_EMAIL: Reason.LOCAL_WORK_EMAIL,
    Identifier.OBJECT_ID: Reason.LOCAL_OBJECT_ID,
}
_LOCAL = "A local account of Netpresenter Next "
_HAS = {
    Identifier.USER_NAME: "has this user name",
    Identifier.WORK_EMAIL: "has this work e-mail address",
    Identifier.OBJECT_ID: "is connected with the Microsoft account of this objectId",
}
_WHERE = "under Settings > Conflicts in Netpresenter Next"
_THEN = "Microsoft Entra ID then tries again by itself."
_CHOICES = {
    Identifier.USER_NAME: "Link (if they are the same person), Rename or Keep apart",
    Identifier.WORK_EMAIL: "Link (if they are the same person) or Keep apart",
    Identifier.OBJECT_ID: "Link",
}
_CHOICES_IN_EMERGENCY = {
    Identifier.USER_NAME: "Rename",
    Identifier.WORK_EMAIL: "Keep apart",
}


def _advise(value: Identifier, other: Person, *, is_apart: bool) -> str:
    """Return the text of a refusal, which says what can be done about it."""
    clash = _LOCAL + _HAS[value]
    if is_apart:
        return (
            f"{clash}, and the two are kept apart. Rename the local account in "
            "Netpresenter Next, give this person another user name in Microsoft Entra "
            f"ID, or take the decision back {_WHERE}."
        )
    if other.is_emergency and value in _CHOICES_IN_EMERGENCY:
        choice = _CHOICES_IN_EMERGENCY[value]
        return f"{clash}, and it cannot be linked. Press {choice} {_WHERE}; {_THEN}"
    return f"{clash}, and is not linked. Press {_CHOICES[value]} {_WHERE}; {_THEN}"


def check(
    connection: Connection,
    columns: Mapping[str, Any],
    person: Person | None,
    *,
    source: Source,
) -> None:
    """Check a new user name, and that nobody else has a value that must be unique.

    ``person`` is the person before the change, or None for a new one.  Raises BadName,
    and ValueTaken, for SCIM with the conflict to open.
    """
    if person is None or person.user_name != columns["user_name"]:
        fault = names.find_problem(columns["user_name"], LONGEST_USER_NAME)
        if fault:
            raise errors.BadName(_("The userName %(fault)s.", fault=fault))
    if person is not None and person.awaited_claimant:
        _refuse_another_claimant(columns, person)
    unchanged = person is not None and all(
        getattr(person, name) == columns[name]
        for name in ("user_name_key", "object_id", "work_email_key")
    )
    if unchanged:
        return
    if person is not None and person.source is Source.CLAIMABLE:
        _refuse_another_account(connection, columns, person)
    person_id = "" if person is None else person.id
    is_scim = identity_rules.is_visible_to_scim(source)
    other = _find_other(connection, columns, person_id, is_scim=is_scim)
    if other is not None and is_scim:
        raise _make_error(connection, columns, other, person_id)
    if other is not None:
        name = repr(columns["user_name"])
        raise ValueTaken(_("Another account has the user name %(name)s.", name=name))


def _find_other(
    connection: Connection,
    columns: Mapping[str, Any],
    person_id: str,
    *,
    is_scim: bool,
) -> Person | None:
    """Find somebody who has a value that belongs to one person."""
    key = columns["user_name_key"]
    values = {
        "user_name_key": key,
        # Provisioned people may share an address, but not with a local account.
        "local_email_key": columns["work_email_key"] if is_scim else None,
        "object_id": columns["object_id"] if is_scim else None,
        "claimant": claimants.make_key(columns["external_id"], key),
        "this_id": person_id,
    }
    return _SELECT_OTHER.first(connection, **values)


def _make_error(
    connection: Connection, columns: Mapping[str, Any], other: Person, person_id: str
) -> ValueTaken:
    """Return the error for a value that another person has."""
    value = _find_duplicate(columns, other)
    if (
        identity_rules.decide_on_duplicate(value, other.source)
        is DuplicateOutcome.REFUSED
    ):
        return ValueTaken(
            f"Another person has the userName {columns['user_name']!r} "
            f"(externalId {other.external_id!r}).",
            other,
        )
    compared = {
        Identifier.USER_NAME: columns["user_name_key"],
        Identifier.WORK_EMAIL: columns["work_email_key"],
        Identifier.OBJECT_ID: columns["object_id"],
    }[value]
    reason, sent = _REASONS[value], claimants.extract(columns, person_id)
    is_apart = sent is not None and kept_apart.is_decided(
        connection, other.id, reason, sent.key
    )
    conflict = DetectedConflict(
        other, reason, compared, columns["user_name"], columns["object_id"], sent
    )
    return ValueTaken(_advise(value, other, is_apart=is_apart), other, conflict)


def _find_duplicate(columns: Mapping[str, Any], other: Person) -> Identifier:
    if other.user_name_key == columns["user_name_key"]:
        return Identifier.USER_NAME
    if columns["work_email_key"] and other.work_email_key == columns["work_email_key"]:
        return Identifier.WORK_EMAIL
    return Identifier.OBJECT_ID


def _refuse_another_account(
    connection: Connection, columns: Mapping[str, Any], person: Person
) -> None:
    """Refuse to let a claimable account be claimed for another Microsoft account."""
    linked = blocks.read_linked_object_id(connection, person.id)
    facts = identity_rules.identity_facts_of(person, linked)
    object_id = columns["object_id"]
    if linked and not identity_rules.may_claim(facts, object_id):
        conflict = DetectedConflict(
            person, Reason.CLAIM_DISAGREES, linked, columns["user_name"], object_id
        )
        raise ValueTaken(
            f"The account {person.user_name!r} is connected with another Microsoft "
            "account than the one of this objectId. Check in Netpresenter Next which "
            "one is theirs.",
            person,
            conflict,
        )


def _refuse_another_claimant(columns: Mapping[str, Any], person: Person) -> None:
    """Refuse to send somebody else for an account than an administrator linked."""
    key = claimants.make_key(columns["external_id"], columns["user_name_key"])
    awaited = person.awaited_claimant
    if awaited is None or awaited == key:
        return
    conflict = DetectedConflict(
        person,
        Reason.LINK_CONTRADICTED,
        awaited,
        columns["user_name"],
        columns["object_id"],
        claimants.extract(columns, person.id),
    )
    raise ValueTaken(
        f"The account {person.user_name!r} was linked with another externalId. If this "
        f"person is meant, press Link {_WHERE}; {_THEN}",
        person,
        conflict,
    )
