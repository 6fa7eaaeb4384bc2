"""The command line's ``serve``."""

import logging
from typing import Any

import click

from netpresenter_next import application
from netpresenter_next.cli.console import require_instance
from netpresenter_next.lib import names
from netpresenter_next.server import process
from netpresenter_next.storage.instances import Purpose


@click.command()
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Address or host name to listen on.",
)
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 for any free port.",
)
def serve(host: str, port: int) -> None:
    """Run the server until Ctrl+C or SIGTERM; an instance can have only one."""
    _log_to_standard_error()
    settings = require_instance(Purpose.MAKE)
    app = application.create(settings)
    process.serve(app, settings, host, port)


class PlainFormatter(logging.Formatter):
    """Formats a log entry on one line, without control characters for terminals.

    Log entries can contain untrusted text of clients.
    """

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Format the message on one line."""
        return names.replace_hidden(super().formatMessage(record)).replace("\n", " ")

    def formatException(self, ei: Any) -> str:
        """Format the lines of a traceback."""
        return names.replace_hidden(super().formatException(ei))


def _log_to_standard_error() -> None:
    handler = logging.StreamHandler()
    form = "%(asctime)s %(levelname)s %(name)s: %(message)s"
    handler.setFormatter(PlainFormatter(form))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("alembic").setLevel(logging.WARNING)
    # Otherwise every request that waits for a thread would log a warning.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
