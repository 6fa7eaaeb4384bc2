"""Guesses at passwords, unlocked accounts, emergency sign-ins, counted events."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables; give the journal its columns for what is counted."""
    op.create_table(
        "guesses",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("account", sa.String(), nullable=True),
        sa.Column("network", sa.String(), nullable=False),
        sa.Column("browser", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guesses")),
    )
    op.create_index(op.f("ix_guesses_at"), "guesses", ["at"])
    op.create_index("ix_guesses_account", "guesses", ["account", "at"])
    op.create_index("ix_guesses_network", "guesses", ["network", "at"])
    op.create_table(
        "unlocks",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("unlocked_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_unlocks_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_unlocks")),
        sa.UniqueConstraint("digest", name=op.f("uq_unlocks_digest")),
    )
    op.create_table(
        "emergency_sign_ins",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("session_digest", sa.LargeBinary(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_sign_ins")),
    )
    op.create_index(op.f("ix_emergency_sign_ins_at"), "emergency_sign_ins", ["at"])
    op.add_column("journal", sa.Column("counted_as", sa.String(), nullable=True))
    times = sa.Column(
        "times", sa.Integer(), server_default=sa.text("1"), nullable=False
    )
    op.add_column("journal", times)
    op.add_column("journal", sa.Column("last_at", sa.DateTime(), nullable=True))
    is_counted = sa.text("counted_as IS NOT NULL")
    op.create_index(
        "ix_journal_counted_as",
        "journal",
        ["counted_as"],
        unique=True,
        sqlite_where=is_counted,
        postgresql_where=is_counted,
    )
