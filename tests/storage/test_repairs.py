"""What databases lack that were made between two commits of the same step."""

import json
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import select

from helpers import Instance
from invariants import check_schema
from netpresenter_next.directory.events import Event
from netpresenter_next.pages.event_sentences import sentence
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.event_models import JOURNAL

REFUSALS = [
    ("microsoft.conflict", {"reason": "Two have it.", "kind": None}, "Two have it."),
    (
        "microsoft.sign_in_refused",
        {"reason": "ada is disabled.", "kind": "not_let_in"},
        "Not let in: ada is disabled.",
    ),
    ("microsoft.conflict", {"said": "It was so."}, "It was so."),
]
ADD_REFUSAL = """
INSERT INTO journal (id, at, log, event, succeeded, actor_kind, actor_name, facts)
VALUES (?, '2026-01-01', 'audit', ?, 0, 'person', 'ada', ?)
"""


@pytest.fixture
def bring_up_to_date(tmp_path, monkeypatch):
    """Bring rows of an older version up to date; the application on them."""
    instance = Instance(tmp_path / "instance")

    def bring(version, rows, parameters=((),)):
        steps = instances.STEPS[: instances.STEPS.index(version) + 1]
        with monkeypatch.context() as old:
            old.setattr(instances, "STEPS", steps)
            instance.prepare()
        with closing(sqlite3.connect(instance.folder / "netpresenter.db")) as file:
            for statement in filter(str.strip, rows.split(";")):
                file.executemany(statement, parameters)
            file.commit()
        return instance.app()

    return bring


def test_refusals_keep_the_sentence_that_they_had_in_another_form(bring_up_to_date):
    rows = [(n, each[0], json.dumps(each[1])) for n, each in enumerate(REFUSALS)]
    app = bring_up_to_date("0004", ADD_REFUSAL, rows)
    with app.app_context(), database.read() as connection:
        kept = connection.execute(select(JOURNAL).order_by(JOURNAL.c.id)).all()
        assert {each.event for each in kept} == {Event.MICROSOFT_SIGN_IN_REFUSED}
        assert [sentence(each) for each in kept] == [each[-1] for each in REFUSALS]


EMERGENCIES = """
INSERT INTO users (id, document, version, created_at, modified_at, user_name,
  user_name_key, shown_name_key, active, is_provisioned)
VALUES ('a', '{"active": true}', 1, '2026-01-01', '2026-01-01', 'ada', 'ada', 'ada', 1,
  0);
INSERT INTO deleted_people (user_id, user_name, user_name_key, deleted_at, deleted_by)
VALUES ('g', 'grace', 'grace', '2026-01-01', 'SCIM');
ALTER TABLE emergency_sign_ins DROP COLUMN user_id;
INSERT INTO emergency_sign_ins (id, user_name, at, address, session_digest)
VALUES ('1', 'ada', '2026-01-01', '', ''), ('2', 'grace', '2026-01-01', '', ''),
  ('3', 'linus', '2026-01-01', '', '');
"""


def test_it_is_said_whose_sign_ins_with_emergency_access_were(bring_up_to_date):
    app = bring_up_to_date("0006", EMERGENCIES)
    with app.app_context(), database.read() as connection:
        query = "SELECT user_id FROM emergency_sign_ins ORDER BY id"
        found = connection.exec_driver_sql(query).scalars().all()
        assert found == ["a", "g", ""]
        check_schema(connection)


def test_an_index_that_is_missing_is_made(bring_up_to_date):
    app = bring_up_to_date("0008", "DROP INDEX ix_sessions_seen_at")
    with app.app_context(), database.read() as connection:
        check_schema(connection)
