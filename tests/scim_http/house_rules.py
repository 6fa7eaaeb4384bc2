"""Rules for every answer below the SCIM Endpoint URL, whatever the request."""

from typing import TYPE_CHECKING, Any

from scim2_models import (
    BaseModel,
    BulkResponse,
    Context,
    EnterpriseUser,
    Error,
    Group,
    ListResponse,
    ResourceType,
    Schema,
    ServiceProviderConfig,
    User,
)

if TYPE_CHECKING:
    from scim_client import Answer

MEDIA_TYPE = "application/scim+json"
ERROR = "urn:ietf:params:scim:api:messages:2.0:Error"
Person = User[EnterpriseUser]
# The model of the resources of each endpoint, also in its lists.
MODELS: dict[str, type[BaseModel]] = {
    "Users": Person,
    "Groups": Group,
    "Schemas": Schema,
    "ResourceTypes": ResourceType,
}
SPELT = {
    each.lower(): each for each in (*MODELS, "Bulk", "Me", "ServiceProviderConfig")
}
CONTEXTS = {
    "GET": Context.RESOURCE_QUERY_RESPONSE,
    "POST": Context.RESOURCE_CREATION_RESPONSE,
    "PUT": Context.RESOURCE_REPLACEMENT_RESPONSE,
    "PATCH": Context.RESOURCE_PATCH_RESPONSE,
}


def check(method: str, path: str, answer: "Answer") -> None:
    """Assert the rules; the message has the exchange and the broken rule."""
    said = f"{method} {path} -> {answer.status} {answer.body[:500]!r}: "
    _check_http(path, answer, said)
    if answer.document is None:
        return
    assert not _has_null(answer.document), said + "null instead of nothing"
    if answer.status >= 400:
        _check_error(answer, said)
    else:
        _check_versions(answer, said)
        _check_model(method, path, answer)


def _check_http(path: str, answer: "Answer", said: str) -> None:
    status, headers = answer.status, answer.headers
    assert status < 500 or (status == 501 and _endpoint(path)[0] == "Me"), said
    assert status // 100 != 3 or status == 304, said + "a redirect"
    assert "set-cookie" not in headers, said + "a cookie"
    if status in (204, 304):
        assert not answer.body, said + "a body"
    else:
        assert headers.get("content-type") == MEDIA_TYPE, said + str(headers)


def _check_error(answer: "Answer", said: str) -> None:
    document = answer.document
    assert document["schemas"] == [ERROR], said
    assert document["status"] == str(answer.status), said
    assert isinstance(document["detail"], str), said
    assert document["detail"], said
    if answer.status == 401:
        challenge = answer.headers["www-authenticate"]
        assert challenge.startswith("Bearer"), said + challenge
    Error.model_validate(document)


def _check_versions(answer: "Answer", said: str) -> None:
    """Compare headers with ``meta``, if the client requested it."""
    meta = answer.document.get("meta", {})
    if answer.status == 201:
        assert answer.headers["location"], said
    for header, name in (("location", "location"), ("etag", "version")):
        if header in answer.headers and name in meta:
            assert answer.headers[header] == meta[name], said + header
    if "version" in meta:
        assert "etag" in answer.headers, said


def _check_model(method: str, path: str, answer: "Answer") -> None:
    """Parse the body with an independent library, in the context of the request."""
    endpoint, rest = _endpoint(path)
    context = CONTEXTS[method]
    model: Any
    if rest == ".search":
        context, model = Context.SEARCH_RESPONSE, ListResponse[MODELS[endpoint]]
    elif endpoint == ".search":
        context, model = Context.SEARCH_RESPONSE, ListResponse[Person | Group]
    elif endpoint == "Bulk":
        context, model = Context.BULK_RESPONSE, BulkResponse[Person | Group]
    elif not endpoint:
        model = ListResponse[Person | Group]
    elif endpoint == "ServiceProviderConfig":
        model = ServiceProviderConfig
    elif method == "GET" and not rest:
        model = ListResponse[MODELS[endpoint]]
    else:
        model = MODELS[endpoint]
    model.model_validate(answer.document, scim_ctx=context)


def _endpoint(path: str) -> tuple[str, str]:
    """Return the first two segments of a path or URL: endpoint and id."""
    relative = path.partition("?")[0].rpartition("/scim/v2")[2]
    segments = [segment for segment in relative.split("/") if segment]
    first, second = [*segments, "", ""][:2]
    return SPELT.get(first.lower(), first), second


def _has_null(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_has_null, value.values()))
    if isinstance(value, list):
        return any(map(_has_null, value))
    return value is None
