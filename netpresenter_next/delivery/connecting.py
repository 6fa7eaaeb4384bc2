"""Connections with one time limit, from the first packet to the last byte.

A timeout of a socket limits one read.  A server that sends a byte a second would never
exceed it, so a timer shuts the connection down at the end of the time.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TypeVar

# Seconds for one message: on the connection, and with the look-up of the name, which
# nothing can interrupt.
CONNECTION_SECONDS, TOTAL_SECONDS = 18.0, 20.0

Answer = TypeVar("Answer")


def run_within_limit(call: Callable[[], Answer]) -> Answer:
    """Run the call in a thread, and wait for it at most ``TOTAL_SECONDS``.

    Raises TimeoutError after that; the thread then ends with the look-up of the name.
    """
    answer: Future[Answer] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, name="delivery", daemon=True).start()
    return answer.result(TOTAL_SECONDS)


@contextlib.contextmanager
def connect(host: str, port: int) -> Iterator[socket.socket]:
    """Connect for the block, which must end within ``CONNECTION_SECONDS``.

    Raises TimeoutError if it does not, and OSError if there is no connection.
    """
    end = time.monotonic() + CONNECTION_SECONDS
    connection = _open(host, port, end)
    # A duplicate still reaches the connection after TLS has taken over the socket.
    guard = connection.dup()
    timer = threading.Timer(end - time.monotonic(), _shut_down, [guard])
    timer.daemon = True
    timer.start()
    try:
        yield connection
    except Exception as error:
        if time.monotonic() >= end:
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
        connection.close()
        guard.close()


def _open(host: str, port: int, end: float) -> socket.socket:
    """Connect to one of the addresses of the host; raises OSError."""
    addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    failure: OSError = TimeoutError()
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        left = end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        connection = socket.socket(family, kind, protocol)
        # An address that does not answer must leave time for the others.
        connection.settimeout(left / (len(addresses) - tried))
        try:
            connection.connect(address)
        except OSError as error:
            connection.close()
            failure = error
        else:
            connection.settimeout(CONNECTION_SECONDS)
            return connection
    raise failure


def _shut_down(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def start_tls(connection: socket.socket, host: str) -> ssl.SSLSocket:
    """Encrypt a connection; raises ssl.SSLError for a certificate not of this host."""
    return make_tls_context().wrap_socket(connection, server_hostname=host)


def make_tls_context() -> ssl.SSLContext:
    """Return the TLS settings: certificates are verified with those of the system."""
    return ssl.create_default_context()
