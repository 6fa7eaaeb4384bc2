"""Builds the resource types of an installation, from its settings."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from netpresenter_next.config.options import PREFIX, ConfigError
from netpresenter_next.schema import tables
from netpresenter_next.schema.characteristics import Attribute, Schema
from netpresenter_next.schema.checks import check_tables
from netpresenter_next.schema.resource_types import ResourceType, ResourceTypes
from netpresenter_next.storage.models import GROUPS, USERS

REQUIRED = PREFIX + "SCIM_REQUIRED"


def build_resource_types(
    required: Collection[str],
    extensions: Mapping[str, tuple[Schema, ...]] | None = None,
) -> ResourceTypes:
    """Build the resource types of an installation.

    ``required`` names the attributes that users need besides userName; ``extensions``
    holds the installation's extension schemas by the name of the resource type.  Raises
    ConfigError, also for an attribute with a characteristic that is not enforced.
    """
    own = extensions or {}
    found = {
        name: (*built_in, *own.get(name, ()))
        for name, built_in in tables.BUILT_IN_EXTENSIONS.items()
    }
    attributes = _mark_required(tables.CORE_USER.attributes, required)
    built = ResourceTypes(
        ResourceType(
            "User",
            "/Users",
            "A person.",
            USERS,
            replace(tables.CORE_USER, attributes=attributes),
            found["User"],
            tables.COMMON,
        ),
        ResourceType(
            "Group",
            "/Groups",
            "A group of people.",
            GROUPS,
            tables.CORE_GROUP,
            found["Group"],
            tables.COMMON,
        ),
    )
    check_tables(built.all)
    return built


def make_local_type(user: ResourceType) -> ResourceType:
    """Return the resource type of local people, who need only a user name.

    What provisioning has to send, such as externalId, an administrator need not enter.
    """
    needed = {each.attribute for each in user.indispensable}

    def relax(schema: Schema) -> Schema:
        attributes = (
            replace(each, required=each in needed) for each in schema.attributes
        )
        return replace(schema, attributes=tuple(attributes))

    extensions = tuple(relax(each) for each in user.extensions)
    return replace(user, schema=relax(user.schema), extensions=extensions)


def _mark_required(
    attributes: tuple[Attribute, ...], names: Collection[str]
) -> tuple[Attribute, ...]:
    requirable = {
        each.name.lower(): each.name for each in attributes if each.requirable
    }
    for name in names:
        if name.lower() not in requirable:
            raise ConfigError(
                f"{REQUIRED}: {name!r} cannot be required; use "
                f"{', '.join(requirable.values())}."
            )
    wanted = {name.lower() for name in names}
    return tuple(
        replace(each, required=each.required or each.name.lower() in wanted)
        for each in attributes
    )
