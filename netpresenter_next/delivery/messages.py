"""The message that is sent, and the error that it was not."""

from typing import NamedTuple


class Message(NamedTuple):
    """A message: the text of an e-mail, or the JSON of a webhook."""

    id: str  # the same at each attempt
    subject: str
    body: str


class DeliveryFailed(Exception):
    """A message was not sent; the message of the error says why, in a sentence."""
