"""The SCIM errors: one exception for each status and ``scimType`` (RFC 7644, 3.12)."""

from typing import Any

BODY_TOO_LARGE = "The request is larger than 4 MiB: send less at once."
ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"


class ScimError(Exception):
    """An error response: HTTP status, ``scimType`` and ``detail``.

    Entra ID shows ``detail`` in its provisioning logs, so it names the attribute and
    what an administrator can change, and never contains a secret.
    """

    status = 400
    scim_type: str | None = None
    retry_after: int | None = None  # seconds, for temporary errors
    # The id of the refused request, if it is recorded in the provisioning log.
    request_id: str | None = None

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail

    def to_document(self) -> dict[str, Any]:
        """Return the body of the error response; the RFC makes ``status`` a string."""
        document: dict[str, Any] = {
            "schemas": [ERROR_SCHEMA],
            "status": str(self.status),
            "detail": self.detail,
        }
        if self.scim_type:
            document["scimType"] = self.scim_type
        return document


class InvalidSyntax(ScimError):
    """The body is not valid JSON, or does not have the structure of a SCIM message."""

    scim_type = "invalidSyntax"


class InvalidFilter(ScimError):
    """The filter is invalid, or its operator does not apply to the attribute."""

    scim_type = "invalidFilter"


class TooMany(ScimError):
    """The query would take longer than the service allows for one request."""

    scim_type = "tooMany"


class InvalidPath(ScimError):
    """The path of an operation, or an attribute name, is invalid."""

    scim_type = "invalidPath"


class NoTarget(ScimError):
    """The target of a PATCH operation is missing or matches nothing."""

    scim_type = "noTarget"


class InvalidValue(ScimError):
    """A value is missing, of the wrong type, or not allowed."""

    scim_type = "invalidValue"


class RequiredMissing(InvalidValue):
    """The resource has no value for a required attribute."""


class InvalidCursor(ScimError):
    """The cursor is not from this service, or is from another query (RFC 9865, 2.1)."""

    scim_type = "invalidCursor"


class ExpiredCursor(ScimError):
    """The cursor has expired (RFC 9865, 2.1)."""

    scim_type = "expiredCursor"


class Mutability(ScimError):
    """The attribute is read-only, or immutable and already set."""

    scim_type = "mutability"


class Uniqueness(ScimError):
    """Another resource already has this value of a unique attribute."""

    status = 409
    scim_type = "uniqueness"


class Unauthorized(ScimError):
    """The token is missing or not accepted."""

    status = 401


class Forbidden(ScimError):
    """The token is valid, but this operation is not permitted."""

    status = 403


class NotFound(ScimError):
    """The resource or endpoint does not exist, or is not visible to SCIM."""

    status = 404


class MethodNotAllowed(ScimError):
    """The endpoint does not support this HTTP method."""

    status = 405


class PreconditionFailed(ScimError):
    """The version in If-Match is not the present one (RFC 7644, 3.14)."""

    status = 412


class TooLarge(ScimError):
    """The request is larger than the service accepts (RFC 7644, 3.7.4)."""

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
    """The feature is optional in the RFC and not supported here."""

    status = 501


class Unavailable(ScimError):
    """A temporary fault of the service; the client should try again."""

    status = 503


class InternalError(ScimError):
    """An unexpected error of the service; the log of the server has the details."""

    status = 500
