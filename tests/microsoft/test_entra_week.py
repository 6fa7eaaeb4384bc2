"""A week with Microsoft Entra ID: what arrives, and what the pages say about it.

Contoso has 300 people and 12 teams.  Ada, who installed the server, is the only
administrator; in the middle of the week she leaves.
"""

import pytest
from entra_client import Employee
from entra_week import Week
from settings_page import PAGE

from clocks import SettableClock
from netpresenter_next.directory import access
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database, ids
from netpresenter_next.storage.models import ADMINISTRATOR
from receivers import Mailbox, Webhook, serve_mail, serve_webhook

# Who makes the changes, as the logs say.
BY_ENTRA = "Microsoft Entra ID (token production)"
FAMILIES = ("Bakker", "de Vries", "Jansen", "Smit", "Visser", "Meyer")
GIVEN = [
    start + end
    for start in ("An", "Ba", "Chi", "Do", "El")
    for end in ("ra", "ne", "lo", "mi", "sa", "te", "vin", "wen", "xa", "zy")
]
STAFF = [Employee(given, family) for family in FAMILIES for given in GIVEN]
TEAMS = {f"Team {each + 1}": STAFF[each * 25 : each * 25 + 25] for each in range(12)}
ADA = Employee("Ada", "Lovelace", "Head of IT")
ANRA, ANNE, BALO = STAFF[0], STAFF[1], STAFF[62]
NORA = Employee("Nora", "Newman")


@pytest.fixture
def create_administrator(app, password_hash):
    """Creates a local administrator, as the command line does."""

    def create(user_name):
        rights = {"role": ADMINISTRATOR, "is_emergency": False}
        with app.app_context(), database.write() as connection:
            access.create_local(
                connection, user_name, password_hash, COMMAND_LINE, **rights
            )

    return create


@pytest.fixture
def week(app, monkeypatch, create_administrator):
    """Monday at 8 o'clock."""
    # Ids never go back, and tests before may have had a later clock.
    monkeypatch.setattr(ids, "_last_tick", 0)
    mailbox, webhook = Mailbox(), Webhook()
    with serve_mail(mailbox) as mail_port, serve_webhook(webhook) as hook_port:
        story = Week(app, SettableClock(monkeypatch), mailbox, webhook)
        story.at("Mon 08:00")
        create_administrator(ADA.user_name)
        story.sign_in(ADA.user_name)
        story.send_alarms_to(mail_port, hook_port)
        yield story


def sign_in_with_microsoft(week, microsoft, at_microsoft, employee):
    """Return a browser in which somebody signed in with Microsoft."""
    name = {"name": employee.name, "preferred_username": employee.user_name}
    microsoft.claims = {"oid": employee.object_id, **name}
    browser = week.app.test_client()
    assert browser.get(at_microsoft(browser)).status_code == 303
    return browser


def test_a_week_with_entra(week, microsoft, at_microsoft, create_administrator):
    set_up_on_monday(week)
    solve_the_clash_on_monday(week)
    change_a_few_people_on_tuesday(week, microsoft, at_microsoft)
    replace_the_token_on_wednesday(week)
    refuse_to_disable_the_last_administrator_on_thursday(week)
    hand_over_on_thursday(week, create_administrator)
    disable_a_dozen_on_friday(week)
    be_quiet_at_the_weekend(week)


