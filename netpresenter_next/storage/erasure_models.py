"""The table of erasures that are in progress."""

from enum import StrEnum

from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from netpresenter_next.storage.choices import one_of, only
from netpresenter_next.storage.database import Base
from netpresenter_next.storage.models import table_of


class Stage(StrEnum):
    """What is done next to erase a person, in this order."""

    LOG = "log"
    INDEX_START = "index_start"
    INDEX = "index"
    REST = "rest"


class Erasure(Base):
    """A person who is being erased; the row is deleted when nothing is left."""

    __tablename__ = "erasures"

    user_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    # The names and addresses to look for.
    texts: Mapped[list[str]] = mapped_column(JSON)
    stage: Mapped[Stage] = mapped_column(one_of(Stage))
    # The last log entry that was read.
    position: Mapped[str] = mapped_column(String(36))

    __table_args__ = (only("stage", Stage),)


ERASURES = table_of(Erasure)
