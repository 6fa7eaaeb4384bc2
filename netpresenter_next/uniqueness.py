"""What no two people may share: user name, externalId, a local account's address."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, or_, select

from netpresenter_next import refusals
from netpresenter_next.models import USERS
from netpresenter_next.sign_in_models import IDENTITIES
from netpresenter_next.texts import fault_in_name

LONGEST_USER_NAME = 320
Person = Row[Any]

# Built once: building costs more than running.
_CLASH = (
    select(USERS)
    .where(
        or_(
            USERS.c.user_name_key == bindparam("user_name_key"),
            USERS.c.external_id == bindparam("external_id"),
            and_(
                USERS.c.work_email_key == bindparam("local_email_key"),
                ~USERS.c.is_provisioned,
            ),
        ),
        USERS.c.id != bindparam("this_id"),
    )
    .limit(1)
)


def check(
    connection: Connection,
    columns: Mapping[str, Any],
    person: Person | None,
    *,
    is_provisioned: bool,
) -> None:
    """Refuse a user name nobody could tell apart, and values that others have.

    Raises BadName and Taken.
    """
    if person is None or person.user_name != columns["user_name"]:
        fault = fault_in_name(columns["user_name"], LONGEST_USER_NAME)
        if fault:
            raise refusals.BadName(f"The userName {fault}.")
    unchanged = person is not None and all(
        getattr(person, name) == columns[name]
        for name in ("user_name_key", "external_id", "work_email_key")
    )
    if unchanged:
        return
    if person is not None and person.is_handed_over:
        _refuse_another_account(connection, columns, person)
    other = connection.execute(
        _CLASH,
        {
            "user_name_key": columns["user_name_key"],
            "external_id": columns["external_id"],
            # Two people may share an address; a local account's is its own.
            "local_email_key": columns["work_email_key"] if is_provisioned else None,
            "this_id": "" if person is None else person.id,
        },
    ).first()
    if other is not None:
        raise _taken(columns, other, is_provisioned=is_provisioned)


def _taken(
    columns: Mapping[str, Any], other: Person, *, is_provisioned: bool
) -> refusals.Taken:
    """Word the refusal: another provisioned person, or a local account."""
    if not is_provisioned:
        return refusals.Taken(
            f"Another account has the user name {columns['user_name']!r}.", "userName"
        )
    if not other.is_provisioned:
        same_name = other.user_name_key == columns["user_name_key"]
        attribute = "userName" if same_name else "emails"
        value = "user name" if same_name else "work e-mail address"
        return refusals.Taken(
            f"A local account of Netpresenter Next has this {value}, so provisioning "
            "leaves it alone. Give one of the two another, or take this person out of "
            "the assignment.",
            attribute,
        )
    if other.user_name_key == columns["user_name_key"]:
        return refusals.Taken(
            f"Another person has the userName {columns['user_name']!r} "
            f"(externalId {other.external_id!r}).",
            "userName",
        )
    return refusals.Taken(
        f"Another person ({other.user_name!r}) has the externalId "
        f"{columns['external_id']!r}. Map objectId to externalId in the attribute "
        "mapping: it is the value that no two people share.",
        "externalId",
    )


def _refuse_another_account(
    connection: Connection, columns: Mapping[str, Any], person: Person
) -> None:
    """Refuse to find, in who connected themselves, somebody else of the same name."""
    connected = select(IDENTITIES.c.object_id).where(IDENTITIES.c.user_id == person.id)
    if columns["object_id"] not in (None, connection.scalar(connected)):
        raise refusals.Taken(
            f"The account {person.user_name!r} is connected with another Microsoft "
            "account than the one of this objectId. An administrator of Netpresenter "
            "Next can open that person and press Forget the Microsoft identity.",
            "externalId",
        )
