"""The numbers of people and groups are kept by triggers.

Later steps that rebuild one of these tables create its triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TRIGGERS = (
    "CREATE TRIGGER count_added_user AFTER INSERT ON users BEGIN "
    "UPDATE totals SET count = count + 1 WHERE name = 'users' "
    "OR name = 'visible_users' AND NEW.source != 'local'; END",
    "CREATE TRIGGER count_removed_user AFTER DELETE ON users BEGIN "
    "UPDATE totals SET count = count - 1 WHERE name = 'users' "
    "OR name = 'visible_users' AND OLD.source != 'local'; END",
    "CREATE TRIGGER count_changed_user AFTER UPDATE OF source ON users "
    "WHEN (OLD.source = 'local') != (NEW.source = 'local') BEGIN "
    "UPDATE totals SET count = count + (NEW.source != 'local') "
    "- (OLD.source != 'local') WHERE name = 'visible_users'; END",
    "CREATE TRIGGER count_added_group AFTER INSERT ON groups BEGIN "
    "UPDATE totals SET count = count + 1 WHERE name = 'groups'; END",
    "CREATE TRIGGER count_removed_group AFTER DELETE ON groups BEGIN "
    "UPDATE totals SET count = count - 1 WHERE name = 'groups'; END",
)


def upgrade() -> None:
    """Count what there is, and keep the numbers from then on."""
    op.create_table(
        "totals",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_totals")),
        sqlite_with_rowid=False,
    )
    run = op.get_bind().exec_driver_sql
    run(
        "INSERT INTO totals (name, count) "
        "SELECT 'users', count(*) FROM users UNION ALL "
        "SELECT 'visible_users', count(*) FROM users WHERE source != 'local' UNION ALL "
        "SELECT 'groups', count(*) FROM groups"
    )
    for trigger in TRIGGERS:
        run(trigger)
