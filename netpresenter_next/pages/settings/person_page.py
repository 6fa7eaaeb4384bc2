"""The page of a person below Settings > Users: its form, and all that it shows."""

from collections.abc import Iterator, Mapping
from typing import Any

from flask import abort, render_template
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import StringField
from wtforms.validators import InputRequired

from netpresenter_next.directory import (
    conflict_lists,
    events,
    identity_matching,
    look_alikes,
    sessions,
)
from netpresenter_next.directory.events import Event
from netpresenter_next.lib.text import fold
from netpresenter_next.pages import event_sentences, identity_sentences
from netpresenter_next.storage import database
from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import Group, Membership, User
from netpresenter_next.storage.sign_in_models import Identity

# What the page of a person tells of who they are.
OF_IDENTITY = (
    Event.MICROSOFT_LINKED,
    Event.MICROSOFT_UNLINKED,
    Event.EXTERNAL_ID_CHANGED,
    Event.OBJECT_ID_CONFIRMED,
    Event.CLAIMABLE_SET,
    Event.CLAIMED,
    Event.CLAIMABLE_WITHDRAWN,
    Event.CONFLICT_OPENED,
    Event.CONFLICT_CLOSED,
    Event.ROLE_CHANGED,
    Event.PERSON_BLOCKED,
    Event.PERSON_BLOCKED_AGAIN,
    Event.PERSON_UNBLOCKED,
    Event.ACCOUNT_UNLOCKED,
)
# Of quarters of an hour with wrong passwords; apart, for anybody can cause them.
MOST_FAILURES = 3


class RenameForm(FlaskForm):
    """Another user name for a local account."""

    user_name = StringField("New user name", [InputRequired("Choose a user name.")])


def render(user_id: str, form: RenameForm | None = None, problem: str = "") -> str:
    """Show a person: what was provisioned, groups, sign-in.

    ``form`` is one that was refused, and says why; ``problem`` says why anything else
    was.
    """
    person = db.session.get(User, user_id) or abort(404)
    groups = select(Group).join(Membership, Membership.group_id == Group.id)
    theirs = groups.where(Membership.user_id == user_id)
    with database.read() as connection:
        identity = identity_matching.find_identity(connection, user_id)
        disagreeing = conflict_lists.list_of_person(connection, user_id)
        number = sessions.count_of_person(connection, user_id)
        look_alike = look_alikes.of_people(connection, [user_id]).get(user_id)
        history = events.list_about(connection, user_id, OF_IDENTITY)
        failures = events.list_about(connection, user_id, [Event.SIGN_IN_FAILED])
    return render_template(
        "settings/user.html",
        person=person,
        identity=identity,
        look_alike=look_alike,
        has_other_name=_has_other_name(person, identity),
        to_confirm=identity_matching.to_confirm(person, identity),
        conflicts=disagreeing,
        conflict_words=identity_sentences.conflict,
        history=history,
        failures=failures[:MOST_FAILURES],
        sentence=event_sentences.sentence,
        attributes=list(flatten(person.document)),
        groups=db.session.scalars(theirs.order_by(Group.display_name_key)).all(),
        sessions=number,
        problem=problem,
        form=form or RenameForm(user_name=person.user_name),
    )


def _has_other_name(person: User, identity: Identity | None) -> bool:
    """Has the linked Microsoft account another user name than the person here?"""
    name = identity.user_name if identity is not None else ""
    return bool(name) and fold(name) != person.user_name_key


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
