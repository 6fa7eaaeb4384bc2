"""The session of this browser: start it, replace it, store it in the cookie, end it."""

from flask import request, session
from flask_login import login_user
from sqlalchemy import Connection

from netpresenter_next.directory import (
    access,
    emergency,
    errors,
    events,
    force,
    people,
    role_mappings,
    sessions,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.sessions import Authentication
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.models import Person
from netpresenter_next.web import context
from netpresenter_next.web.signed_in import actor, current, load_user


class SignInDenied(Exception):
    """The person may not sign in: disabled, blocked, deleted, or kept out by Force."""


def sign_in_locally(person: Person) -> None:
    """Start a session for a person whose local password was checked.

    ``person`` is the row from that check.  Raises SignInDenied if the password has
    changed since or the person may no longer sign in, and database.Busy.  When nothing
    can be stored, an administrator gets a read-only session; for anybody else
    database.Unwritable is raised.
    """
    try:
        with database.write() as connection:
            current_row = reload_person(connection, person)
            if force.forbids_local_sign_in(connection, current_row.id):
                raise SignInDenied
            secret = begin(
                connection, current_row, Authentication(SignInMethod.LOCAL, at=now())
            )
    except database.Unwritable:
        address = request.remote_addr or ""
        read_only_secret = context.current().read_only_sessions.begin(person, address)
        if read_only_secret is None:
            raise
        secret = read_only_secret
    set_cookie(secret)


def begin(
    connection: Connection, person: Person, authentication: Authentication
) -> str:
    """Start a session in the transaction; return the secret for ``set_cookie``."""
    who = Actor("person", person.user_name, request.remote_addr, id=person.id)
    if authentication.method is SignInMethod.LOCAL:
        role_mappings.forget_app_roles(connection, person.id, who)
    secret = renew(connection, person.id, authentication)
    access.note_sign_in(connection, person, who, authentication.method)
    if person.is_emergency:
        emergency.note_sign_in(connection, person, request.remote_addr or "", secret)
    return secret


def reload_person(connection: Connection, person: Person) -> Person:
    """Return the present row of a person.

    Raises SignInDenied if they may no longer sign in or their password has changed.
    """
    try:
        current_row = people.find_by_id(connection, person.id)
    except errors.NoSuchPerson as error:
        raise SignInDenied from error
    is_same_password = current_row.password_hash == person.password_hash
    if not (current_row.active and not current_row.is_blocked and is_same_password):
        raise SignInDenied
    return current_row


def renew(connection: Connection, user_id: str, authentication: Authentication) -> str:
    """Replace the session of this browser by a new one, and return its secret."""
    sessions.end(connection, session.get("_user_id", ""))
    agent = request.user_agent.string
    address = request.remote_addr or ""
    return sessions.begin(connection, user_id, authentication, address, agent)


def set_cookie(secret: str) -> None:
    """Store the session in the cookie, and remove everything else from it."""
    session.clear()
    if (signed_in := load_user(secret)) is not None:  # None if just disabled
        login_user(signed_in)


def sign_out() -> None:
    """End the session of this browser and clear its cookie."""
    context.current().read_only_sessions.end(current().get_id())
    if not current().is_read_only:
        with database.write() as connection:
            sessions.end(connection, current().get_id())
            target = target_of_person(current().user)
            events.record(connection, actor(), Event.SIGNED_OUT, target)
    session.clear()
