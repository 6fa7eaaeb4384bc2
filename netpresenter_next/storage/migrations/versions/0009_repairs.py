"""What databases lack that were made between two commits of the same step.

Steps 0003 to 0008 were changed after they had been run here and there.  On a database
that has everything, this step changes nothing.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFUSED = "microsoft.sign_in_refused"
JOURNAL = sa.table(
    "journal", sa.column("id"), sa.column("event"), sa.column("facts", sa.JSON())
)


def upgrade() -> None:
    """Add what is missing."""
    _word_old_refusals()
    columns = sa.inspect(op.get_bind()).get_columns("emergency_sign_ins")
    if "user_id" not in {each["name"] for each in columns}:
        _add_user_id()
    op.create_index(
        op.f("ix_sessions_seen_at"), "sessions", ["seen_at"], if_not_exists=True
    )


def _word_old_refusals() -> None:
    """Keep, as what was said, the sentence of refusals that have other facts today."""
    connection = op.get_bind()
    this = JOURNAL.c.id == sa.bindparam("this")
    change = sa.update(JOURNAL).where(this)
    change = change.values(event=REFUSED, facts=sa.bindparam("new", type_=sa.JSON()))
    query = sa.select(JOURNAL).where(
        JOURNAL.c.event.in_(["microsoft.conflict", REFUSED])
    )
    changed = [
        {"this": row.id, "new": _said(row.facts)}
        for row in connection.execute(query)
        if row.event != REFUSED or "kind" in (row.facts or {})
    ]
    if changed:
        connection.execute(change, changed)


def _said(facts: dict[str, str | None]) -> dict[str, str | None]:
    if "said" in facts:
        return facts
    kind, reason = facts["kind"], facts["reason"]
    words = f"{kind.replace('_', ' ').capitalize()}: {reason}" if kind else reason
    return {"said": words}


def _add_user_id() -> None:
    """Say whose sign-ins with emergency access were, as far as that is known."""
    user_id = sa.Column("user_id", sa.String(length=36), nullable=True)
    op.add_column("emergency_sign_ins", user_id)
    op.get_bind().exec_driver_sql(
        "UPDATE emergency_sign_ins SET user_id = coalesce("
        "(SELECT id FROM users WHERE users.user_name = emergency_sign_ins.user_name), "
        "(SELECT max(user_id) FROM deleted_people "
        "WHERE deleted_people.user_name = emergency_sign_ins.user_name), '')"
    )
    with op.batch_alter_table("emergency_sign_ins") as batch:
        batch.alter_column("user_id", nullable=False)
