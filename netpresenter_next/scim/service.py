"""The SCIM operations: create, replace, patch and delete resources.

This module does not depend on HTTP and opens no transaction: its caller passes the
connection of the transaction for the whole request.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.exc import IntegrityError

from netpresenter_next.directory import errors, groups, ignored_attributes
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.uniqueness import ValueTaken
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.scim.errors import (
    Forbidden,
    InvalidFilter,
    InvalidPath,
    InvalidValue,
    PreconditionFailed,
    Uniqueness,
)
from netpresenter_next.scim.handlers.by_type import handler_of
from netpresenter_next.scim.reading import Reader, Result
from netpresenter_next.scim.resources.members import MEMBERS, MemberStep, join_steps
from netpresenter_next.scim.resources.patch import Operation, apply
from netpresenter_next.scim.resources.projection import Projection, make_projection
from netpresenter_next.scim.resources.validation import (
    add_defaults,
    clean_resource,
    validate_document,
)
from netpresenter_next.storage.models import ResourceRow

# SQLite's message for a violated UNIQUE constraint, with its first column.
_NOT_UNIQUE = re.compile(r"UNIQUE constraint failed: (\w+)\.(\w+)(?:, [\w., ]+)?$")


@dataclass(frozen=True)
class Precondition:
    """The If-Match of the client: the versions it accepts, or None for any."""

    versions: tuple[str, ...] | None = None

    def check(self, version: str) -> None:
        """Raise PreconditionFailed unless the client accepts this version."""
        if self.versions is not None and version not in self.versions:
            raise PreconditionFailed(
                f"The resource is now version {version}: read it again."
            )


ANY_VERSION = Precondition()


@contextmanager
def _translate_errors(resource_type: ResourceType) -> Iterator[None]:
    """Raise errors of the directory and of unique columns as SCIM errors."""
    try:
        yield
    except IntegrityError as error:
        raise _translate_integrity_error(resource_type, error) from error
    except (ValueTaken, groups.NameTaken) as error:
        raise Uniqueness(str(error)) from error
    except errors.LastAdministrator as error:
        raise Forbidden(str(error)) from error
    except (errors.BadName, groups.UnknownMembers) as error:
        raise InvalidValue(str(error)) from error


def _translate_integrity_error(
    resource_type: ResourceType, error: IntegrityError
) -> Exception:
    """Return Uniqueness for a unique attribute; otherwise the error itself."""
    match = _NOT_UNIQUE.search(str(error.orig))
    is_own = match is not None and match[1] == resource_type.table.name
    target = resource_type.find_unique_by(match[2]) if match and is_own else None
    if target is None:
        return error
    return Uniqueness(f"Another {resource_type.name} has this {target.name}.")


def _ignore_arrival(_type: str, _id: str, _attributes: Mapping[str, Any]) -> None:
    """Ignore the attributes."""


@dataclass(frozen=True)
class Service(Reader):
    """Reads and changes resources for one request, on behalf of ``actor``."""

    actor: Actor
    # Called with type and id of a resource, and the attributes that were sent for it.
    note_arrival: Callable[[str, str, Mapping[str, Any]], None] = field(
        default=_ignore_arrival, kw_only=True
    )

    def create(
        self,
        resource_type: ResourceType,
        body: Mapping[str, Any],
        wanted: Projection,
        resource_id: str | None = None,
    ) -> Result:
        """Create a resource from the body of a POST (RFC 7644, 3.3).

        ``resource_id`` is the id of the resource, if a bulk request has reserved one.
        Raises InvalidValue, InvalidSyntax, Uniqueness.
        """
        document, members = self._read_body(resource_type, body, {})
        with _translate_errors(resource_type):
            row = handler_of(resource_type).create(
                self.connection, document, members, self.actor, resource_id
            )
        self.note_arrival(resource_type.name, row.id, document)
        return self.make_result(resource_type, row, wanted)

    def replace(
        self,
        resource_type: ResourceType,
        resource_id: str,
        body: Mapping[str, Any],
        wanted: Projection,
        precondition: Precondition = ANY_VERSION,
    ) -> Result:
        """Replace a resource by the body of a PUT (RFC 7644, 3.5.1).

        Attributes that are left out are cleared, except ``active``: leaving it out must
        not enable or disable anybody.  Raises NotFound, PreconditionFailed,
        InvalidValue, InvalidSyntax, Mutability, Uniqueness, Forbidden.
        """
        row = self._find_to_change(resource_type, resource_id, precondition)
        document, members = self._read_body(
            resource_type, body, resource_type.keep_declared(row.document)
        )
        row = self._change(resource_type, row, document)
        self.note_arrival(resource_type.name, row.id, document)
        with _translate_errors(resource_type):
            row = handler_of(resource_type).replace_members(
                self.connection, row, members, self.actor
            )
        return self.make_result(resource_type, row, wanted)

    def patch(
        self,
        resource_type: ResourceType,
        resource_id: str,
        operations: Sequence[Operation],
        wanted: Projection,
        precondition: Precondition = ANY_VERSION,
    ) -> Result:
        """Apply all operations of a PATCH, or none (RFC 7644, 3.5.2).

        For a large group, the result has no resource unless the client excluded
        ``members``, so that the cost does not depend on the size of the group.  Raises
        the errors of ``replace``, InvalidPath and NoTarget.
        """
        row = self._find_to_change(resource_type, resource_id, precondition)
        draft = apply(resource_type, row.document, operations)
        ignored_attributes.note(self.connection, resource_type.name, draft.ignored)
        before, sent = row.document, draft.document
        row = self._change(resource_type, row, sent)
        changed = {name: sent[name] for name in sent if sent[name] != before.get(name)}
        self.note_arrival(resource_type.name, row.id, changed)
        for step in join_steps(draft.member_steps):
            row = self._change_members(resource_type, row, step)
        if wanted.wants(MEMBERS) and handler_of(resource_type).is_too_large_to_show(
            self.connection, row
        ):
            without_members = make_projection([resource_type], (), [MEMBERS])
            result = self.make_result(resource_type, row, without_members)
            return Result(None, result.version, result.location)
        return self.make_result(resource_type, row, wanted)

    def delete(
        self,
        resource_type: ResourceType,
        resource_id: str,
        precondition: Precondition = ANY_VERSION,
    ) -> None:
        """Delete a resource (RFC 7644, 3.6).

        Raises NotFound, PreconditionFailed, and Forbidden for the last administrator.
        """
        row = self._find_to_change(resource_type, resource_id, precondition)
        with _translate_errors(resource_type):
            handler_of(resource_type).delete(self.connection, row, self.actor)

    def _read_body(
        self,
        resource_type: ResourceType,
        body: Mapping[str, Any],
        before: Mapping[str, Any],
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """Return the document and the member ids of a POST or PUT body."""
        body, members = handler_of(resource_type).split_members(body)
        ignored: list[str] = []
        document = clean_resource(resource_type, body, ignored)
        document = add_defaults(resource_type, document, before)
        document = validate_document(resource_type, document, before)
        ignored_attributes.note(self.connection, resource_type.name, ignored)
        return document, members

    def _find_to_change(
        self, resource_type: ResourceType, resource_id: str, precondition: Precondition
    ) -> ResourceRow:
        row = self.find(resource_type, resource_id, to_change=True)
        if precondition.versions is not None:
            only_version = make_projection([resource_type], ["meta.version"], ())
            precondition.check(
                self.make_result(resource_type, row, only_version).version
            )
        return row

    def _change(
        self, resource_type: ResourceType, row: ResourceRow, document: Mapping[str, Any]
    ) -> ResourceRow:
        with _translate_errors(resource_type):
            changed: ResourceRow = handler_of(resource_type).change(
                self.connection, row, document, self.actor
            )
        return changed

    def _change_members(
        self, resource_type: ResourceType, row: ResourceRow, step: MemberStep
    ) -> ResourceRow:
        """Apply one change of a group's members."""
        condition = None
        if step.condition is not None:
            try:
                condition = self.make_filter_compiler(
                    resource_type
                ).compile_member_filter(step.condition)
            except InvalidFilter as error:
                raise InvalidPath(error.detail) from error
        with _translate_errors(resource_type):
            changed: ResourceRow = handler_of(resource_type).change_members(
                self.connection, row, step, condition, self.actor
            )
        return changed
