"""Discovery: the endpoints and signing keys that Microsoft publishes for a tenant.

Microsoft can replace keys at any time, so the documents are fetched again every hour.
During an outage, the last good copy is used for a day.
"""

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

from netpresenter_next.lib.text import as_guid
from netpresenter_next.microsoft.app_registration import CONSUMERS, AppRegistration
from netpresenter_next.microsoft.transport import (
    CALL_SECONDS,
    SLOW_SECONDS,
    TOO_MANY_WAITING,
    Busy,
    OnStart,
    Unreachable,
)

# Seconds until a copy is fetched again, and until it is no longer used.
FRESH_SECONDS, USABLE_SECONDS = 3600.0, 86_400.0
# Seconds between attempts after a failure, and between searches for an unknown key.
RETRY_SECONDS, REFRESH_SECONDS = 60.0, 300.0
# Seconds between attempts while there is no copy: people press the button again soon.
FIRST_RETRY_SECONDS = 3.0
ENDPOINTS = (
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "end_session_endpoint",
)

# The permitted path and query of an endpoint.
_PATH = re.compile(r"/[\w./~-]*(\?[\w.~=&-]*)?", re.ASCII)

logger = logging.getLogger(__name__)
clock = time.monotonic
POLL_SECONDS = 0.1
# Seconds that a page which only shows the state waits for Microsoft.
PROBE_SECONDS = 0.3


class UnknownDirectory(Unreachable):
    """Microsoft answers that there is no such directory."""


def fetch(url: str, on_start: OnStart | None = None) -> dict[str, Any]:
    """Fetch a JSON object; raises UnknownDirectory and Unreachable.

    ``on_start`` is called when the request begins, after any wait for a slot.
    """
    # Here, because it takes long to import, and most processes never need it.
    from netpresenter_next.microsoft.limited_session import LimitedSession

    with LimitedSession() as session:
        session.on_start = on_start
        response = session.request("GET", url, withhold_token=True)
    if response.status_code in (400, 404):
        raise UnknownDirectory(f"{url} answered {response.status_code}")
    if response.status_code != 200:
        raise Unreachable(f"{url} answered {response.status_code}")
    try:
        document = json.loads(response.content)
    except (ValueError, RecursionError) as error:
        raise Unreachable(f"{url} is not JSON") from error
    if not isinstance(document, dict):
        raise Unreachable(f"{url} is not a JSON object")
    return document


class CachedDocument:
    """A cached document, with its last good copy."""

    def __init__(self, get: Callable[[OnStart], dict[str, Any]]) -> None:
        self._get = get
        self._lock = threading.Lock()
        self._value: dict[str, Any] | None = None
        self._fetched_at = self._tried_at = self._refreshed_at = float("-inf")
        self._started_at: float | None = None
        self._error = ""

    def load(self) -> dict[str, Any]:
        """Return the document, at most an hour old if Microsoft can be reached.

        Raises Unreachable if there is no copy of the last 24 hours.
        """
        if self._is_due():
            self._fetch_or_wait()
        return self._require_usable()

    def find_problem(self) -> str:
        """Return why the last attempt to fetch it failed; empty if it succeeded.

        Fetches the document if that is due, but waits at most ``PROBE_SECONDS``.
        """
        if self._is_due() and not self._lock.locked():
            thread = threading.Thread(target=self._fetch_or_wait, daemon=True)
            thread.start()
            thread.join(PROBE_SECONDS)
        return self._error

    @property
    def last_problem(self) -> str:
        """Return why the last attempt failed, without another one; or ""."""
        return self._error

    def _is_due(self) -> bool:
        wait = RETRY_SECONDS if self._value is not None else FIRST_RETRY_SECONDS
        was_just_tried = bool(self._error) and clock() - self._tried_at < wait
        return not self._is_younger(FRESH_SECONDS) and not was_just_tried

    def refresh(self) -> dict[str, Any]:
        """Fetch and return the document, to look for an unknown key.

        If that was done less than ``REFRESH_SECONDS`` ago, the cached copy is returned.
        Raises Unreachable.
        """
        if clock() - self._refreshed_at < REFRESH_SECONDS:
            return self.load()
        before = self._fetched_at
        if not (self._error and clock() - self._tried_at < FIRST_RETRY_SECONDS):
            self._fetch_or_wait()
        if self._fetched_at == before:
            raise Unreachable(self._error or TOO_MANY_WAITING)
        self._refreshed_at = clock()
        return self._require_usable()

    def _fetch_or_wait(self) -> None:
        """Fetch the document, or wait for the thread that already does so."""
        before = self._tried_at
        if not self._acquire_lock():
            return
        try:
            if self._tried_at == before:
                self._try_fetch()
        finally:
            self._started_at = None
            self._lock.release()

    def _acquire_lock(self) -> bool:
        """Acquire the lock; return False if the thread that holds it takes too long."""
        until = time.monotonic() + CALL_SECONDS
        while not self._lock.acquire(timeout=POLL_SECONDS):
            started_at, present = self._started_at, time.monotonic()
            is_slow = started_at is not None and present > started_at + SLOW_SECONDS
            if is_slow or present > until:
                return False
        return True

    def _note_start(self) -> None:
        self._started_at = time.monotonic()

    def _require_usable(self) -> dict[str, Any]:
        if self._value is None or not self._is_younger(USABLE_SECONDS):
            raise Unreachable(self._error or TOO_MANY_WAITING)
        return self._value

    def _is_younger(self, seconds: float) -> bool:
        return clock() - self._fetched_at < seconds

    def _try_fetch(self) -> None:
        try:
            self._value = self._get(self._note_start)
        except Busy:
            return  # no request was sent, so nothing is known about Microsoft
        except Unreachable as error:
            self._error = str(error)
            logger.warning("Microsoft cannot be reached: %s", error)
        else:
            self._fetched_at, self._error = clock(), ""
        self._tried_at = clock()


