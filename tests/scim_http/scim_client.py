"""A SCIM client that sends requests as Entra ID does, and checks every answer."""

import http.client
import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import quote, urlsplit
from uuid import uuid4

import house_rules

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE_USER = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
SECONDS = 30
# Characters that are not percent-encoded in a request target.
_SAFE = "/%?&=+,:;@!$'()*-._~#"


@dataclass(frozen=True)
class Answer:
    """An answer; ``document`` is the JSON of the body, or None."""

    status: int
    headers: Mapping[str, str]  # names in lower case
    body: bytes
    document: Any

    @property
    def id(self) -> str:
        """The id of the resource."""
        return str(self.document["id"])


class Client(AbstractContextManager["Client"]):
    """A client with one persistent connection; each thread needs its own.

    Paths are relative to the SCIM Endpoint URL.  No User-Agent is sent: Entra ID
    sends none either.
    """

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self.url, self.token, self.prefix = url, token, parts.path
        self._connection = http.client.HTTPConnection(parts.netloc, timeout=SECONDS)

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def another(self) -> Self:
        """Return a client with a separate connection."""
        return type(self)(self.url, self.token)

    def request(
        self,
        method: str,
        path: str,
        body: Any = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Answer:
        """Send one request and check the answer by the house rules.

        ``body`` is sent as it is when it is bytes, else as JSON; a header that is
        None is left out.
        """
        data = body if isinstance(body, bytes | None) else _json(body)
        all_headers: dict[str, str | None] = {
            "Authorization": f"Bearer {self.token}",
            "Accept": "application/scim+json",
        }
        if data is not None:
            all_headers["Content-Type"] = "application/scim+json; charset=utf-8"
        all_headers.update(headers or {})
        answer = self._send(method, self._target(path), data, all_headers)
        house_rules.check(method, path, answer)
        return answer

    def _target(self, path: str) -> str:
        """Return the request target for a path or a whole URL."""
        if path.startswith("http"):
            path = path.removeprefix(self.url)
        return quote(self.prefix + path, safe=_SAFE)

    def _send(
        self,
        method: str,
        target: str,
        data: bytes | None,
        headers: Mapping[str, str | None],
    ) -> Answer:
        connection = self._connection
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            if value is not None:
                connection.putheader(name, value.encode())
        if data is not None or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(data or b"")))
        connection.endheaders(data)
        with connection.getresponse() as response:
            body = response.read()
            received = {name.lower(): value for name, value in response.getheaders()}
            status = response.status
        return Answer(status, received, body, json.loads(body) if body else None)

    def get(self, path: str, **headers: str) -> Answer:
        """Read."""
        return self.request("GET", path, headers=headers)

    def post(self, path: str, body: Any) -> Answer:
        """Create."""
        return self.request("POST", path, body)

    def put(self, path: str, body: Any) -> Answer:
        """Replace."""
        return self.request("PUT", path, body)

    def patch(self, path: str, *operations: Mapping[str, Any]) -> Answer:
        """Apply operations."""
        return self.request("PATCH", path, patch_body(*operations))

    def delete(self, path: str) -> Answer:
        """Delete."""
        return self.request("DELETE", path)

    def find(self, endpoint: str, filter_: str) -> list[dict[str, Any]]:
        """Return the resources that match a filter."""
        answer = self.get(f"{endpoint}?filter={quote(filter_, safe='')}")
        assert answer.status == 200, answer
        found: list[dict[str, Any]] = answer.document["Resources"]
        return found


def _json(body: Any) -> bytes:
    return json.dumps(body, ensure_ascii=False).encode()


def user_body(**changes: Any) -> dict[str, Any]:
    """Return a unique user as Entra ID sends one; None leaves an attribute out."""
    tag = uuid4().hex[:10]
    body: dict[str, Any] = {
        "schemas": [CORE_USER, ENTERPRISE_USER],
        "externalId": f"external-{tag}",
        "userName": f"ada.{tag}@contoso.example",
        "active": True,
        "emails": [
            {"primary": True, "type": "work", "value": f"work.{tag}@contoso.example"}
        ],
        "meta": {"resourceType": "User"},
        "name": {
            "formatted": "Ada Lovelace",
            "familyName": "Lovelace",
            "givenName": "Ada",
        },
        "roles": [],
    }
    body.update(changes)
    return {name: value for name, value in body.items() if value is not None}


def group_body(*member_ids: str, **changes: Any) -> dict[str, Any]:
    """Return a unique group with these members."""
    tag = uuid4().hex[:10]
    body: dict[str, Any] = {
        "schemas": [CORE_GROUP],
        "externalId": f"group-{tag}",
        "displayName": f"Group {tag}",
        "meta": {"resourceType": "Group"},
    }
    if member_ids:
        body["members"] = [{"value": member_id} for member_id in member_ids]
    return {**body, **changes}


def patch_body(*operations: Mapping[str, Any]) -> dict[str, Any]:
    """Return the body of a PATCH."""
    return {"schemas": [PATCH_OP], "Operations": list(operations)}
