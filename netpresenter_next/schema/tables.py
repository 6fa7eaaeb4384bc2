"""The attribute tables: the only place that maps SCIM attributes to columns.

Discovery documents, validation, filters, PATCH paths and derived columns all come
from these tables, so the code needs nothing else for a new attribute; one with an index
of its own (``indexed``) also needs a generated database migration.
"""

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain
from typing import Any

from sqlalchemy import Table

from netpresenter_next.schema import derivation
from netpresenter_next.schema.characteristics import (
    Attribute,
    ComputedColumn,
    Document,
    EntryIndex,
    Schema,
)
from netpresenter_next.schema.derivation import Derivation, derivation_of
from netpresenter_next.schema.indexes import add_indexes
from netpresenter_next.storage.models import GROUPS, USERS

CORE = "urn:ietf:params:scim:schemas:core:2.0:"
USER_SCHEMA = CORE + "User"
GROUP_SCHEMA = CORE + "Group"
ENTERPRISE_SCHEMA = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"


def _text(name: str, description: str, **more: Any) -> Attribute:
    return Attribute(name, description, **more)


def _complex(name: str, description: str, *parts: Attribute, **more: Any) -> Attribute:
    return Attribute(name, description, type="complex", parts=parts, **more)


def _plural(
    name: str,
    description: str,
    *types: str,
    alias_of_display: str | None = None,
    **value: Any,
) -> Attribute:
    """Return a multi-valued attribute with the usual parts (RFC 7643, section 2.4)."""
    return _complex(
        name,
        description,
        Attribute("value", "The value itself.", **value),
        _text("display", "A name of the value for people.", alias=alias_of_display),
        _text("type", "What the value is for.", canonical_values=types),
        Attribute("primary", "Is it the preferred one?", type="boolean"),
        multi_valued=True,
    )


EXTERNAL_ID = _text(
    "externalId",
    "The id that the provisioning client knows the resource by.",
    case_exact=True,
    column="external_id",
)

COMMON = (
    _text("schemas", "The schemas of the resource.", multi_valued=True, mutability="readOnly", returned="always", case_exact=True),
    _text("id", "The id, made by the service.", mutability="readOnly", returned="always", uniqueness="server", case_exact=True, column="id"),
    _complex(
        "meta",
        "What the service knows of the resource.",
        _text("resourceType", "The name of the resource type.", mutability="readOnly", case_exact=True),
        Attribute("created", "When it was made.", type="dateTime", mutability="readOnly", column="created_at"),
        Attribute("lastModified", "When it was last changed.", type="dateTime", mutability="readOnly", column="modified_at"),
        Attribute("location", "Its URI.", type="reference", mutability="readOnly", case_exact=True, reference_types=("uri",)),
        _text("version", "Its version, as in the ETag.", mutability="readOnly", case_exact=True),
        mutability="readOnly",
    ),
)  # fmt: skip

