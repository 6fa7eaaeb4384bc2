"""HTTP calls to Microsoft, by Authlib's session of requests.

Importing requests and Authlib takes long, and most processes never call Microsoft: so
this module and ``client`` are imported at the first call.
"""

import time
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from authlib.integrations.requests_client import OAuth2Session
from requests import PreparedRequest, RequestException, Response
from urllib3.exceptions import HTTPError

from netpresenter_next.microsoft import transport
from netpresenter_next.microsoft.transport import ClockSkew, Unreachable

LONGEST_ANSWER = 2**20


class LimitedSession(OAuth2Session):
    """A session of requests that follows no redirects and limits time and size."""

    on_start: transport.OnStart | None = None

    def get_redirect_target(self, resp: Response) -> str | None:
        """Return None: requests would read the body of a redirect without limit."""
        return None

    def send(self, request: PreparedRequest, **options: Any) -> Response:
        """Send a request and read the whole response; raises Unreachable."""
        options |= {
            "stream": True,
            "timeout": transport.CALL_SECONDS,
            "allow_redirects": False,
        }
        send = super().send
        try:
            response = transport.run_with_deadline(
                lambda: _read_whole(send(request, **options)), self.on_start
            )
        except (RequestException, HTTPError) as error:  # requests lets some through
            host = urlsplit(request.url or "").hostname
            raise Unreachable(f"{host}: {type(error).__name__}") from error
        if response.status_code == 429 or response.status_code >= 500:
            raise Unreachable(f"Microsoft answered {response.status_code}")
        _note_skew(response.headers.get("Date", ""))
        return response


def _read_whole(response: Response) -> Response:
    """Read the whole response; raises Unreachable if it is too long or too slow."""
    until, content = time.monotonic() + transport.CALL_SECONDS, b""
    try:
        while part := response.raw.read1(2**16, decode_content=True):
            content += part
            if len(content) > LONGEST_ANSWER or time.monotonic() > until:
                raise Unreachable("the answer is too long or too slow")
    except Unreachable:
        raise
    except Exception as error:  # urllib3's own have no base in common with the others
        raise Unreachable(f"the answer was cut off: {type(error).__name__}") from error
    finally:
        response.close()
    response._content = content
    response._content_consumed = True  # type: ignore[attr-defined]
    return response


def _note_skew(date: str) -> None:
    with suppress(ValueError, TypeError, OverflowError):
        theirs = parsedate_to_datetime(date)
        ClockSkew.seconds = round((datetime.now(UTC) - theirs).total_seconds())
