"""The attribute tables: the one place where SCIM names meet columns.

Discovery documents, validation, filters, PATCH paths and derived columns all come
from these tables, so a new attribute needs a row here and nothing else.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from netpresenter_next.lib import names
from netpresenter_next.lib.skeletons import skeleton
from netpresenter_next.lib.text import as_guid, fold
from netpresenter_next.schema.characteristics import (
    Attribute,
    EntryIndex,
    ResourceType,
    Schema,
)
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
    """A multi-valued attribute with the usual parts (RFC 7643, section 2.4)."""
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
    _text("schemas", "The schemas of the resource.", multi_valued=True, mutability="readOnly", case_exact=True),
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
    _text("userName", "The name with which the person signs in.", required=True, uniqueness="server", column="user_name", key="user_name_key"),
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
    _text("displayName", "The name as it is shown to others."),
    _text("nickName", "The casual name."),
    Attribute("profileUrl", "A page about the person.", type="reference", reference_types=("external",)),
    _text("title", "The job title."),
    _text("userType", "The relation to the organisation."),
    _text("preferredLanguage", "The language the person prefers, as in Accept-Language."),
    _text("locale", "The locale for dates, numbers and currency."),
    _text("timezone", "The time zone, by its IANA name."),
    # Whoever is not said to be let in is not: nobody gets in by a clearing.
    Attribute("active", "May the person sign in?", type="boolean", default=True, cleared=False),
    replace(
        _plural("emails", "E-mail addresses.", "work", "home", "other"),
        index=EntryIndex("work", "work_email_key", "has_more_work_emails"),
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
    ),
    _plural("entitlements", "Entitlements; they give no right here."),
    # So Entra ID calls it in what it sends of app roles.
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
    _text("displayName", "The name of the group.", required=True, uniqueness="server", column="display_name", key="display_name_key"),
    _complex(
        "members",
        "The people in the group; groups in groups are not supported.",
        _text("value", "The id of the person.", mutability="immutable", case_exact=True, column="id"),
        Attribute("$ref", "The URI of the person.", type="reference", mutability="immutable", computed=True, case_exact=True, reference_types=("User",)),
        _text("display", "The name of the person.", mutability="readOnly", column="display_name"),
        _text("type", "Always User.", mutability="immutable", canonical_values=("User",), canonical_only=True),
        multi_valued=True,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Directory:
    """The resource types of one installation, as its settings make them."""

    user: ResourceType
    group: ResourceType

    def at(self, endpoint: str) -> ResourceType:
        """Find the resource type of an endpoint, Users or Groups."""
        return self.user if endpoint == "Users" else self.group

    @property
    def resource_types(self) -> tuple[ResourceType, ResourceType]:
        """Both, people first."""
        return (self.user, self.group)

    @property
    def schemas(self) -> tuple[Schema, ...]:
        """Every schema once."""
        return (*self.user.schemas, *self.group.schemas)


def directory(
    required: frozenset[str], extensions: Mapping[str, tuple[Schema, ...]] | None = None
) -> Directory:
    """Build the tables.

    ``required`` names what people need besides userName, ``extensions`` schemas of
    the installation's own by the name of the resource type.
    """
    own = extensions or {}
    user_attributes = tuple(
        replace(each, required=each.required or each.name in required)
        for each in (EXTERNAL_ID, *_USER_ATTRIBUTES)
    )
    user = ResourceType(
        "User",
        "/Users",
        "A person.",
        USERS,
        Schema(USER_SCHEMA, "User", "A person.", user_attributes),
        (Schema(ENTERPRISE_SCHEMA, "EnterpriseUser", "A person at work.", _ENTERPRISE_ATTRIBUTES), *own.get("User", ())),
        COMMON,
    )  # fmt: skip
    group_schema = Schema(
        GROUP_SCHEMA, "Group", "A group of people.", (EXTERNAL_ID, *_GROUP_ATTRIBUTES)
    )
    return Directory(
        user,
        ResourceType(
            "Group",
            "/Groups",
            "A group of people.",
            GROUPS,
            group_schema,
            own.get("Group", ()),
            COMMON,
        ),
    )


def work_emails(document: Mapping[str, Any]) -> list[str]:
    """Return the addresses of type work, in the order they were sent."""
    return [
        each["value"]
        for each in document.get("emails", ())
        if fold(each.get("type", "")) == "work" and each.get("value", "").strip()
    ]


def display_name(document: Mapping[str, Any]) -> str | None:
    """Return how others are shown a person, where the document has a name for that.

    The document keeps what was sent; here is what is safe to show of it.
    """
    name = document.get("name", {})
    parts = (name.get("givenName"), name.get("familyName"))
    sent = (
        document.get("displayName"),
        name.get("formatted"),
        " ".join(part for part in parts if part),
    )
    return next(filter(None, (names.display(each) for each in sent if each)), None)


def without_manager(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person's document without the manager; an empty extension goes too."""
    extension = {**document[ENTERPRISE_SCHEMA]}
    del extension["manager"]
    kept = {key: document[key] for key in document if key != ENTERPRISE_SCHEMA}
    return {**kept, ENTERPRISE_SCHEMA: extension} if extension else kept


def user_columns(document: Mapping[str, Any]) -> dict[str, Any]:
    """Derive a person's columns from the document."""
    user_name, shown = document["userName"], display_name(document)
    work = work_emails(document)
    manager = document.get(ENTERPRISE_SCHEMA, {}).get("manager", {})
    return {
        "document": document,
        "user_name": user_name,
        "user_name_key": fold(user_name),
        "name_skeleton": skeleton(user_name),
        "external_id": document.get("externalId"),
        "object_id": as_guid(document.get("externalId")),
        "display_name": shown,
        "shown_name_key": fold(shown or user_name),
        "work_email": work[0] if work else None,
        "work_email_key": fold(work[0]) if work else None,
        "has_more_work_emails": len(work) > 1,
        "manager_id": manager.get("value"),
        "active": document["active"],
    }


def group_columns(document: Mapping[str, Any]) -> dict[str, Any]:
    """Derive a group's columns from the document."""
    return {
        "document": document,
        "display_name": document["displayName"],
        "display_name_key": fold(document["displayName"]),
        "name_skeleton": skeleton(document["displayName"]),
        "external_id": document.get("externalId"),
    }
