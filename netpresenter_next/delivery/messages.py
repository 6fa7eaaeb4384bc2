"""The message that is sent, and the error that it was not."""

from typing import NamedTuple

from netpresenter_next.delivery import problem_texts


class Message(NamedTuple):
    """A message: the text of an e-mail, or the JSON of a webhook."""

    id: str  # the same at each attempt
    subject: str
    body: str


class DeliveryFailed(Exception):
    """A message was not sent; ``stored`` says why, as ``problem_texts`` writes it.

    As a text it is a sentence in the language of the reader.
    """

    def __init__(self, stored: str) -> None:
        super().__init__(stored)
        self.stored = stored

    def __str__(self) -> str:
        """Return why, in a sentence."""
        return problem_texts.read(self.stored)
