"""Settings > System > Microsoft Entra ID: the connection, Force, matching, roles."""

import html
import re
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select, update
from tenant import CLIENT, JANE, OTHER, SECRET, TENANT

from helpers import PASSWORD
from netpresenter_next import database, entra
from netpresenter_next.certificates import thumbprint
from netpresenter_next.models import JOURNAL, SCIM_TOKENS, SESSIONS, USERS, now
from netpresenter_next.sign_in_models import ROLE_MAPPINGS, SIGN_IN_SETTINGS
from visitors import hidden, signed_in

PAGE = "/settings/system/microsoft-entra-id"
CLOUD = "https://login.microsoftonline.com"


@pytest.fixture
def admin(app, people):
    return signed_in(app, "ada")


def save(client, **fields):
    values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET, **fields}
    return client.submit(f"{PAGE}/sign-in", page=PAGE, **values)


def stored(rows):
    (row,) = rows(select(SIGN_IN_SETTINGS))
    return row


def text_of(answer):
    return " ".join(html.unescape(answer.text).split())


def test_the_connection_is_saved_and_holds_without_a_restart(
    app, admin, jane, sign_in, rows, microsoft
):
    assert app.test_client().get("/sign-in/microsoft").status_code == 404
    assert save(admin).status_code == 303
    assert sign_in(app.test_client()).status_code == 303
    save(admin, secret="another")
    microsoft.secret = "another"
    assert sign_in(app.test_client()).status_code == 303
    actions = [each.action for each in rows(select(JOURNAL))]
    assert actions.count("Changed settings") == 2


def test_the_secret_is_never_in_a_page_nor_in_the_database(admin, rows, app):
    save(admin)
    assert SECRET not in admin.get(PAGE).text
    assert SECRET.encode() not in stored(rows).secret
    assert SECRET not in str(rows(select(JOURNAL)))
    save(admin, secret="", client_id=OTHER)  # empty keeps it
    with app.app_context(), database.read() as connection:
        known = entra.registration(connection)
    assert (known.secret, known.client_id) == (SECRET, OTHER)


def test_the_addresses_to_register_are_shown(admin):
    page = admin.get(PAGE).text
    for path in ("", "/callback", "/front-channel-logout"):
        assert f'value="http://localhost/sign-in/microsoft{path}"' in page


@pytest.mark.parametrize(
    "tenant",
    ["common", "organizations", "consumers", "../", "evil.example/x", "a b",
     "9188040d-6c67-4c5b-b112-36a304b66dad", "http://169.254.169.254", "10.0.0.1",
     "localhost"],
)  # fmt: skip
def test_a_tenant_that_is_none_is_refused(admin, rows, microsoft, tenant):
    answer = save(admin, tenant_id=tenant)
    assert answer.status_code == 400
    assert "Enter the directory (tenant) ID, a GUID." in text_of(answer)
    assert stored(rows).tenant_id is None
    assert microsoft.requests == []


def test_a_client_id_that_is_none_is_refused(admin, rows):
    assert save(admin, client_id="my-app").status_code == 400
    assert stored(rows).client_id is None


def test_a_domain_becomes_the_tenant_id(admin, rows, microsoft, monkeypatch):
    monkeypatch.setattr(
        "netpresenter_next.microsoft_settings.provider.metadata_url",
        lambda _, *rest: None,
    )
    monkeypatch.setattr(
        "netpresenter_next.provider.metadata_url",
        lambda authority, tenant, client: (
            f"{microsoft.authority}/{tenant}/v2.0/.well-known/openid-configuration"
        ),
    )
    issuer = f"https://login.microsoftonline.com/{TENANT}/v2.0"
    microsoft.more_metadata = {"issuer": issuer}
    assert save(admin, tenant_id="Example.ORG").status_code == 303
    assert stored(rows).tenant_id == TENANT
    microsoft.down = True
    answer = save(admin, tenant_id="other.example.org")
    assert answer.status_code == 400
    assert "knows no directory of this domain" in text_of(answer)


