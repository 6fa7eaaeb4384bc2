"""Attempts to take over an account by what provisioning or a Microsoft account sends.

Before a link, after it, and by forged forms.
"""

import pytest
from driver import (
    ADDRESS,
    NAME,
    OBJECT_ID,
    OTHER_NAME,
    OTHER_OBJECT_ID,
    PATCH_OP,
    spelled,
)
from persons import administer, connect
from sqlalchemy import select

from invariants import check_identity, check_invariants
from netpresenter_next.directory import access, people
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.text import fold
from netpresenter_next.storage.identity_models import CONFLICTS, KEPT_APART
from netpresenter_next.storage.models import MEMBERSHIPS, USERS

QUEUE = "/settings/conflicts"
ELSE = "somebody@example.org"


@pytest.fixture(autouse=True)
def signed_in_before(driver):
    """Ada signs in first, so that comparisons of all rows do not see it."""
    assert driver.admin.is_in()


@pytest.fixture
def grace(driver):
    """The id of a local user who has the name and the e-mail of a person in Entra."""
    yield driver.local(NAME, ADDRESS, "user")

    def look(connection):
        check_invariants(connection)
        check_identity(connection)
        raise Undo

    with pytest.raises(Undo):
        driver.run(look)


class Undo(Exception):
    """Rolls back what the check of the invariants changes."""


def press(driver, what, user_id, **fields):
    path, fingerprint = driver.claimants(user_id)
    sent = {"claimant": fingerprint, "checked": "on", **fields}
    return driver.admin.submit(f"{path}/{what}", page=path, **sent).status_code


def send(driver, object_id=OBJECT_ID, name=NAME, address=ELSE):
    return driver.create(name, object_id, address)


def link(driver, user_id, object_id=OBJECT_ID):
    assert send(driver, object_id)[0] == 409
    assert press(driver, "link", user_id) == 303


def row_of(driver, user_id):
    (row,) = driver.rows(select(USERS).where(USERS.c.id == user_id))
    return row


def conflicts_of(driver, user_id):
    query = select(CONFLICTS.c.reason).where(CONFLICTS.c.user_id == user_id)
    return [each.reason for each in driver.rows(query)]


# ------------------------------------------------------------- before a link
@pytest.mark.parametrize("automatic", [False, True])
def test_nothing_that_provisioning_sends_changes_an_account_that_may_not_be_linked(
    driver, automatic
):
    driver.choose(link_automatically=automatic, match_user_names=True)
    accounts = {
        "administrator": driver.local("boss", "boss@example.org", "administrator"),
        "emergency": driver.local("help", "help@example.org", "emergency access"),
        "blocked": driver.local("out", "out@example.org", "user"),
        "connected": driver.local("owner", "owner@example.org", "user"),
        "mapped": driver.local("helper", "helper@example.org", "user"),
    }
    connect(driver, "owner", OTHER_OBJECT_ID, OTHER_NAME)
    assert administer(driver, accounts["blocked"], "block", blocked="on") == 303
    member = {"group_id": driver.mapped_group(), "user_id": accounts["mapped"]}
    driver.run(lambda each: each.execute(MEMBERSHIPS.insert(), member))
    everything = driver.rows_of_others()
    for name in ("boss", "help", "out", "owner", "helper"):
        for user_name in (name, name.upper()):
            status, _ = send(driver, OBJECT_ID, user_name)
            assert status == 409
        status, _ = send(driver, OBJECT_ID, f"{name}2", f"{name}@example.org")
        assert status == 409
        assert driver.microsoft(OBJECT_ID, name) is None
    assert driver.rows_of_others() == everything


def test_an_e_mail_alone_links_nobody_automatically(driver, grace):
    driver.choose(link_automatically=True)
    before = driver.rows_of_others()
    assert send(driver, OBJECT_ID, "other@example.org", ADDRESS)[0] == 409
    assert driver.rows_of_others() == before
    assert conflicts_of(driver, grace) == ["local_work_email"]


def test_a_name_that_only_looks_or_folds_the_same_links_nobody_automatically(driver):
    driver.choose(link_automatically=True)
    jane = driver.local("jane", "jane@example.org", "user")
    before = row_of(driver, jane)
    wide = "".join(chr(ord(each) + 0xFEE0) for each in "jane")  # full-width letters
    assert fold(wide) == "jane"
    assert send(driver, OBJECT_ID, wide)[0] == 409
    assert row_of(driver, jane) == before


def test_a_second_claimant_is_never_linked_automatically_or_together(driver, grace):
    assert send(driver, OBJECT_ID)[0] == 409
    assert send(driver, OTHER_OBJECT_ID)[0] == 409
    driver.choose(link_automatically=True)
    assert send(driver, OBJECT_ID)[0] == 409
    page = driver.admin.get(f"{QUEUE}/link-matches").text
    assert NAME not in page
    assert row_of(driver, grace).source == "local"


