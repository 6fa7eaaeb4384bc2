"""Columns with a closed list of values: old values are migrated, others refused."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from netpresenter_next.directory import conflict_conditions
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.choices import CONFLICT_REASONS

OLD_PEOPLE = [
    # name, is_provisioned, is_handed_over, role_is_mapped, role; source, role_source
    ("claimable", 1, 1, 0, "user", "claimable", "assigned"),
    ("local", 0, 0, 0, "user", "local", "assigned"),
    ("local administrator", 0, 0, 0, "administrator", "local", "assigned"),
    ("mapped", 1, 0, 1, "administrator", "provisioned", "mapped"),
    ("never provisioned", 0, 1, 0, "user", "local", "assigned"),
    ("provisioned", 1, 0, 0, "user", "provisioned", "assigned"),
]
ADD_OLD_PERSON = """
INSERT INTO users (id, document, version, created_at, modified_at, user_name,
  user_name_key, shown_name_key, active, is_provisioned, is_handed_over,
  role_is_mapped, role)
VALUES (?1, '{"active": true}', 1, '2026-01-01', '2026-01-01', ?1, ?1, ?1, 1, ?2, ?3,
  ?4, ?5)
"""


def test_three_old_columns_are_migrated_to_two(upgraded):
    app = upgraded("0008", ADD_OLD_PERSON, [each[:5] for each in OLD_PEOPLE])
    with app.app_context(), database.read() as connection:
        query = "SELECT id, source, role_source FROM users ORDER BY id"
        wanted = [(each[0], *each[5:]) for each in OLD_PEOPLE]
        assert connection.exec_driver_sql(query).all() == wanted


CHECKED = {
    "users": {
        "source": "local",
        "role": "user",
        "role_source": "assigned",
        "last_sign_in_method": "local",
        "language": "nl",
    },
    "sessions": {"method": "local"},
    "conflicts": {"reason": "unconfirmed_administrator"},
    "blocks": {"kind": "object ID"},
    "colleague_settings": {"shown_numbers": "work"},
    "alarm_settings": {
        "mail_security": "starttls",
        "language": "nl",
        "webhook_format": "teams",
    },
    "alarm_messages": {"channel": "e-mail", "state": "waiting"},
}


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table, good in CHECKED.items() for column in good],
)
def test_the_database_refuses_a_value_that_is_not_on_the_list(upgraded, table, column):
    app = upgraded(instances.STEPS[-1], "")
    columns = [each.name for each in database.Base.metadata.tables[table].columns]
    row = dict.fromkeys(columns, "1") | CHECKED[table] | {column: "misspelt"}
    names, values = ", ".join(row), ", :".join(row)
    add = text(f"INSERT INTO {table} ({names}) VALUES (:{values})")
    refused = pytest.raises(IntegrityError, match=f"ck_{table}_{column}")
    with app.app_context(), refused, database.write() as connection:
        connection.execute(add, row)


def test_every_conflict_reason_has_a_rule_and_no_other_reason_has():
    assert set(conflict_conditions.STILL_HOLDS) == set(CONFLICT_REASONS)