def test_another_directory_ends_the_sessions_of_the_first(
    app, admin, jane, sign_in, rows
):
    save(admin)
    browser = app.test_client()
    sign_in(browser)
    save(admin, tenant_id=OTHER)
    assert not browser.is_in()
    assert admin.is_in()


def test_a_form_that_another_one_overtook_changes_nothing(admin, rows):
    save(admin)
    form = hidden(admin.get(PAGE).text)
    save(admin, secret="newer")
    late = {**form, "tenant_id": OTHER, "client_id": CLIENT}
    assert admin.post(f"{PAGE}/sign-in", data=late).status_code == 409
    assert stored(rows).tenant_id == TENANT


def test_variables_win_over_the_page_and_are_shown_as_such(make_app, people, microsoft):
    app = make_app(
        entra_authority=microsoft.authority,
        entra_tenant_id=TENANT,
        entra_client_secret=SECRET,
    )
    people.app = app
    admin = signed_in(app, "ada")
    page = admin.get(PAGE).text
    for name in ("TENANT_ID", "CLIENT_SECRET", "AUTHORITY"):
        assert f"NETPRESENTER_ENTRA_{name}</code>, which wins" in page
    assert SECRET not in page
    save(admin, tenant_id=OTHER)
    with app.app_context(), database.read() as connection:
        assert entra.registration(connection).tenant_id == TENANT


@pytest.mark.parametrize(
    ("days", "words"), [(31, None), (14, "in 14 days"), (-1, "expired on")]
)
def test_a_secret_that_expires_is_warned_of(admin, days, words):
    save(admin, secret_expires_on=(now() + timedelta(days=days)).date().isoformat())
    page = admin.get(PAGE).text
    assert ("The client secret or certificate expire" in page) == bool(words)
    assert (words or "") in page


# ------------------------------------------------------------------ a certificate
def certificate(key_size=2048):
    key = rsa.generate_private_key(public_exponent=65537, key_size=key_size)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "netpresenter")])
    moment = datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(moment)
        .not_valid_after(moment + timedelta(days=5000))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def test_a_certificate_signs_the_assertion_as_microsoft_wants_it(
    app, admin, jane, sign_in, microsoft, rows
):
    public, private = certificate()
    assert save(admin, secret="", certificate=public + private).status_code == 303
    assert private.encode()[40:80] not in stored(rows).secret
    for _ in range(2):
        assert sign_in(app.test_client()).status_code == 303
        found = jwt.decode(
            microsoft.assertion, RSAKey.import_key(private), algorithms=["PS256"]
        )
        assert found.header["x5t#S256"] == thumbprint(public)
        assert found.claims["aud"].endswith("/oauth2/v2.0/token")
        assert found.claims["iss"] == found.claims["sub"] == CLIENT
        seen = microsoft.__dict__.setdefault("jtis", set())
        assert found.claims["jti"] not in seen
        seen.add(found.claims["jti"])


def test_a_certificate_without_its_key_is_refused(admin):
    public, _ = certificate()
    _, other = certificate()
    for text, reason in (
        (public, "its private key"),
        ("x", "its private key"),
        (public + other, "not that of the certificate"),
    ):
        answer = save(admin, certificate=text)
        assert answer.status_code == 400
        assert reason in text_of(answer)


# ------------------------------------------------------------------ the test sign-in
def test_a_test_sign_in_shows_what_came_and_whose_account_it_is(
    admin, jane, sign_in, microsoft, rows
):
    save(admin)
    assert "Not tested" in admin.get(PAGE).text
    microsoft.claims = {"roles": ["Admin"]}
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    for words in (TENANT, JANE, "Jane Bakker", "Admin", "externalId", "Sign-in with"):
        assert words in page
    assert "Tested" in admin.get(PAGE).text
    assert len(rows(select(SESSIONS))) == 1  # nobody was signed in by it
    assert signed_in  # and ada is still in
    assert admin.is_in()
    save(admin, secret="another")
    assert "Not tested" in admin.get(PAGE).text


