"""The directory of colleagues: its settings, and the indexes from which it is read."""

from sqlalchemy import Index, and_, text, true
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.choices import ShownNumbers, one_of, only
from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import USERS, table_of


class ColleagueSettings(Base):
    """One row: whether people see their colleagues, and which numbers of them."""

    __tablename__ = "colleague_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    is_on: Mapped[bool] = mapped_column(server_default=true())
    shown_numbers: Mapped[ShownNumbers] = mapped_column(
        one_of(ShownNumbers), server_default=ShownNumbers.WORK
    )

    __table_args__ = (only("shown_numbers", ShownNumbers),)


COLLEAGUE_SETTINGS = table_of(ColleagueSettings)

# The condition for people whom their colleagues see.  ``directory.colleagues`` decides
# the same about one person.  It is spelled like the condition of the indexes below;
# otherwise the database would not use them.
IS_SHOWN = and_(
    USERS.c.active,
    ~USERS.c.is_blocked,
    ~USERS.c.is_emergency,
    ~USERS.c.is_hidden,
)
_SHOWN = "active = 1 AND is_blocked = 0 AND is_emergency = 0 AND is_hidden = 0"

# Colleagues by name, and those who have the same manager.
Index("ix_users_shown", USERS.c.shown_name_key, USERS.c.id, sqlite_where=text(_SHOWN))
Index(
    "ix_users_reports",
    USERS.c.manager_id,
    USERS.c.shown_name_key,
    USERS.c.id,
    sqlite_where=text(f"manager_id IS NOT NULL AND {_SHOWN}"),
)
