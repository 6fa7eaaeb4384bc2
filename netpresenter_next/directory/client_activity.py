"""What SCIM clients send, collected in memory and stored in one short transaction.

That happens every 15 seconds, when the server stops, and before a page shows it.
"""

from contextlib import suppress
from dataclasses import dataclass, field

from netpresenter_next.directory.arrived_attributes import Arrivals
from netpresenter_next.directory.scim_traffic import TrafficCounter
from netpresenter_next.storage import database


@dataclass(frozen=True)
class ClientActivity:
    """The requests and attributes that are not stored yet."""

    traffic: TrafficCounter = field(default_factory=TrafficCounter)
    arrivals: Arrivals = field(default_factory=Arrivals)

    def store(self) -> None:
        """Store everything, unless the database is busy or cannot be written.

        What is not stored now is kept for the next time.  Needs an application context.
        """
        if self.traffic.is_empty and self.arrivals.is_empty:
            return
        with suppress(*database.WRITE_FAILURES), database.write(0) as connection:
            self.traffic.store(connection)
            self.arrivals.store(connection)
