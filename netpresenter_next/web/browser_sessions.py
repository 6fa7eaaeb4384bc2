"""The session of this browser: start it, replace it, store it in the cookie, end it."""

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
    """Start a session in the transaction; return the secret for ``set_cookie``."""
    who = Actor("person", person.user_name, request.remote_addr)
    if authentication.method is SignInMethod.LOCAL:
        role_mappings.forget_app_roles(connection, person.id, who)
    secret = renew(connection, person.id, authentication)
    access.note_sign_in(connection, person, who, authentication.method)
    if person.is_emergency:
        emergency.note_sign_in(connection, person, request.remote_addr or "", secret)
    return secret


def read_again(connection: Connection, person: Person) -> Person:
    """Return the present row of a person.

    Raises SignInDenied if they may no longer sign in or their password has changed.
    """
    try:
        fresh = people.find_by_id(connection, person.id)
    except errors.NoSuchPerson as error:
        raise SignInDenied from error
    is_same_password = fresh.password_hash == person.password_hash
    if not (fresh.active and not fresh.is_blocked and is_same_password):
        raise SignInDenied
    return fresh


def renew(connection: Connection, user_id: str, authentication: Authentication) -> str:
    """Replace the session of this browser by a new one, and return its secret."""
    sessions.end(connection, session.get("_user_id", ""))
    agent = request.user_agent.string
    address = request.remote_addr or ""
    return sessions.begin(connection, user_id, authentication, address, agent)


def set_cookie(secret: str) -> None:
    """Store the session in the cookie, and remove everything else from it."""
    session.clear()
    if (signed_in := load(secret)) is not None:  # None if just disabled
        login_user(signed_in)


def sign_out() -> None:
    """End the session of this browser and clear its cookie."""
    context.current().read_only_sessions.end(current().get_id())
    if not current().may_only_look:
        with database.write() as connection:
            sessions.end(connection, current().get_id())
    session.clear()
