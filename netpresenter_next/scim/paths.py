"""Normalisation of paths below /scim to the spelling that Flask routes."""

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


def normalize_endpoint(name: str) -> str:
    """Return the routed spelling of an endpoint; other names are returned unchanged."""
    return _ENDPOINTS.get(name.lower(), name)


def normalize_path(path: str) -> str:
    """Return the routed form of a path: single slashes, endpoints in their spelling.

    A redirect is no alternative, because the client of Entra ID drops the token when it
    follows one.  Paths outside /scim are returned unchanged.
    """
    segments = [each for each in path.split("/") if each]
    if segments[:1] != [ROOT]:
        return path
    place = 2 if segments[1:2] == [VERSION] else 1
    segments[place : place + 1] = map(normalize_endpoint, segments[place : place + 1])
    return "/" + "/".join(segments)


class NormalizedPaths:
    """WSGI middleware that serves ``/scim/v2//users/`` as ``/scim/v2/Users``."""

    def __init__(self, application: Any) -> None:
        self._application = application

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Pass the request on with its normalised path."""
        environ["PATH_INFO"] = normalize_path(environ.get("PATH_INFO", ""))
        answer: Iterable[bytes] = self._application(environ, start_response)
        return answer
