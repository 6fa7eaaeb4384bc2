"""Unknown tokens: how often they are looked up, and that valid tokens are served."""

import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import event, func, select, update
from wire import Scim, cost_of, user

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import Event
from netpresenter_next.directory.former_tokens import Digests
from netpresenter_next.lib.timestamps import now
from netpresenter_next.scim_http.lookups import (
    MOST_OF_NETWORK,
    MOST_PER_SECOND,
    TokenLookUps,
    TooManyLookUps,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.web import context

NOBODY = Digests()


def unknown(scim: Scim, secret: str | None = None, address: str = "192.0.2.7"):
    """Send a request with a token, by default a new one of the right form."""
    return scim.app.test_client().get(
        "/scim/v2/Users?count=0",
        headers={"Authorization": f"Bearer {secret or scim_tokens.make_secret()}"},
        environ_base={"REMOTE_ADDR": address},
    )


class Clock:
    """A clock that stands still."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lookups(clock: Clock) -> TokenLookUps:
    return TokenLookUps(clock)


def asks(lookups: TokenLookUps, network: str = "192.0.2.7", live: bytes = b"") -> bool:
    """Return whether an unknown token is looked up."""
    try:
        assert not lookups.look_up(
            b"unknown", network, lambda: Digests(frozenset([live]))
        )
    except TooManyLookUps:
        return False
    return True


def test_the_look_ups_of_one_network_are_limited_per_minute(
    lookups: TokenLookUps, clock: Clock
):
    asked = 0
    for _ in range(20):  # ten seconds
        asked += sum(asks(lookups) for _ in range(MOST_PER_SECOND))
        clock.now += 0.5
    # One look-up a second is allowed beyond that: it loads the tokens for all.
    assert MOST_OF_NETWORK <= asked <= MOST_OF_NETWORK + 10
    assert asks(lookups, "198.51.100.1")
    clock.now += 60
    assert all(asks(lookups) for _ in range(MOST_PER_SECOND))


def test_the_look_ups_of_all_networks_are_limited_per_second(
    lookups: TokenLookUps, clock: Clock
):
    for second in range(120):
        asked = sum(asks(lookups, f"{second}.{each}") for each in range(700))
        assert asked == MOST_PER_SECOND
        clock.now += 1
    assert len(lookups._look_ups) <= MOST_PER_SECOND * 60


def test_a_new_token_is_known_within_a_second_during_a_flood(
    lookups: TokenLookUps, clock: Clock
):
    while asks(lookups):
        pass
    clock.now += 0.5
    with pytest.raises(TooManyLookUps):
        lookups.look_up(b"new", "192.0.2.7", lambda: Digests(frozenset([b"new"])))
    clock.now += 0.5
    assert asks(lookups, live=b"new")  # an unknown token triggers the look-up
    assert lookups.look_up(b"new", "192.0.2.7", lambda: NOBODY)


def test_look_ups_of_a_known_token_are_not_counted(lookups: TokenLookUps):
    assert lookups.look_up(b"good", "192.0.2.7", lambda: Digests(frozenset([b"good"])))
    for _ in range(1_000):
        assert lookups.look_up(b"good", "192.0.2.7", lambda: NOBODY)
    lookups.forget(b"good")
    assert not lookups.look_up(b"good", "192.0.2.7", lambda: NOBODY)


# ------------------------------------------------------------------------ over HTTP
def test_a_flood_of_unknown_tokens_does_not_reach_the_database(make_scim):
    scim = make_scim()
    assert scim.get("/Users", count=0).status == 200
    for _ in range(MOST_PER_SECOND + 1):
        unknown(scim)
    rows = scim.rows(select(func.count()).select_from(JOURNAL))
    with cost_of(scim.app) as cost:
        answers = [unknown(scim) for _ in range(50)]
    refused = [each for each in answers if each.status_code == 429]
    assert len(refused) > 30
    for each in refused:
        assert each.headers["Retry-After"] == "1"
        assert each.json["status"] == "429"
    assert len(cost.statements) <= 2 * (len(answers) - len(refused))  # and its BEGIN
    assert scim.rows(select(func.count()).select_from(JOURNAL)) == rows
    assert scim.get("/Users", count=0).status == 200


@pytest.mark.parametrize("secret", ["x", "npn_scim_" + "x" * 49, "npn_scim_"])
def test_a_malformed_token_is_never_looked_up(make_scim, secret):
    scim = make_scim()
    with cost_of(scim.app) as cost:
        assert {unknown(scim, secret).status_code for _ in range(50)} == {401}
    assert not any("scim_tokens" in each for each in cost.statements)
    written = sum("COMMIT" in each or "BEGIN" in each for each in cost.statements)
    assert written <= 25  # at most ten refusals a second are recorded


def test_a_new_process_accepts_a_valid_token_during_a_flood(make_scim):
    scim = make_scim()
    answers = [unknown(scim, address="127.0.0.1").status_code for _ in range(50)]
    assert answers[-1] == 429
    assert scim.get("/Users", count=0).status == 200


def test_refusals_of_a_revoked_token_are_counted_in_one_row(make_scim):
    scim = make_scim()
    assert scim.get("/Users", count=0).status == 200
    with scim.app.app_context(), database.write() as connection:
        connection.execute(update(SCIM_TOKENS).values(revoked_at=now()))
    assert scim.get("/Users", count=0).status == 401
    assert {unknown(scim, scim.token).status_code for _ in range(50)} == {401}
    refused = JOURNAL.c.event == Event.FORMER_TOKEN_REFUSED.value
    counted = scim.rows(select(func.sum(JOURNAL.c.times)).where(refused))
    assert counted[0][0] in range(10, 52)  # at most ten writes a second


# ----------------------------------------------------------- revoked meanwhile
def revoking(scim: Scim, transactions: int):
    """Revoke the token, as another process would, at this number of transactions."""
    left = [transactions]

    def count(*_):
        left[0] -= 1
        if left[0] == 0:
            with closing(
                sqlite3.connect(
                    context.of(scim.app).config.instance / "netpresenter.db"
                )
            ) as other:
                other.execute(
                    "UPDATE scim_tokens SET revoked_at = '2026-01-01 00:00:00'"
                )
                other.commit()

    return count


def test_a_bulk_request_stops_when_its_token_is_revoked(make_scim):
    scim = make_scim()
    scim.get("/Users", count=0)  # stores the use of the token
    with scim.app.app_context():
        pool = database.db.engine.pool
    posts = [
        {
            "method": "POST",
            "path": "/Users",
            "bulkId": f"b{each}",
            "data": user(f"u{each}"),
        }
        for each in range(6)
    ]
    # The first connection is for reading, then each operation has one.
    count = revoking(scim, 5)
    event.listen(pool, "checkout", count)
    try:
        answer = scim.bulk(*posts)
    finally:
        event.remove(pool, "checkout", count)
    assert answer.status == 200
    statuses = [each["status"] for each in answer["Operations"]]
    assert statuses == ["201", "201", "201", "401", "401", "401"]
    assert all(each["response"]["status"] == "401" for each in answer["Operations"][3:])
    assert scim.counts()[0] == 3
    assert not any(each.event == Event.SCIM_REFUSED for each in scim.journal())


def test_a_change_is_refused_if_its_token_was_revoked_meanwhile(make_scim):
    scim = make_scim()
    scim.get("/Users", count=0)
    with scim.app.app_context():
        pool = database.db.engine.pool
    count = revoking(scim, 1)
    event.listen(pool, "checkout", count)
    try:
        assert scim.post("/Users", user("late")).status == 401
    finally:
        event.remove(pool, "checkout", count)
    assert scim.counts()[0] == 0
