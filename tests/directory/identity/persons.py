"""One person of each kind, in each state that a row of the table may name."""

from dataclasses import dataclass

from stage import ADDRESS, ANOTHER, MINE, NAME, OTHER_NAME, Facts, Stage

ACCESS_LEVELS = {
    "local user": "user",
    "local administrator": "administrator",
    "emergency access": "emergency access",
    "claimable user": "user",
    "provisioned user": "user",
    "provisioned administrator": "administrator",
}


@dataclass(frozen=True)
class State:
    """Which object IDs a person has: linked, provisioned, confirmed."""

    linked: str | None = None
    says: str | None = None
    confirmed: str | None = None
    # A mapped group gave the role.
    is_mapped: bool = False


NEW = State()
LINKED = State(linked=MINE)
SAID = State(says=MINE)
AGREEING = State(linked=MINE, says=MINE)
DISAGREEING = State(linked=MINE, says=ANOTHER)
# So only a mapping makes somebody administrator.
DISAGREEING_MAPPED = State(linked=MINE, says=ANOTHER, is_mapped=True)
EVERY = (NEW, LINKED, SAID, AGREEING)


def source(kind: str) -> str:
    return kind.split()[0] if kind != "emergency access" else "local"


def can_be(kind: str, state: State) -> bool:
    """Is there such a person at all?"""
    if kind == "emergency access":
        return state == NEW
    if kind == "claimable user":
        return state == LINKED
    if source(kind) == "local":
        return state.says is None and not state.is_mapped
    if kind == "provisioned user":
        return not state.is_mapped
    # Nobody is made administrator by hand while two accounts may be theirs.
    is_doubtful = state.linked is not None and state.says not in (None, state.linked)
    return bool(not is_doubtful or state.confirmed or state.is_mapped)


def make(stage: Stage, kind: str, state: State) -> str:
    """Make the person, by what people really do; returns the id."""
    if source(kind) == "provisioned":
        user_id = _provisioned(stage, kind, state)
    else:
        user_id = stage.local(NAME, ADDRESS, ACCESS_LEVELS[kind])
        if state.linked:
            is_claimable = kind == "claimable user"
            connect(stage, NAME, state.linked, NAME if is_claimable else OTHER_NAME)
    made = stage.facts(user_id)
    assert made is not None
    assert (made.source, made.access_level) == (source(kind), ACCESS_LEVELS[kind])
    assert (made.linked, made.says) == (state.linked, state.says)
    assert made.is_mapped is state.is_mapped
    if state.confirmed or state.linked == state.says:
        wanted = state.confirmed or (
            state.linked if ACCESS_LEVELS[kind] == "administrator" else None
        )
        assert made.confirmed == wanted
    return user_id


def _provisioned(stage: Stage, kind: str, state: State) -> str:
    is_administrator = kind == "provisioned administrator"
    is_moving = state.linked is not None and state.says not in (None, state.linked)
    first = (state.confirmed if is_moving else state.says) or "jane"
    status, document = stage.create(NAME, first, ADDRESS)
    assert status == 201
    user_id = str(document["id"])
    stage.give_password(user_id)
    if is_administrator and not is_moving and not state.is_mapped:
        promote(stage, user_id)
    if state.confirmed:
        _confirm(stage, user_id, state.confirmed)
    if state.linked:
        connect(stage, NAME, state.linked, OTHER_NAME)
    if is_administrator and state.confirmed and is_moving:
        promote(stage, user_id)
    if is_moving:
        assert stage.patch(user_id, externalId=state.says) == 200
    if state.is_mapped:
        assert stage.member("Add", stage.mapped_group(), user_id) == 200
    return user_id


def _confirm(stage: Stage, user_id: str, object_id: str) -> None:
    fields = {"object_id": object_id}
    assert administer(stage, user_id, "confirm-object-id", **fields) == 303


def promote(stage: Stage, user_id: str) -> None:
    assert administer(stage, user_id, "role", role="administrator") == 303


def administer(stage: Stage, user_id: str, what: str, **fields: str) -> int:
    """Let ada press a button on somebody's page; returns the status."""
    page = f"/settings/users/{user_id}"
    answer = stage.admin.submit(f"{page}/{what}", page=page, **fields)
    return int(answer.status_code)


def connect(stage: Stage, name: str, object_id: str, user_name: str) -> None:
    assert stage.connect(stage.browser(name), object_id, user_name) == 303


def expected_kind(facts: Facts) -> str:
    """Return the column of the table in which somebody stands."""
    if facts.access_level == "emergency access":
        return "emergency access"
    return f"{facts.source} {facts.access_level}"