# ------------------------------------------------------------- what was shown
def test_what_was_sent_after_the_page_was_shown_is_not_linked(driver, grace):
    assert send(driver, OBJECT_ID, address="one@example.org")[0] == 409
    path, shown = driver.claimants(grace)
    assert send(driver, OBJECT_ID, address="two@example.org")[0] == 409
    before = driver.rows_of_others()
    forged = driver.admin.submit(f"{path}/link", page=path, claimant=shown)
    assert forged.status_code == 409
    assert "not the same any more" in forged.text
    assert driver.rows_of_others() == before


@pytest.mark.parametrize("what", ["link", "keep-apart"])
def test_a_forged_form_decides_nothing(driver, grace, what):
    assert send(driver)[0] == 409
    path, shown = driver.claimants(grace)
    before = driver.rows_of_others()
    for fields in (
        {"claimant": ""},
        {"claimant": "x" * 5000},
        {"claimant": shown[:-1]},
    ):
        answer = driver.admin.submit(f"{path}/{what}", page=path, **fields)
        assert answer.status_code == 409
    none = driver.admin.submit(f"{QUEUE}/none/{what}", page=path, claimant=shown)
    assert none.status_code == 409
    assert driver.rows_of_others() == before


@pytest.mark.parametrize("access_level", ["administrator", "emergency access"])
def test_no_form_links_whoever_may_not_be_linked(driver, access_level):
    user_id = driver.local(NAME, ADDRESS, access_level)
    assert send(driver)[0] == 409
    path, shown = driver.claimants(user_id)
    before = driver.rows_of_others()
    # Without the tick, or in the list of those who are linked together.
    assert press(driver, "link", user_id, checked="") == 409
    together = {"match": f"{path.rpartition('/')[2]} {shown}"}
    driver.admin.submit(f"{QUEUE}/link-matches", page=QUEUE, **together)
    assert driver.rows_of_others() == before
    if access_level == "emergency access":
        assert press(driver, "link", user_id) == 409
        assert driver.rows_of_others() == before


def test_only_an_administrator_links(driver, grace):
    assert send(driver)[0] == 409
    path, shown = driver.claimants(grace)
    hers = driver.browser(NAME)
    before = row_of(driver, grace)
    for where in (f"{path}/link", f"{path}/keep-apart", f"{QUEUE}/link-matches"):
        answer = hers.submit(where, page="/account", claimant=shown)
        assert answer.status_code == 403
    assert hers.get(path).status_code == 403
    assert row_of(driver, grace) == before


# ------------------------------------------------------------- after a link
def test_nobody_but_the_claimant_gets_an_account_that_was_just_linked(driver, grace):
    driver.choose(match_user_names=True, create_people=True)
    link(driver, grace)
    linked = row_of(driver, grace)
    assert (linked.source, linked.object_id) == ("provisioned", OBJECT_ID)
    assert send(driver, OTHER_OBJECT_ID)[0] == 409
    assert driver.patch(grace, externalId=OTHER_OBJECT_ID) == 409
    assert driver.patch(grace, externalId="jane", title="Chief") == 409
    assert driver.microsoft(OTHER_OBJECT_ID, NAME) is None
    assert row_of(driver, grace) == linked
    assert "link_contradicted" in conflicts_of(driver, grace)
    # The claimant gets it, in any spelling, and the conflict is over.
    assert driver.patch(grace, externalId=spelled(OBJECT_ID), title="Chief") == 200
    assert row_of(driver, grace).awaited_claimant is None
    assert "link_contradicted" not in conflicts_of(driver, grace)
    assert driver.microsoft(OBJECT_ID, OTHER_NAME) == grace


def test_a_membership_completes_a_link_and_ends_the_way_back(driver, grace):
    link(driver, grace)
    _, group = driver.scim("POST", "Groups", {"displayName": "Readers"})
    assert driver.member("Add", group["id"], grace) == 200
    assert row_of(driver, grace).awaited_claimant is None
    assert administer(driver, grace, "take-back-link") == 409
    assert row_of(driver, grace).source == "provisioned"


def test_a_linked_administrator_signs_in_with_microsoft_only_when_confirmed(driver):
    boss = driver.local(NAME, ADDRESS, "administrator")
    link(driver, boss)
    assert row_of(driver, boss).role == "administrator"
    driver.choose(match_user_names=True)
    assert driver.microsoft(OBJECT_ID, NAME) is None
    assert driver.patch(boss, title="Chief") == 200
    assert driver.microsoft(OBJECT_ID, NAME) is None
    page = driver.admin.get(f"{QUEUE}?kind=administrators").text
    assert f'<a href="/settings/users/{boss}">{NAME}</a> <code>{OBJECT_ID}' in page
    sent = {"object_id": OBJECT_ID}
    assert administer(driver, boss, "confirm-object-id", **sent) == 303
    assert driver.microsoft(OBJECT_ID, NAME) == boss


def test_a_person_who_was_linked_and_deleted_comes_back_without_anything(driver):
    boss = driver.local(NAME, ADDRESS, "administrator")
    link(driver, boss)
    assert driver.scim("DELETE", f"Users/{boss}")[0] == 204
    status, made = send(driver)
    assert status == 201
    again = row_of(driver, made["id"])
    assert (again.role, again.password_hash) == ("user", None)


