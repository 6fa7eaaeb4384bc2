"""Sending the messages that are due: one thread for each channel.

A receiver that hangs delays neither requests nor scheduled jobs nor the other channel.
"""

import logging
import threading
from typing import NamedTuple

from flask import Flask

from netpresenter_next.delivery import sending
from netpresenter_next.delivery.messages import DeliveryFailed, Message
from netpresenter_next.directory import alarm_queue, alarm_settings
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Channel
from netpresenter_next.storage.installation import Installation

logger = logging.getLogger(__name__)

# Seconds: between two looks at the queue, and to wait for the threads to end.
TICK, STOP_TIMEOUT = 15.0, 2.0


class Result(NamedTuple):
    """The result of an attempt: an error, or a note about a message that was sent.

    The text is a problem, as it is stored.
    """

    message_id: str
    was_sent: bool
    text: str


_NOTE_RESULT = {True: alarm_queue.note_sent, False: alarm_queue.note_failure}


class Sender:
    """Sends the messages of one channel."""

    def __init__(
        self, app: Flask, installation: Installation, channel: Channel
    ) -> None:
        self._app = app
        self._key = installation.encryption_key
        self._channel = channel
        # Results that could not be stored yet: nothing is sent before they are.
        self._unsaved: list[Result] = []
        self._is_failing = False
        self._stop = threading.Event()
        name = f"alarms by {channel}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def request_stop(self) -> None:
        """Let the thread end after the present message."""
        self._stop.set()

    def join(self) -> None:
        """Wait some seconds for the thread to end."""
        if self._thread.ident is not None:
            self._thread.join(STOP_TIMEOUT)

    def _run(self) -> None:
        while not self._stop.wait(TICK):
            try:
                self.tick()
                self._is_failing = False
            except database.WRITE_FAILURES:
                continue  # the next look tries again
            except Exception:
                self._log_failure()

    def _log_failure(self) -> None:
        """Log an unexpected error, but only the first one in a row."""
        if not self._is_failing and not self._stop.is_set():
            logger.exception("Alarms cannot be sent by %s.", self._channel)
        self._is_failing = True

    def tick(self) -> None:
        """Send the messages that are due; raises Busy and Unwritable."""
        with self._app.app_context():
            self._save()
            with database.read() as connection:
                due = alarm_queue.list_due(connection, self._channel)
            for message_id in due:
                if self._stop.is_set():
                    return
                self._send(message_id)

    def _send(self, message_id: str) -> None:
        with database.write() as connection:
            message = alarm_queue.begin_attempt(connection, message_id)
        if message is None:
            return
        self._unsaved.append(self._attempt(message))
        self._save()

    def _attempt(self, message: Message) -> Result:
        with database.read() as connection:
            row = alarm_settings.read(connection)
        try:
            receiver = alarm_settings.open_receiver(row, self._channel, self._key)
            return Result(message.id, True, sending.send(receiver, message))
        except DeliveryFailed as error:
            logger.warning("An alarm was not sent by %s: %s", self._channel, error)
            return Result(message.id, False, error.stored)

    def _save(self) -> None:
        """Store the results; raises Busy and Unwritable."""
        if not self._unsaved:
            return
        with database.write() as connection:
            for result in self._unsaved:
                note = _NOTE_RESULT[result.was_sent]
                note(connection, result.message_id, result.text)
        self._unsaved.clear()


class Senders:
    """The threads of all channels."""

    def __init__(self, app: Flask, installation: Installation) -> None:
        self._senders = [Sender(app, installation, channel) for channel in Channel]

    def start(self) -> None:
        """Start the threads; the first messages are sent after ``TICK`` seconds."""
        for sender in self._senders:
            sender.start()

    def stop(self) -> None:
        """Stop the threads, and wait some seconds for them."""
        for sender in self._senders:
            sender.request_stop()
        for sender in self._senders:
            sender.join()