class Provider:
    """The endpoints and signing keys for one app registration."""

    def __init__(self, registration: AppRegistration) -> None:
        self._registration = registration
        self._metadata = CachedDocument(self._fetch_metadata)
        self._keys = CachedDocument(self._fetch_keys)

    def load_metadata(self) -> dict[str, Any]:
        """Return the endpoints; raises Unreachable."""
        return self._metadata.load()

    def find_problem(self) -> str:
        """Return why the last request for the metadata failed; empty if it did not."""
        return self._metadata.find_problem()

    @property
    def last_problem(self) -> str:
        """Return the same of the last attempt, for whatever it was; ask nobody."""
        return self._metadata.last_problem or self._keys.last_problem

    def load_keys(self, *, refresh: bool = False) -> dict[str, Any]:
        """Return the signing keys as a JWK Set; raises Unreachable.

        ``refresh`` fetches them again, unless that was done a short while ago.
        """
        return self._keys.refresh() if refresh else self._keys.load()

    def _fetch_metadata(self, on_start: OnStart) -> dict[str, Any]:
        registration = self._registration
        url = metadata_url(
            registration.authority, registration.tenant_id, registration.client_id
        )
        document = fetch(url, on_start)
        if document.get("issuer") != registration.issuer:
            raise Unreachable("the metadata is of another directory")
        # Only the endpoints: Authlib would use scope, algorithms and more as well.
        endpoints = {name: document.get(name) for name in ENDPOINTS}
        for name, address in endpoints.items():
            if not _is_url_of(registration.authority, address):
                raise Unreachable(f"the metadata names an unexpected {name}")
        return {**endpoints, "issuer": registration.issuer}

    def _fetch_keys(self, on_start: OnStart) -> dict[str, Any]:
        document = fetch(self.load_metadata()["jwks_uri"], on_start)
        listed = document.get("keys")
        keys = (
            [_to_jwk(each) for each in listed if self._may_sign(each)]
            if isinstance(listed, list)
            else []
        )
        if not keys:
            raise Unreachable("there are no signing keys")
        return {"keys": keys}

    def _may_sign(self, key: Any) -> bool:
        """May this key sign for our directory?  Some keys name another issuer."""
        if not isinstance(key, Mapping) or key.get("kty") != "RSA":
            return False
        texts = [key.get(name) for name in ("kid", "n", "e")]
        issuer = str(key.get("issuer") or self._registration.issuer)
        return (
            all(isinstance(text, str) and text for text in texts)
            and len(str(key["n"])) >= 342  # 2,048 bits
            and key.get("use") in (None, "sig")
            and issuer.replace("{tenantid}", self._registration.tenant_id)
            == self._registration.issuer
        )


def _is_url_of(authority: str, address: object) -> bool:
    """Is this a URL of the authority, with unambiguous characters only?"""
    return (
        isinstance(address, str)
        and address.startswith(f"{authority}/")
        and _PATH.fullmatch(address.removeprefix(authority)) is not None
    )


def _to_jwk(document: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(document[name]) for name in ("kty", "kid", "n", "e")}


def metadata_url(authority: str, tenant: str, client_id: str) -> str:
    """Return the URL of the metadata.

    With ``appid``, Microsoft includes keys that are specific to the application.
    """
    query = f"?appid={client_id}" if client_id else ""
    return f"{authority}/{tenant}/v2.0/.well-known/openid-configuration{query}"


def look_up_tenant(authority: str, tenant: str) -> str:
    """Ask Microsoft for the ID of the directory with this ID or domain.

    Raises UnknownDirectory and Unreachable.
    """
    issuer = str(fetch(metadata_url(authority, tenant, "")).get("issuer"))
    tenant_id = as_guid(issuer.removeprefix(f"{authority}/").removesuffix("/v2.0"))
    if tenant_id is None or tenant_id == CONSUMERS:
        raise UnknownDirectory(f"{tenant} is not the directory of an organisation")
    return tenant_id
