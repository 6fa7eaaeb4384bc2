"""Every cell of the table "Who is who" of docs/design.md, walked."""

from dataclasses import replace

import pytest
import table
from acts import ACTS, Scene
from persons import ACCESS_LEVELS, EVERY, LINKED, NEW, State, can_be, make, source
from stage import MINE, NAME, OTHER_NAME

REFUSED = {"400", "404", "409", "refused"}
AGAIN = {each for each in table.acts() if each.endswith("person again")}
CELLS = table.read()
WALKED = [each for each in CELLS if each.words != (table.CANNOT_ARISE,)]
OTHERS = [each for each in CELLS if each.words == (table.CANNOT_ARISE,)]
WALKS = [
    pytest.param(cell, state, id=f"{cell} | {number}")
    for cell in WALKED
    if cell.act in ACTS
    for number, state in enumerate(ACTS[cell.act].states_of(cell.kind))
]


# ---------------------------------------------------------------------- the list itself
def test_every_row_of_the_table_has_an_act_and_every_act_a_row():
    assert table.acts() == list(dict.fromkeys(table.acts()))
    assert set(table.acts()) == set(ACTS)
    assert len(CELLS) == len(ACTS) * len(table.KINDS)
    print(
        f"{len(ACTS)} rows, {len(CELLS)} cells: {len(WALKED)} walked in {len(WALKS)} "
        f"states, {len(OTHERS)} that cannot arise"
    )


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_every_word_of_a_cell_has_a_check(cell):
    assert set(cell.words) <= set(table.WORDS)
    about = [table.WORDS[word] for word in cell.words]
    assert len(about) == len(set(about)), "two words about the same thing"


@pytest.mark.parametrize("cell", WALKED, ids=str)
def test_every_cell_that_can_arise_is_walked(cell):
    assert any(each.values[0] == cell for each in WALKS)


# ---------------------------------------------------------------------- walking
def scene_of(stage, cell, state):
    """Set the scene up to the moment before the act."""
    user_id = make(stage, cell.kind, state)
    scene = Scene(stage, cell.kind, state, user_id, stage.browser(NAME))
    assert stage.admin.is_in()
    if ACTS[cell.act].prepare:
        ACTS[cell.act].prepare(scene)
    scene.before = stage.facts(user_id)
    return scene


@pytest.mark.parametrize(("cell", "state"), WALKS)
def test_the_product_does_what_the_table_says(stage, cell, state):
    scene = scene_of(stage, cell, state)
    open_before = stage.conflicts()
    others = stage.untouched(scene.id)
    ACTS[cell.act].do(scene)
    check_answer(scene, cell.words)
    check_conflicts(scene, cell.words, open_before)
    made = () if scene.made is None else (scene.made,)
    assert stage.untouched(scene.id, *made) == others, "somebody else was changed"
    if cell.act in AGAIN:
        check_made_again(scene, cell.words)
    else:
        check_person(scene, cell)


def check_answer(scene, words):
    said = [word for word in words if table.WORDS[word] == "answer"]
    assert [scene.answer] == (said or [""])


def check_conflicts(scene, words, before):
    """A conflict is open on one of the two sides, or none was opened."""
    now = scene.stage.conflicts()
    if "conflict" in words:
        sides = {scene.id, scene.made, *scene.others}
        assert {each.user_id for each in now} & sides
    else:
        assert now <= before


def check_made_again(scene, words):
    """Nothing of the account that was deleted is left, but a block."""
    assert scene.stage.facts(scene.id) is None
    made = scene.stage.facts(scene.made)
    assert (made.source, made.access_level) == ("provisioned", "user")
    assert (made.linked, made.confirmed, made.password_hash) == (None, None, None)
    assert made.sessions == frozenset()
    assert made.is_blocked is ("blocked" in words)
    if made.is_blocked:
        keys = {scene.state.linked, scene.state.says} - {None}
        assert scene.stage.blocked_by(scene.id) == (keys or {NAME})
        for object_id in (MINE, *keys):
            assert scene.stage.microsoft(object_id, NAME) is None


def check_person(scene, cell):
    after = scene.stage.facts(scene.id)
    if "gone" in cell.words or scene.before is None:
        assert after is None
    else:
        wanted = expected(scene, cell.words)
        nobody = frozenset()
        assert replace(after, sessions=nobody) == replace(wanted, sessions=nobody)
        check_sessions(scene, cell, after)
    if set(cell.words) & {"out", "gone"}:
        check_no_way_in(scene)


