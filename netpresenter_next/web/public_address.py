"""Checks that Microsoft Entra ID can reach this server by its public address.

The server sends a request to its own public address, with a nonce in place of a token.
If the nonce arrives here, the address leads to this very process, whatever proxies are
in between.
"""

import http.client
import ipaddress
import secrets
import ssl
import threading
from contextlib import suppress
from datetime import UTC, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from netpresenter_next.config.options import LOOPBACK_NAMES
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, write_day
from netpresenter_next.microsoft.transport import ClockSkew
from netpresenter_next.storage.findings import Finding, Severity

PREFIX = "npn_check_"
PATH = "/scim/v2/ServiceProviderConfig"
CALL_SECONDS, LONGEST_CALL = 5.0, 10.0
LONGEST_ANSWER = 65_536
# Days before the expiry of the certificate, and seconds of difference of the clock,
# from which a finding is a warning.
CERTIFICATE_DAYS, CLOCK_SECONDS = 14, 120
OK, WARNING, ERROR = Severity.OK, Severity.WARNING, Severity.ERROR
ADDRESS, CERTIFICATE, CLOCK = (
    marked("Public address"),
    marked("Certificate"),
    marked("Clock"),
)
_PROXY_ADVICE = marked(
    "Let the reverse proxy pass everything below /scim to this server unchanged: see "
    "docs/install.md."
)


