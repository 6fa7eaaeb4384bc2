"""Receivers of alarms on this machine: a mail server, a webhook, and broken servers."""

import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, SMTP_PASSWORD = "alarms", "correct horse"
DAY = datetime.timedelta(days=1)


class Authority:
    """A certificate authority, which machines trust that have its certificate."""

    def __init__(self, folder):
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")])
        is_authority = x509.BasicConstraints(ca=True, path_length=None)
        builder = self._build(self._name, self._key, DAY)
        builder = builder.add_extension(is_authority, critical=True)
        self.file = self._write("authority", builder.sign(self._key, hashes.SHA256()))

    def _build(self, subject, key, valid_for):
        end = datetime.datetime.now(datetime.UTC) + valid_for
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(end - 10 * DAY)
            .not_valid_after(end)
        )

    def _write(self, name, certificate, key=None):
        pem = certificate.public_bytes(serialization.Encoding.PEM)
        if key is not None:
            pem += key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        path = self._folder / f"{name}.pem"
        path.write_bytes(pem)
        return path

    def make_context(self, host="localhost", valid_for=DAY):
        """Return the TLS settings of a server with a certificate for this host."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
        names = [x509.DNSName(host)]
        if host == "localhost":
            names.append(x509.IPAddress(ipaddress.ip_address("127.0.0.1")))
        builder = self._build(subject, key, valid_for)
        names = x509.SubjectAlternativeName(names)
        builder = builder.add_extension(names, critical=False)
        certificate = builder.sign(self._key, hashes.SHA256())
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self._write(host, certificate, key))
        return context


class Mailbox:
    """Keeps the messages of a mail server, which refuses some recipients."""

    def __init__(self, *refused):
        self.refused = refused
        self.envelopes = []
        self.sessions = []

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.refused:
            return "550 5.1.1 There is nobody of this name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.envelopes.append(envelope)
        self.sessions.append(session)
        return "250 OK"


class MailController(Controller):
    """A mail server on a free port."""

    def __init__(self, *arguments, **options):
        self.listener = socket.create_server(("127.0.0.1", 0))
        port = self.listener.getsockname()[1]
        super().__init__(*arguments, hostname="127.0.0.1", port=port, **options)

    def _create_server(self):
        return self.loop.create_server(
            self._factory_invoker, sock=self.listener, ssl=self.ssl_context
        )


def check_password(server, session, envelope, mechanism, data):
    is_right = (data.login, data.password) == (USER.encode(), SMTP_PASSWORD.encode())
    # Not handled: aiosmtpd then answers that the credentials are wrong.
    return AuthResult(success=is_right, handled=is_right)


@contextlib.contextmanager
def serve_mail(mailbox, **options):
    """Run a mail server; yields its port."""
    controller = MailController(mailbox, **options)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()


@contextlib.contextmanager
def serve_mail_with_password(mailbox, context):
    """Run a mail server that requires STARTTLS and a password."""
    options = {"authenticator": check_password, "auth_required": True}
    with serve_mail(
        mailbox, tls_context=context, require_starttls=True, **options
    ) as port:
        yield port


class Webhook:
    """What a webhook received, and how it answers."""

    def __init__(self):
        self.requests = []
        self.status, self.headers = 204, {}
        self.received = threading.Semaphore(0)


@contextlib.contextmanager
def serve_webhook(webhook, context=None):
    """Run a receiver of webhooks; yields its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            webhook.requests.append((self.path, dict(self.headers), body))
            self.send_response(webhook.status)
            for name, value in webhook.headers.items():
                self.send_header(name, value)
            self.end_headers()
            webhook.received.release()

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *arguments: None  # a client that refuses TLS
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextlib.contextmanager
def serve_bytes(answer=b"", *, gap=None, first=b""):
    """Run a server that sends these bytes again and again, with a gap before each.

    Without bytes it sends nothing; without a gap it sends them once and closes.
    """
    stopped = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))

    def answer_one(connection):
        with connection, contextlib.suppress(OSError):
            connection.sendall(first)
            if gap is None:
                connection.sendall(answer)
                connection.shutdown(socket.SHUT_WR)
                while connection.recv(2**16):  # else the end would be a reset
                    pass
                return
            while not stopped.wait(gap):
                connection.sendall(answer)

    def accept():
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=answer_one, args=(connection,)).start()

    thread = threading.Thread(target=accept)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stopped.set()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join()


def find_free_port():
    """Return a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]
