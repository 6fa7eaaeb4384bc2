"""Reading and checking the body, query and headers of a SCIM request."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from flask import request

from netpresenter_next.lib import strict_json
from netpresenter_next.lib.text import parse_whole_number
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.errors import (
    InvalidSyntax,
    InvalidValue,
    UnsupportedMediaType,
)
from netpresenter_next.scim.listing import ListQuery
from netpresenter_next.scim.resources.projection import Projection, make_projection
from netpresenter_next.scim.service import Precondition
from netpresenter_next.scim_http.responses import MEDIA_TYPE

T = TypeVar("T", str, int)
LARGEST_NUMBER = 999_999_999
_HEADER_VERSION = re.compile(r'(?:W/)?"[^"]*"')


def read_body() -> dict[str, Any]:
    """Return the JSON object sent; raises UnsupportedMediaType and InvalidSyntax."""
    if request.mimetype not in (MEDIA_TYPE, "application/json", ""):
        raise UnsupportedMediaType(
            f"Send the body as {MEDIA_TYPE}, not as {request.mimetype[:50]}."
        )
    charset = request.mimetype_params.get("charset", "utf-8")
    if charset.lower().replace("-", "") != "utf8":
        raise UnsupportedMediaType("Send the body in UTF-8.")
    try:
        return strict_json.loads(request.get_data())
    except strict_json.InvalidJson as error:
        raise InvalidSyntax(str(error)) from error


def _read_names(parameter: str) -> Sequence[str]:
    """Return a list of attribute names from the query."""
    text = request.args.get(parameter, "") if request.query_string else ""
    return [name for name in text.split(",") if name.strip()] if text else ()


def read_projection(resource_type: ResourceType) -> Projection:
    """Read ``attributes`` and ``excludedAttributes`` (RFC 7644, 3.9).

    Raises InvalidValue.
    """
    return make_projection(
        [resource_type], _read_names("attributes"), _read_names("excludedAttributes")
    )


def _parse_number(text: str | None, name: str) -> int | None:
    if text is None:
        return None
    number = parse_whole_number(text, -LARGEST_NUMBER, LARGEST_NUMBER)
    if number is None:
        raise InvalidValue(f"{name} must be a whole number.")
    return number


def read_list_query() -> ListQuery:
    """Read the parameters of a list from the query; raises InvalidValue."""
    arguments = request.args
    return ListQuery.make(
        filter=arguments.get("filter"),
        sort_by=arguments.get("sortBy") or None,
        descending=arguments.get("sortOrder", "").lower() == "descending",
        start_index=_parse_number(arguments.get("startIndex"), "startIndex"),
        count=_parse_number(arguments.get("count"), "count"),
        cursor=arguments.get("cursor"),
        attributes=_read_names("attributes"),
        excluded_attributes=_read_names("excludedAttributes"),
    )


def read_search_query() -> ListQuery:
    """Read the parameters of a search from the body (RFC 7644, 3.4.3).

    Raises InvalidValue and the errors of ``body``.
    """
    fields = {key.lower(): value for key, value in read_body().items()}
    return ListQuery.make(
        filter=_check_type(fields, "filter", str),
        sort_by=_check_type(fields, "sortBy", str) or None,
        descending=(_check_type(fields, "sortOrder", str) or "").lower()
        == "descending",
        start_index=_check_type(fields, "startIndex", int),
        count=_check_type(fields, "count", int),
        cursor=_check_type(fields, "cursor", str),
        attributes=_read_texts(fields, "attributes"),
        excluded_attributes=_read_texts(fields, "excludedAttributes"),
    )


def _check_type(fields: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    value = fields.get(name.lower())
    if value is None or (isinstance(value, kind) and not isinstance(value, bool)):
        return value
    wanted = "a text" if kind is str else "a whole number"
    raise InvalidValue(f"{name} must be {wanted}.")


def _read_texts(fields: Mapping[str, Any], name: str) -> Sequence[str]:
    value = fields.get(name.lower()) or []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidValue(f"{name} must be a list of attribute names.")
    return value


def is_not_modified(version: str) -> bool:
    """Does If-None-Match contain this version (RFC 9110, 13.1.2)?"""
    value = request.headers.get("If-None-Match", "").strip()
    return value == "*" or version in (_parse_versions(value) or ())


def _parse_versions(value: str) -> tuple[str, ...] | None:
    """Return the versions in If-Match or If-None-Match; None if missing or ``*``."""
    if not value or value == "*":
        return None
    versions = _HEADER_VERSION.findall(value)
    return tuple(each if each.startswith("W/") else f"W/{each}" for each in versions)


def read_precondition() -> Precondition:
    """Return the precondition of If-Match (RFC 7644, 3.14)."""
    return Precondition(_parse_versions(request.headers.get("If-Match", "").strip()))
