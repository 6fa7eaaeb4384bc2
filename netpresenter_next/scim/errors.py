"""What can go wrong with a SCIM request, as the answer says it (RFC 7644, 3.12)."""

from typing import Any

BODY_TOO_LARGE = "The request is larger than 4 MiB: send less at once."
ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """A refusal: HTTP status, ``scimType`` and a detail an administrator can act on.

    Entra ID shows ``detail`` in its provisioning logs, so it names the attribute
    and what to change, and never holds a secret.
    """

    status = 400
    scim_type: str | None = None
    retry_after: int | None = None  # seconds, for what passes

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def to_document(self) -> dict[str, Any]:
        """Return the error response body; ``status`` is a string by the RFC."""
        document: dict[str, Any] = {
            "schemas": [ERROR_SCHEMA],
            "status": str(self.status),
            "detail": self.detail,
        }
        if self.scim_type:
            document["scimType"] = self.scim_type
        return document


class InvalidSyntax(ScimError):
    """The body is not what the RFC's grammar or schema asks for."""

    scim_type = "invalidSyntax"


class InvalidFilter(ScimError):
    """The filter cannot be read, or asks what the attribute cannot answer."""

    scim_type = "invalidFilter"


class TooMany(ScimError):
    """To answer would take more than the service spends on one request."""

    scim_type = "tooMany"


class InvalidPath(ScimError):
    """The path of a PATCH operation cannot be read."""

    scim_type = "invalidPath"


class NoTarget(ScimError):
    """A PATCH operation says not, or not well enough, what it is about."""

    scim_type = "noTarget"


class InvalidValue(ScimError):
    """A value is missing, of the wrong type, or not allowed."""

    scim_type = "invalidValue"


class InvalidCursor(ScimError):
    """The cursor is not one of this service, or of another query (RFC 9865, 2.1)."""

    scim_type = "invalidCursor"


class ExpiredCursor(ScimError):
    """The cursor was good once (RFC 9865, 2.1)."""

    scim_type = "expiredCursor"


class Mutability(ScimError):
    """The change is of something that clients may not change."""

    scim_type = "mutability"


class Uniqueness(ScimError):
    """Another resource has this value, which only one may have."""

    status = 409
    scim_type = "uniqueness"


class Unauthorized(ScimError):
    """No token, or one that is not accepted."""

    status = 401


class Forbidden(ScimError):
    """The token is good but may not do this."""

    status = 403


class NotFound(ScimError):
    """There is no such resource or endpoint, or SCIM may not see it."""

    status = 404


class MethodNotAllowed(ScimError):
    """The endpoint exists, but not for this HTTP method."""

    status = 405


class PreconditionFailed(ScimError):
    """The resource is no longer the version that the client knows (RFC 7644, 3.14)."""

    status = 412


class TooLarge(ScimError):
    """The request is larger than the service takes (RFC 7644, 3.7.4)."""

    status = 413


class UnsupportedMediaType(ScimError):
    """The body is not declared as JSON."""

    status = 415
    scim_type = "invalidSyntax"


class TooManyRequests(ScimError):
    """The client should wait before it tries again."""

    status = 429
    retry_after = 1


class NotImplementedHere(ScimError):
    """The RFC allows a service to leave this out, and this one does."""

    status = 501


class Unavailable(ScimError):
    """The fault is here and passes; the client should try again."""

    status = 503


class Fault(ScimError):
    """The fault is here and nobody foresaw it; the server's log says more."""

    status = 500
