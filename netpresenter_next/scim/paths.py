"""Paths below /scim in the one spelling that is routed."""

from collections.abc import Iterable
from typing import Any

ROOT = "scim"
VERSION = "v2"
PREFIX = f"/{ROOT}/{VERSION}"
_ENDPOINTS = {
    each.lower(): each
    for each in (
        "Users",
        "Groups",
        "Bulk",
        "Me",
        "ServiceProviderConfig",
        "ResourceTypes",
        "Schemas",
        ".search",
    )
}


def endpoint_named(name: str) -> str:
    """Return the name of an endpoint as it is routed; others stay as they are."""
    return _ENDPOINTS.get(name.lower(), name)


def direct(path: str) -> str:
    """Return the path that is routed: one slash each, endpoints in their spelling.

    A redirect would say the same, but Entra ID's client drops the token at one.
    Paths elsewhere stay as they are.
    """
    segments = [each for each in path.split("/") if each]
    if segments[:1] != [ROOT]:
        return path
    place = 2 if segments[1:2] == [VERSION] else 1
    segments[place : place + 1] = map(endpoint_named, segments[place : place + 1])
    return "/" + "/".join(segments)


class DirectPaths:
    """Lets ``/scim/v2//users/`` mean ``/scim/v2/Users`` without a redirect."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Hand the request on with its path in the spelling that is routed."""
        environ["PATH_INFO"] = direct(environ.get("PATH_INFO", ""))
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer
