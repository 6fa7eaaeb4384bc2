"""How every row of the table "Who is who" is tested: its states and its act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from driver import (
    ADDRESS,
    NAME,
    OBJECT_ID,
    OLGAS_OBJECT_ID,
    OTHER_NAME,
    OTHER_OBJECT_ID,
    Driver,
    Facts,
    spelled,
)
from persons import (
    ACCESS_LEVELS,
    AGREEING,
    DISAGREEING,
    DISAGREEING_MAPPED,
    EVERY,
    LINKED,
    NEW,
    PROVISIONED,
    State,
    administer,
    can_be,
    source,
)
from sqlalchemy import select

from netpresenter_next.storage.models import USERS
from visitors import Visitor


@dataclass
class Case:
    """One person, one act, and its outcome."""

    driver: Driver
    kind: str
    state: State
    id: str
    # The person's browser, signed in before the act.
    browser: Visitor
    # Other people whom the act concerns, and the person whom it creates.
    others: list[str] = field(default_factory=list)
    made: str | None = None
    answer: str = ""
    linked: str | None = None
    # What the act itself changes if it is not refused.
    changed: dict[str, Any] = field(default_factory=dict)
    before: Facts | None = None


ActFunction = Callable[[Case], None]


@dataclass(frozen=True)
class Act:
    """A row of the table: the states to test it in, and what to do."""

    states: tuple[State, ...]
    do: ActFunction
    prepare: ActFunction | None = None
    # The row concerns only provisioned people who have a provisioned object ID.
    needs_provisioned: bool = False

    def states_of(self, kind: str) -> list[State]:
        """Return the states in which the row is tested with one kind of person."""
        found = [each for each in self.states if can_be(kind, each)]
        if self.needs_provisioned and source(kind) == "provisioned":
            found = [each for each in found if each.provisioned]
        return found


ACTS: dict[str, Act] = {}


def act(title: str, *states: State, **more: Any) -> Callable[..., ActFunction]:
    def note(do: ActFunction) -> ActFunction:
        assert title not in ACTS
        ACTS[title] = Act(states, do, **more)
        return do

    return note


def set_answer(case: Case, status: int) -> None:
    case.answer = str(status)


def set_page_answer(case: Case, status: int) -> None:
    """Set the answer by the status of a page: 303 is a success, 4xx a refusal."""
    case.answer = "" if status == 303 else "refused"
    assert status == 303 or 400 <= status < 500


# ---------------------------------------------------------------------- SCIM
@act("SCIM reads", *EVERY)
def read(case):
    status, _ = case.driver.scim("GET", f"Users/{case.id}")
    set_answer(case, status)
    query = f'userName eq "{NAME.upper()}"'
    _, found = case.driver.scim("GET", f"Users?filter={query}")
    assert [each["id"] for each in found["Resources"]] == (
        [case.id] if status == 200 else []
    )


def create(case, user_name, external_id, address):
    status, document = case.driver.create(user_name, external_id, address)
    set_answer(case, status)
    if status == 201:
        case.made = document["id"]


@act("SCIM creates another person with their user name", *EVERY)
def create_name(case):
    create(case, NAME.upper(), "somebody", "somebody@example.org")


@act("SCIM creates another person with their work e-mail", *EVERY)
def create_address(case):
    create(case, "somebody@example.org", "somebody", ADDRESS.upper())


def link_automatically(case):
    case.driver.choose(link_automatically=True)


@act(
    "SCIM creates another person with their user name, linking automatically",
    *EVERY,
    prepare=link_automatically,
)
def create_name_automatically(case):
    create(case, NAME, spelled(OBJECT_ID), "somebody@example.org")
    if case.answer == "201":
        assert case.made == case.id
        case.changed = {"provisioned": OBJECT_ID}


def keep_name_apart(case):
    create_name(case)
    assert case.answer == "409"
    decide(case, "keep-apart")
    link_automatically(case)


act(
    "SCIM creates another person with their user name, kept apart",
    *EVERY,
    prepare=keep_name_apart,
)(create_name)


def keep_address_apart(case):
    if source(case.kind) == "local":
        create_address(case)
        assert case.answer == "409"
        decide(case, "keep-apart")


act(
    "SCIM creates another person with their work e-mail, kept apart",
    *EVERY,
    prepare=keep_address_apart,
)(create_address)


@act("SCIM creates another person with the linked object ID", LINKED, AGREEING)
def create_linked(case):
    create(case, "somebody@example.org", spelled(OBJECT_ID), "somebody@example.org")


@act("SCIM creates another person with the provisioned object ID", PROVISIONED)
def create_provisioned(case):
    create(case, "somebody@example.org", spelled(OBJECT_ID), "somebody@example.org")


def patch(case, changed=None, **values):
    set_answer(case, case.driver.patch(case.id, **values))
    case.changed = changed or {}


@act("SCIM changes another attribute", *EVERY)
def change_other_attribute(case):
    patch(case, displayName="Jane B.", title="Chief")


@act("SCIM changes externalId to the linked object ID", LINKED, AGREEING)
def change_to_linked(case):
    patch(case, {"provisioned": OBJECT_ID}, externalId=spelled(OBJECT_ID))


@act(
    "SCIM changes externalId to another object ID, no account linked", NEW, PROVISIONED
)
def change_unlinked(case):
    patch(case, {"provisioned": OTHER_OBJECT_ID}, externalId=spelled(OTHER_OBJECT_ID))


@act(
    "SCIM changes externalId to another object ID, an account linked", LINKED, AGREEING
)
def change_linked(case):
    patch(case, {"provisioned": OTHER_OBJECT_ID}, externalId=spelled(OTHER_OBJECT_ID))


@act(
    "SCIM changes externalId to no object ID, an account linked",
    LINKED,
    AGREEING,
    needs_provisioned=True,
)
def change_to_none(case):
    patch(case, {"provisioned": None}, externalId="jane.bakker")


@act("SCIM disables", *EVERY)
def disable(case):
    patch(case, {"active": False}, active=False)


@act("SCIM deletes", *EVERY)
def delete(case):
    set_answer(case, case.driver.scim("DELETE", f"Users/{case.id}")[0])


def delete_before(case):
    assert case.driver.scim("DELETE", f"Users/{case.id}")[0] == 204


def block_and_delete_before(case):
    assert administer(case.driver, case.id, "block", blocked="on") == 303
    delete_before(case)


def create_again(case, name=NAME):
    who = case.state.provisioned or case.state.linked
    create(case, name, spelled(who) if who else "jane", ADDRESS)
    assert case.made != case.id


def create_again_renamed(case):
    """Create the person under another name, if an object ID identifies them."""
    has_one = case.state.provisioned or case.state.linked
    create_again(case, "janet@example.org" if has_one else NAME)


act("SCIM creates a deleted person again", *EVERY, prepare=delete_before)(create_again)
act(
    "SCIM creates a blocked and deleted person again",
    *EVERY,
    State(linked=OBJECT_ID, provisioned=OTHER_OBJECT_ID),
    prepare=block_and_delete_before,
)(create_again_renamed)


@act("SCIM adds to a mapped group", *EVERY)
def add_to_group(case):
    set_answer(case, case.driver.member("Add", case.driver.mapped_group(), case.id))
    if case.answer == "200" and ACCESS_LEVELS[case.kind] == "user":
        case.changed = {"is_mapped": True}


@act(
    "SCIM removes from the mapped group that gave the role",
    State(is_mapped=True),
    State(linked=OBJECT_ID, provisioned=OBJECT_ID, is_mapped=True),
)
def remove_from_group(case):
    set_answer(case, case.driver.member("Remove", case.driver.mapped_group(), case.id))
    case.changed = {"is_mapped": False}


# ---------------------------------------------------------------------- Microsoft
def microsoft(case, object_id, user_name=OTHER_NAME):
    whose = case.driver.microsoft(object_id, user_name)
    case.answer = "refused" if whose is None else "in"
    assert whose in (None, case.id)
    case.linked = object_id


@act(
    "Sign-in with the linked account, the provisioned object ID equal or absent",
    LINKED,
    AGREEING,
)
def sign_in(case):
    microsoft(case, OBJECT_ID)


act(
    "Sign-in with the linked account, the provisioned object ID differs",
    DISAGREEING,
    DISAGREEING_MAPPED,
)(sign_in)
act(
    "The same, the linked account is confirmed",
    State(linked=OBJECT_ID, provisioned=OTHER_OBJECT_ID, confirmed=OBJECT_ID),
)(sign_in)
act("Sign-in with the provisioned object ID, no account linked", PROVISIONED)(sign_in)
act(
    "The same, confirmed or with the role by a mapping",
    State(provisioned=OBJECT_ID, confirmed=OBJECT_ID),
    State(provisioned=OBJECT_ID, is_mapped=True),
)(sign_in)


@act(
    "Sign-in with the provisioned object ID, another account linked",
    DISAGREEING,
    DISAGREEING_MAPPED,
    State(linked=OBJECT_ID, provisioned=OTHER_OBJECT_ID, confirmed=OBJECT_ID),
)
def sign_in_with_provisioned(case):
    microsoft(case, OTHER_OBJECT_ID)


def create_olga_with_same_object_id(case):
    """Provision somebody else with the same object ID."""
    status, document = case.driver.create(
        "olga@example.org", spelled(OBJECT_ID), "olga@example.org"
    )
    assert status == 201
    case.others.append(document["id"])


act(
    "Sign-in with the provisioned object ID of two people, no account linked",
    PROVISIONED,
    prepare=create_olga_with_same_object_id,
)(sign_in)
act(
    "Sign-in with the provisioned object ID of two people, their account linked",
    AGREEING,
    prepare=create_olga_with_same_object_id,
)(sign_in)


def sign_in_by_name(case):
    microsoft(case, OTHER_OBJECT_ID, NAME.upper())


def enable_matching(case):
    case.driver.choose(match_user_names=True, create_people=True)


act("Sign-in with only the same user name, matching off", *EVERY)(sign_in_by_name)


act(
    "Sign-in with only the same user name, matching on, no object ID known",
    NEW,
    prepare=enable_matching,
)(sign_in_by_name)
act(
    "Sign-in with only the same user name, matching on, an object ID known",
    LINKED,
    PROVISIONED,
    AGREEING,
    prepare=enable_matching,
)(sign_in_by_name)


def enable_creating(case):
    case.driver.choose(create_people=True)


def delete_and_enable_creating(case):
    delete_before(case)
    enable_creating(case)


act(
    "Sign-in of a person whom provisioning deleted, creation on",
    *EVERY,
    prepare=delete_and_enable_creating,
)(lambda case: microsoft(case, OBJECT_ID, NAME))


# ---------------------------------------------------------------------- the owner
def connect(case, object_id, user_name):
    set_page_answer(case, case.driver.connect(case.browser, object_id, user_name))
    case.linked = object_id


@act("The owner connects an account with their user name", NEW, PROVISIONED)
def connect_same_name(case):
    connect(case, OBJECT_ID, NAME.upper())


@act("The owner connects an account with another user name", NEW, PROVISIONED)
def connect_other_name(case):
    connect(case, OBJECT_ID, OTHER_NAME)


@act("The owner connects an account, the provisioned object ID differs", PROVISIONED)
def connect_other_than_provisioned(case):
    connect(case, OTHER_OBJECT_ID, NAME)


@act("The owner connects a second account", LINKED, AGREEING)
def connect_second(case):
    connect(case, OTHER_OBJECT_ID, NAME)


def make_linked_olga(case):
    """Make another local person with a linked Microsoft account."""
    olga = case.driver.local("olga@example.org", "olga@example.org", "user")
    case.others.append(olga)
    browser = case.driver.browser("olga@example.org")
    assert case.driver.connect(browser, OLGAS_OBJECT_ID, OTHER_NAME) == 303


@act("The owner connects somebody else's account", *EVERY, prepare=make_linked_olga)
def connect_account_of_olga(case):
    connect(case, OLGAS_OBJECT_ID, NAME)


@act("The owner disconnects", LINKED, AGREEING)
def disconnect(case):
    path = "/account/microsoft/disconnect"
    set_page_answer(case, case.browser.submit(path, page="/account").status_code)
    assert case.browser.is_in()


# ---------------------------------------------------------------------- administrators
def press(case, what, **fields):
    set_page_answer(case, administer(case.driver, case.id, what, **fields))


@act("An administrator makes them administrator", *EVERY)
def make_administrator(case):
    press(case, "role", role="administrator")
    case.changed = {"role": "administrator"}


act("The same, the provisioned object ID differs", DISAGREEING)(make_administrator)


@act("An administrator makes them user", *EVERY)
def make_user(case):
    press(case, "role", role="user")
    case.changed = {"role": "user"}


@act("An administrator blocks", *EVERY)
def block(case):
    press(case, "block", blocked="on")
    case.changed = {"is_blocked": True}


@act(
    "An administrator confirms the provisioned object ID",
    *EVERY,
    needs_provisioned=True,
)
def confirm(case):
    press(case, "confirm-object-id", object_id=case.state.provisioned or OBJECT_ID)


@act(
    "The same, another account linked",
    DISAGREEING,
    DISAGREEING_MAPPED,
    State(linked=OBJECT_ID, provisioned=OTHER_OBJECT_ID, confirmed=OBJECT_ID),
)
def confirm_another(case):
    press(case, "confirm-object-id", object_id=OTHER_OBJECT_ID)


@act("An administrator unlinks the Microsoft account", LINKED, AGREEING)
def forget(case):
    press(case, "forget-microsoft")


@act("An administrator grants emergency access, no account linked", NEW, PROVISIONED)
def grant(case):
    press(case, "emergency-access", emergency="on")


act("An administrator grants emergency access, an account linked", LINKED, AGREEING)(
    grant
)


def decide(case, what):
    """Press a button on the page of the conflict about names, or forge that."""
    found = case.driver.claimants(case.id)
    path, fingerprint = found or ("/settings/conflicts/none", "none")
    page = path if found else "/settings/conflicts"
    fields = {"claimant": fingerprint, "checked": "on"}
    answer = case.driver.admin.submit(f"{path}/{what}", page=page, **fields)
    set_page_answer(case, answer.status_code)


def send_namesake(case, object_id=OBJECT_ID):
    """Let SCIM try to create a person with the same user name."""
    status, _ = case.driver.create(NAME, spelled(object_id), "somebody@example.org")
    assert status == 409


@act(
    "An administrator links them with whom SCIM sent, the linked object ID equal or "
    "absent",
    *EVERY,
    prepare=send_namesake,
)
def link(case):
    decide(case, "link")
    case.changed = {"provisioned": OBJECT_ID}


act(
    "An administrator links them with whom SCIM sent, the linked object ID differs",
    LINKED,
    AGREEING,
    prepare=lambda case: send_namesake(case, OTHER_OBJECT_ID),
)(link)
act(
    "An administrator keeps them apart from whom SCIM sent",
    *EVERY,
    prepare=send_namesake,
)(lambda case: decide(case, "keep-apart"))


@act("An administrator renames", *EVERY)
def rename(case):
    press(case, "rename", user_name="jane.smith@example.org")


@act("An administrator edits the details", *EVERY)
def edit(case):
    this = select(USERS.c.version).where(USERS.c.id == case.id)
    ((version,),) = case.driver.rows(this)
    press(case, "edit", title="Chief", version=str(version))


@act("An administrator disables", *EVERY)
def disable_here(case):
    press(case, "active", active="off")
    case.changed = {"active": False}


@act("An administrator deletes", *EVERY)
def delete_here(case):
    press(case, "delete")
