"""The form with what is known about a person; ``person_details`` has its rules."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import AnyOf, InputRequired

from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.pages import person_details
from netpresenter_next.schema.resource_types import ResourceType

# How a new person gets a password: a generated one, or a one-time link.
PASSWORD, LINK = "password", "link"


class DetailsForm(FlaskForm):
    """What is known about a person; each field may be empty."""

    given_name = StringField(_l("Given name"))
    family_name = StringField(_l("Family name"))
    display_name = StringField(
        _l("Display name"),
        description=_l("As lists show it; if empty, given name and family name."),
    )
    email = StringField(_l("Work e-mail"))
    work_phone = StringField(_l("Work phone"))
    mobile_phone = StringField(_l("Mobile phone"))
    title = StringField(_l("Job title"))
    department = StringField(_l("Department"))


class EditForm(DetailsForm):
    """The details of a person who exists, with their version when it was shown."""

    version = HiddenField()


class AddForm(DetailsForm):
    """A new local person."""

    user_name = StringField(
        _l("User name"),
        [InputRequired(_l("Enter a user name."))],
        description=_l(
            "With which the person signs in, for example their e-mail address."
        ),
    )
    # The template has the choices.
    way = StringField(_l("Password"), [AnyOf([PASSWORD, LINK])], default=PASSWORD)


def list_details(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is known about a person: a label and a value of each."""
    form = DetailsForm(formdata=None, data=person_details.read(document))
    fields = [form[name] for name in person_details.PATHS]
    return [(each.label.text, each.data) for each in fields if each.data]


def write_details(
    form: DetailsForm, local_type: ResourceType, document: Mapping[str, Any]
) -> dict[str, Any] | None:
    """Return the document with the values of the form, validated as in a SCIM request.

    None if a value is not valid: its field then says why.
    """
    values = {field: form[field].data or "" for field in person_details.PATHS}
    written = person_details.write(values, local_type, document)
    for field, fault in written.faults.items():
        form[field].errors = [fault]
    return None if form.errors else written.document
