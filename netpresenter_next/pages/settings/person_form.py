"""The form with what is known about a person, as attributes of their document.

What somebody enters is validated by the same rules as what provisioning sends.
"""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, InputRequired

from netpresenter_next.schema.derivation import values_of_type
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA
from netpresenter_next.scim.errors import ScimError
from netpresenter_next.scim.filters.parser import parse_path
from netpresenter_next.scim.resources.patch import Operation, apply

# How a new person gets a password: a generated one, or a one-time link.
PASSWORD, LINK = "password", "link"
# The attribute of each field, as a path of a PATCH.
PATHS: Mapping[str, str] = {
    "given_name": "name.givenName",
    "family_name": "name.familyName",
    "display_name": "displayName",
    "email": 'emails[type eq "work"].value',
    "work_phone": 'phoneNumbers[type eq "work"].value',
    "mobile_phone": 'phoneNumbers[type eq "mobile"].value',
    "title": "title",
    "department": f"{ENTERPRISE_SCHEMA}:department",
}


class DetailsForm(FlaskForm):
    """What is known about a person; each field may be empty."""

    given_name = StringField("Given name")
    family_name = StringField("Family name")
    display_name = StringField(
        "Display name",
        description="As lists show it; if empty, given name and family name.",
    )
    email = StringField("Work e-mail")
    work_phone = StringField("Work phone")
    mobile_phone = StringField("Mobile phone")
    title = StringField("Job title")
    department = StringField("Department")


class EditForm(DetailsForm):
    """The details of a person who exists, with their version when it was shown."""

    version = HiddenField()


class AddForm(DetailsForm):
    """A new local person."""

    user_name = StringField(
        "User name",
        [InputRequired("Enter a user name.")],
        description="With which the person signs in, for example their e-mail address.",
    )
    # The template has the choices.
    way = StringField("Password", [AnyOf([PASSWORD, LINK])], default=PASSWORD)


def read_details(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the values of the fields in a document, empty where there is none."""
    name = document.get("name", {})
    phones = document.get("phoneNumbers", ())
    return {
        "given_name": name.get("givenName", ""),
        "family_name": name.get("familyName", ""),
        "display_name": document.get("displayName", ""),
        "email": _first_of_type(document.get("emails", ()), "work"),
        "work_phone": _first_of_type(phones, "work"),
        "mobile_phone": _first_of_type(phones, "mobile"),
        "title": document.get("title", ""),
        "department": document.get(ENTERPRISE_SCHEMA, {}).get("department", ""),
    }


def list_details(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is known about a person: a label and a value of each."""
    form = DetailsForm(formdata=None, data=read_details(document))
    fields = [form[name] for name in PATHS]
    return [(each.label.text, each.data) for each in fields if each.data]


def _first_of_type(entries: Any, kind: str) -> str:
    return next(iter(values_of_type(entries, kind)), "")


def write_details(
    form: DetailsForm, local_type: ResourceType, document: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the document with the values of the form, validated as in a SCIM request.

    None if a value is not valid: its field then says why.
    """
    values = {field: form[field].data or "" for field in PATHS}
    changed, problems = change_details(local_type, document, values)
    for field, problem in problems.items():
        form[field].errors = [problem]
    return None if form.errors else changed


def change_details(
    local_type: ResourceType, document: Mapping[str, Any], values: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the document with other values of some fields, and what is wrong with any.

    Spaces around a value do not count.
    """
    changed, before, problems = dict(document), read_details(document), {}
    for field, value in values.items():
        if value.strip() == before[field].strip():
            continue
        operation = Operation("replace", parse_path(PATHS[field]), value.strip())
        try:
            changed = apply(local_type, changed, [operation]).document
        except ScimError as error:
            problems[field] = error.detail
    return changed, problems
