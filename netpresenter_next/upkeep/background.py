"""The threads that work beside the requests: scheduled jobs, and sending alarms."""

from flask import Flask

from netpresenter_next.directory.client_activity import ClientActivity
from netpresenter_next.storage.installation import Installation
from netpresenter_next.upkeep import schedule
from netpresenter_next.upkeep.alarm_sender import Senders


class Background:
    """The running threads of a server."""

    def __init__(
        self, app: Flask, installation: Installation, activity: ClientActivity
    ) -> None:
        self._senders = Senders(app, installation)
        self._jobs = schedule.start(app, installation.config, activity)
        self._senders.start()

    def stop(self) -> None:
        """Stop the threads, and wait some seconds for them."""
        self._senders.stop()
        self._jobs.stop()
