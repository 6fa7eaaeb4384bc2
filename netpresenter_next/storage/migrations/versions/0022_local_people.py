"""One-time links to set a password, and indexes for filtered lists of people."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

NEW_COLUMNS = ("is_guest", "is_connected", "was_sent")
FILL = (
    "UPDATE users SET is_guest = 1 WHERE instr(user_name_key, '#ext#') > 0 "
    "OR lower(json_extract(document, '$.userType')) = 'guest'",
    "UPDATE users SET is_connected = 1 WHERE id IN (SELECT user_id FROM identities)",
    # Not those whom a sign-in created, or an administrator linked, since when
    # provisioning has not changed them.
    "UPDATE users SET was_sent = 1 WHERE source = 'provisioned' "
    "AND awaited_claimant IS NULL AND NOT (version = 1 AND EXISTS (SELECT 1 FROM "
    "journal WHERE target_id = users.id AND event = 'person.created' "
    "AND log = 'audit'))",
)
KIND = ("source", "active", "is_blocked", "shown_name_key", "id")
MARKED = {
    "ix_users_listed_administrators": "role = 'administrator'",
    "ix_users_guests": "is_guest = 1",
    "ix_users_never_microsoft": "source != 'local' AND is_connected = 0",
    "ix_users_without_method": (
        "password_hash IS NULL AND object_id IS NULL AND is_connected = 0"
    ),
    "ix_users_without_object_id": "source = 'provisioned' AND object_id IS NULL",
    "ix_users_unsent": "source != 'local' AND was_sent = 0",
}
# So that SQLite prefers these indexes to ix_users_kind.
NULL_COLUMNS = {
    "ix_users_without_method": ["password_hash", "object_id"],
    "ix_users_without_object_id": ["object_id"],
}


def upgrade() -> None:
    """Add the table of the links, and the columns and indexes of the lists."""
    for each in NEW_COLUMNS:
        op.add_column(
            "users",
            sa.Column(each, sa.Boolean(), server_default=sa.false(), nullable=False),
        )
    for statement in FILL:
        op.get_bind().exec_driver_sql(statement)
    op.drop_index("ix_users_without_object_id", "users")
    for name, condition in MARKED.items():
        columns = [*KIND, *NULL_COLUMNS.get(name, ())]
        op.create_index(name, "users", columns, sqlite_where=sa.text(condition))
    op.create_index("ix_users_last_sign_in_at", "users", ["last_sign_in_at", "id"])
    op.create_index("ix_conflicts_person", "conflicts", ["reason", "user_id"])
    _make_links()


def _make_links() -> None:
    op.create_table(
        "password_links",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("digest", sa.LargeBinary(length=32), nullable=False),
        sa.Column("form_nonce", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("voided_at", sa.DateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["users.id"],
            name=op.f("fk_password_links_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_links")),
        sa.UniqueConstraint("digest", name=op.f("uq_password_links_digest")),
        sa.UniqueConstraint("form_nonce", name=op.f("uq_password_links_form_nonce")),
    )
    op.create_index("ix_password_links_user_id", "password_links", ["user_id"])
    op.create_index("ix_password_links_made_at", "password_links", ["made_at"])
