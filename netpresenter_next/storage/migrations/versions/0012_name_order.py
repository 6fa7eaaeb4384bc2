"""People and groups are listed in the order of names without accents.

It computes the keys as the program did when this step was released, in code of its own.
"""

import unicodedata

import sqlalchemy as sa
from alembic import op
from anyascii import anyascii

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

ROWS = 1_000


def upgrade() -> None:
    """Compute the keys, and let an index have the order of a list."""
    op.add_column(
        "groups",
        sa.Column("shown_name_key", sa.String(), server_default="", nullable=False),
    )
    _fill("users", "coalesce(display_name, user_name)")
    _fill("groups", "display_name")
    op.drop_index("ix_users_shown_name_key", "users")
    for table in ("users", "groups"):
        name = f"ix_{table}_shown_name_key"
        op.create_index(name, table, ["shown_name_key", "id"])


def _sort_key(name: str) -> str:
    if name.isascii():
        return f"{name.lower()}  {name}"
    return f"{anyascii(unicodedata.normalize('NFC', name)).lower()}  {name}"


def _fill(name: str, shown_name: str) -> None:
    """Walk the rows by id, some at a time: there may be many."""
    table = sa.table(name, sa.column("id"), sa.column("shown_name_key"))
    this = table.c.id == sa.bindparam("this")
    change = sa.update(table).where(this)
    change = change.values(shown_name_key=sa.bindparam("key"))
    query = sa.select(table.c.id, sa.text(shown_name)).order_by(table.c.id)
    connection, last = op.get_bind(), ""
    while rows := connection.execute(query.where(table.c.id > last).limit(ROWS)).all():
        last = rows[-1].id
        keys = [{"this": row.id, "key": _sort_key(row[1])} for row in rows]
        connection.execute(change, keys)
