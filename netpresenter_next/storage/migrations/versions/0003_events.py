"""The journal has codes and facts in place of words and sentences."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

CODES = {
    "Set password": "password.set",
    "Set role": "role.changed",
    "Kept role": "role.kept",
    "Granted emergency access": "emergency.granted",
    "Withdrew emergency access": "emergency.withdrawn",
    "Handed over": "claimable.set",
    "Took back": "claimable.withdrawn",
    "Signed in": "sign_in.local",
    "Signed in with Microsoft": "sign_in.microsoft",
    "Connected Microsoft": "microsoft.linked",
    "Disconnected Microsoft": "microsoft.unlinked",
    "Refused Microsoft sign-in": "microsoft.sign_in_refused",
    "Conflict of Microsoft accounts": "microsoft.sign_in_refused",
    "Added to group": "members.added",
    "Removed from group": "members.removed",
    "Generated token": "token.issued",
    "Revoked token": "token.revoked",
    "Refused": "scim.refused",
    "Changed settings": "settings.changed",
    "Tested sign-in": "sign_in.tested",
    "Switched Force on": "force.on",
    "Switched Force off": "force.off",
    "Added role mapping": "role_mapping.added",
    "Removed role mapping": "role_mapping.removed",
}
CODES_BY_TYPE = {
    ("Created", "User"): "person.created",
    ("Updated", "User"): "person.changed",
    ("Deleted", "User"): "person.deleted",
    ("Created", "Group"): "group.created",
    ("Updated", "Group"): "group.changed",
    ("Deleted", "Group"): "group.deleted",
}
# One word for what provisioning says, with the changes, and for a block, without.
CODES_BY_CHANGES = {
    ("Disabled", True): "person.disabled",
    ("Enabled", True): "person.enabled",
    ("Disabled", False): "person.blocked",
    ("Enabled", False): "person.unblocked",
}


def upgrade() -> None:
    """Give every entry its code, and keep its sentence as what was said."""
    op.drop_index("ix_journal_refused", "journal")
    op.add_column("journal", sa.Column("facts", sa.JSON(), nullable=True))
    _fill_in()
    with op.batch_alter_table("journal") as batch:
        batch.alter_column("action", new_column_name="event")
        batch.drop_column("detail")
    op.create_index(
        "ix_journal_refused",
        "journal",
        ["event", "at"],
        sqlite_where=sa.text("succeeded = 0"),
        postgresql_where=sa.text("NOT succeeded"),
    )


def _fill_in() -> None:
    connection = op.get_bind()
    action, target, changes = (
        sa.column(name) for name in ("action", "target_type", "changes")
    )
    cases = [(action == word, code) for word, code in CODES.items()]
    cases += [
        (sa.and_(action == word, target == kind), code)
        for (word, kind), code in CODES_BY_TYPE.items()
    ]
    cases += [
        (sa.and_(action == word, changes.is_not(None) == has_changes), code)
        for (word, has_changes), code in CODES_BY_CHANGES.items()
    ]
    is_sqlite = connection.dialect.name == "sqlite"
    as_object = sa.func.json_object if is_sqlite else sa.func.json_build_object
    journal = sa.table("journal", action, sa.column("facts"))
    connection.execute(
        sa.update(journal).values(
            action=sa.case(*cases, else_=action),
            facts=as_object(sa.literal_column("'said'"), sa.column("detail")),
        )
    )
