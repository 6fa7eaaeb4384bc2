"""The product does what every cell of the table "Who is who" in docs/design.md says."""

from dataclasses import replace

import pytest
import table
from acts import ACTS, Case
from driver import NAME, OBJECT_ID, OTHER_NAME
from persons import (
    ACCESS_LEVELS,
    EVERY,
    LINKED,
    NEW,
    State,
    can_be,
    connect,
    make,
    source,
)

REFUSED = {"400", "404", "409", "refused"}
AGAIN = {each for each in table.acts() if each.endswith("person again")}
CELLS = table.read()
POSSIBLE = [each for each in CELLS if each.words != (table.CANNOT_ARISE,)]
IMPOSSIBLE = [each for each in CELLS if each.words == (table.CANNOT_ARISE,)]
# `make test` walks every cell in one state; `make test-long` in all of them.
CASES = [
    pytest.param(
        cell,
        state,
        id=f"{cell} | {number}",
        marks=[pytest.mark.long] if number else [],
    )
    for cell in POSSIBLE
    if cell.act in ACTS
    for number, state in enumerate(ACTS[cell.act].states_of(cell.kind))
]


# ---------------------------------------------------------------------- the table
def test_every_row_of_the_table_has_an_act_and_every_act_a_row():
    assert table.acts() == list(dict.fromkeys(table.acts()))
    assert set(table.acts()) == set(ACTS)
    assert len(CELLS) == len(ACTS) * len(table.KINDS)
    print(
        f"{len(ACTS)} rows, {len(CELLS)} cells: {len(POSSIBLE)} tested in {len(CASES)} "
        f"states, {len(IMPOSSIBLE)} that cannot arise"
    )


def test_every_word_of_a_cell_is_checked():
    for cell in CELLS:
        assert set(cell.words) <= set(table.WORDS), cell
        about = [table.WORDS[word] for word in cell.words]
        assert len(about) == len(set(about)), f"two words about the same thing: {cell}"


def test_every_cell_that_can_arise_is_tested():
    tested = [each.values[0] for each in CASES]
    assert [cell for cell in POSSIBLE if cell not in tested] == []


# ---------------------------------------------------------------------- outcomes
def prepare_case(driver, cell, state):
    """Make the person, and do all that comes before the act."""
    user_id = make(driver, cell.kind, state)
    case = Case(driver, cell.kind, state, user_id, driver.browser(NAME))
    driver.sign_in_admin()
    if ACTS[cell.act].prepare:
        ACTS[cell.act].prepare(case)
    case.before = driver.facts(user_id)
    return case


@pytest.mark.parametrize(("cell", "state"), CASES)
def test_an_act_has_the_outcome_that_the_table_says(driver, cell, state):
    case = prepare_case(driver, cell, state)
    open_before = driver.conflicts()
    others = driver.rows_of_others(case.id)
    ACTS[cell.act].do(case)
    check_answer(case, cell.words)
    check_conflicts(case, cell.words, open_before)
    made = () if case.made is None else (case.made,)
    assert driver.rows_of_others(case.id, *made) == others, "somebody else was changed"
    if cell.act in AGAIN:
        check_made_again(case, cell.words)
    else:
        check_person(case, cell)


def check_answer(case, words):
    said = [word for word in words if table.WORDS[word] == "answer"]
    assert [case.answer] == (said or [""])


def check_conflicts(case, words, before):
    """A conflict is open for one of the people concerned, or none was opened."""
    now = case.driver.conflicts()
    if "conflict" in words:
        sides = {case.id, case.made, *case.others}
        assert {each.user_id for each in now} & sides
    else:
        assert now <= before


def check_made_again(case, words):
    """Nothing is left of the deleted account except a block."""
    assert case.driver.facts(case.id) is None
    made = case.driver.facts(case.made)
    assert (made.source, made.access_level) == ("provisioned", "user")
    assert (made.linked, made.confirmed, made.password_hash) == (None, None, None)
    assert made.sessions == frozenset()
    assert made.is_blocked is ("blocked" in words)
    if made.is_blocked:
        keys = {case.state.linked, case.state.provisioned} - {None}
        assert case.driver.blocked_by(case.id) == (keys or {NAME})
        for object_id in (OBJECT_ID, *keys):
            assert case.driver.microsoft(object_id, NAME) is None


def check_person(case, cell):
    after = case.driver.facts(case.id)
    if "gone" in cell.words or case.before is None:
        assert after is None
    else:
        wanted = expected(case, cell.words)
        nobody = frozenset()
        assert replace(after, sessions=nobody) == replace(wanted, sessions=nobody)
        check_sessions(case, cell, after)
    if set(cell.words) & {"out", "gone"}:
        check_sign_in_refused(case)


def expected(case, words):
    """Return the facts about the person after the act, by the words of the cell."""
    facts = case.before
    if set(words) & REFUSED:
        return facts
    facts = replace(facts, **case.changed)
    changes = {
        "claimed": {"source": "provisioned"},
        "local": {"source": "local"},
        "claimable": {"source": "claimable"},
        "user": {"access_level": "user", "role": "user", "confirmed": None},
        "administrator": {"access_level": "administrator", "role": "administrator"},
        "emergency access": {"access_level": "emergency access"},
        "linked": {"linked": case.linked},
        "unlinked": {"linked": None, **without_confirmation(facts)},
        "confirmed": {"confirmed": facts.provisioned},
        "renamed": {"name": "jane.smith@example.org"},
    }
    for word in sorted(words, reverse=True):  # "unlinked" comes before "confirmed"
        facts = replace(facts, **changes.get(word, {}))
    becomes_known = {"administrator", "linked"} & set(words)
    if becomes_known and facts.access_level == "administrator" and facts.linked:
        facts = replace(facts, confirmed=facts.linked)
    return facts


