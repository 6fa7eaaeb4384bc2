"""Repairs of databases that were created while a migration step was in development."""

import json

from sqlalchemy import select

from invariants import check_schema
from netpresenter_next.directory.events import Event
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage import database
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


def test_old_refusals_keep_their_sentence(upgraded):
    rows = [(n, each[0], json.dumps(each[1])) for n, each in enumerate(REFUSALS)]
    app = upgraded("0004", ADD_REFUSAL, rows)
    with app.app_context(), database.read() as connection:
        kept = connection.execute(select(JOURNAL).order_by(JOURNAL.c.id)).all()
        assert {each.event for each in kept} == {Event.MICROSOFT_SIGN_IN_REFUSED}
        assert [describe(each) for each in kept] == [each[-1] for each in REFUSALS]


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


def test_emergency_sign_ins_get_the_id_of_their_person(upgraded):
    app = upgraded("0006", EMERGENCIES)
    with app.app_context(), database.read() as connection:
        query = "SELECT user_id FROM emergency_sign_ins ORDER BY id"
        found = connection.exec_driver_sql(query).scalars().all()
        assert found == ["a", "g", ""]
        check_schema(connection)


def test_a_missing_index_is_created(upgraded):
    app = upgraded("0008", "DROP INDEX ix_sessions_seen_at")
    with app.app_context(), database.read() as connection:
        check_schema(connection)
