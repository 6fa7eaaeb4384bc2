"""Performing one operation of a bulk request (RFC 7644, 3.7)."""

from netpresenter_next.directory import events
from netpresenter_next.scim import bulk
from netpresenter_next.scim.resources.members import MEMBERS
from netpresenter_next.scim.resources.patch import read_operations
from netpresenter_next.scim.resources.projection import make_projection
from netpresenter_next.scim.service import Precondition, Service


def perform(
    service: Service, operation: bulk.BulkOperation, new_id: str
) -> bulk.Outcome:
    """Perform an operation, and write its log entries; raises ScimError.

    ``new_id`` is the id for the new resource of a POST.
    """
    outcome = _perform(service, operation, new_id)
    events.end_request(service.connection, service.actor, outcome.status)
    return outcome


def _perform(
    service: Service, operation: bulk.BulkOperation, new_id: str
) -> bulk.Outcome:
    resource_type = service.resource_types.by_endpoint(operation.endpoint)
    whole = make_projection([resource_type], (), [MEMBERS])
    resource_id, data = operation.resource_id or new_id, operation.data
    condition = Precondition((operation.version,) if operation.version else None)
    if operation.method == "DELETE":
        service.delete(resource_type, resource_id, condition)
        location = service.serializer.location_of(resource_type, resource_id)
        return bulk.Outcome(204, location)
    if operation.method == "POST":
        result = service.create(resource_type, data, whole, resource_id)
        return bulk.Outcome(201, result.location, result.version)
    if operation.method == "PUT":
        result = service.replace(resource_type, resource_id, data, whole, condition)
    else:
        steps = read_operations(data)
        result = service.patch(resource_type, resource_id, steps, whole, condition)
    return bulk.Outcome(200, result.location, result.version)