class NonceWatch:
    """The nonces that this process has sent, and which of them have arrived."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._expected: set[str] = set()
        self._arrived: set[str] = set()

    def expect(self) -> str:
        """Return a new nonce."""
        nonce = PREFIX + secrets.token_urlsafe(24)
        with self._lock:
            self._expected.add(nonce)
        return nonce

    def note(self, secret: str) -> bool:
        """Note that a request arrived; returns whether it carries an expected nonce."""
        if not secret.startswith(PREFIX):
            return False
        with self._lock:
            is_expected = secret in self._expected
            if is_expected:
                self._arrived.add(secret)
        return is_expected

    def end(self, nonce: str) -> bool:
        """Stop expecting a nonce; returns whether it has arrived."""
        with self._lock:
            self._expected.discard(nonce)
            has_arrived = nonce in self._arrived
            self._arrived.discard(nonce)
        return has_arrived


class Answer(NamedTuple):
    """What came back from the public address."""

    status: int
    content_type: str
    location: str
    certificate_expires_at: datetime | None


def check(base_url: str, watch: NonceWatch) -> list[Finding]:
    """Return the findings about the public address, its certificate, and the clock."""
    return [*_check_address(base_url, watch), *_check_clock()]


def _check_address(base_url: str, watch: NonceWatch) -> list[Finding]:
    url = urlsplit(base_url)
    if url.scheme != "https" or not url.hostname:
        what = _("Microsoft Entra ID calls only https addresses.")
        advice = _(
            "Set NETPRESENTER_BASE_URL to the public https address, and restart."
        )
        return [Finding(ERROR, ADDRESS, what, advice), *_check_answer(base_url, watch)]
    return [*_check_reach(url.hostname), *_check_answer(base_url, watch)]


def _check_reach(host: str) -> list[Finding]:
    """Return a finding if the host is one that only this network can reach."""
    is_private = host in LOOPBACK_NAMES or "." not in host
    with suppress(ValueError):
        is_private = not ipaddress.ip_address(host).is_global
    if not is_private:
        return []
    return [
        Finding(
            WARNING,
            ADDRESS,
            _("%(host)s can be reached within this network only.", host=host),
            _(
                "Publish the server under a public name, or let the provisioning agent "
                "of Microsoft Entra ID call it (On-premises SCIM app)."
            ),
        )
    ]


def _check_answer(base_url: str, watch: NonceWatch) -> list[Finding]:
    nonce = watch.expect()
    try:
        answer = _send(base_url, nonce)
    except ssl.SSLCertVerificationError as error:
        what = _("It is not trusted: %(reason)s.", reason=error.verify_message)
        advice = _("Microsoft Entra ID requires a certificate of a public authority.")
        return [Finding(ERROR, CERTIFICATE, what, advice)]
    except (OSError, http.client.HTTPException) as error:
        what = _(
            "%(address)s does not answer this server: %(reason)s.",
            address=base_url,
            reason=_word(error),
        )
        advice = _(
            "Check DNS, firewall and reverse proxy. Some networks do not let a server "
            "call its own public address; then test from outside."
        )
        return [Finding(ERROR, ADDRESS, what, advice)]
    finally:
        has_arrived = watch.end(nonce)
    return [_judge(answer, has_arrived=has_arrived), *_check_certificate(answer)]


def _send(base_url: str, nonce: str) -> Answer:
    """Send the request; raises OSError and HTTPException."""
    url = urlsplit(base_url)
    connect = (
        http.client.HTTPSConnection
        if url.scheme == "https"
        else http.client.HTTPConnection
    )
    connection = connect(url.hostname or "", url.port, timeout=CALL_SECONDS)
    connection.connect()
    channel = connection.sock
    # A timeout of the socket limits one read only.
    limit = threading.Timer(LONGEST_CALL, connection.close)
    limit.start()
    try:
        headers = {"Authorization": f"Bearer {nonce}"}
        connection.request("GET", url.path + PATH, headers=headers)
        response = connection.getresponse()
        response.read1(LONGEST_ANSWER)
        return Answer(
            response.status,
            response.headers.get_content_type(),
            response.headers.get("Location", ""),
            _read_expiry(channel),
        )
    finally:
        limit.cancel()
        connection.close()


def _read_expiry(channel: object) -> datetime | None:
    if not isinstance(channel, ssl.SSLSocket):
        return None
    expires_at = str((channel.getpeercert() or {}).get("notAfter", ""))
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(expires_at), UTC)


def _judge(answer: Answer, *, has_arrived: bool) -> Finding:
    """Return what the answer of the public address means.

    ===============  ===========  =================================================
    nonce arrived    answer       finding
    ===============  ===========  =================================================
    yes              401, JSON    it works
    yes              another      the proxy changes the answer
    no               redirect     it redirects, and Entra drops the token then
    no               HTML         it answers with a web page
    no               another      another server answers
    ===============  ===========  =================================================
    """
    said = _("The public address answers with status %(status)s", status=answer.status)
    if has_arrived and answer.status == 401 and "json" in answer.content_type:
        return Finding(OK, ADDRESS, _("It leads to this server."))
    if has_arrived:
        what = _(
            "%(answer)s (%(content_type)s): a proxy changes the answer.",
            answer=said,
            content_type=answer.content_type,
        )
    elif answer.location:
        what = _(
            "%(answer)s, a redirect to %(location)s.",
            answer=said,
            location=answer.location[:200],
        )
    elif answer.content_type == "text/html":
        what = _(
            "%(answer)s and a web page, not with this server's answer.", answer=said
        )
    else:
        what = _("%(answer)s: another server answers.", answer=said)
    return Finding(ERROR, ADDRESS, what, _(_PROXY_ADVICE))


def _check_certificate(answer: Answer) -> list[Finding]:
    expires_at = answer.certificate_expires_at
    if expires_at is None:
        return []
    days = (expires_at - datetime.now(UTC)).days
    severity = OK if days >= CERTIFICATE_DAYS else WARNING
    advice = (
        "" if severity is OK else _("Renew it: Entra refuses one that has expired.")
    )
    what = _("It is valid until %(day)s.", day=write_day(expires_at))
    return [Finding(severity, CERTIFICATE, what, advice)]


def _check_clock() -> list[Finding]:
    """Compare the clock with that of Microsoft, at the last call there."""
    seconds = ClockSkew.seconds
    if seconds is None:
        return []
    if abs(seconds) < CLOCK_SECONDS:
        return [Finding(OK, CLOCK, _("It agrees with Microsoft's."))]
    if seconds > 0:
        what = _("It is %(seconds)s seconds ahead of Microsoft's.", seconds=seconds)
    else:
        what = _("It is %(seconds)s seconds behind Microsoft's.", seconds=-seconds)
    advice = _("Set the clock of this server, for example with NTP.")
    return [Finding(WARNING, CLOCK, what, advice)]


def _word(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
