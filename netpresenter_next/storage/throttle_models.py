"""The tables of rate limits: wrong local passwords, and unlocked accounts."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class Guess(Base):
    """A password that was tried; the row is deleted when the password is correct."""

    __tablename__ = "guesses"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[float] = mapped_column(Float, index=True)  # seconds since 1970
    # A keyed digest of the user name, which may be a password typed in the wrong field.
    # None after the owner of the account has signed in.
    account: Mapped[str | None]
    network: Mapped[str]
    # The id of a browser in which the owner of the account was signed in before.
    browser: Mapped[str | None]

    __table_args__ = (
        Index("ix_guesses_account", "account", "at"),
        Index("ix_guesses_network", "network", "at"),
    )


class Unlock(Base):
    """An account that was unlocked, so that guesses of others cannot block it."""

    __tablename__ = "unlocks"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    # The digest of the code in the link, which makes a browser a known one.
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    unlocked_at: Mapped[datetime] = mapped_column(Timestamp)


GUESSES = table_of(Guess)
UNLOCKS = table_of(Unlock)