def test_a_link_does_not_let_a_blocked_person_in_again(driver):
    status, bob = send(driver, OBJECT_ID, "bob@example.org")
    assert status == 201
    assert administer(driver, bob["id"], "block", blocked="on") == 303
    assert driver.scim("DELETE", f"Users/{bob['id']}")[0] == 204
    grace = driver.local(NAME, ADDRESS, "user")
    before = row_of(driver, grace)
    for automatic in (False, True):
        driver.choose(link_automatically=automatic)
        assert send(driver)[0] == 409
        assert press(driver, "link", grace) == 409
        assert row_of(driver, grace) == before
    assert driver.microsoft(OBJECT_ID, NAME) is None


def test_a_person_who_is_here_already_is_not_linked_with_a_second_account(
    driver, grace
):
    status, bob = send(driver, OBJECT_ID, "bob@example.org")
    assert status == 201
    step = {"op": "Replace", "path": "userName", "value": NAME}
    body = {"schemas": [PATCH_OP], "Operations": [step]}
    assert driver.scim("PATCH", f"Users/{bob['id']}", body)[0] == 409
    before = driver.rows_of_others()
    assert press(driver, "link", grace) == 409
    assert driver.rows_of_others() == before


# ------------------------------------------------------------- taken back
def test_a_link_that_was_taken_back_leaves_no_way_in(driver, grace):
    link(driver, grace)
    assert driver.microsoft(OBJECT_ID, OTHER_NAME) == grace
    hers = driver.browser(NAME)
    assert administer(driver, grace, "take-back-link") == 303
    row = row_of(driver, grace)
    assert (row.source, row.external_id, row.awaited_claimant) == ("local", None, None)
    assert driver.facts(grace).linked is None
    assert not hers.is_in()
    assert driver.microsoft(OBJECT_ID, NAME) is None
    assert driver.scim("GET", f"Users/{grace}")[0] == 404
    assert driver.patch(grace, title="Chief") == 404
    assert driver.accepts_password(NAME)


# ------------------------------------------------------------- kept apart
def test_two_who_are_kept_apart_stay_apart(driver, grace):
    assert send(driver)[0] == 409
    assert press(driver, "keep-apart", grace) == 303
    driver.choose(link_automatically=True)
    before = row_of(driver, grace)
    for external_id in (OBJECT_ID, spelled(OBJECT_ID)):
        status, document = send(driver, external_id)
        assert status == 409
        assert "the two are kept apart" in document["detail"]
    assert row_of(driver, grace) == before
    assert conflicts_of(driver, grace) == []
    # The decision is about this claimant only.
    driver.choose(link_automatically=False)
    assert send(driver, OTHER_OBJECT_ID)[0] == 409
    assert conflicts_of(driver, grace) == ["local_user_name"]


def test_a_shared_e_mail_is_allowed_for_the_pair_only(driver, grace):
    def create(object_id, name):
        return send(driver, object_id, name, ADDRESS.upper())[0]

    assert create(OBJECT_ID, "one@example.org") == 409
    assert press(driver, "keep-apart", grace) == 303
    before = row_of(driver, grace)
    assert create(OTHER_OBJECT_ID, "two@example.org") == 409
    assert create(OBJECT_ID, "one@example.org") == 201
    assert create(OBJECT_ID, NAME) == 409
    assert row_of(driver, grace) == before
    (decision,) = driver.rows(select(KEPT_APART))
    path = f"{QUEUE}/kept-apart/{decision.id}/take-back"
    assert driver.admin.submit(path, page=f"{QUEUE}/kept-apart").status_code == 303
    assert driver.rows(select(KEPT_APART)) == []


# ------------------------------------------------------------- bounds
def test_what_a_token_sends_is_kept_bounded_and_without_a_password(driver, grace):
    secret = "correct horse battery staple"
    for number in range(8):
        body = {
            "userName": NAME,
            "externalId": f"x{number}",
            "password": secret,
            "title": "T" * 9_000,
            "displayName": "Grace\u202e\n" + "D" * 9_000,
            "emails": [{"type": "work", "value": f"{number}@example.org"}],
        }
        status, document = driver.scim("POST", "Users", body)
        assert status == 409, document
    ((sent,),) = driver.rows(select(CONFLICTS.c.sent))
    assert [each["external_id"] for each in sent] == [f"x{n}" for n in range(5)]
    assert secret not in str(sent)
    assert max(len(text) for each in sent for text in each.values()) <= 320
    too_long = {"externalId": "y" * 9_000, "userName": "two", "emails": []}
    two = driver.local("two", "two@example.org", "user")
    emails = [{"type": "work", "value": "three@example.org"}]
    assert driver.scim("POST", "Users", {**too_long, "emails": emails})[0] == 409
    assert driver.claimants(two) is None


def test_promoting_a_linked_user_needs_a_confirmation_like_any_other(driver, grace):
    link(driver, grace)
    driver.run(
        lambda each: access.set_role(
            each, people.find_by_id(each, grace), "administrator", COMMAND_LINE
        )
    )
    assert driver.microsoft(OBJECT_ID, NAME) is None
    assert row_of(driver, grace).role == "administrator"
