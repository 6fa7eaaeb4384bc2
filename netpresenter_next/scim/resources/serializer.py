"""Serializes rows as SCIM resources: stored attributes, ``schemas``, ``id``, ``meta``.

The handlers add the attributes that are computed for one resource type.
"""

from dataclasses import dataclass
from datetime import datetime

from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.resources.projection import Resource
from netpresenter_next.storage.models import ResourceRow


@dataclass(frozen=True)
class Serializer:
    """Serializes resources; ``base`` is the root URI of the service."""

    base: str

    def location_of(self, resource_type: ResourceType, resource_id: str) -> str:
        """Return the URI of a resource."""
        return f"{self.base}{resource_type.endpoint}/{resource_id}"

    def serialize_document(
        self, resource_type: ResourceType, row: ResourceRow
    ) -> Resource:
        """Return the stored attributes that the schemas have today and may return."""
        schemas = [resource_type.schema.id]
        resource: Resource = {"schemas": schemas, "id": row.id}
        for name, value in resource_type.keep_declared(row.document).items():
            schema = resource_type.find_extension(name)
            if schema is not None:
                value = schema.without_secrets(value)
                if not value:
                    continue
                schemas.append(name)
            elif name in resource_type.never_returned:
                continue
            resource[name] = value
        return resource

    def make_meta(
        self, resource_type: ResourceType, row: ResourceRow, version: str
    ) -> Resource:
        """Return ``meta``; ``version`` is the ETag of the full representation."""
        return {
            "resourceType": resource_type.name,
            "created": format_timestamp(row.created_at),
            "lastModified": format_timestamp(row.modified_at),
            "location": self.location_of(resource_type, row.id),
            "version": version,
        }


def format_timestamp(timestamp: datetime) -> str:
    """Return a timestamp as an xsd:dateTime in UTC (RFC 7643, 2.3.5)."""
    return timestamp.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"