def without_confirmation(facts):
    """A confirmation ends with the link that it was for."""
    return {"confirmed": None} if facts.confirmed == facts.linked else {}


def check_sessions(case, cell, after):
    """Sessions end with the role and with the link, and continue otherwise."""
    before, words = case.before.sessions, set(cell.words)
    if "in" in words:
        assert len(after.sessions) == len(before) + 1
        assert before < after.sessions
    elif words & REFUSED:
        assert after.sessions == before
    elif cell.act.startswith("The owner"):
        assert len(after.sessions) == 1  # a new session of this browser
        assert case.browser.is_in()
    elif is_signed_out(case, words, after):
        assert after.sessions == frozenset()
        assert not case.browser.is_in()
    else:
        assert after.sessions == before
        assert case.browser.is_in()


def is_signed_out(case, words, after):
    has_another_role = after.role != case.before.role
    may_not_sign_in = (
        after.linked is not None
        and after.provisioned not in (None, after.linked)
        and (after.access_level != "administrator" or after.confirmed != after.linked)
    )
    is_unlinked = after.linked != case.before.linked
    return "out" in words or is_unlinked or may_not_sign_in or has_another_role


def check_sign_in_refused(case):
    assert not case.driver.accepts_password(NAME)
    for object_id in {case.state.linked, case.state.provisioned} - {None}:
        assert case.driver.microsoft(object_id, NAME) is None
    assert not case.browser.is_in()


# ------------------------------------------------------------------ impossible cells
@pytest.mark.parametrize("cell", IMPOSSIBLE, ids=str)
def test_a_cell_marked_as_impossible_cannot_arise(driver, cell):
    """The product refuses to bring anybody into the state, or the act has no effect."""
    row = ACTS[cell.act]
    possible = row.states_of(cell.kind)
    if not possible:
        for state in row.states:
            check_unreachable(driver, cell.kind, state)
            driver.clear()
    elif row.prepare:
        user_id = make(driver, cell.kind, possible[0])
        everything = driver.rows_of_others()
        assert driver.scim("DELETE", f"Users/{user_id}")[0] == 404
        assert driver.rows_of_others() == everything
    else:
        for state in possible:
            case = prepare_case(driver, cell, state)
            everything = driver.rows_of_others()
            row.do(case)
            assert driver.rows_of_others() == everything
            driver.clear()


def check_unreachable(driver, kind, state):
    """Try to bring a person of that kind into that state."""
    nearest = next(each for each in EVERY if can_be(kind, each))
    user_id = make(driver, kind, nearest)
    before = driver.facts(user_id)
    if source(kind) == "local" and (state.provisioned or state.is_mapped):
        assert driver.patch(user_id, externalId=state.provisioned or OBJECT_ID) == 404
        group_id = driver.mapped_group()
        assert driver.member("Add", group_id, user_id) == 400
        assert driver.facts(user_id) == before
    if kind == "emergency access" and state.linked:
        browser = driver.browser(NAME)
        assert driver.connect(browser, state.linked, OTHER_NAME) == 409
        assert driver.facts(user_id).linked is None
    if kind == "claimable user":
        check_no_longer_claimable(driver, user_id, state)
    if kind == "provisioned user" and state.is_mapped:
        assert driver.member("Add", driver.mapped_group(), user_id) == 200
        assert driver.facts(user_id).access_level == "administrator"
    if kind == "provisioned administrator":
        connect(driver, NAME, state.linked, OTHER_NAME)
        assert driver.patch(user_id, externalId=state.provisioned) == 200
        assert driver.facts(user_id).confirmed == state.linked != state.confirmed


def check_no_longer_claimable(driver, user_id, state):
    """A person is no longer claimable once they are unlinked or provisioned."""
    if state.linked is None and not state.is_mapped:
        browser = driver.browser(NAME)
        path = "/account/microsoft/disconnect"
        assert browser.submit(path, page="/account").status_code == 303
        assert driver.facts(user_id).source == "local"
    elif state.provisioned == state.linked:
        assert driver.patch(user_id, externalId=OBJECT_ID) == 200
        assert driver.facts(user_id).source == "provisioned"
    elif state.is_mapped:
        assert driver.member("Add", driver.mapped_group(), user_id) == 200
        assert driver.facts(user_id).source == "provisioned"
    else:
        assert driver.patch(user_id, externalId=state.provisioned) == 409
        assert driver.facts(user_id).provisioned is None


def test_only_a_local_user_with_a_linked_account_can_be_claimable(driver):
    assert not can_be("claimable user", NEW)
    assert can_be("claimable user", LINKED)
    assert set(ACCESS_LEVELS) == set(table.KINDS)
    assert not can_be("local user", State(provisioned=OBJECT_ID))
    user_id = make(driver, "local user", LINKED)
    assert driver.facts(user_id).source == "local"
