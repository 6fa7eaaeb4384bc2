"""Imports of people, with their lines."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

STATES = ("checking", "checked", "applying", "done", "discarded")
OUTCOMES = ("created", "changed", "unchanged", "refused")


def upgrade() -> None:
    """Create the two tables."""
    state = sa.Enum(*STATES, name="importstate", native_enum=False, length=None)
    op.create_table(
        "imports",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("state", state, nullable=False),
        sa.Column("file_name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("made_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("lines", sa.Integer(), nullable=False),
        sa.Column("checked_to", sa.Integer(), nullable=False),
        sa.Column("applied_to", sa.Integer(), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            sa.column("state").in_(STATES), name=op.f("ck_imports_state")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imports")),
    )
    _create_lines()


def _create_lines() -> None:
    outcome = sa.Enum(*OUTCOMES, name="lineoutcome", native_enum=False, length=None)
    op.create_table(
        "import_lines",
        sa.Column("import_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=False),
        sa.Column("user_name_key", sa.String(), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("outcome", outcome, nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            sa.column("outcome").in_(OUTCOMES), name=op.f("ck_import_lines_outcome")
        ),
        sa.ForeignKeyConstraint(
            ["import_id"],
            ["imports.id"],
            name=op.f("fk_import_lines_import_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("import_id", "number", name=op.f("pk_import_lines")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_import_lines_outcome", "import_lines", ["import_id", "outcome", "number"]
    )
    op.create_index(
        op.f("ix_import_lines_user_name_key"), "import_lines", ["user_name_key"]
    )
