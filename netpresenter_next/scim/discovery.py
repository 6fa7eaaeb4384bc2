"""The documents of /Schemas, /ResourceTypes and /ServiceProviderConfig.

They are built from the attribute tables (RFC 7643, sections 5 to 7; RFC 7644,
section 4; RFC 9865, section 4).
"""

from collections.abc import Sequence
from typing import Any

from netpresenter_next.schema.characteristics import Attribute, Schema
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import CORE
from netpresenter_next.scim import bulk, cursors
from netpresenter_next.scim.listing import DEFAULT_PAGE, LARGEST_PAGE, LIST_SCHEMA

Document = dict[str, Any]


def make_list_response(resources: Sequence[Document]) -> Document:
    """Return a ListResponse with all the resources on one page (RFC 7644, 3.4.2)."""
    return {
        "schemas": [LIST_SCHEMA],
        "totalResults": len(resources),
        "itemsPerPage": len(resources),
        "startIndex": 1,
        "Resources": list(resources),
    }


def describe_attribute(attribute: Attribute) -> Document:
    """Return an attribute with all its characteristics (RFC 7643, section 7)."""
    document: Document = {
        "name": attribute.name,
        "type": attribute.type,
        "multiValued": attribute.multi_valued,
        "description": attribute.description,
        "required": attribute.required,
        "caseExact": attribute.case_exact,
        "mutability": attribute.mutability,
        "returned": attribute.returned,
        "uniqueness": attribute.uniqueness,
    }
    if attribute.canonical_values:
        document["canonicalValues"] = list(attribute.canonical_values)
    if attribute.reference_types:
        document["referenceTypes"] = list(attribute.reference_types)
    if attribute.parts:
        document["subAttributes"] = [
            describe_attribute(part) for part in attribute.parts
        ]
    return document


def describe_schema(schema: Schema, base: str) -> Document:
    """Return a Schema; ``base`` is the root URI (RFC 7643, section 7)."""
    return {
        "schemas": [CORE + "Schema"],
        "id": schema.id,
        "name": schema.name,
        "description": schema.description,
        "attributes": [describe_attribute(each) for each in schema.attributes],
        "meta": {
            "resourceType": "Schema",
            "location": f"{base}/Schemas/{schema.id}",
        },
    }


def describe_resource_type(resource_type: ResourceType, base: str) -> Document:
    """Return a ResourceType; ``base`` is the root URI (RFC 7643, section 6)."""
    document: Document = {
        "schemas": [CORE + "ResourceType"],
        "id": resource_type.name,
        "name": resource_type.name,
        "endpoint": resource_type.endpoint,
        "description": resource_type.description,
        "schema": resource_type.schema.id,
        "meta": {
            "resourceType": "ResourceType",
            "location": f"{base}/ResourceTypes/{resource_type.name}",
        },
    }
    if resource_type.extensions:
        document["schemaExtensions"] = [
            {
                "schema": each.id,
                "required": any(row.required for row in each.attributes),
            }
            for each in resource_type.extensions
        ]
    return document


def describe_service_provider(base: str) -> Document:
    """Return the ServiceProviderConfig (RFC 7643, section 5; RFC 9865, section 4)."""
    return {
        "schemas": [CORE + "ServiceProviderConfig"],
        "patch": {"supported": True},
        "bulk": {
            "supported": True,
            "maxOperations": bulk.MOST_OPERATIONS,
            "maxPayloadSize": bulk.LARGEST_PAYLOAD,
        },
        "filter": {"supported": True, "maxResults": LARGEST_PAGE},
        "changePassword": {"supported": False},
        "sort": {"supported": True},
        "etag": {"supported": True},
        "pagination": {
            "cursor": True,
            "index": True,
            "defaultPaginationMethod": "index",
            "defaultPageSize": DEFAULT_PAGE,
            "maxPageSize": LARGEST_PAGE,
            "cursorTimeout": cursors.LIFETIME,
        },
        "authenticationSchemes": [
            {
                "type": "oauthbearertoken",
                "name": "Bearer token",
                "description": "A token from Settings > System > Microsoft Entra ID.",
                "specUri": "https://www.rfc-editor.org/info/rfc6750",
                "primary": True,
            }
        ],
        "meta": {
            "resourceType": "ServiceProviderConfig",
            "location": f"{base}/ServiceProviderConfig",
        },
    }