def set_up_on_monday(week):
    entra = week.entra
    assert (week.read_state(), week.read_ticks()) == ("Waiting for first contact", [])
    week.press(f"{PAGE}/url-copied", PAGE)
    entra.token = week.generate_token("production")
    week.at("Mon 08:05")
    assert entra.test_connection().status_code == 200
    week.run_jobs()
    copied = "Create the application, and copy the two values 4 Jan 2027, 08:00 UTC"
    tested = "Test Connection 4 Jan 2027, 08:05 UTC"
    assert (week.read_state(), week.read_ticks()) == ("Connected", [copied, tested])
    week.at("Mon 09:00")
    assert {entra.provision(each).status_code for each in STAFF} == {201}
    assert entra.provision(ADA).status_code == 409
    for team, members in TEAMS.items():
        assert entra.provision_group(team, members).status_code == 204
    week.run_jobs()
    assert week.read_state() == "Connected"
    assert week.read_ticks() == [
        "Create the application, and copy the two values 4 Jan 2027, 08:00 UTC",
        "Test Connection 4 Jan 2027, 08:05 UTC",
        "The first person arrives 4 Jan 2027, 09:00 UTC",
        "The first group arrives 4 Jan 2027, 09:00 UTC",
    ]
    assert week.read_log("Mon") == [
        f"Cycle of 4 Jan 2027, 09:00 UTC, {BY_ENTRA}: 638 requests, 324 "
        "changes, 1 refused",
        "Created anra.bakker.",
        "... 298 more ...",
        "Created elzy.meyer.",
        "Conflict: Provisioning wants to create ada.lovelace, but the "
        "local account ada.lovelace has that user name.",
        "Rejected Refused to create ada.lovelace: A local account of "
        "Netpresenter Next has this user name, and is not linked. Press Link (if "
        "they are the same person), Rename or Keep apart under Settings > "
        "Conflicts in Netpresenter Next; Microsoft Entra ID then tries again by "
        "itself.",
        *(line for team, members in TEAMS.items() for line in describe(team, members)),
    ]
    assert week.read_alarms() == [
        ("A conflict opened", "An administrator has to decide about ada.lovelace."),
    ]
    assert week.read_conflicts() == [
        "Provisioning wants to create ada.lovelace, but the local account "
        "ada.lovelace has that user name.",
    ]
    assert week.read_findings(ADA.user_name) == [
        "Sign-in: ada.lovelace can sign in with the local password. They last "
        "signed in on 4 Jan 2027, 08:00 UTC, with the local password.",
        "Conflict: Provisioning wants to create ada.lovelace, but the local "
        "account ada.lovelace has that user name. Press Link if both are the "
        "same person; if not, press Rename or Keep apart. Microsoft Entra ID "
        "then tries again by itself.",
    ]


def describe(team, members):
    names = ", ".join(each.name for each in members[:5])
    return f"Created group {team}.", f"Added to group {team}: {names} and 20 more."


def solve_the_clash_on_monday(week):
    entra = week.entra
    week.at("Mon 09:30")
    conflict = week.find_conflict()
    week.press(f"{conflict}/link", conflict, checked="on")
    week.at("Mon 09:40")
    assert entra.provision(ADA).status_code == 200
    week.run_jobs()
    assert week.read_log("Mon")[-3:] == [
        f"Cycle of 4 Jan 2027, 09:40 UTC, {BY_ENTRA}: 2 requests, 1 change, 0 refused",
        "ada.lovelace: Changed displayName, title, name, emails.",
        "Provisioning claimed ada.lovelace, and manages the account from now on.",
    ]
    assert week.read_conflicts() == [
        f"Administrators to confirm: ada.lovelace {ADA.object_id}",
    ]
    assert week.read_findings(ADA.user_name) == [
        "Sign-in: ada.lovelace can sign in with the local password. They last "
        "signed in on 4 Jan 2027, 08:00 UTC, with the local password.",
        "Microsoft: Sign-in with Microsoft is not set up here. Enter the app "
        "registration under Microsoft Entra ID > Sign-in.",
        "Not confirmed: ada.lovelace is an administrator, and no administrator "
        f"has confirmed the object ID {ADA.object_id} that "
        "provisioning sends. If it is theirs, press Confirm this object ID on "
        "the person's page.",
    ]
    assert week.read_alarms() == []


