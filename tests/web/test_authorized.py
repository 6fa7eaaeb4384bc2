"""Authorization is checked again after a change waited for the write lock."""

import threading
import time

import pytest
from sqlalchemy import select, update

from netpresenter_next.directory import access, local_groups, short_parts
from netpresenter_next.directory import people as directory_people
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import binding, database
from netpresenter_next.storage.models import ADMINISTRATOR, MEMBERSHIPS, USER, USERS
from netpresenter_next.storage.write_lock import THREADS
from visitors import hidden, signed_in


@pytest.fixture
def mal(app, people):
    people.local("mal", role=ADMINISTRATOR)
    return signed_in(app, "mal")


@pytest.fixture
def accomplice(people):
    return people.local("accomplice")


def change_while_waiting(app, mal, accomplice, decide):
    """Send mal's change while another holds the write lock and decides about mal."""
    page = f"/settings/users/{accomplice.id}"
    form = {**hidden(mal.get(page).text), "role": ADMINISTRATOR}
    answers = []
    write_lock = binding.of(app).write_lock
    waiting = threading.Thread(
        target=lambda: answers.append(mal.post(f"{page}/role", data=form))
    )
    with app.app_context(), database.write() as connection:
        waiting.start()
        while (
            write_lock._waiting._value > THREADS - 2 - 2
        ):  # one has the lock, one waits
            time.sleep(0.01)
        decide(connection, directory_people.find_by_name(connection, "mal"))
    waiting.join()
    return answers[0]


def role_of(rows, person):
    return rows(select(USERS.c.role).where(USERS.c.id == person.id))[0].role


def lose_role(connection, person):
    """Take the role away in the database, which ends no session."""
    changed = update(USERS).where(USERS.c.id == person.id)
    connection.execute(changed.values(role=USER))


def lose_session(connection, person):
    access.set_role(connection, person, USER, COMMAND_LINE)


@pytest.mark.parametrize("act", ["empty", "delete"])
@pytest.mark.parametrize(
    ("lose", "why"),
    [
        (lose_role, "Only administrators may do that"),
        (lose_session, "You were signed out in the meantime"),
    ],
)
def test_who_loses_their_rights_between_two_parts_reads_that_the_rest_was_not_done(
    mal, people, rows, monkeypatch, act, lose, why
):
    staff = [people.local(f"p{number}") for number in range(3)]
    group = people.local_group("Fleet", *staff)
    monkeypatch.setattr(local_groups, "AT_ONCE", 1)

    def lose_meanwhile(_start):
        with database.write() as connection:
            lose(connection, directory_people.find_by_name(connection, "mal"))

    monkeypatch.setattr(short_parts, "_pause_since", lose_meanwhile)
    answer = mal.submit(f"/settings/groups/{group.id}/{act}")
    assert answer.status_code == 403
    assert f"{why}, so the rest was not done." in answer.text
    assert len(rows(select(MEMBERSHIPS))) == 2


def test_a_change_is_refused_if_its_author_was_demoted_meanwhile(
    app, mal, accomplice, rows
):
    def demote(connection, person):
        access.set_role(connection, person, USER, COMMAND_LINE)

    answer = change_while_waiting(app, mal, accomplice, demote)
    assert answer.status_code == 403
    assert "nothing was changed" in answer.text
    assert role_of(rows, accomplice) == USER


def test_a_change_is_refused_if_its_author_was_blocked_meanwhile(
    app, mal, accomplice, rows
):
    def block(connection, person):
        access.set_blocked(connection, person, COMMAND_LINE, blocked=True)

    answer = change_while_waiting(app, mal, accomplice, block)
    assert answer.status_code == 403
    assert role_of(rows, accomplice) == USER


def test_a_change_that_waited_is_made_if_still_authorized(app, mal, accomplice, rows):
    answer = change_while_waiting(app, mal, accomplice, lambda *_: None)
    assert answer.status_code == 303
    assert role_of(rows, accomplice) == ADMINISTRATOR
