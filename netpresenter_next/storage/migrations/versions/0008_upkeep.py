"""What the server does by itself, and backups that were restored."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, with the settings that a new instance has."""
    op.create_table(
        "upkeep_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        _number("provisioning_days", "90"),
        _number("audit_days", "730"),
        sa.Column("backup_folder", sa.String(), server_default="", nullable=False),
        _number("backup_hour", "2"),
        _number("backups_kept", "7"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_upkeep_settings")),
    )
    op.get_bind().exec_driver_sql("INSERT INTO upkeep_settings (id) VALUES (1)")
    op.create_table(
        "upkeep_runs",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=False),
        sa.Column("succeeded", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_upkeep_runs")),
    )
    op.create_table(
        "restorations",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("restored_at", sa.DateTime(), nullable=False),
        sa.Column("backup_made_at", sa.DateTime(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_restorations")),
    )
    op.create_index(op.f("ix_sessions_seen_at"), "sessions", ["seen_at"])


def _number(name: str, default: str) -> sa.Column[int]:
    return sa.Column(
        name, sa.Integer(), server_default=sa.text(default), nullable=False
    )