def change_a_few_people_on_tuesday(week, microsoft, at_microsoft):
    entra = week.entra
    week.at("Tue 08:30")
    week.sign_in(ADA.user_name)
    week.connect_microsoft(at_microsoft)
    page_of_ada = f"/settings/users/{entra.ids[ADA.object_id]}"
    confirm = f"{page_of_ada}/confirm-object-id"
    week.press(confirm, page_of_ada, object_id=ADA.object_id)
    sign_in_with_microsoft(week, microsoft, at_microsoft, ADA)
    hers = sign_in_with_microsoft(week, microsoft, at_microsoft, BALO)
    assert week.read_ticks() == [
        "Create the application, and copy the two values 4 Jan 2027, 08:00 UTC",
        "Test Connection 4 Jan 2027, 08:05 UTC",
        "The first person arrives 4 Jan 2027, 09:00 UTC",
        "The first group arrives 4 Jan 2027, 09:00 UTC",
        "An administrator signs in with Microsoft 5 Jan 2027, 08:30 UTC",
    ]
    week.at("Tue 09:00")
    assert hers.is_in()
    assert entra.change(ANRA, title="Team lead").status_code == 200
    assert entra.rename(ANNE.renamed("Smit-Bakker")).status_code == 200
    assert entra.provision(NORA).status_code == 201
    assert entra.add_members("Team 1", [NORA]).status_code == 204
    assert entra.remove_members("Team 3", [BALO]).status_code == 204
    assert entra.disable(BALO).status_code == 200
    assert not hers.is_in()
    week.run_jobs()
    assert week.read_state() == "Connected"
    assert week.read_log("Tue") == [
        f"Cycle of 5 Jan 2027, 09:00 UTC, {BY_ENTRA}: 7 requests, 6 changes, 0 refused",
        "anra.bakker: Changed title.",
        "anne.smit-bakker: Changed displayName, emails, name.familyName, userName.",
        "Created nora.newman.",
        "Added to group Team 1: Nora Newman.",
        "Removed from group Team 3: Balo de Vries.",
        "Disabled balo.devries; changed active. 1 session ended.",
    ]
    assert week.read_findings(BALO.user_name) == [
        "Sign-in (prevents sign-in): balo.devries cannot sign in. They last "
        "signed in on 5 Jan 2027, 08:30 UTC, with Microsoft.",
        "Disabled (prevents sign-in): Microsoft Entra ID disabled balo.devries "
        "on 5 Jan 2027, 09:00 UTC, with the token production. Enable the "
        "account, or assign it again, in Microsoft Entra ID. The next "
        "provisioning cycle brings the change, after about 40 minutes.",
    ]
    assert week.read_evidence(entra.ids[BALO.object_id]) == [
        "No access since 5 Jan 2027, 09:00 UTC. The log has no sign-in after that.",
        "Person: Balo de Vries",
        "Disabled by: Microsoft Entra ID (token production)",
        "Request of Microsoft Entra ID: 5 Jan 2027, 09:00 UTC",
        "Sessions ended: 1, at 5 Jan 2027, 09:00 UTC",
        "Last page seen: 5 Jan 2027, 09:00 UTC",
        "This proof is kept until: 5 Apr 2027, 09:00 UTC",
    ]
    assert week.read_alarms() == []


def replace_the_token_on_wednesday(week):
    entra, old = week.entra, week.entra.token
    week.at("Wed 09:00")
    week.sign_in(ADA.user_name)
    revoke = week.find_token()
    new = week.generate_token("production", replaces=revoke.split("/")[-2])
    entra.token = new[:31]  # not all of it was copied
    assert entra.test_connection().status_code == 401
    week.run_jobs()
    assert week.read_state() == "Quiet"
    week.at("Wed 09:05")
    entra.token = new
    assert entra.test_connection().status_code == 200
    week.run_jobs()
    week.at("Wed 09:20")
    assert entra.change(ANRA, nickName="Anra").status_code == 200
    week.run_jobs()
    week.at("Wed 09:30")
    week.press(revoke, revoke)
    week.at("Wed 11:00")
    entra.token = old  # by another application, which was forgotten
    assert entra.test_connection().status_code == 401
    week.run_jobs()
    assert week.read_state() == "Token rejected"
    assert week.read_alarms() == [
        ("A token is rejected", "A SCIM client sent a token that was revoked."),
    ]
    assert week.read_findings(ANRA.user_name) == [
        "Sign-in: anra.bakker can sign in with Microsoft. They have never signed in.",
        "Provisioning: The token that Microsoft Entra ID uses is refused since 6 "
        "Jan 2027, 11:00 UTC (last contact on 6 Jan 2027, 09:20 UTC). Until that "
        "is corrected, no change made in Microsoft Entra ID arrives here. The "
        "page Microsoft Entra ID says what to do.",
    ]
    week.at("Wed 11:20")
    entra.token = new
    assert entra.find(ANRA)["nickName"] == "Anra"
    week.run_jobs()
    assert week.read_state() == "Connected"
    assert week.read_log("Wed") == [
        "Refused tokens, in no cycle",
        "Rejected Refused a token: This is only part of a token (31 of 58 characters).",
        f"Cycle of 6 Jan 2027, 09:20 UTC, {BY_ENTRA}: 1 request, 1 change, 0 refused",
        "anra.bakker: Changed nickName.",
        "Refused tokens, in no cycle",
        f"Rejected Refused a token: The token {old[:13]}…{old[-3:]} was revoked on 6 "
        "Jan 2027, 09:30 UTC.",
    ]
    assert week.read_alarms() == []


