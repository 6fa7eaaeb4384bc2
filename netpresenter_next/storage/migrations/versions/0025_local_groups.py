"""Local groups, which administrators make and SCIM clients cannot see."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

# Rebuilding the table drops its triggers.
TRIGGERS = (
    "CREATE TRIGGER count_added_group AFTER INSERT ON groups BEGIN "
    "UPDATE totals SET count = count + 1 WHERE name = 'groups' "
    "OR name = 'visible_groups' AND NEW.is_local != 1; END",
    "CREATE TRIGGER count_removed_group AFTER DELETE ON groups BEGIN "
    "UPDATE totals SET count = count - 1 WHERE name = 'groups' "
    "OR name = 'visible_groups' AND OLD.is_local != 1; END",
)


def upgrade() -> None:
    """Add the column, and let a local group have the name of a provisioned one."""
    column = sa.Column(
        "is_local", sa.Boolean(), server_default=sa.false(), nullable=False
    )
    with op.batch_alter_table("groups") as batch:
        batch.add_column(column)
        batch.drop_constraint("uq_groups_display_name_key", type_="unique")
    op.create_index(
        "uq_groups_display_name_key",
        "groups",
        ["display_name_key", "is_local"],
        unique=True,
    )
    op.create_index("ix_groups_kind", "groups", ["is_local", "shown_name_key", "id"])
    op.create_index(
        "ix_groups_visible", "groups", ["id"], sqlite_where=sa.text("is_local != 1")
    )
    run = op.get_bind().exec_driver_sql
    run(
        "INSERT INTO totals (name, count) SELECT 'visible_groups', count(*) FROM groups"
    )
    for trigger in TRIGGERS:
        run(trigger)
