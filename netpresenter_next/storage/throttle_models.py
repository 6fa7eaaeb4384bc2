"""The tables of the throttle: guesses at local passwords, and accounts set free."""

from datetime import datetime

from sqlalchemy import Float, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import Moment, table_of


class Guess(Base):
    """A password that was tried; whoever turns out to know it leaves none."""

    __tablename__ = "guesses"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    at: Mapped[float] = mapped_column(Float, index=True)  # seconds since 1970
    # Stands for the user name, which may be a password that was typed in the wrong box.
    # None where the owner of the account got in since.
    account: Mapped[str | None]
    network: Mapped[str]
    # The mark of a browser in which the owner of the account was signed in before.
    browser: Mapped[str | None]

    __table_args__ = (
        Index("ix_guesses_account", "account", "at"),
        Index("ix_guesses_network", "network", "at"),
    )


class Unlock(Base):
    """An account whose owner must get in, whoever guesses at it meanwhile."""

    __tablename__ = "unlocks"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    # Of the code on the console that makes a browser a known one.
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    unlocked_at: Mapped[datetime] = mapped_column(Moment)


GUESSES = table_of(Guess)
UNLOCKS = table_of(Unlock)
