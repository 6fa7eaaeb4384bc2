"""The language in which a person reads the pages."""

from sqlalchemy import Connection

from netpresenter_next.directory import events, person_rows
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.storage.choices import Language
from netpresenter_next.storage.models import Person

# The names that speakers of the languages look for.
NAMES = {Language.ENGLISH: "English", Language.DUTCH: "Nederlands"}
OF_THE_BROWSER = "that of the browser"


def choose(
    connection: Connection, person: Person, language: Language | None, actor: Actor
) -> None:
    """Store the language of a person; None is the one that their browser asks for."""
    if language == person.language:
        return
    person_rows.set_facts(connection, person.id, language=language)
    name = NAMES[language] if language else OF_THE_BROWSER
    target, event = target_of_person(person), Event.LANGUAGE_CHOSEN
    events.record(connection, actor, event, target, language=name)
