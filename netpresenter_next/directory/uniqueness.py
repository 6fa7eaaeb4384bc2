"""Which values two people may not have in common.

User names are unique; externalIds need not be (RFC 7643, section 3.1).  For SCIM, the
user name, work e-mail address and Microsoft account of a local account are taken too,
because SCIM clients cannot see or change that account.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, and_, bindparam, or_, select

from netpresenter_next.directory import blocks, errors, identity_rules
from netpresenter_next.directory.conflicts import Opening
from netpresenter_next.directory.identity_rules import Clash, Value
from netpresenter_next.lib import names
from netpresenter_next.storage.choices import Reason, Source
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.rows import first
from netpresenter_next.storage.sign_in_models import IDENTITIES

LONGEST_USER_NAME = 320


class Taken(errors.AccountError):
    """Another person has the value; ``opening`` is the conflict that this opens."""

    def __init__(self, message: str, opening: Opening | None = None) -> None:
        super().__init__(message)
        self.opening = opening


_IS_LOCAL = USERS.c.source == Source.LOCAL
_LINKED = (
    select(IDENTITIES.c.user_id)
    .where(IDENTITIES.c.object_id == bindparam("object_id"))
    .scalar_subquery()
)
# Built once: building costs more than executing.
_CLASH = (
    select(USERS)
    .where(
        or_(
            USERS.c.user_name_key == bindparam("user_name_key"),
            and_(
                USERS.c.work_email_key == bindparam("local_email_key"),
                _IS_LOCAL,
            ),
            and_(USERS.c.id == _LINKED, _IS_LOCAL),
        ),
        USERS.c.id != bindparam("this_id"),
    )
    .limit(1)
)
_REASONS = {
    Value.USER_NAME: Reason.LOCAL_USER_NAME,
    Value.WORK_EMAIL: Reason.LOCAL_WORK_EMAIL,
    Value.OBJECT_ID: Reason.LOCAL_OBJECT_ID,
}
_ADVICE = {
    Value.USER_NAME: (
        "A local account of Netpresenter Next has this user name, and provisioning "
        "leaves local accounts alone. Open that account under Settings > Users of "
        "Netpresenter Next and press Rename; the next provisioning cycle then creates "
        "this person."
    ),
    Value.WORK_EMAIL: (
        "A local account of Netpresenter Next has this work e-mail address, and "
        "provisioning leaves local accounts alone. Give this person another address "
        "in Microsoft Entra ID, or take them out of the assignment."
    ),
    Value.OBJECT_ID: (
        "A local account of Netpresenter Next is connected with the Microsoft "
        "account of this objectId, and provisioning leaves local accounts alone. If "
        "it is the same person, open that account under Settings > Users of "
        "Netpresenter Next and press Unlink the Microsoft account; the next "
        "provisioning cycle then creates this person."
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
    and Taken, for SCIM with the conflict to open.
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
    is_scim = identity_rules.sees(source)
    values = {
        "user_name_key": columns["user_name_key"],
        # Provisioned people may share an address, but not with a local account.
        "local_email_key": columns["work_email_key"] if is_scim else None,
        "object_id": columns["object_id"] if is_scim else None,
        "this_id": "" if person is None else person.id,
    }
    other = first(Person, connection.execute(_CLASH, values))
    if other is not None:
        raise _taken(columns, other, is_scim=is_scim)


def _taken(columns: Mapping[str, Any], other: Person, *, is_scim: bool) -> Taken:
    """Return the error for a value that another person has."""
    value = _value_of_clash(columns, other)
    if not is_scim:
        return Taken(f"Another account has the user name {columns['user_name']!r}.")
    if identity_rules.clash(value, other.source) is Clash.REFUSED:
        return Taken(
            f"Another person has the userName {columns['user_name']!r} "
            f"(externalId {other.external_id!r})."
        )
    compared = {
        Value.USER_NAME: columns["user_name_key"],
        Value.WORK_EMAIL: columns["work_email_key"],
        Value.OBJECT_ID: columns["object_id"],
    }[value]
    opening = Opening(
        other, _REASONS[value], compared, columns["user_name"], columns["object_id"]
    )
    return Taken(_ADVICE[value], opening)


def _value_of_clash(columns: Mapping[str, Any], other: Person) -> Value:
    if other.user_name_key == columns["user_name_key"]:
        return Value.USER_NAME
    if columns["work_email_key"] and other.work_email_key == columns["work_email_key"]:
        return Value.WORK_EMAIL
    return Value.OBJECT_ID


def _refuse_another_account(
    connection: Connection, columns: Mapping[str, Any], person: Person
) -> None:
    """Refuse to let a claimable account be claimed for another Microsoft account."""
    linked = blocks.read_linked_object_id(connection, person.id)
    known = identity_rules.read_known(person, linked)
    object_id = columns["object_id"]
    if linked and not identity_rules.may_claim(known, object_id):
        opening = Opening(
            person, Reason.CLAIM_DISAGREES, linked, columns["user_name"], object_id
        )
        raise Taken(
            f"The account {person.user_name!r} is connected with another Microsoft "
            "account than the one of this objectId. Open that person under Settings > "
            "Users of Netpresenter Next to see which one is theirs.",
            opening,
        )
