"""What every row of the table "Who is who" does: its states, and its act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from persons import (
    ACCESS_LEVELS,
    AGREEING,
    DISAGREEING,
    DISAGREEING_MAPPED,
    EVERY,
    LINKED,
    NEW,
    SAID,
    State,
    administer,
    can_be,
    source,
)
from stage import (
    ADDRESS,
    ANOTHER,
    MINE,
    NAME,
    OLGAS,
    OTHER_NAME,
    Facts,
    Stage,
    spelled,
)

from visitors import Visitor


@dataclass
class Scene:
    """One person, one act, and what came of it."""

    stage: Stage
    kind: str
    state: State
    id: str
    # Their own browser, in which they were signed in before.
    browser: Visitor
    # The other side, where there is one, and whoever the act made.
    others: list[str] = field(default_factory=list)
    made: str | None = None
    answer: str = ""
    linked: str | None = None
    # What the act itself changes, where it is not refused.
    changed: dict[str, Any] = field(default_factory=dict)
    before: Facts | None = None


Deed = Callable[[Scene], None]


@dataclass(frozen=True)
class Act:
    """A row: in which states it can be walked, and how."""

    states: tuple[State, ...]
    do: Deed
    prepare: Deed | None = None
    # The row is about somebody to whom provisioning gives an object ID, if to anybody.
    wants_said: bool = False

    def states_of(self, kind: str) -> list[State]:
        """Return the states in which one kind of person walks this row."""
        found = [each for each in self.states if can_be(kind, each)]
        if self.wants_said and source(kind) == "provisioned":
            found = [each for each in found if each.says]
        return found


ACTS: dict[str, Act] = {}


def act(title: str, *states: State, **more: Any) -> Callable[..., Deed]:
    def note(do: Deed) -> Deed:
        assert title not in ACTS
        ACTS[title] = Act(states, do, **more)
        return do

    return note


def say(scene: Scene, status: int) -> None:
    scene.answer = str(status)


def pressed(scene: Scene, status: int) -> None:
    """Take the answer of a page: 303 goes on, 4xx refuses."""
    scene.answer = "" if status == 303 else "refused"
    assert status == 303 or 400 <= status < 500


# ---------------------------------------------------------------------- SCIM
@act("SCIM reads", *EVERY)
def read(scene):
    status, _ = scene.stage.scim("GET", f"Users/{scene.id}")
    say(scene, status)
    query = f'userName eq "{NAME.upper()}"'
    _, found = scene.stage.scim("GET", f"Users?filter={query}")
    assert [each["id"] for each in found["Resources"]] == (
        [scene.id] if status == 200 else []
    )


def create(scene, user_name, external_id, address):
    status, document = scene.stage.create(user_name, external_id, address)
    say(scene, status)
    if status == 201:
        scene.made = document["id"]


@act("SCIM creates somebody with their user name", *EVERY)
def create_name(scene):
    create(scene, NAME.upper(), "somebody", "somebody@example.org")


@act("SCIM creates somebody with their work e-mail", *EVERY)
def create_address(scene):
    create(scene, "somebody@example.org", "somebody", ADDRESS.upper())


@act("SCIM creates somebody with the object ID that is linked", LINKED, AGREEING)
def create_linked(scene):
    create(scene, "somebody@example.org", spelled(MINE), "somebody@example.org")


@act("SCIM creates somebody with the object ID provisioning says", SAID)
def create_said(scene):
    create(scene, "somebody@example.org", spelled(MINE), "somebody@example.org")


def patch(scene, changed=None, **values):
    say(scene, scene.stage.patch(scene.id, **values))
    scene.changed = changed or {}


@act("SCIM changes something else", *EVERY)
def change_else(scene):
    patch(scene, displayName="Jane B.", title="Chief")


@act("SCIM changes externalId to the linked object ID", LINKED, AGREEING)
def change_to_linked(scene):
    patch(scene, {"says": MINE}, externalId=spelled(MINE))


@act("SCIM changes externalId to another object ID, nobody linked", NEW, SAID)
def change_unlinked(scene):
    patch(scene, {"says": ANOTHER}, externalId=spelled(ANOTHER))


@act("SCIM changes externalId to another object ID, one linked", LINKED, AGREEING)
def change_linked(scene):
    patch(scene, {"says": ANOTHER}, externalId=spelled(ANOTHER))


@act(
    "SCIM changes externalId to no object ID, one linked",
    LINKED,
    AGREEING,
    wants_said=True,
)
def change_to_none(scene):
    patch(scene, {"says": None}, externalId="jane.bakker")


@act("SCIM disables", *EVERY)
def disable(scene):
    patch(scene, {"active": False}, active=False)


@act("SCIM deletes", *EVERY)
def delete(scene):
    say(scene, scene.stage.scim("DELETE", f"Users/{scene.id}")[0])


def deleted(scene):
    assert scene.stage.scim("DELETE", f"Users/{scene.id}")[0] == 204


def blocked_and_deleted(scene):
    assert administer(scene.stage, scene.id, "block", blocked="on") == 303
    deleted(scene)


def create_again(scene, name=NAME):
    who = scene.state.says or scene.state.linked
    create(scene, name, spelled(who) if who else "jane", ADDRESS)
    assert scene.made != scene.id


def create_again_renamed(scene):
    """Come back under another name, where there is an object ID to go by."""
    has_one = scene.state.says or scene.state.linked
    create_again(scene, "janet@example.org" if has_one else NAME)


act("SCIM creates a deleted person again", *EVERY, prepare=deleted)(create_again)
act(
    "SCIM creates a blocked and deleted person again",
    *EVERY,
    State(linked=MINE, says=ANOTHER),
    prepare=blocked_and_deleted,
)(create_again_renamed)


@act("SCIM adds to a mapped group", *EVERY)
def add_to_group(scene):
    say(scene, scene.stage.member("Add", scene.stage.mapped_group(), scene.id))
    if scene.answer == "200" and ACCESS_LEVELS[scene.kind] == "user":
        scene.changed = {"is_mapped": True}


@act(
    "SCIM removes from the mapped group that gave the role",
    State(is_mapped=True),
    State(linked=MINE, says=MINE, is_mapped=True),
)
def remove_from_group(scene):
    say(scene, scene.stage.member("Remove", scene.stage.mapped_group(), scene.id))
    scene.changed = {"is_mapped": False}


# ---------------------------------------------------------------------- Microsoft
def microsoft(scene, object_id, user_name=OTHER_NAME):
    whose = scene.stage.microsoft(object_id, user_name)
    scene.answer = "refused" if whose is None else "in"
    assert whose in (None, scene.id)
    scene.linked = object_id


@act(
    "Microsoft: the linked account, provisioning says the same or none",
    LINKED,
    AGREEING,
)
def sign_in(scene):
    microsoft(scene, MINE)


act(
    "Microsoft: the linked account, provisioning says another",
    DISAGREEING,
    DISAGREEING_MAPPED,
)(sign_in)
act(
    "Microsoft: the same, linked and confirmed",
    State(linked=MINE, says=ANOTHER, confirmed=MINE),
)(sign_in)
act("Microsoft: the object ID provisioning says, nobody linked", SAID)(sign_in)
act(
    "Microsoft: the same, confirmed or with the role by a mapping",
    State(says=MINE, confirmed=MINE),
    State(says=MINE, is_mapped=True),
)(sign_in)


@act(
    "Microsoft: the object ID provisioning says, another linked",
    DISAGREEING,
    DISAGREEING_MAPPED,
    State(linked=MINE, says=ANOTHER, confirmed=MINE),
)
def sign_in_as_said(scene):
    microsoft(scene, ANOTHER)


def with_olga(scene):
    """Provisioning says the same of somebody else."""
    status, document = scene.stage.create(
        "olga@example.org", spelled(MINE), "olga@example.org"
    )
    assert status == 201
    scene.others.append(document["id"])


act(
    "Microsoft: an object ID that provisioning says of two, nobody linked",
    SAID,
    prepare=with_olga,
)(sign_in)
act(
    "Microsoft: an object ID that provisioning says of two, theirs linked",
    AGREEING,
    prepare=with_olga,
)(sign_in)


def by_name(scene):
    microsoft(scene, ANOTHER, NAME.upper())


def matching(scene):
    scene.stage.choose(match_user_names=True, create_people=True)


act("Microsoft: another account of their user name, matching off", *EVERY)(by_name)


act(
    "Microsoft: another account of their user name, matching on, no object ID",
    NEW,
    prepare=matching,
)(by_name)
act(
    "Microsoft: another account of their user name, matching on, an object ID known",
    LINKED,
    SAID,
    AGREEING,
    prepare=matching,
)(by_name)


def creating(scene):
    scene.stage.choose(create_people=True)


def deleted_with_creating(scene):
    deleted(scene)
    creating(scene)


act(
    "Microsoft: whom provisioning deleted, creating on",
    *EVERY,
    prepare=deleted_with_creating,
)(lambda scene: microsoft(scene, MINE, NAME))


# ---------------------------------------------------------------------- the owner
def connect(scene, object_id, user_name):
    pressed(scene, scene.stage.connect(scene.browser, object_id, user_name))
    scene.linked = object_id


@act("The owner connects an account of their user name", NEW, SAID)
def connect_same_name(scene):
    connect(scene, MINE, NAME.upper())


@act("The owner connects an account of another user name", NEW, SAID)
def connect_other_name(scene):
    connect(scene, MINE, OTHER_NAME)


@act("The owner connects another account than provisioning says", SAID)
def connect_unsaid(scene):
    connect(scene, ANOTHER, NAME)


@act("The owner connects a second account", LINKED, AGREEING)
def connect_second(scene):
    connect(scene, ANOTHER, NAME)


def linked_olga(scene):
    """Somebody else, local, with an account of their own."""
    olga = scene.stage.local("olga@example.org", "olga@example.org", "user")
    scene.others.append(olga)
    browser = scene.stage.browser("olga@example.org")
    assert scene.stage.connect(browser, OLGAS, OTHER_NAME) == 303


@act("The owner connects somebody else's account", *EVERY, prepare=linked_olga)
def connect_olgas(scene):
    connect(scene, OLGAS, NAME)


@act("The owner disconnects", LINKED, AGREEING)
def disconnect(scene):
    path = "/account/microsoft/disconnect"
    pressed(scene, scene.browser.submit(path, page="/account").status_code)
    assert scene.browser.is_in()


# ---------------------------------------------------------------------- administrators
def press(scene, what, **fields):
    pressed(scene, administer(scene.stage, scene.id, what, **fields))


@act("An administrator makes them administrator", *EVERY)
def make_administrator(scene):
    press(scene, "role", role="administrator")
    scene.changed = {"role": "administrator"}


act("The same, another linked than provisioning says", DISAGREEING)(make_administrator)


@act("An administrator makes them user", *EVERY)
def make_user(scene):
    press(scene, "role", role="user")
    scene.changed = {"role": "user"}


@act("An administrator blocks", *EVERY)
def block(scene):
    press(scene, "block", blocked="on")
    scene.changed = {"is_blocked": True}


@act(
    "An administrator confirms the object ID provisioning says",
    *EVERY,
    wants_said=True,
)
def confirm(scene):
    press(scene, "confirm-object-id", object_id=scene.state.says or MINE)


@act(
    "The same, another linked",
    DISAGREEING,
    DISAGREEING_MAPPED,
    State(linked=MINE, says=ANOTHER, confirmed=MINE),
)
def confirm_another(scene):
    press(scene, "confirm-object-id", object_id=ANOTHER)


@act("An administrator forgets the Microsoft identity", LINKED, AGREEING)
def forget(scene):
    press(scene, "forget-microsoft")


@act("An administrator grants emergency access, nobody linked", NEW, SAID)
def grant(scene):
    press(scene, "emergency-access", emergency="on")


act("An administrator grants emergency access, one linked", LINKED, AGREEING)(grant)


@act("An administrator renames", *EVERY)
def rename(scene):
    press(scene, "rename", user_name="jane.smith@example.org")
