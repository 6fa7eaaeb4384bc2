"""The tables of alarms: their settings, and the messages that are sent."""

from datetime import date, datetime

from sqlalchemy import JSON, Index, LargeBinary, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.choices import (
    Channel,
    Language,
    MailSecurity,
    MessageState,
    WebhookFormat,
    one_of,
    only,
)
from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class AlarmSettings(Base):
    """One row: which alarms are sent, and the mail server and webhook to use."""

    __tablename__ = "alarm_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(server_default=false())
    # The kinds that are not sent, so that kinds of later versions are sent, unless
    # their migration adds them here.
    kinds_off: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    # The language of the messages.
    language: Mapped[Language] = mapped_column(
        one_of(Language), server_default=Language.ENGLISH
    )
    # Empty if alarms are not sent by e-mail.
    mail_host: Mapped[str] = mapped_column(server_default="")
    mail_port: Mapped[int] = mapped_column(server_default=text("587"))
    mail_security: Mapped[MailSecurity] = mapped_column(
        one_of(MailSecurity), server_default=MailSecurity.STARTTLS
    )
    mail_user: Mapped[str] = mapped_column(server_default="")
    # Encrypted with a key outside the database, as is the secret of the webhook.
    mail_password: Mapped[bytes | None] = mapped_column(LargeBinary)
    mail_from: Mapped[str] = mapped_column(server_default="")
    mail_to: Mapped[list[str]] = mapped_column(JSON, server_default="[]")
    # Empty if alarms are not sent by webhook.
    webhook_url: Mapped[str] = mapped_column(server_default="")
    webhook_format: Mapped[WebhookFormat] = mapped_column(
        one_of(WebhookFormat), server_default=WebhookFormat.SIGNED_JSON
    )
    webhook_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    # The id of the last entry of the event log that was examined.
    examined_id: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        only("mail_security", MailSecurity),
        only("language", Language),
        only("webhook_format", WebhookFormat),
    )


class AlarmMessage(Base):
    """A message about an alarm: one for each kind, day (in UTC) and channel."""

    __tablename__ = "alarm_messages"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    kind: Mapped[str]  # a value of directory.alarm_kinds.AlarmKind
    day: Mapped[date]
    channel: Mapped[Channel] = mapped_column(one_of(Channel))
    subject: Mapped[str]
    # The text of an e-mail, or the JSON of a webhook.
    body: Mapped[str]
    state: Mapped[MessageState] = mapped_column(one_of(MessageState))
    created_at: Mapped[datetime] = mapped_column(Timestamp, index=True)
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    next_attempt_at: Mapped[datetime] = mapped_column(Timestamp)
    ended_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # Why the last attempt failed, as delivery.problem_texts writes it.
    last_error: Mapped[str] = mapped_column(server_default="")

    __table_args__ = (
        UniqueConstraint("kind", "day", "channel"),
        only("channel", Channel),
        only("state", MessageState),
        Index(
            "ix_alarm_messages_waiting",
            *("channel", "next_attempt_at"),
            sqlite_where=text("state = 'waiting'"),
        ),
    )


ALARM_SETTINGS = table_of(AlarmSettings)
ALARM_MESSAGES = table_of(AlarmMessage)
