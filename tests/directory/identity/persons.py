"""Makes a person of each kind, in each state that a row of the table may name."""

from dataclasses import dataclass

from driver import ADDRESS, NAME, OBJECT_ID, OTHER_NAME, OTHER_OBJECT_ID, Driver, Facts

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
    provisioned: str | None = None
    confirmed: str | None = None
    # The role comes from a mapped group.
    is_mapped: bool = False


NEW = State()
LINKED = State(linked=OBJECT_ID)
PROVISIONED = State(provisioned=OBJECT_ID)
AGREEING = State(linked=OBJECT_ID, provisioned=OBJECT_ID)
DISAGREEING = State(linked=OBJECT_ID, provisioned=OTHER_OBJECT_ID)
# In this state, only a mapping can make somebody an administrator.
DISAGREEING_MAPPED = State(
    linked=OBJECT_ID, provisioned=OTHER_OBJECT_ID, is_mapped=True
)
EVERY = (NEW, LINKED, PROVISIONED, AGREEING)


def source(kind: str) -> str:
    return kind.split()[0] if kind != "emergency access" else "local"


def can_be(kind: str, state: State) -> bool:
    """Can a person of this kind be in this state?"""
    if kind == "emergency access":
        return state == NEW
    if kind == "claimable user":
        return state == LINKED
    if source(kind) == "local":
        return state.provisioned is None and not state.is_mapped
    if kind == "provisioned user":
        return not state.is_mapped
    # Nobody can be promoted while two Microsoft accounts may be theirs.
    is_doubtful = state.linked is not None and state.provisioned not in (
        None,
        state.linked,
    )
    return bool(not is_doubtful or state.confirmed or state.is_mapped)


def make(driver: Driver, kind: str, state: State) -> str:
    """Make the person through SCIM and the pages; return the id."""
    if source(kind) == "provisioned":
        user_id = _provisioned(driver, kind, state)
    else:
        user_id = driver.local(NAME, ADDRESS, ACCESS_LEVELS[kind])
        if state.linked:
            is_claimable = kind == "claimable user"
            connect(driver, NAME, state.linked, NAME if is_claimable else OTHER_NAME)
    made = driver.facts(user_id)
    assert made is not None
    assert (made.source, made.access_level) == (source(kind), ACCESS_LEVELS[kind])
    assert (made.linked, made.provisioned) == (state.linked, state.provisioned)
    assert made.is_mapped is state.is_mapped
    if state.confirmed or state.linked == state.provisioned:
        wanted = state.confirmed or (
            state.linked if ACCESS_LEVELS[kind] == "administrator" else None
        )
        assert made.confirmed == wanted
    return user_id


def _provisioned(driver: Driver, kind: str, state: State) -> str:
    is_administrator = kind == "provisioned administrator"
    is_moving = state.linked is not None and state.provisioned not in (
        None,
        state.linked,
    )
    first = (state.confirmed if is_moving else state.provisioned) or "jane"
    status, document = driver.create(NAME, first, ADDRESS)
    assert status == 201
    user_id = str(document["id"])
    driver.give_password(user_id)
    if is_administrator and not is_moving and not state.is_mapped:
        promote(driver, user_id)
    if state.confirmed:
        _confirm(driver, user_id, state.confirmed)
    if state.linked:
        connect(driver, NAME, state.linked, OTHER_NAME)
    if is_administrator and state.confirmed and is_moving:
        promote(driver, user_id)
    if is_moving:
        assert driver.patch(user_id, externalId=state.provisioned) == 200
    if state.is_mapped:
        assert driver.member("Add", driver.mapped_group(), user_id) == 200
    return user_id


def _confirm(driver: Driver, user_id: str, object_id: str) -> None:
    fields = {"object_id": object_id}
    assert administer(driver, user_id, "confirm-object-id", **fields) == 303


def promote(driver: Driver, user_id: str) -> None:
    assert administer(driver, user_id, "role", role="administrator") == 303


def administer(driver: Driver, user_id: str, what: str, **fields: str) -> int:
    """Submit a form on somebody's page as ada; return the status."""
    page = f"/settings/users/{user_id}"
    answer = driver.admin.submit(f"{page}/{what}", page=page, **fields)
    return int(answer.status_code)


def connect(driver: Driver, name: str, object_id: str, user_name: str) -> None:
    assert driver.connect(driver.browser(name), object_id, user_name) == 303


def expected_kind(facts: Facts) -> str:
    """Return the column of the table that applies to somebody."""
    if facts.access_level == "emergency access":
        return "emergency access"
    return f"{facts.source} {facts.access_level}"