def test_a_test_sign_in_of_somebody_without_an_account_says_so(admin, sign_in, people):
    save(admin)
    page = text_of(sign_in(admin, "/sign-in/microsoft/test"))
    assert "would not be let in" in page


def test_a_test_sign_in_that_fails_tests_nothing(admin, sign_in, microsoft, rows):
    save(admin)
    microsoft.claims = {"aud": "another"}
    assert sign_in(admin, "/sign-in/microsoft/test").status_code == 400
    assert stored(rows).tested_fingerprint is None


def test_only_administrators_test(app, people, microsoft):
    people.local("linus")
    browser = signed_in(app, "linus")
    assert browser.get("/sign-in/microsoft/test").status_code == 403


def test_the_mapping_check_says_what_to_change(admin, people):
    people.provisioned("a@example.org", externalId="a")
    people.provisioned("b@example.org", externalId=JANE)
    page = text_of(admin.get(PAGE))
    assert "1 of 2 provisioned people" in page
    assert "mailNickname" in page


def test_refused_sign_ins_are_shown_to_administrators(
    app, admin, jane, people, sign_in
):
    save(admin)
    people.change(jane, externalId=OTHER)
    sign_in(app.test_client())
    page = text_of(admin.get(PAGE))
    assert "Sign-ins that were refused" in page
    assert "There is no account for jane@example.org." in page


# ------------------------------------------------------------------ Force
@pytest.fixture
def ready(admin, jane, people, sign_in):
    people.give_password(jane)
    save(admin)
    sign_in(admin, "/sign-in/microsoft/test")
    return admin


def switch(client, **fields):
    return client.submit(f"{PAGE}/sign-in-options", page=PAGE, **fields)


def test_force_is_switched_on_and_off_on_the_page(app, ready, jane, people):
    hers = signed_in(app, "jane@example.org")
    page = text_of(ready.get(PAGE))
    assert "1 person with a Microsoft Entra account" in page
    assert "kept by: ada" in page
    assert switch(ready, force="on").status_code == 303
    assert not hers.is_in()
    assert app.test_client().sign_in("jane@example.org").status_code == 401
    assert "sign in with Microsoft only" in app.test_client().get("/sign-in").text
    assert switch(ready).status_code == 303
    assert signed_in(app, "jane@example.org")


def test_a_forged_form_cannot_force_what_is_not_tested(admin, rows):
    save(admin)
    answer = switch(admin, force="on")
    assert answer.status_code == 409
    assert "test sign-in" in answer.text
    assert not stored(rows).is_forced


def test_a_form_without_the_switch_changes_nothing(ready, rows):
    switch(ready, force="on")
    form = {**hidden(ready.get(PAGE).text)}
    del form["form"]
    ready.post(f"{PAGE}/sign-in-options", data=form)
    assert stored(rows).is_forced


@pytest.fixture
def stale(ready, domain):
    """An administrator who proved eleven minutes ago who they are."""
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(authenticated_at=now() - timedelta(minutes=11))
        )
    )
    return ready


def test_force_wants_a_recent_proof_which_may_come_along(stale, rows):
    asked = switch(stale, force="on")
    assert asked.status_code == 403
    assert "Confirm that it is you" in asked.text
    assert not stored(rows).is_forced
    path, kept = f"{PAGE}/sign-in-options", hidden(asked.text)
    assert f'action="{path}"' in asked.text
    refused = stale.post(path, data={**kept, "password_again": "wrong"})
    assert refused.status_code == 403
    assert "not your password" in refused.text
    assert "wrong" not in refused.text
    assert not stored(rows).is_forced
    kept = hidden(refused.text)
    answer = stale.post(path, data={**kept, "password_again": PASSWORD})
    assert answer.location == PAGE
    assert stored(rows).is_forced


