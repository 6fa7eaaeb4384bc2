"""What clients know of their writes, kept outside the server that is killed.

Every write is noted before it is sent.  An answer makes it acknowledged (or refused);
without one nobody knows, and both outcomes are right.  Each person is written by one
client alone, so that their values have an order.
"""

import threading
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

SENT, ACKNOWLEDGED, REFUSED = "sent", "acknowledged", "refused"


@dataclass
class Person:
    """What one client did to one person."""

    body: dict[str, Any]
    created: str = SENT
    id: str | None = None
    # Values of one attribute, in the order in which they were sent.
    titles: dict[int, str] = field(default_factory=dict)
    groups: dict[str, str] = field(default_factory=dict)
    deleted: str | None = None

    @property
    def name(self) -> str:
        """The user name: unlike that of every other person."""
        return str(self.body["userName"])

    @property
    def is_writable(self) -> bool:
        """Is the person there, as far as anybody knows, and is nothing pending?"""
        return (
            self.created == ACKNOWLEDGED
            and self.deleted is None
            and SENT not in self.titles.values()
            and SENT not in self.groups.values()
        )

    @property
    def possible_titles(self) -> set[str | None]:
        """The last acknowledged value, or one sent later whose answer is missing."""
        possible: set[str | None] = {None}
        for value, state in self.titles.items():
            if state == ACKNOWLEDGED:
                possible = {str(value)}
            elif state == SENT:
                possible.add(str(value))
        return possible


class Ledger:
    """All persons of all clients, and how many answers there were."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.statuses: Counter[int] = Counter()
        self.unanswered = 0
        self._lock = threading.Lock()

    def add(self, body: dict[str, Any]) -> Person:
        """Note a person who is about to be created."""
        person = Person(body)
        with self._lock:
            assert person.name not in self.people
            self.people[person.name] = person
        return person

    def count(self, status: int) -> int:
        """Count an answer; returns how many there were."""
        with self._lock:
            self.statuses[status] += 1
            return self.statuses.total()

    def count_unanswered(self) -> None:
        """Count a request without an answer."""
        with self._lock:
            self.unanswered += 1

    @property
    def acknowledged(self) -> int:
        """How many writes were acknowledged."""
        return sum(n for status, n in self.statuses.items() if status < 300)
