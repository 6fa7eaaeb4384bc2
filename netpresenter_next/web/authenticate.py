"""Checking a local password, at sign-in and at reauthentication."""

import contextlib

from sqlalchemy import Connection

from netpresenter_next.directory import (
    counted_events,
    guesses,
    local_sign_in,
    passwords,
)
from netpresenter_next.directory.events import Actor, Event, target_of_person
from netpresenter_next.directory.guesses import BrowserKind
from netpresenter_next.directory.local_sign_in import Found
from netpresenter_next.storage import database
from netpresenter_next.storage.models import Person
from netpresenter_next.web import rate_limits
from netpresenter_next.web.rate_limits import Guess


def authenticate(user_name: str, password: str) -> Person | None:
    """Return the person with this user name and local password, or None.

    An unknown user name, and a person who is disabled, blocked or kept out by Force,
    gets the same answer after the same amount of work as a wrong password.  The guess
    is counted even if the password is right; only the record tells them apart.  Raises
    TooManyRequests, passwords.TooBusy and database.Busy.
    """
    browser_kind = rate_limits.refuse_too_many_guesses(user_name)
    with passwords.hashing_slot(is_known=browser_kind is not BrowserKind.UNKNOWN):
        guess = _begin_guess(user_name)
        with database.read() as connection:
            found = local_sign_in.find(connection, user_name)
        password_hash = found.person.password_hash if found.person else None
        is_right = passwords.matches(password_hash, password)
    may_enter = is_right and found.refusal is None
    if guess is not None:
        _end_guess(guess, found, is_right=is_right, may_enter=may_enter)
    elif may_enter:
        rate_limits.forget_guesses_in_memory(user_name)
    return found.person if may_enter else None


def _begin_guess(user_name: str) -> Guess | None:
    """Count the guess; return None if it could only be counted in memory."""
    try:
        return rate_limits.count_guess(user_name)
    except database.Unwritable:
        rate_limits.count_guess_in_memory(user_name)
        return None


def _end_guess(guess: Guess, found: Found, *, is_right: bool, may_enter: bool) -> None:
    """Uncount a guess that signs in, or record another, if the database is writable."""
    with contextlib.suppress(database.Unwritable), database.write() as connection:
        if may_enter:
            guesses.remove_correct_guess(connection, guess.id, guess.account)
        else:
            _note_failure(connection, found, guess.address, is_right=is_right)


def _note_failure(
    connection: Connection, found: Found, address: str, *, is_right: bool
) -> None:
    """Record for which account a guess failed, and why if the password was right.

    A user name that does not exist is not stored: it may be a password that was typed
    into the wrong field.
    """
    visitor = Actor("visitor", "", address)
    target = target_of_person(found.person) if found.person is not None else None
    about = str(target.id) if target else "nobody"
    if is_right:
        refusal, refused = str(found.refusal), Event.SIGN_IN_REFUSED
        about = f"{about} {refusal}"
        counted_events.record(
            connection, visitor, refused, target, about=about, refusal=refusal
        )
        return
    failed = Event.SIGN_IN_FAILED
    counted_events.record(connection, visitor, failed, target, about=about)
