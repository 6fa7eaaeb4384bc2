"""Alarms are sent by e-mail and webhook, as soon as an administrator wants that."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables, with the settings that a new instance has."""
    op.create_table(
        "alarm_settings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("kinds_off", sa.JSON(), server_default="[]", nullable=False),
        _text("mail_host"),
        _number("mail_port", "587"),
        _text("mail_security", "starttls"),
        _text("mail_user"),
        sa.Column("mail_password", sa.LargeBinary(), nullable=True),
        _text("mail_from"),
        sa.Column("mail_to", sa.JSON(), server_default="[]", nullable=False),
        _text("webhook_url"),
        sa.Column("webhook_secret", sa.LargeBinary(), nullable=True),
        _text("examined_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_settings")),
        _only("alarm_settings", "mail_security", "'starttls', 'tls', 'none'"),
    )
    op.get_bind().exec_driver_sql("INSERT INTO alarm_settings (id) VALUES (1)")
    op.create_table(
        "alarm_messages",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        _number("attempts", "0"),
        sa.Column("next_attempt_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        _text("last_error"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alarm_messages")),
        sa.UniqueConstraint(
            "kind", "day", "channel", name=op.f("uq_alarm_messages_kind")
        ),
        _only("alarm_messages", "channel", "'e-mail', 'webhook'"),
        _only("alarm_messages", "state", "'waiting', 'sent', 'dropped'"),
    )
    op.create_index(
        op.f("ix_alarm_messages_created_at"), "alarm_messages", ["created_at"]
    )
    op.create_index(
        "ix_alarm_messages_waiting",
        "alarm_messages",
        ["channel", "next_attempt_at"],
        sqlite_where=sa.text("state = 'waiting'"),
    )


def _text(name: str, default: str = "") -> sa.Column[str]:
    return sa.Column(name, sa.String(), server_default=default, nullable=False)


def _number(name: str, default: str) -> sa.Column[int]:
    return sa.Column(
        name, sa.Integer(), server_default=sa.text(default), nullable=False
    )


def _only(table: str, column: str, values: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(
        f"{column} IN ({values})", name=op.f(f"ck_{table}_{column}")
    )
