"""SCIM requests put to the domain: create, replace, patch, delete.

Knows nothing of HTTP and opens no transaction: it is handed the connection of the
one in which the whole request happens.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from netpresenter_next import accounts, groups
from netpresenter_next.journal import Actor
from netpresenter_next.models import MEMBERSHIPS
from netpresenter_next.scim.characteristics import ResourceType
from netpresenter_next.scim.errors import (
    Forbidden,
    InvalidFilter,
    InvalidPath,
    InvalidValue,
    PreconditionFailed,
    Uniqueness,
)
from netpresenter_next.scim.members import MEMBERS, MemberStep, member_ids
from netpresenter_next.scim.patch import Operation, apply
from netpresenter_next.scim.projection import EVERYTHING, Projection, projection
from netpresenter_next.scim.reading import Reader, Result
from netpresenter_next.scim.validation import clean_resource, finish

# A group with more members than this is answered without a body after a PATCH, so
# that the cost of the answer does not depend on the size of the group.
SMALL_GROUP = 20
_SOME_MEMBERS = (
    select(MEMBERSHIPS.c.user_id)
    .where(MEMBERSHIPS.c.group_id == bindparam("this_id"))
    .limit(SMALL_GROUP + 1)
)


@dataclass(frozen=True)
class Precondition:
    """The client's If-Match: versions it accepts, or None for any."""

    versions: tuple[str, ...] | None = None

    def check(self, version: str) -> None:
        """Raise PreconditionFailed when the resource has moved on."""
        if self.versions is not None and version not in self.versions:
            raise PreconditionFailed(
                f"The resource is now version {version}: read it again."
            )


ANY_VERSION = Precondition()


@contextmanager
def _scim_errors() -> Iterator[None]:
    """Say in SCIM what the domain refuses."""
    try:
        yield
    except (accounts.Taken, groups.NameTaken) as error:
        raise Uniqueness(str(error)) from error
    except accounts.LastAdministrator as error:
        raise Forbidden(str(error)) from error
    except (accounts.BadName, groups.UnknownMembers) as error:
        raise InvalidValue(str(error)) from error


