"""Names that look alike are found; what is shown of names hides nothing.

Unlike other steps, this one computes what stands in the columns as the program does
today: they are derived, and a test compares them with the documents.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

from netpresenter_next.lib.names import skeleton
from netpresenter_next.lib.text import fold
from netpresenter_next.schema.derivation import display_name

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROWS = 1_000
USERS = sa.table(
    "users",
    sa.column("id"),
    sa.column("document", sa.JSON()),
    sa.column("user_name"),
    sa.column("name_skeleton"),
    sa.column("display_name"),
    sa.column("shown_name_key"),
)
GROUPS = sa.table(
    "groups", sa.column("id"), sa.column("display_name"), sa.column("name_skeleton")
)


def upgrade() -> None:
    """Add the columns, fill them, and keep emergency access for administrators."""
    for table in ("users", "groups"):
        column = sa.Column(
            "name_skeleton", sa.String(), server_default="", nullable=False
        )
        op.add_column(table, column)
    _fill(USERS, _of_person)
    _fill(GROUPS, _of_group)
    op.create_index(
        "ix_users_name_skeleton", "users", ["name_skeleton", "is_provisioned", "role"]
    )
    op.create_index("ix_groups_name_skeleton", "groups", ["name_skeleton"])
    op.get_bind().exec_driver_sql(
        "UPDATE users SET is_emergency = 0 WHERE role = 'user'"
    )


def _of_person(row: Any) -> dict[str, Any]:
    shown = display_name(row.document)
    return {
        "name_skeleton": skeleton(row.user_name),
        "display_name": shown,
        "shown_name_key": fold(shown or row.user_name),
    }


def _of_group(row: Any) -> dict[str, Any]:
    return {"name_skeleton": skeleton(row.display_name)}


def _fill(table: Any, derive: Any) -> None:
    """Walk the rows by id, some at a time: there may be many."""
    connection, last = op.get_bind(), ""
    while True:
        query = sa.select(table).where(table.c.id > last).order_by(table.c.id)
        rows = connection.execute(query.limit(ROWS)).all()
        if not rows:
            return
        last = rows[-1].id
        changed = [{"this": row.id, **derive(row)} for row in rows]
        names = [name for name in changed[0] if name != "this"]
        this = table.c.id == sa.bindparam("this")
        values = {name: sa.bindparam(name) for name in names}
        connection.execute(sa.update(table).where(this).values(values), changed)
