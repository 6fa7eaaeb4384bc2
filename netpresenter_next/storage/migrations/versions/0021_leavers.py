"""Since when people are disabled, indexes of departures, and erasures in progress."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

DEPARTURES = (
    "+event IN ('person.disabled', 'person.blocked', 'person.blocked_again', "
    "'person.deleted')"
)
# People whose log entry was deleted meanwhile count from their last change.
SINCE = (
    "UPDATE users SET disabled_at = coalesce((SELECT max(at) FROM journal WHERE "
    "event = 'person.disabled' AND target_id = users.id), modified_at) "
    "WHERE NOT active"
)


def upgrade() -> None:
    """Add the column and the indexes, and fill the column from the log."""
    op.add_column("users", sa.Column("disabled_at", sa.DateTime(), nullable=True))
    for name, columns, condition in (
        ("ix_journal_departures", ["at", "id"], DEPARTURES),
        ("ix_journal_departure", ["target_id", "at", "id"], DEPARTURES),
    ):
        op.create_index(name, "journal", columns, sqlite_where=sa.text(condition))
    op.get_bind().exec_driver_sql(SINCE)
    op.create_index(
        "ix_users_disabled_at",
        "users",
        ["disabled_at", "id"],
        sqlite_where=sa.text("disabled_at IS NOT NULL"),
    )
    op.create_table(
        "erasures",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("position", sa.String(length=36), nullable=False),
        sa.CheckConstraint(
            "stage IN ('log', 'index_start', 'index', 'rest')",
            name=op.f("ck_erasures_stage"),
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_erasures")),
    )
