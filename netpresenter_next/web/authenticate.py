"""Checking a local password, at sign-in and at reauthentication."""

import contextlib

from sqlalchemy import Connection

from netpresenter_next.directory import (
    access,
    counted_events,
    errors,
    guesses,
    passwords,
    people,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.guesses import BrowserKind
from netpresenter_next.storage import database
from netpresenter_next.storage.models import Person
from netpresenter_next.web import rate_limits
from netpresenter_next.web.rate_limits import Guess


def authenticate(user_name: str, password: str) -> Person | None:
    """Return the person with this user name and local password, or None.

    An unknown user name, and a person who is disabled, blocked or kept out by Force,
    gets the same answer after the same amount of work as a wrong password.  Raises
    TooManyRequests, passwords.TooBusy and database.Busy.
    """
    browser_kind = rate_limits.refuse_too_many_guesses(user_name)
    with passwords.hashing_slot(is_known=browser_kind is not BrowserKind.UNKNOWN):
        guess = _begin_guess(user_name)
        with database.read() as connection:
            person = access.find_for_local_sign_in(connection, user_name)
        password_hash = person.password_hash if person is not None else None
        is_right = passwords.matches(password_hash, password)
    if guess is not None:
        _end_guess(guess, user_name, is_right=is_right)
    elif is_right:
        rate_limits.forget_guesses_in_memory(user_name)
    return person if is_right else None


def _begin_guess(user_name: str) -> Guess | None:
    """Count the guess; return None if it could only be counted in memory."""
    try:
        return rate_limits.count_guess(user_name)
    except database.Unwritable:
        rate_limits.count_guess_in_memory(user_name)
        return None


def _end_guess(guess: Guess, user_name: str, *, is_right: bool) -> None:
    """Uncount a correct guess, or record a wrong one, if the database is writable."""
    with contextlib.suppress(database.Unwritable), database.write() as connection:
        if is_right:
            guesses.remove_correct_guess(connection, guess.id, guess.account)
        else:
            _note_failure(connection, user_name, guess.address)


def _note_failure(connection: Connection, user_name: str, address: str) -> None:
    """Record for which account a guess failed.

    A user name that does not exist is not stored: it may be a password that was typed
    into the wrong field.
    """
    visitor, failed = Actor("visitor", "", address), Event.SIGN_IN_FAILED
    try:
        target = target_of_person(people.find_by_name(connection, user_name))
    except errors.NoSuchPerson:
        target = None
    about = str(target.id) if target else "nobody"
    counted_events.record(connection, visitor, failed, target, about=about)
