"""Checking a local password: one way, at sign-in and wherever it is asked again."""

from netpresenter_next import access, database, passwords, throttle
from netpresenter_next.models import Person


def owner(user_name: str, password: str) -> Person | None:
    """Return the person whose local password this is, at the same cost for every name.

    Nobody, and whoever Force keeps out, is as good as a person without a password:
    same answer, same work.  Raises TooManyRequests and TooBusy.
    """
    throttle.refuse_flood(user_name)
    with database.read() as connection:
        person = access.with_local_sign_in(connection, user_name)
    password_hash = person.password_hash if person is not None else None
    if passwords.matches(password_hash, password):
        return person
    throttle.count_failure(user_name)
    return None
