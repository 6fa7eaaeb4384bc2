"""Force sign in with Microsoft: its conditions and its effect on local sign-in."""

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update
from tenant import CLIENT, JANE, SECRET, TENANT, claims_of

from helpers import PASSWORD, Instance
from netpresenter_next.directory import (
    account_linking,
    emergency_access,
    errors,
    force,
    force_switch,
    passwords,
    registration_changes,
)
from netpresenter_next.directory.events import COMMAND_LINE, Event
from netpresenter_next.directory.force_switch import CannotForce, Need
from netpresenter_next.directory.people import find_by_id, find_by_name
from netpresenter_next.directory.sign_in_settings import (
    read_registration,
    read_settings,
)
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS, USERS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from netpresenter_next.web import context
from visitors import hidden, signed_in


@pytest.fixture
def jane(people):
    jane = people.provisioned("jane@example.org", externalId=JANE)
    people.give_password(jane)
    return jane


@pytest.fixture
def switch_on(domain, installation):
    return lambda: domain(force_switch.switch_on, installation, COMMAND_LINE)


def missing(error):
    return [each.need for each in error.conditions if not each.is_met]


def plain(answer, name):
    body = answer.text.replace(f'value="{name}"', 'value="NAME"')
    return re.sub(r'(name="csrf_token"[^>]*value=)"[^"]*"', r"\1", body)


def test_force_answers_a_correct_password_like_an_unknown_user_name(
    app, domain, jane, configured, monkeypatch, switch_on
):
    switch_on()
    checked, matches = [], passwords.matches

    def count(stored, password):
        checked.append(stored)
        return matches(stored, password)

    monkeypatch.setattr(passwords, "matches", count)
    answers = {}
    for name in ("jane@example.org", "nobody@example.org"):
        answer = app.test_client().sign_in(name)
        answers[name] = (
            answer.status_code,
            plain(answer, name),
            set(answer.headers.keys()),
        )
    assert len({str(each) for each in answers.values()}) == 1
    hers, nobodys = checked  # one hash each
    assert hers is not None  # so that the record can say why it was refused
    assert nobodys is None


def test_force_ends_the_local_sessions_of_provisioned_people(
    app, domain, people, jane, configured, switch_on
):
    people.local("linus")
    hers, his, admin = (
        signed_in(app, name) for name in ("jane@example.org", "linus", "ada")
    )
    switch_on()
    assert (hers.is_in(), his.is_in(), admin.is_in()) == (False, True, True)


def test_local_users_and_emergency_access_keep_local_sign_in(
    app, domain, people, jane, configured, switch_on
):
    people.local("linus")
    switch_on()
    assert signed_in(app, "linus")
    assert signed_in(app, "ada")


def test_switching_force_off_revives_no_session(
    app, domain, jane, configured, switch_on
):
    hers = signed_in(app, "jane@example.org")
    switch_on()
    domain(force_switch.switch_off, COMMAND_LINE)
    assert not hers.is_in()


def test_force_ends_the_session_of_a_user_who_is_provisioned_later(
    app, domain, people, configured, switch_on
):
    linus = people.local("linus")
    browser = signed_in(app, "linus")
    switch_on()
    change = update(USERS).where(USERS.c.id == linus.id).values(source="provisioned")
    domain(lambda each: each.execute(change))
    assert not browser.is_in()


def test_force_accepts_no_password_as_reauthentication(
    app, domain, jane, configured, sign_in, switch_on
):
    browser = app.test_client()
    sign_in(browser)
    switch_on()
    late = now() - timedelta(minutes=11)
    domain(lambda each: each.execute(update(SESSIONS).values(authenticated_at=late)))
    asked = browser.submit("/account/microsoft", page="/account")
    assert "password_again" not in asked.text
    form = {**hidden(asked.text), "password_again": PASSWORD}
    answer = browser.post("/account/microsoft", data=form)
    assert answer.status_code == 403
    assert "Continue to Microsoft" not in answer.text


