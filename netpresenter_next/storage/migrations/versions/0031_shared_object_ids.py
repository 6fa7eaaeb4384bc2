"""A conflict for everybody who shares an object ID: older accounts had none."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None

OPEN_MISSING = (
    "INSERT INTO conflicts (id, user_id, reason, value, claimant, "
    "claimant_object_id, sent, opened_at, seen_at) "
    "SELECT lower(hex(randomblob(16))), id, 'shared_object_id', object_id, '', "
    "object_id, '[]', CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM users "
    "WHERE source != 'local' AND (object_id IN (SELECT object_id FROM users "
    "WHERE source != 'local' GROUP BY object_id HAVING count(*) > 1) "
    "OR object_id IN (SELECT object_id FROM identities "
    "WHERE identities.user_id <> users.id)) "
    "AND NOT EXISTS (SELECT 1 FROM conflicts WHERE user_id = users.id "
    "AND reason = 'shared_object_id' AND value = users.object_id)"
)


def upgrade() -> None:
    """Open the missing conflicts."""
    op.get_bind().exec_driver_sql(OPEN_MISSING)
