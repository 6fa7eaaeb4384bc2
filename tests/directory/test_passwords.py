"""Local passwords are hashed, checked, and refused if they are easy to guess."""

import threading
import time

import pytest

from netpresenter_next.directory import passwords

pytestmark = pytest.mark.usefixtures("real_hashes")
GOOD = "violet anchor teapot marathon"


def test_a_password_matches_only_its_own_hash():
    stored = passwords.hash_password(GOOD)
    assert passwords.matches(stored, GOOD)
    assert not passwords.matches(stored, GOOD + " ")


def test_passwords_are_hashed_with_argon2id_as_owasp_recommends():
    assert passwords.hash_password(GOOD).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_hashing_a_password_twice_gives_different_hashes():
    assert passwords.hash_password(GOOD) != passwords.hash_password(GOOD)


@pytest.mark.parametrize("stored", [None, "", "not a hash"])
def test_no_password_matches_a_missing_or_invalid_hash(stored):
    assert not passwords.matches(stored, "nobody has this password")


def test_the_hash_for_unknown_people_has_the_parameters_of_new_ones():
    assert not passwords.needs_rehash(passwords.DUMMY_HASH)


def test_checking_a_password_takes_as_long_without_a_stored_hash():
    stored = passwords.hash_password(GOOD)
    known = min(_seconds(stored) for _ in range(5))
    unknown = min(_seconds(None) for _ in range(5))
    assert 0.5 < unknown / known < 2


def _seconds(stored):
    start = time.perf_counter()
    passwords.matches(stored, "wrong")
    return time.perf_counter() - start


def test_a_very_long_wrong_password_is_rejected_within_a_second():
    start = time.perf_counter()
    assert not passwords.matches(passwords.hash_password(GOOD), GOOD + "x" * 10_000_000)
    assert time.perf_counter() - start < 1


def test_a_password_with_a_lone_surrogate_does_not_match():
    assert not passwords.matches(passwords.hash_password(GOOD), "\ud800")


def test_too_many_password_checks_at_once_are_refused():
    refused = []
    start = threading.Barrier(8)

    def check():
        start.wait()
        try:
            with passwords.hashing_slot(is_known=False):
                passwords.matches(None, GOOD)
        except passwords.TooBusy:
            refused.append(True)

    threads = [threading.Thread(target=check) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert refused
    assert passwords.hash_password(GOOD)


def test_a_hash_with_other_parameters_is_outdated():
    assert not passwords.needs_rehash(passwords.hash_password(GOOD))
    older = "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaGhhc2hoYXNoaGFzaA"
    assert passwords.needs_rehash(older)


@pytest.mark.parametrize(
    ("password", "administrator", "words"),
    [
        ("tango whale", False, "at least 12 characters"),
        ("ketchup lunar", True, "at least 15 characters"),
        ("x" * 1025, False, "at most 1024 bytes"),
        ("é" * 600, False, "at most 1024 bytes"),
        ("aaaaaaaaaaaaaaaaaaaa", False, "easy to guess"),
        ("a" * 72, False, "easy to guess"),
        ("a" * 73, False, "easy to guess"),
        ("a" * 200, True, "easy to guess"),
        ("é" * 200, True, "easy to guess"),
        ("ab" * 500, True, "easy to guess"),
        ("changeme" * 20, True, "easy to guess"),
        ("Passw0rd!" * 30, True, "easy to guess"),
        ("ada.lovelace@example.org" * 10, True, "easy to guess"),
        ("0123456789" * 20, True, "easy to guess"),
        ("passwordpassword", False, "easy to guess"),
        ("ada.lovelace1815", False, "easy to guess"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(password, administrator, words):
    names = ("ada.lovelace@example.org",)
    fault = passwords.find_problem(password, administrator=administrator, words=names)
    assert fault
    assert words in fault


@pytest.mark.parametrize("password", [GOOD * 20, "a" * 200 + GOOD, GOOD + "a" * 200])
def test_a_long_password_is_accepted_if_one_end_of_it_is_strong(password):
    assert passwords.find_problem(password, administrator=True, words=()) is None


@pytest.mark.parametrize("administrator", [True, False])
def test_a_few_unrelated_words_are_accepted(administrator):
    assert passwords.find_problem(GOOD, administrator=administrator, words=()) is None


@pytest.mark.parametrize("password", ["ab" * 512, "p4$$w0rD" * 128, "é1!" * 256])
def test_a_long_password_is_evaluated_within_a_second(password):
    passwords.find_problem("load the words", administrator=True, words=())
    start = time.perf_counter()
    assert passwords.find_problem(password, administrator=True, words=())
    assert time.perf_counter() - start < 1
