"""Which values two people may not have in common.

User names are unique; externalIds need not be (RFC 7643, section 3.1).  For SCIM, the
user name, work e-mail address and Microsoft account of a local account are taken too,
because SCIM clients cannot see or change that account.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from netpresenter_next.directory import blocks, errors, identity_rules
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.identity_rules import DuplicateOutcome, Identifier
from netpresenter_next.lib import names
from netpresenter_next.storage.choices import Reason, Source
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.sign_in_models import IDENTITIES
from netpresenter_next.storage.statements import Statement

LONGEST_USER_NAME = 320


class ValueTaken(errors.AccountError):
    """Another person has the value; ``conflict`` is the one that this opens."""

    def __init__(self, message: str, conflict: DetectedConflict | None = None) -> None:
        super().__init__(message)
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
_ADVICE = {
    Identifier.USER_NAME: (
        "A local account of Netpresenter Next has this user name, and provisioning "
        "leaves local accounts alone. Rename that account in Netpresenter Next; the "
        "next provisioning cycle then creates this person."
    ),
    Identifier.WORK_EMAIL: (
        "A local account of Netpresenter Next has this work e-mail address, and "
        "provisioning leaves local accounts alone. Give this person another address "
        "in Microsoft Entra ID, or take them out of the assignment."
    ),
    Identifier.OBJECT_ID: (
        "A local account of Netpresenter Next is connected with the Microsoft "
        "account of this objectId, and provisioning leaves local accounts alone. If "
        "it is the same person, unlink the Microsoft account from that account in "
        "Netpresenter Next; the next provisioning cycle then creates this person."
    ),
}


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
            raise errors.BadName(f"The userName {fault}.")
    unchanged = person is not None and all(
        getattr(person, name) == columns[name]
        for name in ("user_name_key", "object_id", "work_email_key")
    )
    if unchanged:
        return
    if person is not None and person.source is Source.CLAIMABLE:
        _refuse_another_account(connection, columns, person)
    is_scim = identity_rules.is_visible_to_scim(source)
    values = {
        "user_name_key": columns["user_name_key"],
        # Provisioned people may share an address, but not with a local account.
        "local_email_key": columns["work_email_key"] if is_scim else None,
        "object_id": columns["object_id"] if is_scim else None,
        "this_id": "" if person is None else person.id,
    }
    other = _SELECT_OTHER.first(connection, **values)
    if other is not None:
        raise _make_error(columns, other, is_scim=is_scim)


def _make_error(
    columns: Mapping[str, Any], other: Person, *, is_scim: bool
) -> ValueTaken:
    """Return the error for a value that another person has."""
    value = _find_duplicate(columns, other)
    if not is_scim:
        return ValueTaken(
            f"Another account has the user name {columns['user_name']!r}."
        )
    if (
        identity_rules.decide_on_duplicate(value, other.source)
        is DuplicateOutcome.REFUSED
    ):
        return ValueTaken(
            f"Another person has the userName {columns['user_name']!r} "
            f"(externalId {other.external_id!r})."
        )
    compared = {
        Identifier.USER_NAME: columns["user_name_key"],
        Identifier.WORK_EMAIL: columns["work_email_key"],
        Identifier.OBJECT_ID: columns["object_id"],
    }[value]
    conflict = DetectedConflict(
        other, _REASONS[value], compared, columns["user_name"], columns["object_id"]
    )
    return ValueTaken(_ADVICE[value], conflict)


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
            conflict,
        )