def expected(scene, words):
    """Return what is known of the person afterwards, by the words of the cell."""
    facts = scene.before
    if set(words) & REFUSED:
        return facts
    facts = replace(facts, **scene.changed)
    changes = {
        "claimed": {"source": "provisioned"},
        "local": {"source": "local"},
        "claimable": {"source": "claimable"},
        "user": {"access_level": "user", "role": "user", "confirmed": None},
        "administrator": {"access_level": "administrator", "role": "administrator"},
        "emergency access": {"access_level": "emergency access"},
        "linked": {"linked": scene.linked},
        "unlinked": {"linked": None, **takes_word_back(facts)},
        "confirmed": {"confirmed": facts.says},
        "renamed": {"name": "jane.smith@example.org"},
    }
    for word in sorted(words, reverse=True):  # a link goes before a new word is given
        facts = replace(facts, **changes.get(word, {}))
    becomes_known = {"administrator", "linked"} & set(words)
    if becomes_known and facts.access_level == "administrator" and facts.linked:
        facts = replace(facts, confirmed=facts.linked)
    return facts


def takes_word_back(facts):
    """An administrator's word goes with the link that it was for."""
    return {"confirmed": None} if facts.confirmed == facts.linked else {}


def check_sessions(scene, cell, after):
    """Sessions end with the role and with the link, and go on otherwise."""
    before, words = scene.before.sessions, set(cell.words)
    if "in" in words:
        assert len(after.sessions) == len(before) + 1
        assert before < after.sessions
    elif words & REFUSED:
        assert after.sessions == before
    elif cell.act.startswith("The owner"):
        assert len(after.sessions) == 1  # this browser's, which is a new one
        assert scene.browser.is_in()
    elif is_signed_out(scene, words, after):
        assert after.sessions == frozenset()
        assert not scene.browser.is_in()
    else:
        assert after.sessions == before
        assert scene.browser.is_in()


def is_signed_out(scene, words, after):
    has_another_role = after.role != scene.before.role
    may_not_sign_in = (
        after.linked is not None
        and after.says not in (None, after.linked)
        and (after.access_level != "administrator" or after.confirmed != after.linked)
    )
    is_unlinked = after.linked != scene.before.linked
    return "out" in words or is_unlinked or may_not_sign_in or has_another_role


def check_no_way_in(scene):
    assert not scene.stage.lets_in(NAME)
    for object_id in {scene.state.linked, scene.state.says} - {None}:
        assert scene.stage.microsoft(object_id, NAME) is None
    assert not scene.browser.is_in()


# ---------------------------------------------------------------------- the rest
@pytest.mark.parametrize("cell", OTHERS, ids=str)
def test_what_cannot_arise_does_not(stage, cell):
    """The product refuses to get there, or there is nothing left to do."""
    row = ACTS[cell.act]
    possible = row.states_of(cell.kind)
    if not possible:
        for state in row.states:
            check_out_of_reach(stage, cell.kind, state)
            stage.clear()
    elif row.prepare:
        user_id = make(stage, cell.kind, possible[0])
        everything = stage.untouched()
        assert stage.scim("DELETE", f"Users/{user_id}")[0] == 404
        assert stage.untouched() == everything
    else:
        for state in possible:
            scene = scene_of(stage, cell, state)
            everything = stage.untouched()
            row.do(scene)
            assert stage.untouched() == everything
            stage.clear()


def check_out_of_reach(stage, kind, state):
    """Try to bring a person of that kind into that state."""
    nearest = next(each for each in EVERY if can_be(kind, each))
    user_id = make(stage, kind, nearest)
    before = stage.facts(user_id)
    if source(kind) == "local" and (state.says or state.is_mapped):
        assert stage.patch(user_id, externalId=state.says or MINE) == 404
        group_id = stage.mapped_group()
        assert stage.member("Add", group_id, user_id) == 400
        assert stage.facts(user_id) == before
    if kind == "emergency access" and state.linked:
        browser = stage.browser(NAME)
        assert stage.connect(browser, state.linked, OTHER_NAME) == 409
        assert stage.facts(user_id).linked is None
    if kind == "claimable user":
        try_to_leave(stage, user_id, state)
    if kind == "provisioned user" and state.is_mapped:
        assert stage.member("Add", stage.mapped_group(), user_id) == 200
        assert stage.facts(user_id).access_level == "administrator"


def try_to_leave(stage, user_id, state):
    """Who is linked no more, or provisioned, is claimable no more."""
    if state.linked is None and not state.is_mapped:
        browser = stage.browser(NAME)
        path = "/account/microsoft/disconnect"
        assert browser.submit(path, page="/account").status_code == 303
        assert stage.facts(user_id).source == "local"
    elif state.says == state.linked:
        assert stage.patch(user_id, externalId=MINE) == 200
        assert stage.facts(user_id).source == "provisioned"
    elif state.is_mapped:
        assert stage.member("Add", stage.mapped_group(), user_id) == 200
        assert stage.facts(user_id).source == "provisioned"
    else:
        assert stage.patch(user_id, externalId=state.says) == 409
        assert stage.facts(user_id).says is None


def test_a_local_account_that_nobody_connected_is_never_claimable(stage):
    assert {can_be("claimable user", each) for each in (NEW, LINKED)} == {False, True}
    assert set(ACCESS_LEVELS) == set(table.KINDS)
    assert not can_be("local user", State(says=MINE))
    user_id = make(stage, "local user", LINKED)
    assert stage.facts(user_id).source == "local"
