"""One column for who made an account, one for what gave a role; values are checked.

Later steps that rebuild one of these tables name its checks again: the database does
not tell Alembic of them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

METHODS = "('local', 'microsoft')"
REASONS = (
    "('local_user_name', 'local_work_email', 'local_object_id', 'claim_disagrees', "
    "'shared_object_id', 'link_disagrees', 'link_unbacked', 'disable_refused', "
    "'unconfirmed_administrator', 'name_of_administrator', 'name_of_linked', "
    "'name_of_other_object_id', 'emergency_access', 'owned_by_another', "
    "'other_object_id')"
)


def upgrade() -> None:
    """Fill the new columns from the old ones, and let the database check values."""
    source = sa.Column("source", sa.String(), nullable=True)
    op.add_column("users", source)
    role_source = sa.Column(
        "role_source", sa.String(), server_default="assigned", nullable=False
    )
    op.add_column("users", role_source)
    op.get_bind().exec_driver_sql(
        "UPDATE users SET "
        "source = CASE WHEN NOT is_provisioned THEN 'local' "
        "WHEN is_handed_over THEN 'claimable' ELSE 'provisioned' END, "
        "role_source = CASE WHEN role_is_mapped THEN 'mapped' ELSE 'assigned' END"
    )
    _rebuild_users()
    for table, column, values in (
        ("sessions", "method", METHODS),
        ("conflicts", "reason", REASONS),
        ("blocks", "kind", "('object ID', 'user name')"),
    ):
        with op.batch_alter_table(table) as batch:
            batch.create_check_constraint(
                op.f(f"ck_{table}_{column}"), f"{column} IN {values}"
            )


def _rebuild_users() -> None:
    op.drop_index("ix_users_provisioned", "users")
    op.drop_index("ix_users_name_skeleton", "users")
    with op.batch_alter_table("users") as batch:
        batch.alter_column("source", nullable=False)
        for column in ("is_provisioned", "is_handed_over", "role_is_mapped"):
            batch.drop_column(column)
        for column, values in (
            ("source", "('local', 'claimable', 'provisioned')"),
            ("role", "('administrator', 'user')"),
            ("role_source", "('assigned', 'mapped')"),
            ("last_sign_in_method", METHODS),
        ):
            batch.create_check_constraint(
                op.f(f"ck_users_{column}"), f"{column} IN {values}"
            )
    is_visible = sa.text("source != 'local'")
    op.create_index(
        "ix_users_visible",
        "users",
        ["id"],
        sqlite_where=is_visible,
        postgresql_where=is_visible,
    )
    op.create_index(
        "ix_users_name_skeleton", "users", ["name_skeleton", "source", "role"]
    )
