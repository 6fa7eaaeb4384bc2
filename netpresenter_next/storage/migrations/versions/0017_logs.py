"""The answer, the duration and the actor of each log entry, and indexes to filter by.

Each index has the rows of one value in the order of time, and the id among equal times.
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns, and make the indexes anew."""
    for column in (
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("duration_ms", sa.Float(), nullable=True),
        sa.Column("actor_id", sa.String(length=36), nullable=True),
    ):
        op.add_column("journal", column)
    # The answer of refused requests was only among the facts.
    op.execute(
        "UPDATE journal SET status = json_extract(facts, '$.status')"
        " WHERE event = 'scim.refused'"
    )
    op.execute("UPDATE journal SET status = 401 WHERE event = 'token.refused'")
    for name in (
        "ix_journal_log_at",
        "ix_journal_refused",
        op.f("ix_journal_target_id"),
    ):
        op.drop_index(name, "journal")
    for name, columns, condition in (
        ("ix_journal_audit", ["at", "id"], "log = 'audit'"),
        ("ix_journal_provisioning", ["at", "id"], "log = 'provisioning'"),
        ("ix_journal_event", ["event", "log", "at", "id"], None),
        ("ix_journal_target", ["target_id", "at", "id"], "target_id IS NOT NULL"),
        ("ix_journal_actor", ["actor_id", "at", "id"], "actor_id IS NOT NULL"),
        ("ix_journal_failed", ["log", "at", "id"], "succeeded = 0"),
    ):
        where = sa.text(condition) if condition else None
        op.create_index(name, "journal", columns, sqlite_where=where)
