"""Passwords may be tried as often as the table in docs/design.md says."""

import random
import re
from itertools import product

import pytest

from helpers import ROOT
from netpresenter_next.directory import guesses
from netpresenter_next.directory.guesses import (
    HOUR,
    LIMITS,
    BrowserKind,
    Guesser,
    Limit,
    Scope,
)
from netpresenter_next.storage import database

ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| (\d+) \| (\d+) minutes \|$", re.MULTILINE)
ACCOUNTS, NETWORKS = ("ada", "tim"), ("192.0.2.1", "192.0.2.2", "2001:db8::/64")
# A browser is known for one account, so two accounts never share one.
BROWSERS = {"ada": (None, "a1", "a2", "a3", "a4", "a5"), "tim": (None, "t1")}


def documented():
    text = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    found = {}
    for who, scope, most, minutes in ROW.findall(text):
        limit = Limit(Scope(scope), int(most), int(minutes) * 60)
        found.setdefault(BrowserKind(who), []).append(limit)
    return {browser_kind: tuple(limits) for browser_kind, limits in found.items()}


def test_the_limits_match_the_documentation():
    assert documented() == dict(LIMITS)


def test_an_account_has_at_most_a_hundred_guesses_an_hour():
    most = {limit.scope: limit.most for limits in LIMITS.values() for limit in limits}
    assert most[Scope.ACCOUNT] + most[Scope.KNOWN_BROWSERS] <= 100
    hourly = (Scope.ACCOUNT, Scope.KNOWN_BROWSERS, Scope.BROWSER)
    for limits in LIMITS.values():
        assert {limit.seconds for limit in limits if limit.scope in hourly} == {HOUR}


@pytest.mark.parametrize(
    ("browser", "is_unlocked", "browser_kind"),
    [
        (None, False, BrowserKind.UNKNOWN),
        (None, True, BrowserKind.UNLOCKED),
        ("a1", False, BrowserKind.KNOWN),
        ("a1", True, BrowserKind.KNOWN),
    ],
)
def test_the_kind_of_browser_depends_on_its_cookie_and_the_unlock(
    browser, is_unlocked, browser_kind
):
    assert (
        Guesser("ada", "192.0.2.1", browser, is_unlocked).browser_kind is browser_kind
    )


class Clock:
    """The clock that limits guesses, set by the test."""

    def __init__(self, monkeypatch):
        self.now = 1_800_000_000.0
        monkeypatch.setattr(guesses, "monotonic_time", lambda: self.now)


@pytest.fixture
def clock(monkeypatch):
    return Clock(monkeypatch)


class Model:
    """The same limits, computed from a plain list of guesses."""

    def __init__(self):
        # Each: time, account (None once its owner signed in), network, browser.
        self.made = []

    def counted(self, guesser, scope):
        for at, account, network, browser in self.made:
            same_account = account == guesser.account
            if {
                "this browser": same_account and browser == guesser.browser,
                "all known browsers of the account": same_account
                and browser is not None,
                "the account, from unknown browsers": same_account and browser is None,
                "the account, from unknown browsers of this network": same_account
                and browser is None
                and network == guesser.network,
                "unknown browsers of this network, for all accounts": browser is None
                and network == guesser.network,
            }[scope]:
                yield at

    def wait(self, guesser, now):
        waits = [0]
        for scope, most, seconds in documented()[guesser.browser_kind]:
            ats = sorted(self.counted(guesser, scope.value), reverse=True)
            recent = [at for at in ats if at >= now - seconds]
            if len(recent) >= most:
                waits.append(recent[most - 1] + seconds - now)
        return max(waits)

    def succeed(self, account):
        self.made = [
            (at, None if theirs == account else theirs, *more)
            for at, theirs, *more in self.made
        ]


@pytest.mark.parametrize("seed", range(3))
def test_random_guesses_are_limited_as_documented(app, clock, seed):
    chance, model, refused = random.Random(seed), Model(), 0
    with app.app_context(), database.write() as connection:
        for _ in range(400):
            clock.now += chance.choices((0, 1, 10, 600), (50, 40, 9, 1))[0]
            account = chance.choices(ACCOUNTS, (4, 1))[0]
            browser = (
                chance.choice(BROWSERS[account]) if chance.random() < 0.5 else None
            )
            is_unlocked = chance.random() < 0.3
            network = chance.choice(NETWORKS)
            guesser = Guesser(account, network, browser, is_unlocked)
            wait = guesses.calculate_wait(connection, guesser)
            assert abs(wait - model.wait(guesser, clock.now)) <= 1, guesser
            if wait:
                refused += 1
                continue
            guess_id = guesses.count(connection, guesser)
            if chance.random() < 0.02:
                guesses.remove_correct_guess(connection, guess_id, account)
                model.succeed(account)
            else:
                model.made.append((clock.now, account, network, browser))
    assert 50 < refused < 350


@pytest.mark.parametrize(
    ("browser", "is_unlocked"), list(product((None, "a1"), (False, True)))
)
@pytest.mark.parametrize("seconds", [45, 600, 86_400])
def test_a_clock_set_back_between_two_starts_does_not_change_limits(
    app, clock, browser, is_unlocked, seconds
):
    guesser = Guesser("ada", "192.0.2.1", browser, is_unlocked)
    longest = max(limit.seconds for limit in LIMITS[guesser.browser_kind])
    with app.app_context(), database.write() as connection:
        while not guesses.calculate_wait(connection, guesser):
            guesses.count(connection, guesser)
        clock.now -= seconds
        assert guesses.has_future_guesses(connection)
        # No guess is allowed, neither before the times are corrected nor after.
        assert 0 < guesses.calculate_wait(connection, guesser) <= longest
        guesses.correct_future_guesses(connection)
        assert not guesses.has_future_guesses(connection)
        assert 0 < guesses.calculate_wait(connection, guesser) <= longest
        clock.now += longest + 1
        assert guesses.calculate_wait(connection, guesser) == 0


def test_guesses_are_deleted_when_no_limit_counts_them(app, clock):
    with app.app_context(), database.write() as connection:
        for number in range(50):
            clock.now += HOUR / 10
            guesses.count(connection, Guesser(f"{number}", "192.0.2.1", None, False))
        rows = connection.execute(guesses.GUESSES.select()).all()
    assert len(rows) == 11
