"""The page Sign-in problems: why somebody cannot sign in, and what to do."""

from datetime import timedelta

import pytest
from settings_page import PAGE, page_of, press, text_of
from sqlalchemy import insert, select, update
from tenant import JANE, OTHER, SECRET, claims_of

from factories import ENTRA
from netpresenter_next.directory import conflicts, counted_events, unlocking
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.events import COMMAND_LINE, Event, Target
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages import failure_sentences
from netpresenter_next.storage.choices import Reason
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import SCIM_TOKENS, USERS
from visitors import signed_in

PROBLEMS = "/settings/sign-in-problems"
EVA = "eeee0000-1111-2222-3333-444444444444"


@pytest.fixture
def ask(admin):
    """Asks the page about somebody; returns its text."""

    def ask(text="", **more):
        answer = admin.get(PROBLEMS, query_string={"q": text, **more})
        assert answer.status_code == 200, answer.text
        return text_of(answer)

    return ask


def test_who_can_sign_in_is_told_so_with_how_and_when(ask, configured, people, jane):
    people.local("linus")
    page = ask("linus")
    assert "linus can sign in with the local password." in page
    assert "They have never signed in." in page
    assert "jane@example.org can sign in with Microsoft." in ask("jane")
    assert "ada can sign in with the local password. They last signed in on" in ask(
        "ada"
    )


def test_a_block_and_a_disabled_account_say_by_whom_and_when(
    ask, admin, configured, people, jane
):
    linus = people.local("linus")
    press(admin, linus, "block", blocked="on")
    page = ask("linus")
    assert "linus cannot sign in." in page
    assert "linus was blocked on" in page
    assert "by ada." in page
    assert f'href="{page_of(linus)}"' in admin.get(f"{PROBLEMS}?q=linus").text
    people.change(jane, active=False)
    page = ask("jane@example.org")
    assert "Microsoft Entra ID disabled jane@example.org on" in page
    assert "with the token npn_scim_test." in page


def test_a_local_account_without_a_password_needs_one(ask, domain, people, rows):
    linus = people.local("linus")
    without = update(USERS).where(USERS.c.id == linus.id).values(password_hash=None)
    domain(lambda connection: connection.execute(without))
    page = ask("linus")
    assert "linus is a local account without a password" in page
    assert "make a one-time link, on the person’s page" in page.replace("'", "’")


def test_faults_of_the_connection_are_named(ask, configured, options, jane, microsoft):
    microsoft.down = True
    assert "Microsoft cannot be reached from this server:" in ask("jane")
    microsoft.down = False
    options(secret_expires_on=now().date() - timedelta(1))
    assert "The client secret expired on" in ask("jane")
    options(client_id=None)
    page = ask("jane")
    assert "Sign-in with Microsoft is not set up here." in page
    assert "jane@example.org cannot sign in." in page
    assert SECRET not in page


@pytest.mark.parametrize(
    ("recorded", "said"),
    [
        ("login.example: ConnectTimeout", "login.example: it did not answer in time"),
        ("login.example: ConnectionError", "login.example: no connection, because"),
        ("the answer was cut off: StrangeError", "cut off: the request failed"),
        ("invalid_grant, AADSTS7000215: x", "invalid_grant, AADSTS7000215: x"),
    ],
)
def test_no_name_of_an_error_of_the_program_is_shown(recorded, said):
    words = failure_sentences.put_in_words(recorded)
    assert said in words
    assert "Error" not in words


def test_contradicting_object_ids_are_explained(
    ask, configured, people, jane, accept_sign_in
):
    tim = people.provisioned("tim@example.org", externalId="tim")
    assert "The externalId of tim@example.org is tim, which is not" in ask("tim")
    people.change(tim, externalId=JANE)
    page = ask("jane")
    assert (
        f"tim@example.org and jane@example.org have the same object ID {JANE}" in page
    )
    people.change(tim, externalId=EVA)
    accept_sign_in(claims_of())
    people.change(jane, externalId=OTHER)
    page = ask("jane")
    assert f"is linked with the Microsoft account {JANE}, but provisioning" in page
    people.change(tim, externalId=JANE)
    assert f"Microsoft account {JANE} that provisioning sends for tim" in ask("tim")


