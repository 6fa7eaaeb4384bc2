"""The table of one-time links to set a password."""

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of
from netpresenter_next.storage.timestamp_type import Timestamp


class PasswordLink(Base):
    """A one-time link: the address holds a random secret, the row only a digest."""

    __tablename__ = "password_links"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    digest: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    # A form that is sent twice makes one link.
    form_nonce: Mapped[str] = mapped_column(unique=True)
    made_at: Mapped[datetime] = mapped_column(Timestamp, index=True)
    used_at: Mapped[datetime | None] = mapped_column(Timestamp)
    # Since when it cannot be used, for another reason than its age.
    voided_at: Mapped[datetime | None] = mapped_column(Timestamp)


PASSWORD_LINKS = table_of(PasswordLink)