class Service(Reader):
    """Reads and changes; every change happens in the caller's one transaction."""

    def create(
        self,
        connection: Connection,
        resource_type: ResourceType,
        body: Mapping[str, Any],
        actor: Actor,
        wanted: Projection = EVERYTHING,
    ) -> Result:
        """Make a resource from a POST body (RFC 7644, 3.3).

        Raises InvalidValue, InvalidSyntax, Uniqueness.
        """
        ignored: list[str] = []
        attributes, members = self._split_members(resource_type, body)
        document = clean_resource(resource_type, attributes, ignored)
        document = finish(resource_type, document, {})
        with _scim_errors():
            if resource_type is self.directory.user:
                row = accounts.create(connection, document, actor, is_provisioned=True)
            else:
                row = groups.create(connection, document, actor)
                row = groups.add_members(connection, row, members, actor)
        return self.result(connection, resource_type, row, wanted, ignored)

    def replace(
        self,
        connection: Connection,
        resource_type: ResourceType,
        resource_id: str,
        body: Mapping[str, Any],
        actor: Actor,
        wanted: Projection = EVERYTHING,
        precondition: Precondition = ANY_VERSION,
    ) -> Result:
        """Replace a resource by a PUT body (RFC 7644, 3.5.1).

        What is left out is cleared, but for ``active``, which stays: nobody is let in
        again by an omission.
        """
        row = self.find(connection, resource_type, resource_id, to_change=True)
        self._check(connection, resource_type, row, precondition)
        ignored: list[str] = []
        attributes, members = self._split_members(resource_type, body)
        document = clean_resource(resource_type, attributes, ignored)
        document = finish(resource_type, document, row.document)
        row = self._change(connection, resource_type, row, document, actor)
        if resource_type is self.directory.group:
            with _scim_errors():
                row = groups.replace_members(connection, row, members, actor)
        return self.result(connection, resource_type, row, wanted, ignored)

    def patch(
        self,
        connection: Connection,
        resource_type: ResourceType,
        resource_id: str,
        operations: Sequence[Operation],
        actor: Actor,
        wanted: Projection = EVERYTHING,
        precondition: Precondition = ANY_VERSION,
    ) -> Result:
        """Apply the operations of a PATCH (RFC 7644, 3.5.2), all or none.

        A group too large to be answered at a fixed cost comes without its resource,
        unless the client excluded its members.
        """
        row = self.find(connection, resource_type, resource_id, to_change=True)
        self._check(connection, resource_type, row, precondition)
        draft = apply(resource_type, row.document, operations)
        row = self._change(connection, resource_type, row, draft.document, actor)
        for step in draft.member_steps:
            row = self._take(connection, row, step, actor)
        if resource_type is self.directory.group and wanted.wants(MEMBERS):
            return self._small_group(connection, row, wanted, draft.ignored)
        return self.result(connection, resource_type, row, wanted, draft.ignored)

    def delete(
        self,
        connection: Connection,
        resource_type: ResourceType,
        resource_id: str,
        actor: Actor,
        precondition: Precondition = ANY_VERSION,
    ) -> None:
        """Remove a resource (RFC 7644, 3.6); raises NotFound."""
        row = self.find(connection, resource_type, resource_id, to_change=True)
        self._check(connection, resource_type, row, precondition)
        with _scim_errors():
            if resource_type is self.directory.user:
                accounts.delete_person(connection, row, actor)
            else:
                groups.delete_group(connection, row, actor)

    def _check(
        self,
        connection: Connection,
        resource_type: ResourceType,
        row: Row[Any],
        precondition: Precondition,
    ) -> None:
        if precondition.versions is not None:
            only_version = projection([resource_type], ["meta.version"], ())
            result = self.result(connection, resource_type, row, only_version)
            precondition.check(result.version)

    def _change(
        self,
        connection: Connection,
        resource_type: ResourceType,
        row: Row[Any],
        document: Mapping[str, Any],
        actor: Actor,
    ) -> Row[Any]:
        with _scim_errors():
            if resource_type is self.directory.user:
                return accounts.change_document(connection, row, document, actor)
            return groups.change_document(connection, row, document, actor)

    def _split_members(
        self, resource_type: ResourceType, body: Mapping[str, Any]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Part a group's body into its attributes and the ids of its members."""
        if resource_type is not self.directory.group:
            return dict(body), ()
        attributes = {key: body[key] for key in body if key.lower() != MEMBERS}
        members = next((body[key] for key in body if key not in attributes), None)
        return attributes, member_ids(members)

    def _take(
        self, connection: Connection, group: Row[Any], step: MemberStep, actor: Actor
    ) -> Row[Any]:
        with _scim_errors():
            if step.condition is not None:
                try:
                    person = self.query(self.directory.group).member(step.condition)
                except InvalidFilter as error:
                    raise InvalidPath(error.detail) from error
                return groups.remove_members_where(connection, group, person, actor)
            take = {
                "add": groups.add_members,
                "remove": groups.remove_members,
                "replace": groups.replace_members,
            }[step.kind]
            return take(connection, group, step.ids, actor)

    def _small_group(
        self,
        connection: Connection,
        row: Row[Any],
        wanted: Projection,
        ignored: Sequence[str],
    ) -> Result:
        group = self.directory.group
        some = connection.execute(_SOME_MEMBERS, {"this_id": row.id}).all()
        if len(some) <= SMALL_GROUP:
            return self.result(connection, group, row, wanted, ignored)
        bare = projection([group], (), [MEMBERS])
        result = self.result(connection, group, row, bare, ignored)
        return Result(None, result.version, result.location, tuple(ignored))