def test_switching_force_off_makes_the_old_password_valid_again(
    app, domain, jane, configured, switch_on
):
    switch_on()
    domain(force_switch.switch_off, COMMAND_LINE)
    assert signed_in(app, "jane@example.org")


def test_force_ends_the_local_session_of_a_user_who_is_connected(
    app, domain, people, configured, switch_on
):
    linus = people.local("linus")
    switch_on()
    browser = signed_in(app, "linus")

    def connect(connection):
        fresh = find_by_id(connection, linus.id)
        account_linking.link_own_account(
            connection, fresh, claims_of(), COMMAND_LINE, tenant_id=TENANT
        )

    domain(connect)
    assert not browser.is_in()
    assert app.test_client().sign_in("linus").status_code == 401


def test_force_is_checked_again_when_the_session_begins(
    app, domain, jane, configured, monkeypatch, switch_on
):
    """A race: Force goes on between the check of the password and the session."""
    matches = passwords.matches

    def slow(stored, password):
        right = matches(stored, password)
        with app.app_context():
            with database.read() as connection:
                is_on = force.is_on(connection)
            if not is_on:
                switch_on()
        return right

    monkeypatch.setattr(passwords, "matches", slow)
    assert app.test_client().sign_in("jane@example.org").status_code == 401


@pytest.mark.parametrize(
    ("change", "need"),
    [
        ({"tested_fingerprint": "another"}, Need.TEST),
        ({"tested_fingerprint": None}, Need.TEST),
        ({"secret_expires_on": date(2026, 1, 1)}, Need.CONNECTION),
        ({"tenant_id": None}, Need.CONNECTION),
        ({"secret": None}, Need.CONNECTION),
    ],
)
def test_force_requires_a_complete_and_tested_connection(
    domain, configured, options, change, need, switch_on
):
    options(**change)
    with pytest.raises(CannotForce) as refused:
        switch_on()
    assert need in missing(refused.value)
    assert not domain(force.is_on)


@pytest.mark.parametrize(
    "change",
    [
        {"is_emergency": False},
        {"password_hash": None},
        {"password_used_at": None},
        {"is_blocked": True},
        {"role": "user"},
    ],
)
def test_force_requires_an_administrator_who_used_emergency_access(
    app, domain, configured, change, switch_on
):
    domain(lambda each: each.execute(update(USERS).values(**change)))
    with pytest.raises(
        CannotForce, match=r"^Force needs: emergency_access\.$"
    ) as refused:
        switch_on()
    assert missing(refused.value) == [Need.EMERGENCY_ACCESS]


def test_an_emergency_password_not_used_yet_does_not_count(
    domain, people, configured, switch_on
):
    people.give_password(people.ada)
    with pytest.raises(CannotForce) as refused:
        switch_on()
    assert missing(refused.value) == [Need.EMERGENCY_ACCESS]


def test_changing_the_connection_leaves_force_on(
    domain, configured, switch_on, installation
):
    switch_on()
    version = domain(read_settings).version
    changes = {"secret": "another"}
    domain(registration_changes.save, installation, COMMAND_LINE, version, changes)
    assert domain(force.is_on)
    assert not domain(read_registration, installation).is_tested


def test_an_outdated_form_changes_nothing(domain, configured, installation):
    version, changes = domain(read_settings).version - 1, {"client_id": TENANT}
    with pytest.raises(registration_changes.Stale):
        domain(registration_changes.save, installation, COMMAND_LINE, version, changes)
    assert domain(read_settings).client_id == CLIENT


def test_the_client_secret_is_stored_only_encrypted(app, configured, rows):
    (row,) = rows(select(SIGN_IN_SETTINGS))
    assert SECRET.encode() not in row.secret
    assert SECRET not in str(rows(select(JOURNAL)))
    folder = context.of(app).config.instance
    for file in folder.iterdir():
        assert SECRET.encode() not in file.read_bytes()
    assert (folder / "encryption_key").stat().st_mode & 0o077 == 0