def refuse_to_disable_the_last_administrator_on_thursday(week):
    entra = week.entra
    week.at("Thu 09:00")
    week.sign_in(ADA.user_name)
    assert entra.change(NORA, title="Analyst").status_code == 200
    assert entra.disable(ADA).status_code == 403
    week.run_jobs()
    assert week.read_state() == "Connected"
    assert week.read_alarms() == [
        ("A disable was refused", "Provisioning could not disable Ada Lovelace."),
    ]
    week.at("Thu 09:40")
    assert entra.disable(ADA).status_code == 403
    week.run_jobs()
    assert week.read_state() == "Failing"
    assert week.read_alarms() == [
        (
            "Provisioning fails",
            "All changes of the last provisioning cycle were refused.",
        ),
    ]
    assert week.read_conflicts() == [
        "Provisioning tried to disable ada.lovelace, but the whole request was "
        "refused: ada.lovelace is the last administrator with a local password: "
        "make another one first.",
    ]
    assert week.read_findings(ADA.user_name) == [
        "Sign-in: ada.lovelace can sign in with the local password or with "
        "Microsoft. They last signed in on 7 Jan 2027, 09:00 UTC, with the local "
        "password.",
        "Conflict: Provisioning tried to disable ada.lovelace, but the whole "
        "request was refused: ada.lovelace is the last administrator with a "
        "local password: make another one first. Correct the cause, or block the "
        "person here until it is corrected.",
        "Provisioning: All changes that Microsoft Entra ID sends are refused "
        "since 7 Jan 2027, 09:40 UTC (last contact on 7 Jan 2027, 09:40 UTC). "
        "Until that is corrected, no change made in Microsoft Entra ID arrives "
        "here. The page Microsoft Entra ID says what to do.",
    ]


def hand_over_on_thursday(week, create_administrator):
    entra, ada = week.entra, week.browser
    week.at("Thu 10:00")
    create_administrator("tim")
    week.sign_in("tim")
    week.at("Thu 10:20")
    assert ada.is_in()
    assert entra.disable(ADA).status_code == 200
    assert not ada.is_in()
    week.run_jobs()
    assert week.read_state() == "Connected"
    assert week.read_log("Thu") == [
        f"Cycle of 7 Jan 2027, 09:00 UTC, {BY_ENTRA}: 2 requests, 1 change, 1 refused",
        "nora.newman: Changed title.",
        "Conflict: Provisioning tried to disable ada.lovelace, but the "
        "whole request was refused: ada.lovelace is the last administrator with "
        "a local password: make another one first.",
        "Rejected Refused to change ada.lovelace: ada.lovelace is the last "
        "administrator with a local password: make another one first.",
        f"Cycle of 7 Jan 2027, 09:40 UTC, {BY_ENTRA}: 1 request, 0 changes, 1 refused",
        "Rejected Refused to change ada.lovelace: ada.lovelace is the last "
        "administrator with a local password: make another one first.",
        f"Cycle of 7 Jan 2027, 10:20 UTC, {BY_ENTRA}: 1 request, 1 change, 0 refused",
        "Disabled ada.lovelace; changed active. 1 session ended.",
        "Conflict closed: Provisioning tried to disable ada.lovelace, but the "
        "whole request was refused: ada.lovelace is the last administrator with "
        "a local password: make another one first.",
    ]
    assert week.read_conflicts() == []
    assert week.read_findings(ADA.user_name) == [
        "Sign-in (prevents sign-in): ada.lovelace cannot sign in. They last "
        "signed in on 7 Jan 2027, 09:00 UTC, with the local password.",
        "Disabled (prevents sign-in): Microsoft Entra ID disabled ada.lovelace "
        "on 7 Jan 2027, 10:20 UTC, with the token production. Enable the "
        "account, or assign it again, in Microsoft Entra ID. The next "
        "provisioning cycle brings the change, after about 40 minutes.",
    ]
    assert week.read_evidence(entra.ids[ADA.object_id]) == [
        "No access since 7 Jan 2027, 10:20 UTC. The log has no sign-in after that.",
        "Person: Ada Lovelace",
        "Disabled by: Microsoft Entra ID (token production)",
        "Request of Microsoft Entra ID: 7 Jan 2027, 10:20 UTC",
        "Sessions ended: 1, at 7 Jan 2027, 10:20 UTC",
        "Last page seen: 7 Jan 2027, 10:20 UTC",
        "This proof is kept until: 7 Apr 2027, 10:20 UTC",
    ]
    assert week.read_alarms() == []