def test_force_is_named_and_the_password_does_not_help(ask, ready, options, app, jane):
    options(is_forced=True)
    app.test_client().sign_in("jane@example.org")
    page = ask("jane")
    assert "Force sign in with Microsoft is on, so the local password of jane" in page
    assert "jane@example.org can sign in with Microsoft." in page
    assert "wrong password" not in page


def test_wrong_passwords_are_counted_and_an_unlock_ends_the_wait(
    ask, app, people, domain, installation
):
    linus = people.local("linus")
    stranger = app.test_client()
    for _ in range(10):
        stranger.sign_in("linus", "wrong")
    page = ask("linus")
    assert "After too many wrong passwords, sign-in as linus is refused in" in page
    assert "user unlock linus" in page
    assert "10 wrong passwords were entered for linus" in page
    domain(unlocking.unlock, installation.encryption_key, linus, COMMAND_LINE)
    assert "After too many wrong passwords" not in ask("linus")
    assert signed_in(app, "linus")
    assert "wrong password" not in ask("linus")


def test_several_people_are_a_list_to_choose_from(ask, admin, people):
    tims = [people.local(f"tim{number}") for number in range(3)]
    page = ask("tim")
    assert "Who is it?" in page
    address = f'href="{PROBLEMS}?q=tim&amp;person={tims[1].id}"'
    assert address in admin.get(f"{PROBLEMS}?q=tim").text
    chosen = ask("tim", person=tims[1].id)
    assert "tim1 can sign in" in chosen
    assert "Others who match" in chosen
    assert "tim2 can sign in" in ask(person=tims[2].id)


def test_somebody_who_is_not_here_is_explained(ask, people, domain):
    page = ask("karin@example.org")
    assert "Nobody here has karin@example.org as a name" in page
    assert "Microsoft Entra ID has not sent anything yet (no contact yet)." in page
    gone = people.provisioned("karin@example.org", externalId=EVA)
    people.delete(gone)
    for text in ("karin@example.org", EVA):
        assert "karin@example.org was deleted on" in ask(text)
    assert "karin@example.org was deleted on" in ask(person=gone.id)
    again = people.provisioned("karin@example.org", externalId=EVA)
    people.block(again)
    people.delete(again)
    assert "They are still blocked." in ask("karin@example.org")


def test_a_deleted_local_person_is_named_also_beside_others_who_match(
    ask, admin, people
):
    karin = people.local("karin")
    answer = admin.submit(f"{page_of(karin)}/delete", page=page_of(karin))
    assert answer.status_code == 303
    said = ["karin was deleted on", "by ada.", "add them again under Users"]
    page = ask("karin")
    assert all(words in page for words in said)
    assert "This was searched as typed" in page
    assert "the person is not provisioned" in page
    people.local("karin2")
    page = ask("karin")
    assert all(words in page for words in said)
    assert "karin2 can sign in" in page


def test_a_block_is_reported_once(ask, admin, configured, people, jane):
    press(admin, jane, "block", blocked="on")
    page = ask("jane")
    assert page.count("<strong>Blocked") == 1
    assert "jane@example.org was blocked on" in page


def test_a_refused_creation_and_its_conflict_are_found(
    ask, admin, people, domain, rows
):
    karin = people.local("karin")
    taken = DetectedConflict(karin, Reason.LOCAL_USER_NAME, "karin", "Karin", EVA)
    domain(conflicts.open_, taken, ENTRA)
    domain(
        counted_events.record,
        ENTRA,
        Event.SCIM_REFUSED,
        Target("User", None, "Bo"),
        about="x",
        method="POST",
        path="/Users",
        status=409,
        reason="A local account has this e-mail.",
    )
    assert "Provisioning wants to create Karin, but the local account" in ask("karin")
    (conflict_id,) = rows(select(CONFLICTS.c.id))[0]
    page = admin.get(PROBLEMS, query_string={"q": "karin"}).text
    assert f'<a href="/settings/conflicts/{conflict_id}">This conflict<' in page
    assert "Provisioning wants to create Karin, but the local account" in ask(EVA)
    page = ask("bo")
    assert "Microsoft Entra ID sent bo on" in page
    assert "was refused: A local account has this e-mail." in page


