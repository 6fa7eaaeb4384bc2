"""What must hold of every row, whatever a test did."""

from sqlalchemy import select

from netpresenter_next.models import GROUPS, SESSIONS, USERS
from netpresenter_next.scim import schema


def check_invariants(connection):
    """Columns say what documents say; whoever is not in has no session."""
    for table, derive in (
        (USERS, schema.user_columns),
        (GROUPS, schema.group_columns),
    ):
        for row in connection.execute(select(table)).mappings():
            derived = derive(row["document"])
            assert {name: row[name] for name in derived} == derived
    outside = select(SESSIONS.c.user_id).join(USERS, USERS.c.id == SESSIONS.c.user_id)
    outside = outside.where(~USERS.c.active | USERS.c.is_blocked)
    assert connection.execute(outside).all() == []
