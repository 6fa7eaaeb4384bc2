"""The settings of the directory of colleagues, and hiding a person from it."""

from sqlalchemy import Connection, select, update

from netpresenter_next.directory import events, person_rows
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor, Event, Target, target_of_person
from netpresenter_next.storage.choices import ShownNumbers
from netpresenter_next.storage.colleague_models import (
    COLLEAGUE_SETTINGS,
    ColleagueSettings,
)
from netpresenter_next.storage.models import Person
from netpresenter_next.storage.rows import one

TARGET = Target("Settings", None, "People directory")
# The settings, as events name them.
PART = "colleagues"


def read(connection: Connection) -> ColleagueSettings:
    """Return the only row of the settings."""
    return one(ColleagueSettings, connection.execute(select(COLLEAGUE_SETTINGS)))


def change(
    connection: Connection, actor: Actor, *, is_on: bool, shown_numbers: ShownNumbers
) -> None:
    """Change the settings, and record an event if that changes anything."""
    row = read(connection)
    old = {"is_on": row.is_on, "shown_numbers": row.shown_numbers}
    values = {"is_on": is_on, "shown_numbers": shown_numbers}
    if changes := find_differences(old, values):
        connection.execute(update(COLLEAGUE_SETTINGS).values(values))
        event = Event.SETTINGS_CHANGED
        events.record(connection, actor, event, TARGET, changes, part=PART)


def set_mobile_hidden(
    connection: Connection, person: Person, actor: Actor, *, hidden: bool
) -> None:
    """Hide the mobile number of a person from colleagues, or show it again."""
    if hidden == person.hides_mobile:
        return
    person_rows.set_facts(connection, person.id, hides_mobile=hidden)
    event = Event.MOBILE_HIDDEN if hidden else Event.MOBILE_SHOWN
    events.record(connection, actor, event, target_of_person(person))


def set_hidden(
    connection: Connection, person: Person, actor: Actor, *, hidden: bool
) -> None:
    """Hide a person from colleagues, or show them again."""
    if hidden == person.is_hidden:
        return
    person_rows.set_facts(connection, person.id, is_hidden=hidden)
    event = Event.PERSON_HIDDEN if hidden else Event.PERSON_SHOWN
    events.record(connection, actor, event, target_of_person(person))
