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
from netpresenter_next.microsoft.app_registration import CONSUMERS, Registration
from netpresenter_next.microsoft.transport import (
    PATIENCE,
    SECONDS,
    Busy,
    Http,
    Started,
    Unreachable,
)

# Seconds until a copy is fetched again, and until it is no longer used.
FRESH, GOOD = 3600.0, 86_400.0
# Seconds between attempts after a failure, and between searches for an unknown key.
RETRY, UNKNOWN_KEY = 60.0, 300.0
# Seconds between attempts while there is no copy: people press the button again soon.
FIRST_RETRY = 3.0
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
POLL = 0.1
# Seconds that a page which only shows the state waits for Microsoft.
GLANCE = 0.3
HANGS = "too many calls to Microsoft are already waiting"


class UnknownDirectory(Unreachable):
    """Microsoft answers that there is no such directory."""


def fetch(url: str, started: Started | None = None) -> dict[str, Any]:
    """Fetch a JSON object; raises UnknownDirectory and Unreachable.

    ``started`` is called when the request begins, after any wait for a slot.
    """
    with Http() as session:
        session.started = started
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


class Kept:
    """A cached document, with its last good copy."""

    def __init__(self, get: Callable[[Started], dict[str, Any]]) -> None:
        self._get = get
        self._lock = threading.Lock()
        self._value: dict[str, Any] | None = None
        self._fetched_at = self._tried_at = self._looked_at = float("-inf")
        self._begun: float | None = None
        self._fault = ""

    def value(self) -> dict[str, Any]:
        """Return the document, at most an hour old if Microsoft can be reached.

        Raises Unreachable if there is no copy of the last 24 hours.
        """
        if self._is_due():
            self._renew()
        return self._good()

    def trouble(self) -> str:
        """Return why the last attempt to fetch it failed; empty if it succeeded.

        Fetches the document if that is due, but waits at most ``GLANCE`` seconds.
        """
        if self._is_due() and not self._lock.locked():
            asking = threading.Thread(target=self._renew, daemon=True)
            asking.start()
            asking.join(GLANCE)
        return self._fault

    def _is_due(self) -> bool:
        wait = RETRY if self._value is not None else FIRST_RETRY
        was_just_tried = bool(self._fault) and clock() - self._tried_at < wait
        return not self._is_younger(FRESH) and not was_just_tried

    def look_again(self) -> dict[str, Any]:
        """Fetch and return the document, to look for an unknown key.

        If that was done less than ``UNKNOWN_KEY`` seconds ago, the cached copy is
        returned.  Raises Unreachable.
        """
        if clock() - self._looked_at < UNKNOWN_KEY:
            return self.value()
        before = self._fetched_at
        if not (self._fault and clock() - self._tried_at < FIRST_RETRY):
            self._renew()
        if self._fetched_at == before:
            raise Unreachable(self._fault or HANGS)
        self._looked_at = clock()
        return self._good()

    def _renew(self) -> None:
        """Fetch the document, or wait for the thread that already does so."""
        before = self._tried_at
        if not self._comes_first():
            return
        try:
            if self._tried_at == before:
                self._try()
        finally:
            self._begun = None
            self._lock.release()

    def _comes_first(self) -> bool:
        """Acquire the lock; return False if the thread that holds it takes too long."""
        until = time.monotonic() + SECONDS
        while not self._lock.acquire(timeout=POLL):
            begun, moment = self._begun, time.monotonic()
            if moment > until or (begun is not None and moment > begun + PATIENCE):
                return False
        return True

    def _note_begun(self) -> None:
        self._begun = time.monotonic()

    def _good(self) -> dict[str, Any]:
        if self._value is None or not self._is_younger(GOOD):
            raise Unreachable(self._fault or HANGS)
        return self._value

    def _is_younger(self, seconds: float) -> bool:
        return clock() - self._fetched_at < seconds

    def _try(self) -> None:
        try:
            self._value = self._get(self._note_begun)
        except Busy:
            return  # no request was sent, so nothing is known about Microsoft
        except Unreachable as error:
            self._fault = str(error)
            logger.warning("Microsoft cannot be reached: %s", error)
        else:
            self._fetched_at, self._fault = clock(), ""
        self._tried_at = clock()


class Provider:
    """The endpoints and signing keys for one app registration."""

    def __init__(self, registration: Registration) -> None:
        self._known = registration
        self._metadata = Kept(self._fetch_metadata)
        self._keys = Kept(self._fetch_keys)

    def metadata(self) -> dict[str, Any]:
        """Return the endpoints; raises Unreachable."""
        return self._metadata.value()

    def trouble(self) -> str:
        """Return why the last request for the metadata failed; empty if it did not."""
        return self._metadata.trouble()

    def keys(self, *, look_again: bool = False) -> dict[str, Any]:
        """Return the signing keys as a JWK Set; raises Unreachable.

        ``look_again`` fetches them again, unless that was done a short while ago.
        """
        return self._keys.look_again() if look_again else self._keys.value()

    def _fetch_metadata(self, started: Started) -> dict[str, Any]:
        known = self._known
        url = metadata_url(known.authority, known.tenant_id, known.client_id)
        document = fetch(url, started)
        if document.get("issuer") != known.issuer:
            raise Unreachable("the metadata is of another directory")
        # Only the endpoints: Authlib would use scope, algorithms and more as well.
        endpoints = {name: document.get(name) for name in ENDPOINTS}
        for name, address in endpoints.items():
            if not _is_below(known.authority, address):
                raise Unreachable(f"the metadata names an unexpected {name}")
        return {**endpoints, "issuer": known.issuer}

    def _fetch_keys(self, started: Started) -> dict[str, Any]:
        document = fetch(self.metadata()["jwks_uri"], started)
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
        """May this key sign for our directory?  Some keys name another issuer."""
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


def _is_below(authority: str, address: object) -> bool:
    """Is this a URL of the authority, with unambiguous characters only?"""
    return (
        isinstance(address, str)
        and address.startswith(f"{authority}/")
        and _PATH.fullmatch(address.removeprefix(authority)) is not None
    )


def _key(document: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(document[name]) for name in ("kty", "kid", "n", "e")}


def metadata_url(authority: str, tenant: str, client_id: str) -> str:
    """Return the URL of the metadata.

    With ``appid``, Microsoft includes keys that are specific to the application.
    """
    query = f"?appid={client_id}" if client_id else ""
    return f"{authority}/{tenant}/v2.0/.well-known/openid-configuration{query}"


def tenant_of(authority: str, tenant: str) -> str:
    """Ask Microsoft for the ID of the directory with this ID or domain.

    Raises UnknownDirectory and Unreachable.
    """
    issuer = str(fetch(metadata_url(authority, tenant, "")).get("issuer"))
    found = as_guid(issuer.removeprefix(f"{authority}/").removesuffix("/v2.0"))
    if found is None or found == CONSUMERS:
        raise UnknownDirectory(f"{tenant} is not the directory of an organisation")
    return found
