"""People who are not shown to colleagues, and the settings of the directory."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

SHOWN = "active = 1 AND is_blocked = 0 AND is_emergency = 0 AND is_hidden = 0"


def upgrade() -> None:
    """Add the column, its indexes and the settings; everybody stays shown."""
    for table in ("users", "deleted_people"):
        column = sa.Column(
            "is_hidden", sa.Boolean(), server_default=sa.false(), nullable=False
        )
        op.add_column(table, column)
    for name, columns, condition in (
        ("ix_users_shown", ["shown_name_key", "id"], SHOWN),
        (
            "ix_users_reports",
            ["manager_id", "shown_name_key", "id"],
            f"manager_id IS NOT NULL AND {SHOWN}",
        ),
    ):
        op.create_index(name, "users", columns, sqlite_where=sa.text(condition))
    op.create_table(
        "colleague_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("shown_numbers", sa.String(), server_default="work", nullable=False),
        sa.CheckConstraint(
            "shown_numbers IN ('none', 'work', 'work_and_mobile')",
            name=op.f("ck_colleague_settings_shown_numbers"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_colleague_settings")),
    )
    op.get_bind().exec_driver_sql("INSERT INTO colleague_settings (id) VALUES (1)")
