"""What Microsoft publishes about a directory: endpoints and signing keys.

Calls are few, short and bounded, so that a Microsoft that hangs holds two threads of
eight at most.  Keys can roll at any time: they are fetched again every hour, and the
last good copy helps over an outage of a day.
"""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response

from netpresenter_next.entra import Registration

SECONDS = 5.0
PATIENCE = 1.0
LONGEST_ANSWER = 2**20
FRESH, GOOD = 3600.0, 86_400.0
# After a failure; and between two looks for a key that is not known.
RETRY, UNKNOWN_KEY = 60.0, 300.0
# How soon a first failure is tried again: people press the button more than once.
FIRST_RETRY = 3.0
ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "end_session_endpoint",
)

logger = logging.getLogger(__name__)
clock = time.monotonic
_calls = threading.BoundedSemaphore(2)
_queue = threading.BoundedSemaphore(4)


class Unreachable(Exception):
    """Microsoft does not answer, or not as it should; the message is for the log."""


class Http(OAuth2Session):
    """Requests that follow no redirect and end in time, whatever happens."""

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a request and read the answer; raises Unreachable."""
        options |= {"stream": True, "timeout": SECONDS, "allow_redirects": False}
        if not _queue.acquire(blocking=False):
            raise Unreachable("too many sign-ins wait for Microsoft")
        try:
            if not _calls.acquire(timeout=PATIENCE):
                raise Unreachable("two calls are waiting for Microsoft already")
            try:
                response = _whole(super().send(request, **options))
            except RequestException as error:
                host = urlsplit(request.url or "").hostname
                raise Unreachable(f"{host}: {type(error).__name__}") from error
            finally:
                _calls.release()
        finally:
            _queue.release()
        if response.status_code == 429 or response.status_code >= 500:
            raise Unreachable(f"Microsoft answered {response.status_code}")
        return response


def _whole(response: Response) -> Response:
    """Read an answer that may be dripping, or endless."""
    until, content = time.monotonic() + SECONDS, b""
    try:
        while part := response.raw.read1(2**16, decode_content=True):
            content += part
            if len(content) > LONGEST_ANSWER or time.monotonic() > until:
                raise Unreachable("the answer is too long or too slow")
    except (OSError, ValueError) as error:
        raise Unreachable(f"the answer broke off: {type(error).__name__}") from error
    except Exception as error:  # urllib3's, which has no common base with the others
        if isinstance(error, Unreachable):
            raise
        raise Unreachable(f"the answer broke off: {type(error).__name__}") from error
    finally:
        response.close()
    response._content = content
    response._content_consumed = True  # type: ignore[attr-defined]
    return response


def fetch(url: str) -> dict[str, Any]:
    """Get a JSON object; raises Unreachable."""
    with Http() as session:
        response = session.request("GET", url, withhold_token=True)
    if response.status_code != 200:
        raise Unreachable(f"{url} answered {response.status_code}")
    try:
        document = json.loads(response.content)
    except ValueError as error:
        raise Unreachable(f"{url} is no JSON") from error
    if not isinstance(document, dict):
        raise Unreachable(f"{url} is no JSON object")
    return document


class Kept:
    """A document with its last good copy."""

    def __init__(self, get: Callable[[], dict[str, Any]]) -> None:
        self._get = get
        self._lock = threading.Lock()
        self._value: dict[str, Any] | None = None
        self._fetched_at = self._tried_at = self._looked_at = float("-inf")
        self._fault = ""

    def value(self) -> dict[str, Any]:
        """Return it, not older than an hour if that can be; raises Unreachable."""
        moment = clock()
        if self._value is not None and moment - self._fetched_at < FRESH:
            return self._value
        is_good = moment - self._fetched_at < GOOD
        if moment - self._tried_at < (RETRY if self._value else FIRST_RETRY):
            if self._value is not None and is_good:
                return self._value
            if self._fault:
                raise Unreachable(self._fault)
        return self._renew()

    def look_again(self) -> dict[str, Any]:
        """Return it, fetched now unless that was tried a short while ago."""
        if clock() - self._looked_at < UNKNOWN_KEY:
            return self.value()
        self._looked_at = clock()
        return self._renew()

    def _renew(self) -> dict[str, Any]:
        before = self._tried_at
        # One fetches; the others must not hold their threads for as long.
        if not self._lock.acquire(timeout=PATIENCE):
            raise Unreachable("others wait for Microsoft already")
        try:
            if self._tried_at == before:
                self._try()
            if self._value is None or clock() - self._fetched_at >= GOOD:
                raise Unreachable(self._fault)
            return self._value
        finally:
            self._lock.release()

    def _try(self) -> None:
        self._tried_at = clock()
        try:
            self._value = self._get()
        except Unreachable as error:
            self._fault = str(error)
            logger.warning("Microsoft cannot be reached: %s", error)
        else:
            self._fetched_at, self._fault = clock(), ""


class Provider:
    """The endpoints and keys of one registration."""

    def __init__(self, registration: Registration) -> None:
        self._known = registration
        self._metadata = Kept(self._fetch_metadata)
        self._keys = Kept(self._fetch_keys)

    def metadata(self) -> dict[str, Any]:
        """Return the endpoints; raises Unreachable."""
        return self._metadata.value()

    def keys(self, *, look_again: bool = False) -> dict[str, Any]:
        """Return the keys that tokens may be signed with; raises Unreachable."""
        return self._keys.look_again() if look_again else self._keys.value()

    def _fetch_metadata(self) -> dict[str, Any]:
        known = self._known
        document = fetch(
            metadata_url(known.authority, known.tenant_id, known.client_id)
        )
        if document.get("issuer") != known.issuer:
            raise Unreachable("the metadata is of another directory")
        # Only these: Authlib would take scope, algorithms and more from the others.
        endpoints = {name: document.get(name) for name in ENDPOINTS}
        for name, url in endpoints.items():
            if not isinstance(url, str) or not url.startswith(known.authority + "/"):
                raise Unreachable(f"the metadata names a strange {name}")
        return {**endpoints, "issuer": known.issuer}

    def _fetch_keys(self) -> dict[str, Any]:
        document = fetch(self.metadata()["jwks_uri"])
        listed = document.get("keys")
        keys = (
            [_key(each) for each in listed if self._is_ours(each)]
            if isinstance(listed, list)
            else []
        )
        if not keys:
            raise Unreachable("there are no signing keys")
        return {"keys": keys}

    def _is_ours(self, key: Any) -> bool:
        """May this key sign for our directory?  Some are bound to others."""
        if not isinstance(key, Mapping) or key.get("kty") != "RSA":
            return False
        texts = [key.get(name) for name in ("kid", "n", "e")]
        issuer = str(key.get("issuer") or self._known.issuer)
        return (
            all(isinstance(text, str) and text for text in texts)
            and len(str(key["n"])) >= 342  # 2,048 bits
            and key.get("use") in (None, "sig")
            and issuer.replace("{tenantid}", self._known.tenant_id)
            == self._known.issuer
        )


def _key(document: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(document[name]) for name in ("kty", "kid", "n", "e")}


def metadata_url(authority: str, tenant: str, client_id: str) -> str:
    """Return where the metadata is; keys may be those of our application alone."""
    query = f"?appid={client_id}" if client_id else ""
    return f"{authority}/{tenant}/v2.0/.well-known/openid-configuration{query}"


def tenant_of(authority: str, domain: str) -> str:
    """Return the tenant ID of a domain, from the issuer; raises Unreachable."""
    issuer = str(fetch(metadata_url(authority, domain, "")).get("issuer"))
    return issuer.removeprefix(f"{authority}/").removesuffix("/v2.0")
