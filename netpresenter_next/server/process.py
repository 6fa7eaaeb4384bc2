"""The server: waitress with a graceful shutdown.

Waitress alone aborts the requests in progress when it is stopped.  The limits on
connections and requests are in ``channel`` and ``framing``.
"""

import atexit
import logging
import os
import signal
import time
from contextlib import ExitStack
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from netpresenter_next.config.options import LARGEST_BODY, Config
from netpresenter_next.directory import people
from netpresenter_next.pages import first_run
from netpresenter_next.server.channel import Channel, make_channel_class
from netpresenter_next.server.memory import use_one_heap
from netpresenter_next.storage import database, instances
from netpresenter_next.upkeep.background import Background
from netpresenter_next.web import context, server_hints

# The time that a stop waits for accepted requests.
DRAIN_SECONDS = 25.0
OPTIONS: dict[str, Any] = {
    "threads": database.THREADS,
    # select() fails for file descriptors above 1023, so the server would stop.
    "asyncore_use_poll": True,
    "connection_limit": 800,
    "backlog": 256,
    "channel_timeout": 60,
    "cleanup_interval": 5,
    "channel_request_lookahead": 0,
    "max_request_header_size": 32 * 1024,
    # Of a form with a file, so that its page can say what is too large; for any other
    # body, LARGEST_BODY is the limit (``framing.Parser``).
    "max_request_body_size": 2 * LARGEST_BODY,
    "inbuf_overflow": 256 * 1024,
    "ident": None,
    "expose_tracebacks": False,
    # The middleware ``Forwarding`` reads and removes them.
    "clear_untrusted_proxy_headers": False,
}

FORKED = (
    "The application was loaded in another process than the one that serves: load it "
    "in the one worker (gunicorn: --workers 1, without --preload)."
)

logger = logging.getLogger(__name__)


class CannotServe(Exception):
    """The server cannot start; the message says what to do."""