def test_a_secret_encrypted_with_another_key_gives_a_warning(make_app, app, configured):
    folder = context.of(app).config.instance
    (folder / "encryption_key").unlink()
    other = make_app()
    with other.app_context(), database.read() as connection:
        known = read_registration(connection, context.of(other).installation)
        assert not known.is_complete
        assert "cannot be decrypted" in known.warning.text


def test_the_environment_overrides_the_page(make_app, configured):
    other = make_app(entra_tenant_id=JANE, entra_client_secret="from outside")
    with other.app_context(), database.read() as connection:
        known = read_registration(connection, context.of(other).installation)
    assert (known.tenant_id, known.client_id) == (JANE, CLIENT)
    assert known.secret == "from outside"
    assert known.from_environment == {"tenant_id", "secret"}
    assert "from outside" not in repr(known)


@pytest.mark.parametrize(
    ("base_url", "is_tested"), [("", True), ("https://news.example.org", False)]
)
def test_another_base_url_needs_another_test(
    make_app, configured, microsoft, base_url, is_tested
):
    """A test counts only for the redirect URI with which it was made."""
    other = make_app(entra_authority=microsoft.authority, base_url=base_url)
    with other.app_context(), database.read() as connection:
        assert (
            read_registration(connection, context.of(other).installation).is_tested
            == is_tested
        )


def test_the_last_used_emergency_access_is_kept_while_force_is_on(
    domain, people, configured, switch_on
):
    people.local("eva", role="administrator", emergency=True)  # never signed in

    def withdraw(connection):
        ada = find_by_name(connection, "ada")
        emergency_access.set_granted(connection, ada, COMMAND_LINE, granted=False)

    switch_on()
    with pytest.raises(errors.LastAdministrator):
        domain(withdraw)
    domain(force_switch.switch_off, COMMAND_LINE)
    domain(withdraw)


def test_another_directory_in_the_environment_ends_sessions(
    make_app, app, configured, jane, sign_in
):
    browser = app.test_client()
    sign_in(browser)
    assert browser.is_in()
    for tenant_id, is_in in ((TENANT, True), (CLIENT, False)):
        other = make_app(entra_tenant_id=tenant_id).test_client()
        other.set_cookie("npn_session", browser.cookie.value)
        assert other.is_in() == is_in


def test_the_effect_of_force_lists_who_keeps_local_sign_in(domain, people, jane):
    people.local("linus")
    assert domain(force.measure_effect) == (1, ["ada", "linus"], 0)


def test_switching_force_is_recorded_in_the_journal(
    domain, configured, rows, switch_on
):
    switch_on()
    domain(force_switch.switch_off, COMMAND_LINE)
    on, off = rows(select(JOURNAL))[-2:]
    assert (on.event, off.event) == (Event.FORCE_ON, Event.FORCE_OFF)
    assert on.facts == {"losing": 0, "sessions_ended": 0}


def test_the_command_line_restores_access_while_force_is_on(
    domain, configured, app, jane, tmp_path, switch_on
):
    switch_on()
    instance = Instance(context.of(app).config.instance)
    instance.output(
        "user",
        "set-password",
        "ada",
        "--password-file",
        "-",
        text="copper window umbrella dune\n",
    )
    answer = app.test_client().sign_in("ada", "copper window umbrella dune")
    assert answer.status_code == 303
    arguments = ("user", "set-password", "jane@example.org", "--password-file", "-")
    done = instance.run(*arguments, text=f"{PASSWORD}\n")
    assert "so the password cannot be used" in done.stderr
    assert done.stderr.endswith("netpresenter-next force-sign-in off\n")
    assert app.test_client().sign_in("jane@example.org").status_code == 401
    instance.output("force-sign-in", "off")
    assert signed_in(app, "jane@example.org")


def test_force_refuses_a_change_of_password(
    app, domain, jane, configured, rows, switch_on
):
    browser = signed_in(app, "jane@example.org")
    domain(lambda each: each.execute(update(SESSIONS).values(method="microsoft")))
    switch_on()
    assert "there is no password to change here" in browser.get("/account").text
    new = "copper window umbrella dune"
    answer = browser.submit("/account", current=PASSWORD, new=new, repeated=new)
    assert answer.status_code == 409