def test_a_proof_that_comes_along_is_throttled(stale, rows):
    path, kept = f"{PAGE}/sign-in-options", {"force": "on", "password_again": "wrong"}
    form = {**hidden(stale.get(PAGE).text), **kept}
    statuses = [stale.post(path, data=form).status_code for _ in range(11)]
    assert statuses == [403] * 10 + [429]
    assert not stored(rows).is_forced


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/sign-in", {"tenant_id": OTHER, "authority": CLOUD, "version": "2"}),
        ("/matching", {"idle_minutes": "10", "absolute_hours": "2"}),
        ("/roles", {"app_role": "Admin"}),
        ("/token", {"label": "x"}),
    ],
)
def test_what_matters_wants_a_recent_proof_and_loses_nothing(stale, rows, path, fields):
    def state():
        tables = (SIGN_IN_SETTINGS, ROLE_MAPPINGS, SCIM_TOKENS)
        return [rows(select(table)) for table in tables]

    before = state()
    asked = stale.submit(PAGE + path, page=PAGE, **fields)
    assert asked.status_code == 403
    assert state() == before
    kept = hidden(asked.text)
    assert fields.items() <= kept.items()
    answer = stale.post(PAGE + path, data={**kept, "password_again": PASSWORD})
    assert answer.status_code in (200, 303)
    assert state() != before


# ------------------------------------------------------------------ sessions, roles
def test_the_limits_of_sessions_are_settings(app, admin, people, domain):
    fields = {"idle_minutes": "10", "absolute_hours": "2"}
    assert admin.submit(f"{PAGE}/matching", page=PAGE, **fields).status_code == 303
    people.local("linus")
    browser = signed_in(app, "linus")
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(seen_at=now() - timedelta(minutes=9))
        )
    )
    assert browser.is_in()
    domain(
        lambda each: each.execute(
            update(SESSIONS).values(seen_at=now() - timedelta(minutes=11))
        )
    )
    assert not browser.is_in()


@pytest.mark.parametrize("minutes", ["4", "0", "-1", "x", "99999"])
def test_limits_that_make_no_sense_are_refused(admin, rows, minutes):
    fields = {"idle_minutes": minutes, "absolute_hours": "2"}
    assert admin.submit(f"{PAGE}/matching", page=PAGE, **fields).status_code == 400
    assert stored(rows).idle_minutes == 480


def test_mappings_are_made_and_removed(admin, people, rows):
    group = people.group("Helpdesk")
    for fields in ({"app_role": "Admin"}, {"group_id": group.id}):
        answer = admin.submit(f"{PAGE}/roles", page=PAGE, **fields)
        assert answer.status_code == 303
    page = admin.get(PAGE).text
    removals = re.findall(rf'action="({PAGE}/roles/[^"]+/remove)"', page)
    assert len(removals) == 2
    assert admin.submit(removals[0], page=PAGE).status_code == 303
    assert admin.submit(removals[0], page=PAGE).status_code == 404
    assert len(rows(select(ROLE_MAPPINGS))) == 1


@pytest.mark.parametrize(
    "fields", [{}, {"app_role": "A", "group_id": "x"}, {"app_role": "x" * 121}]
)
def test_a_mapping_of_nothing_is_refused(admin, fields):
    assert admin.submit(f"{PAGE}/roles", page=PAGE, **fields).status_code == 400


def test_an_administrator_forgets_an_identity(app, ready, jane, sign_in, rows):
    browser = app.test_client()
    sign_in(browser)
    page = f"/settings/users/{jane.id}"
    assert JANE in ready.get(page).text
    answer = ready.submit(f"{PAGE}/identities/{jane.id}/forget", page=page)
    assert answer.status_code == 303
    assert not browser.is_in()
    assert sign_in(browser).status_code == 303
    assert rows(select(USERS.c.id).where(USERS.c.id == jane.id))
