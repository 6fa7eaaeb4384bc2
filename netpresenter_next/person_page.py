"""The page of a person below Settings > Users: its form, and all that it shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import abort, render_template
from flask_wtf import FlaskForm
from sqlalchemy import func, select
from wtforms import StringField
from wtforms.validators import InputRequired

from netpresenter_next import database, recognition
from netpresenter_next.database import db
from netpresenter_next.models import Group, Membership, Session, User


class RenameForm(FlaskForm):
    """Another user name for a local account."""

    user_name = StringField("New user name", [InputRequired("Choose a user name.")])


def render(user_id: str, form: RenameForm | None = None) -> str:
    """Show a person: what was provisioned, groups, sign-in.

    ``form`` is one that was refused; it says why.
    """
    person = db.session.get(User, user_id) or abort(404)
    groups = select(Group).join(Membership, Membership.group_id == Group.id)
    theirs = groups.where(Membership.user_id == user_id)
    sessions = select(func.count()).where(Session.user_id == user_id)
    with database.read() as connection:
        identity = recognition.of_person(connection, user_id)
    return render_template(
        "settings/user.html",
        person=person,
        identity=identity,
        attributes=list(flatten(person.document)),
        groups=db.session.scalars(theirs.order_by(Group.display_name_key)).all(),
        sessions=db.session.scalar(sessions),
        form=form or RenameForm(user_name=person.user_name),
    )


def flatten(document: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Write a document out as paths and texts, in the words of Entra's mapping."""
    for name, value in document.items():
        if name == "schemas":
            continue
        path = f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from flatten(value, f"{path}:" if ":" in name else f"{path}.")
        elif isinstance(value, list):
            yield from _flatten_list(path, value)
        else:
            yield path, _as_text(value)


def _flatten_list(path: str, values: list[Any]) -> Iterator[tuple[str, str]]:
    for value in values:
        if not isinstance(value, Mapping):
            yield path, _as_text(value)
            continue
        parts = {name: part for name, part in value.items() if name != "type"}
        kind = f'[type eq "{value["type"]}"]' if "type" in value else ""
        if parts.get("primary") is False:
            del parts["primary"]
        yield from flatten(parts, f"{path}{kind}.")


def _as_text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
