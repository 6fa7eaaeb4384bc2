"""Who is who: conflicts, blocks that outlive accounts, confirmed object IDs.

The externalId is not unique any more (RFC 7643, 3.1).
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns; fill in what follows from what is there."""
    _make_tables()
    with op.batch_alter_table("users") as batch:
        batch.drop_constraint(op.f("uq_users_external_id"), type_="unique")
        batch.create_index(op.f("ix_users_external_id"), ["external_id"])
        batch.drop_index(op.f("ix_users_object_id"))
        batch.create_index("ix_users_object_id", ["object_id", "id"])
        unseen = sa.Column(
            "is_role_unseen", sa.Boolean(), server_default=sa.false(), nullable=False
        )
        batch.add_column(unseen)
        batch.add_column(
            sa.Column("confirmed_object_id", sa.String(length=36), nullable=True)
        )
        batch.add_column(
            sa.Column("former_object_id", sa.String(length=36), nullable=True)
        )
    op.create_index(
        "ix_users_role_unseen",
        "users",
        ["is_role_unseen"],
        sqlite_where=sa.text("is_role_unseen = 1"),
        postgresql_where=sa.text("is_role_unseen"),
    )
    _fill_in()


def _make_tables() -> None:
    op.create_table(
        "conflicts",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("claimant", sa.String(), nullable=False),
        sa.Column("claimant_object_id", sa.String(length=36), nullable=True),
        sa.Column("opened_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_conflicts_user_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conflicts")),
        sa.UniqueConstraint(
            "user_id", "reason", "value", name=op.f("uq_conflicts_user_id")
        ),
    )
    op.create_index("ix_conflicts_reason", "conflicts", ["reason", "opened_at"])
    op.create_index(
        op.f("ix_conflicts_claimant_object_id"), "conflicts", ["claimant_object_id"]
    )
    op.create_table(
        "blocks",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("blocked_at", sa.DateTime(), nullable=False),
        sa.Column("blocked_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "kind", "value", name=op.f("pk_blocks")),
    )
    op.create_index("ix_blocks_value", "blocks", ["value", "kind"])
    op.create_table(
        "deleted_people",
        sa.Column("user_id", sa.String(length=36), nullable=False),
        sa.Column("user_name", sa.String(), nullable=True),
        sa.Column("user_name_key", sa.String(), nullable=True),
        sa.Column("object_id", sa.String(length=36), nullable=True),
        sa.Column("linked_object_id", sa.String(length=36), nullable=True),
        sa.Column("deleted_at", sa.DateTime(), nullable=False),
        sa.Column("deleted_by", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_deleted_people")),
    )
    for column in ("user_name_key", "object_id", "linked_object_id", "deleted_at"):
        op.create_index(op.f(f"ix_deleted_people_{column}"), "deleted_people", [column])
    op.create_index(
        "ix_deleted_people_named",
        "deleted_people",
        ["deleted_at"],
        sqlite_where=sa.text("user_name IS NOT NULL"),
        postgresql_where=sa.text("user_name IS NOT NULL"),
    )
    op.create_index(
        "ix_journal_reference",
        "journal",
        ["request_id"],
        sqlite_where=sa.text("succeeded = 0"),
        postgresql_where=sa.text("NOT succeeded"),
    )


def _fill_in() -> None:
    """Administrators who sign in today go on; blocks become those of identities."""
    run = op.get_bind().exec_driver_sql
    run("UPDATE users SET role_is_mapped = 0 WHERE role = 'user'")
    # Whom a group took in, provisioning manages from now on.
    run(
        "UPDATE users SET is_handed_over = 0 WHERE is_handed_over = 1 "
        "AND id IN (SELECT user_id FROM memberships)"
    )
    # Whoever administers today and agrees with provisioning was let in knowingly.
    run(
        "UPDATE users SET confirmed_object_id = (SELECT object_id FROM identities "
        "WHERE identities.user_id = users.id) WHERE role = 'administrator' AND EXISTS "
        "(SELECT 1 FROM identities WHERE identities.user_id = users.id AND "
        "coalesce(users.object_id, identities.object_id) = identities.object_id)"
    )
    run(
        "INSERT INTO blocks (user_id, kind, value, blocked_at, blocked_by) "
        "SELECT id, 'object ID', object_id, CURRENT_TIMESTAMP, 'an administrator' "
        "FROM users WHERE is_blocked = 1 AND object_id IS NOT NULL "
        "AND object_id NOT IN (SELECT object_id FROM identities "
        "WHERE identities.user_id <> users.id)"
    )
    run(
        "INSERT INTO blocks (user_id, kind, value, blocked_at, blocked_by) "
        "SELECT users.id, 'object ID', identities.object_id, CURRENT_TIMESTAMP, "
        "'an administrator' FROM users "
        "JOIN identities ON identities.user_id = users.id WHERE is_blocked = 1 "
        "AND coalesce(users.object_id, '') <> identities.object_id"
    )
    run(
        "INSERT INTO blocks (user_id, kind, value, blocked_at, blocked_by) "
        "SELECT id, 'user name', user_name_key, CURRENT_TIMESTAMP, 'an administrator' "
        "FROM users WHERE is_blocked = 1 "
        "AND id NOT IN (SELECT user_id FROM blocks)"
    )
    # Nobody stays signed in as whom provisioning says they are not.
    run(
        "DELETE FROM sessions WHERE user_id IN (SELECT users.id FROM users "
        "JOIN identities ON identities.user_id = users.id "
        "WHERE users.is_provisioned = 1 AND users.object_id <> identities.object_id)"
    )
    _open_conflicts()


def _open_conflicts() -> None:
    """Write down the conflicts that there are; the journal told of them before."""
    run = op.get_bind().exec_driver_sql
    run(
        "INSERT INTO conflicts (id, user_id, reason, value, claimant, "
        "claimant_object_id, opened_at, seen_at) "
        "SELECT lower(hex(randomblob(16))), users.id, 'link_disagrees', "
        "users.object_id, '', users.object_id, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP "
        "FROM users JOIN identities ON identities.user_id = users.id "
        "WHERE users.is_provisioned = 1 AND users.object_id <> identities.object_id"
    )
    run(
        "INSERT INTO conflicts (id, user_id, reason, value, claimant, "
        "claimant_object_id, opened_at, seen_at) "
        "SELECT lower(hex(randomblob(16))), id, 'shared_object_id', object_id, '', "
        "object_id, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP FROM users "
        "WHERE is_provisioned = 1 AND (object_id IN (SELECT object_id FROM users "
        "WHERE is_provisioned = 1 GROUP BY object_id HAVING count(*) > 1) "
        "OR object_id IN (SELECT object_id FROM identities "
        "WHERE identities.user_id <> users.id))"
    )