def disable_a_dozen_on_friday(week):
    entra = week.entra
    week.at("Fri 09:00")
    week.sign_in("tim")
    for each in TEAMS["Team 12"][:12]:
        assert entra.disable(each).status_code == 200
    assert entra.delete(BALO).status_code == 204
    week.run_jobs()
    assert week.read_alarms() == [
        (
            "Many people were disabled at once",
            "12 people were disabled or deleted within 15 minutes by Microsoft "
            "Entra ID (token production): Chite Meyer, Chivin Meyer, Chiwen Meyer, "
            "Chixa Meyer, Chizy Meyer and 7 more.",
        ),
    ]
    week.at("Fri 09:40")
    assert entra.change(BALO, title="Nobody").status_code == 404
    assert entra.change(NORA, title="Chief analyst").status_code == 200
    week.run_jobs()
    assert week.read_state() == "Connected"
    assert week.read_log("Fri") == [
        f"Cycle of 8 Jan 2027, 09:00 UTC, {BY_ENTRA}: 13 requests, 13 "
        "changes, 0 refused",
        "Disabled chite.meyer; changed active.",
        "... 10 more ...",
        "Disabled dovin.meyer; changed active.",
        "Deleted balo.devries.",
        f"Cycle of 8 Jan 2027, 09:40 UTC, {BY_ENTRA}: 2 requests, 1 change, 1 refused",
        "Rejected Refused to change balo.devries: There is no User with the id "
        f"'{entra.ids[BALO.object_id]}'. balo.devries was deleted here "
        "on 8 Jan 2027, 09:00 UTC.",
        "nora.newman: Changed title.",
    ]
    assert week.read_findings(BALO.user_name) == [
        "Not here (prevents sign-in): Nobody here has balo.devries as a name, "
        "user name, e-mail address or phone number. This was searched as typed: "
        "check the spelling, or enter a part of the name. If it is right, the "
        "person is not provisioned: assign them in the Entra admin center, "
        "Enterprise apps > your application > Users and groups. The next "
        "provisioning cycle brings the change, after about 40 minutes. Somebody "
        "who is not in Microsoft Entra ID is added under Users, Add a person.",
        "Deleted: balo.devries was deleted on 8 Jan 2027, 09:00 UTC by token "
        "production. Assign them again in Microsoft Entra ID, or press Allow "
        "under Users > Deleted people, if people are created at their first "
        "sign-in.",
    ]
    assert week.read_evidence(entra.ids[BALO.object_id]) == [
        "No access since 5 Jan 2027, 09:00 UTC. The log has no sign-in after that.",
        "Person: balo.devries, deleted",
        "Disabled by: Microsoft Entra ID (token production)",
        "Request of Microsoft Entra ID: 5 Jan 2027, 09:00 UTC",
        "Sessions ended: 1, at 5 Jan 2027, 09:00 UTC",
        "Last page seen: 5 Jan 2027, 09:00 UTC",
        "This proof is kept until: 5 Apr 2027, 09:00 UTC",
    ]
    assert week.read_alarms() == []


def be_quiet_at_the_weekend(week):
    for when, state in (
        ("Fri 11:00", "Connected"),
        ("Sat 09:00", "Quiet"),
        ("Sun 13:00", "No contact"),
    ):
        week.at(when)
        week.sign_in("tim")
        week.run_jobs()
        assert (week.read_state(), week.read_alarms()) == (state, [])
