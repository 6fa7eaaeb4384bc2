"""What a line of a file does to the person whom its user name identifies.

The rules are those of ``local_people``.  Whoever Microsoft Entra ID manages is refused,
unless the line says what is known already; roles and externalIds stay as they are.
Reasons are stored with the lines, so they are in English in every language;
``import_reasons`` of the pages translates them where they are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from netpresenter_next.directory import errors, local_people
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import in_english
from netpresenter_next.storage.choices import LineOutcome
from netpresenter_next.storage.models import USERS, Person
from netpresenter_next.storage.statements import Statement

USER_NAME, ACTIVE = "user_name", "active"
_TRUTHS = {"true": True, "yes": True, "1": True}
_TRUTHS |= {"false": False, "no": False, "0": False}

Fields = Mapping[str, str]
Document = Mapping[str, Any]
# Returns a document with the details of some fields; raises BadValue.
Describe = Callable[[Fields, Document], Document]

_SELECT_BY_NAME = Statement(
    Person, select(USERS).where(USERS.c.user_name_key == bindparam("key"))
)


class BadValue(errors.AccountError):
    """A value of a line is not valid."""


class Plan(NamedTuple):
    """What a line does; ``document`` is what will be known about the person."""

    outcome: LineOutcome
    reason: str | None = None
    attributes: Sequence[str] = ()
    person: Person | None = None
    document: Document | None = None


@in_english()
def plan(
    connection: Connection, fields: Fields, actor: Actor, describe: Describe
) -> Plan:
    """Return what a line would do now, and change nothing."""
    try:
        return _plan(connection, fields, actor, describe)
    except errors.AccountError as error:
        return Plan(LineOutcome.REFUSED, str(error))


@in_english()
def carry_out(
    connection: Connection, fields: Fields, actor: Actor, describe: Describe
) -> Plan:
    """Do what a line does now; if it is refused, it changes nothing."""
    made = plan(connection, fields, actor, describe)
    if made.document is None:
        return made
    try:
        with connection.begin_nested():
            if made.person is None:
                local_people.add(connection, made.document, actor)
            else:
                local_people.replace(connection, made.person, made.document, actor)
    except errors.AccountError as error:
        return Plan(LineOutcome.REFUSED, str(error))
    return made


def _plan(
    connection: Connection, fields: Fields, actor: Actor, describe: Describe
) -> Plan:
    user_name = fields[USER_NAME]
    person = _find(connection, user_name)
    if person is None:
        begun = {"userName": user_name, "active": _read_active(fields, default=True)}
        document = describe(fields, begun)
        local_people.check_addition(connection, document)
        return Plan(LineOutcome.CREATED, document=document)
    active = _read_active(fields, default=person.active)
    document = {**describe(fields, person.document), "active": active}
    changes = find_differences(person.document, document)
    if not changes:
        return Plan(LineOutcome.UNCHANGED)
    local_people.check_replacement(connection, person, document, actor)
    attributes = [str(each["attribute"]) for each in changes]
    return Plan(LineOutcome.CHANGED, None, attributes, person, document)


def find_ids(connection: Connection, user_names: Sequence[str]) -> Mapping[str, str]:
    """Return the ids of those who have one of these user names, by its folded form."""
    columns = USERS.c.user_name_key, USERS.c.id
    keys = {fold(each) for each in user_names}
    found = connection.execute(select(*columns).where(columns[0].in_(keys)))
    return {row.user_name_key: row.id for row in found}


def _find(connection: Connection, user_name: str) -> Person | None:
    return _SELECT_BY_NAME.first(connection, key=fold(user_name))


def _read_active(fields: Fields, *, default: bool) -> bool:
    """Return whether the person is active; an empty cell leaves it as it is."""
    text = fields.get(ACTIVE, "").strip()
    if not text:
        return default
    active = _TRUTHS.get(text.lower())
    if active is None:
        raise BadValue(_("active must be true or false."))
    return active
