"""The handler of each resource type."""

from collections.abc import Mapping
from typing import Any

from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.handlers.base import ResourceHandler
from netpresenter_next.scim.handlers.groups import GroupHandler
from netpresenter_next.scim.handlers.users import UserHandler

# By the name of the resource type.  Handlers hold no state of an application.
HANDLERS: Mapping[str, ResourceHandler[Any]] = {
    "User": UserHandler(),
    "Group": GroupHandler(),
}


def handler_of(resource_type: ResourceType) -> ResourceHandler[Any]:
    """Return the handler of a resource type."""
    return HANDLERS[resource_type.name]
