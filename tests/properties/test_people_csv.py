"""What was exported is imported without a change, whatever people are called."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from factories import ENTRA
from helpers import Instance, close
from netpresenter_next.directory import people, person_lines
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.people_filters import Filter
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.pages.settings import people_csv
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import LineOutcome, Source
from netpresenter_next.web import context
from repetition import times

pytestmark = pytest.mark.repeated
often = settings(max_examples=times(100), derandomize=True, deadline=None)

# What CSV, formulas and lines are made of, and any other text.  SCIM refuses NUL.
ODD = st.text(st.sampled_from("=+-@\t\r\n'\",; aé\u2028\ufeff\uff1d\u200b"), max_size=8)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
TEXTS = st.one_of(ODD, ANY).filter(bool)
KINDS = st.sampled_from(["work", "Work", "mobile", "home"])
ENTRIES = st.lists(st.fixed_dictionaries({"value": TEXTS, "type": KINDS}), max_size=3)
DOCUMENTS = st.fixed_dictionaries(
    {"active": st.booleans()},
    optional={
        "displayName": TEXTS,
        "title": TEXTS,
        "nickName": TEXTS,
        "name": st.fixed_dictionaries(
            {}, optional={"givenName": TEXTS, "familyName": TEXTS}
        ),
        "emails": ENTRIES,
        "phoneNumbers": ENTRIES,
        ENTERPRISE_SCHEMA: st.fixed_dictionaries({}, optional={"department": TEXTS}),
    },
)
NAMES = (f"{odd}{number}" for number in count() for odd in ("=", "'+", "a,b;", "Ö"))


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """An application with the people of all examples so far."""
    app = Instance(tmp_path_factory.mktemp("csv") / "instance").app()
    yield app
    close(app)


@often
@given(
    st.lists(st.tuples(DOCUMENTS, st.sampled_from(Source)), max_size=3), st.booleans()
)
def test_what_was_exported_is_imported_without_a_change(
    app: Flask, made: list[tuple[dict[str, Any], Source]], for_spreadsheets: bool
) -> None:
    local_type = context.of(app).local_type
    describe = people_csv.make_describe(local_type)
    with app.app_context():
        with database.write() as connection:
            names = set()
            for document, source in made:
                full = {"userName": next(NAMES), **document}
                # A local account may have the work e-mail address already.
                with suppress(ValueTaken):
                    person = people.create(connection, full, ENTRA, source=source)
                    names.add(person.user_name)
        text = "".join(people_csv.stream(Filter(), for_spreadsheets=for_spreadsheets))
        lines = people_csv.read_file(text.encode()) if names else ()
        found = [each for each in lines if each.fields["user_name"] in names]
        assert len(found) == len(names)
        with database.read() as connection:
            for line in found:
                assert line.problem is None
                plan = person_lines.plan(
                    connection, line.fields, COMMAND_LINE, describe
                )
                assert plan.outcome is LineOutcome.UNCHANGED, (line, plan)
