"""The headers of every response: security and caching."""

import zlib
from pathlib import Path
from typing import Any

from flask import Flask, Response, request

from netpresenter_next.config.options import Config

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    # Not no-referrer: the origin check uses the header where there is no other.
    ("Referrer-Policy", "same-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=()"),
)
STRICT_TRANSPORT_SECURITY = ("Strict-Transport-Security", "max-age=63072000")
NO_STORE = ("Cache-Control", "no-store")


def init_app(app: Flask, config: Config) -> None:
    """Add the headers to every response, and checksums to the URLs of static files."""
    _add_headers(app, headers_of(config))
    _stamp_static_files(app)


def headers_of(config: Config) -> tuple[tuple[str, str], ...]:
    """Return the headers of every response."""
    is_https = config.base_url.startswith("https:")
    return (*HEADERS, STRICT_TRANSPORT_SECURITY) if is_https else HEADERS


def _add_headers(app: Flask, headers: tuple[tuple[str, str], ...]) -> None:
    names = {name.lower() for name, _ in headers}

    @app.after_request
    def add_headers(response: Response) -> Response:
        # Each look-up of a header goes through all of them, so there are few.
        own = {name.lower() for name, _ in response.headers}
        if "cache-control" in own:
            del response.headers["Cache-Control"]
        added = headers
        if own & names:
            added = tuple(each for each in headers if each[0].lower() not in own)
        response.headers.extend((*added, ("Cache-Control", _choose_caching(response))))
        return response


def _choose_caching(response: Response) -> str:
    """Return the value of Cache-Control: only static files may be cached."""
    if request.endpoint != "static":
        return "no-store"
    if response.status_code in (200, 304) and "v" in request.args:
        return "public, max-age=31536000, immutable"
    return "no-cache"


def _stamp_static_files(app: Flask) -> None:
    """Add a checksum to the URLs of static files, so that browsers can cache them."""
    folder = Path(str(app.static_folder))
    stamps = {
        path.relative_to(folder).as_posix(): f"{zlib.crc32(path.read_bytes()):08x}"
        for path in folder.rglob("*")
        if path.is_file()
    }

    @app.url_defaults
    def add_stamp(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in stamps:
            values["v"] = stamps[values["filename"]]
