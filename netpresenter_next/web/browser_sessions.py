"""The session of this browser: begun, replaced, kept in the cookie, ended."""

from flask import request, session
from flask_login import login_user
from sqlalchemy import Connection

from netpresenter_next.directory import (
    access,
    emergency,
    errors,
    force,
    people,
    role_mappings,
    sessions,
)
from netpresenter_next.directory.events import Actor
from netpresenter_next.directory.sessions import Authentication
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.models import Person
from netpresenter_next.web import context
from netpresenter_next.web.signed_in import current, load


class SignInDenied(Exception):
    """The person may not enter (any more): disabled, blocked, deleted, or Force."""


def sign_in_locally(person: Person) -> None:
    """Start a session for a person who has proved to know their local password.

    ``person`` is the row whose password was checked; raises SignInDenied when that
    has changed since.  An administrator gets one that is not stored where none can be.
    """
    try:
        with database.write() as connection:
            fresh = read_again(connection, person)
            if force.forbids_local_sign_in(connection, fresh.id):
                raise SignInDenied
            secret = begin(
                connection, fresh, Authentication(SignInMethod.LOCAL, at=now())
            )
    except database.Unwritable:
        address = request.remote_addr or ""
        kept = context.current().read_only_sessions.begin(person, address)
        if kept is None:
            raise
        secret = kept
    set_cookie(secret)


def begin(
    connection: Connection, person: Person, authentication: Authentication
) -> str:
    """Start a session in the transaction; returns what ``set_cookie`` keeps."""
    who = Actor("person", person.user_name, request.remote_addr)
    if authentication.method is SignInMethod.LOCAL:
        role_mappings.forget_app_roles(connection, person.id, who)
    secret = renew(connection, person.id, authentication)
    access.note_sign_in(connection, person, who, authentication.method)
    if person.is_emergency:
        emergency.note(connection, person, request.remote_addr or "", secret)
    return secret


def read_again(connection: Connection, person: Person) -> Person:
    """Return the person as they are now; raises SignInDenied."""
    try:
        fresh = people.find_by_id(connection, person.id)
    except errors.NoSuchPerson as error:
        raise SignInDenied from error
    is_same_password = fresh.password_hash == person.password_hash
    if not (fresh.active and not fresh.is_blocked and is_same_password):
        raise SignInDenied
    return fresh


def renew(connection: Connection, user_id: str, authentication: Authentication) -> str:
    """Replace this browser's session by a new one, and return its secret."""
    sessions.end(connection, session.get("_user_id", ""))
    agent = request.user_agent.string
    address = request.remote_addr or ""
    return sessions.begin(connection, user_id, authentication, address, agent)


def set_cookie(secret: str) -> None:
    """Put the session into the cookie; nothing from before it survives there."""
    session.clear()
    if (signed_in := load(secret)) is not None:  # disabled since: nobody is in
        login_user(signed_in)


def sign_out() -> None:
    """End this browser's session."""
    context.current().read_only_sessions.end(current().get_id())
    if not current().may_only_look:
        with database.write() as connection:
            sessions.end(connection, current().get_id())
    session.clear()