class Server:
    """The listening sockets and the loop that serves them."""

    def __init__(self, app: Flask, config: Config, host: str, port: int) -> None:
        self._sockets: dict[int, Any] = {}
        self._is_stopping = False
        self._server = create_server(
            app, map=self._sockets, **_make_options(host, port)
        )
        self._channel_class = make_channel_class(config)
        for listener in self.listeners:
            listener.channel_class = self._channel_class

    @property
    def listeners(self) -> list[BaseWSGIServer]:
        """The listening sockets: a host name can have several addresses."""
        sockets = self._sockets.values()
        return [socket for socket in sockets if isinstance(socket, BaseWSGIServer)]

    @property
    def sockets(self) -> list[tuple[str, int | str]]:
        """The hosts and ports of the listening sockets; never port 0."""
        names = (listener.getsockname() for listener in self.listeners)
        return [(host, port) for host, port, *_ in names]

    @property
    def addresses(self) -> list[str]:
        """The URLs of the listening sockets."""
        return [_format_url(*each) for each in self.sockets]

    def stop_on_signals(self) -> None:
        """Let SIGTERM and Ctrl+C stop the loop; a second one ends the process."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)

    def _stop(self, number: int, _frame: FrameType | None) -> None:
        if self._is_stopping:
            os._exit(128 + number)
        self._is_stopping = True
        self.listeners[0].pull_trigger()  # wakes the loop up at once

    def run(self) -> None:
        """Serve until a signal, then finish the accepted requests."""
        while not self._is_stopping:
            self._run_loop_once(1.0)
        self._drain(DRAIN_SECONDS)
        self._server.task_dispatcher.shutdown(cancel_pending=True, timeout=1)
        wasyncore.close_all(self._sockets)

    def _run_loop_once(self, seconds: float) -> None:
        wasyncore.loop(seconds, use_poll=True, map=self._sockets, count=1)

    def _drain(self, seconds: float) -> None:
        """Refuse new connections, answer received requests, and close the rest."""
        self._channel_class.is_stopping = True
        for listener in self.listeners:
            self._accept_pending(listener)
            # Not listener.close(), which would also close the trigger of the loop.
            wasyncore.dispatcher.close(listener)
        end, idle = time.monotonic() + seconds, set[Channel]()
        while (channels := self._channels()) and time.monotonic() < end:
            were_idle, idle = idle, {each for each in channels if each.is_idle}
            # Idle in two rounds: the loop between them received no request.
            for channel in idle & were_idle:
                channel.will_close = True
            self._run_loop_once(0.1)
        if channels:
            logger.warning("%d connections were cut off at the stop.", len(channels))

    def _accept_pending(self, listener: BaseWSGIServer) -> None:
        """Accept the connections in the backlog, which may have sent requests."""
        number = -1
        while len(self._sockets) > number:
            number = len(self._sockets)
            listener.handle_accept()

    def _channels(self) -> list[Channel]:
        return [each for each in self._sockets.values() if isinstance(each, Channel)]


def serve(app: Flask, config: Config, host: str, port: int) -> None:
    """Serve until SIGTERM or Ctrl+C; prints the addresses on standard output.

    Raises InUse where another server uses the instance, and CannotServe where the
    address cannot be used.
    """
    use_one_heap()
    with _lock_instance(app, config):
        try:
            server = Server(app, config, host, port)
        except (OSError, ValueError) as error:
            raise CannotServe(
                f"Cannot listen on {_format_url(host, port)}: {_explain_error(error)}. "
                "Choose another with --host and --port."
            ) from error
        server.stop_on_signals()
        _warn_of_old_sqlite()
        _warn_of_missing_https(config, [each[0] for each in server.sockets])
        _announce(app, config, server.addresses)
        background = Background(
            app, context.of(app).installation, context.of(app).activity
        )
        try:
            server.run()
        finally:
            background.stop()
        _close(app)


def prepare_for_wsgi_server(app: Flask, config: Config) -> Flask:
    """Prepare the application for another WSGI server, which has one process.

    The instance is locked until the process ends.  A forked process would share the
    lock unnoticed, so it answers every request with 503.  Raises InUse.
    """
    use_one_heap()
    owner, application = os.getpid(), app.wsgi_app
    context.of(app).resources.enter_context(_lock_instance(app, config))

    def in_one_process(environ: Any, start_response: Any) -> Any:
        if os.getpid() == owner:
            return application(environ, start_response)
        logger.error(FORKED)
        start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
        return [f"{FORKED}\n".encode()]

    app.wsgi_app = in_one_process  # type: ignore[method-assign]
    background = Background(app, context.of(app).installation, context.of(app).activity)

    @atexit.register
    def stop() -> None:
        if os.getpid() == owner:
            background.stop()
            _close(app)

    return app


def _close(app: Flask) -> None:
    with app.app_context():
        context.of(app).activity.store()
        database.close()


def _lock_instance(app: Flask, config: Config) -> ExitStack:
    """Lock the instance; raises InUse, also where a restore replaced the database.

    The application has opened the database already: writes to the old file are lost.
    """
    lock = instances.lock(config)
    if instances.read_database_identity(config) != context.of(app).database_identity:
        lock.close()
        raise instances.InUse(
            f"The database of {config.instance} was replaced while the server started: "
            "start it again."
        )
    return lock


def _make_options(host: str, port: int) -> dict[str, Any]:
    return {**OPTIONS, "host": host, "port": port}


def _format_url(host: str, port: int | str) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _explain_error(error: OSError | ValueError) -> str:
    if isinstance(error, OSError) and error.errno is not None:
        return os.strerror(error.errno)
    return "there is no such address"


def _announce(app: Flask, config: Config, addresses: list[str]) -> None:
    """Print the addresses and, before set-up, the link to the set-up page."""
    lines = [f"Listening on {address}" for address in addresses]
    with app.app_context(), database.read() as connection:
        is_set_up = people.administrator_exists(connection)
    if not is_set_up:
        base = config.base_url or _replace_wildcard(addresses[0])
        lines.append(f"Set up: {base}/setup?code={first_run.renew_setup_code(app)}")
    print("\n".join(lines), flush=True)  # noqa: T201 - read by the administrator


def _replace_wildcard(address: str) -> str:
    """Replace the wildcard address with the loopback address, for a browser."""
    return address.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:")


def _warn_of_missing_https(config: Config, hosts: list[str]) -> None:
    exposed = (server_hints.is_exposed(config.base_url, "http", host) for host in hosts)
    if any(exposed):
        logger.warning(
            "Passwords and tokens are sent unencrypted: others on the network can "
            "read them. Put a reverse proxy with https in front, as docs/install.md "
            "says, and set NETPRESENTER_BASE_URL to its https address."
        )


def _warn_of_old_sqlite() -> None:
    version = tuple(int(part) for part in database.SQLITE.sqlite_version.split("."))
    if version < database.SQLITE_WITHOUT_WAL_BUG:
        safe = ".".join(map(str, database.SQLITE_WITHOUT_WAL_BUG))
        logger.warning(
            "In rare cases, SQLite %s damages the database; this is fixed in %s. Use "
            "a Python that comes with that version or a later one, and keep backups.",
            database.SQLITE.sqlite_version,
            safe,
        )
