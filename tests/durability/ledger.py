"""What clients know of their writes, kept outside the server that is killed.

Every write is noted before it is sent.  A response makes it acknowledged or refused;
without a response, both outcomes are right.  Each person is written by one client
alone, so that the values have an order.
"""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SENT, ACKNOWLEDGED, REFUSED = "sent", "acknowledged", "refused"


@dataclass
class Person:
    """The writes of one client to one person."""

    body: dict[str, Any]
    created: str = SENT
    id: str | None = None
    # The values of one attribute in the order in which they were sent, with the state.
    titles: dict[int, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    deleted: str | None = None

    @property
    def name(self) -> str:
        """The user name, which is unique."""
        return str(self.body["userName"])

    @property
    def is_writable(self) -> bool:
        """Does the person exist, and is no write pending?"""
        return (
            self.created == ACKNOWLEDGED
            and self.deleted is None
            and SENT not in self.titles.values()
            and SENT not in self.groups.values()
        )

    @property
    def possible_titles(self) -> set[str | None]:
        """The last acknowledged value, and those sent later without a response."""
        possible: set[str | None] = {None}
        for value, state in self.titles.items():
            if state == ACKNOWLEDGED:
                possible = {str(value)}
            elif state == SENT:
                possible.add(str(value))
        return possible


class Ledger:
    """All people of all clients, and the number of responses."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.statuses: Counter[int] = Counter()
        self.unanswered = 0
        self._lock = threading.Lock()

    def add(self, body: dict[str, Any]) -> Person:
        """Add a person who is about to be created."""
        person = Person(body)
        with self._lock:
            assert person.name not in self.people
            self.people[person.name] = person
        return person

    def count(self, status: int) -> int:
        """Count a response; return the number of responses so far."""
        with self._lock:
            self.statuses[status] += 1
            return self.statuses.total()

    def count_unanswered(self) -> None:
        """Count a request without a response."""
        with self._lock:
            self.unanswered += 1

    @property
    def acknowledged(self) -> int:
        """The number of acknowledged writes."""
        return sum(n for status, n in self.statuses.items() if status < 300)