def test_a_revoked_token_that_is_still_used_is_named(ask, jane, domain):
    refused = now() - timedelta(hours=3)
    token = {"digest": b"x", "hint": "npn…x", "label": "Entra", "form_nonce": "x"}
    times = {"created_at": refused, "first_refused_at": refused, "refused_at": refused}
    values = {"id": "x", "created_by": "ada", "revoked_at": refused, **token, **times}
    domain(lambda connection: connection.execute(insert(SCIM_TOKENS), values))
    page = ask("jane")
    assert "The token that Microsoft Entra ID uses is refused since" in page


def test_the_last_failure_at_microsoft_is_worded_with_its_number(
    ask, browser, microsoft, sign_in, jane
):
    microsoft.error = {"error": "access_denied", "error_description": "AADSTS50105: x"}
    sign_in(browser)
    page = ask("jane")
    assert "The account is not assigned to the application" in page
    assert "AADSTS50105" in page
    microsoft.error = None
    sign_in(browser)
    assert "AADSTS50105" not in ask("jane")


def test_a_refused_sign_in_is_found_by_the_account_in_the_way(
    ask, app, configured, people, microsoft, sign_in
):
    people.local("eva@example.org")
    microsoft.claims = {"oid": EVA, "preferred_username": "eva@example.org"}
    assert sign_in(app.test_client()).status_code == 403
    cause = "has the user name of the local account eva@example.org"
    assert cause in ask("eva@example.org")
    microsoft.claims = {"oid": OTHER, "preferred_username": "nobody@example.org"}
    sign_in(app.test_client())
    assert f"Nobody here has the object ID {OTHER}" in ask("Nobody@example.org")


def test_the_list_of_refused_sign_ins_has_pages(ask, admin, domain, rows):
    def refuse(connection):
        for number in range(120):
            entry = {
                "id": new_id(),
                "at": now() - timedelta(seconds=number // 2),
                "log": "audit",
                "event": "microsoft.sign_in_refused",
                "succeeded": False,
                "actor_kind": "Microsoft account",
                "actor_name": f"x{number:03}@example.org",
                "facts": {"said": "No."},
            }
            connection.execute(insert(JOURNAL), entry)

    domain(refuse)
    order = select(JOURNAL.c.actor_name).order_by(
        JOURNAL.c.at.desc(), JOURNAL.c.id.desc()
    )
    names = [name for (name,) in rows(order) if name.startswith("x")]
    address, seen = PROBLEMS, []
    while address:
        page = admin.get(address).text
        seen.append([name for name in names if name in page])
        address = link_of(page, "next")
    assert [len(each) for each in seen] == [50, 50, 20]
    assert [name for shown in seen for name in shown] == names
    back = admin.get(link_of(page, "prev")).text
    assert [name for name in names if name in back] == seen[1]
    assert admin.get(f"{PROBLEMS}?after=nonsense&last=1&from=x").status_code == 200


def link_of(page, relation):
    """Return the address of the link with this relation, if the page has one."""
    _, found, rest = page.partition(f'rel="{relation}" href="')
    return rest.partition('"')[0].replace("&amp;", "&") if found else ""


def test_only_administrators_may_ask(client, linus):
    assert client.get(PROBLEMS).status_code == 303
    assert linus.get(f"{PROBLEMS}?q=ada").status_code == 403


def test_odd_texts_are_answered(ask):
    for text in ("x" * 5000, "'; DROP--", "%", "(", "OR NOT NEAR", "\U0001f600"):
        assert "Sign-in problems" in ask(text)
        assert "Sign-in problems" in ask(text, person=text)


def test_the_pages_of_a_person_and_of_the_connection_link_here(admin, people):
    person = people.local("linus")
    address = f'href="{PROBLEMS}?person={person.id}"'
    assert address in admin.get(page_of(person)).text
    for path in ("/settings", f"{PAGE}/sign-in"):
        assert f'href="{PROBLEMS}"' in admin.get(path).text