_USER_ATTRIBUTES = (
    replace(
        EXTERNAL_ID,
        requirable=True,
        mapping_hint="map objectId to it",
        computed_columns=(ComputedColumn("object_id", derivation.compute_object_id),),
    ),
    _text(
        "userName",
        "The name with which the person signs in.",
        required=True,
        mapping_hint="map userPrincipalName to it",
        uniqueness="server",
        column="user_name",
        key="user_name_key",
        computed_columns=(
            ComputedColumn("name_skeleton", derivation.compute_user_name_skeleton),
            ComputedColumn("is_guest", derivation.compute_is_guest),
        ),
    ),
    _complex(
        "name",
        "The parts of the person's name.",
        _text("formatted", "The whole name as it is shown."),
        _text("familyName", "The family name, or last name."),
        _text("givenName", "The given name, or first name."),
        _text("middleName", "The middle names."),
        _text("honorificPrefix", "A title before the name."),
        _text("honorificSuffix", "A title after the name."),
    ),
    _text(
        "displayName",
        "The name as it is shown to others.",
        computed_columns=(
            # From the parts of the name if there is no displayName.
            ComputedColumn("display_name", derivation.compute_display_name),
            ComputedColumn("shown_name_key", derivation.compute_shown_name_key),
        ),
    ),
    _text("nickName", "The casual name."),
    Attribute("profileUrl", "A page about the person.", type="reference", reference_types=("external",)),
    _text("title", "The job title."),
    _text("userType", "The relation to the organisation."),
    _text("preferredLanguage", "The language the person prefers, as in Accept-Language."),
    _text("locale", "The locale for dates, numbers and currency."),
    _text("timezone", "The time zone, by its IANA name."),
    # Clearing it disables the person, so that it can never enable somebody.
    Attribute("active", "May the person sign in?", type="boolean", column="active", default=True, cleared=False),
    replace(
        _plural("emails", "E-mail addresses.", "work", "home", "other"),
        requirable=True,
        mapping_hint="map mail to it, or userPrincipalName for people who have no mail",
        index=EntryIndex("work", "work_email", "work_email_key", "has_more_work_emails"),
    ),
    _plural("phoneNumbers", "Telephone numbers.", "work", "home", "mobile", "fax", "pager", "other"),
    _plural("ims", "Instant messaging addresses.", "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
    _plural("photos", "Addresses of photos.", "photo", "thumbnail", type="reference", reference_types=("external",)),
    _complex(
        "addresses",
        "Postal addresses.",
        _text("formatted", "The whole address as it is written on a letter."),
        _text("streetAddress", "Street and house number."),
        _text("locality", "City or locality."),
        _text("region", "State or region."),
        _text("postalCode", "Postal code."),
        _text("country", "Country."),
        _text("type", "What the address is for.", canonical_values=("work", "home", "other")),
        Attribute("primary", "Is it the preferred one?", type="boolean"),
        multi_valued=True,
    ),
    _complex(
        "groups",
        "The groups the person is in; change the groups to change them.",
        _text("value", "The id of the group.", mutability="readOnly", case_exact=True, column="id"),
        Attribute("$ref", "The URI of the group.", type="reference", mutability="readOnly", case_exact=True, reference_types=("Group",)),
        _text("display", "The name of the group.", mutability="readOnly", column="display_name", key="display_name_key"),
        _text("type", "Direct: nested groups are not expanded.", mutability="readOnly", canonical_values=("direct",)),
        multi_valued=True,
        mutability="readOnly",
        related="Group",
    ),
    _plural("entitlements", "Entitlements; they give no right here."),
    # Entra ID sends the name of an app role as ``displayName``.
    _plural("roles", "Roles; they give no right here.", alias_of_display="displayName"),
    _plural("x509Certificates", "Certificates, base64 of DER.", type="binary", case_exact=True),
)  # fmt: skip

_ENTERPRISE_ATTRIBUTES = (
    _text("employeeNumber", "The number of the person in the organisation."),
    _text("costCenter", "The cost centre."),
    _text("organization", "The organisation."),
    _text("division", "The division."),
    _text("department", "The department."),
    _complex(
        "manager",
        "The person's manager.",
        _text("value", "The id of the manager.", case_exact=True, column="manager_id"),
        Attribute("$ref", "The URI of the manager.", type="reference", computed=True, case_exact=True, reference_types=("User",)),
        _text("displayName", "The name of the manager.", mutability="readOnly"),
    ),
)  # fmt: skip

_GROUP_ATTRIBUTES = (
    EXTERNAL_ID,
    _text(
        "displayName",
        "The name of the group.",
        required=True,
        mapping_hint="map displayName to it",
        uniqueness="server",
        column="display_name",
        key="display_name_key",
        computed_columns=(
            ComputedColumn("name_skeleton", derivation.compute_group_name_skeleton),
            ComputedColumn("shown_name_key", derivation.compute_shown_name_key),
        ),
    ),
    _complex(
        "members",
        "The people in the group; groups in groups are not supported.",
        _text("value", "The id of the person.", mutability="immutable", case_exact=True, column="id"),
        Attribute("$ref", "The URI of the person.", type="reference", mutability="immutable", computed=True, case_exact=True, reference_types=("User",)),
        _text("display", "The name of the person.", mutability="readOnly", column="display_name"),
        _text("type", "Always User.", mutability="immutable", canonical_values=("User",), canonical_only=True),
        multi_valued=True,
        related="User",
    ),
)  # fmt: skip

# "Core" are the core schemas (RFC 7643, section 4); "built-in" are these and the
# extensions that every installation has.
CORE_USER = add_indexes(
    USERS, Schema(USER_SCHEMA, "User", "A person.", _USER_ATTRIBUTES), is_core=True
)
CORE_GROUP = add_indexes(
    GROUPS,
    Schema(GROUP_SCHEMA, "Group", "A group of people.", _GROUP_ATTRIBUTES),
    is_core=True,
)
_ENTERPRISE = Schema(
    ENTERPRISE_SCHEMA, "EnterpriseUser", "A person at work.", _ENTERPRISE_ATTRIBUTES
)
# The only list of them, by the name of the resource type that they extend.
BUILT_IN_EXTENSIONS: Mapping[str, tuple[Schema, ...]] = {
    "User": (
        add_indexes(USERS, _ENTERPRISE, is_core=False),
    ),
    "Group": (),
}  # fmt: skip
BUILT_IN_SCHEMAS = (CORE_USER, CORE_GROUP, *chain(*BUILT_IN_EXTENSIONS.values()))


def remove_manager(document: Document) -> dict[str, Any]:
    """Return a person's document without manager; leave out an empty extension."""
    extension = {**document[ENTERPRISE_SCHEMA]}
    del extension["manager"]
    kept = {key: document[key] for key in document if key != ENTERPRISE_SCHEMA}
    return {**kept, ENTERPRISE_SCHEMA: extension} if extension else kept


_DERIVATIONS: Mapping[Table, Derivation] = {
    USERS: derivation_of(CORE_USER, BUILT_IN_EXTENSIONS["User"]),
    GROUPS: derivation_of(CORE_GROUP, BUILT_IN_EXTENSIONS["Group"]),
}


def derive_columns(table: Table, document: Document) -> dict[str, Any]:
    """Return the columns of a person or a group, including the document."""
    return _DERIVATIONS[table].derive(document)
