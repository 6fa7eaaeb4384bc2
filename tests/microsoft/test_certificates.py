"""A certificate in place of a client secret: created, pasted, or in the environment."""

import html
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select
from tenant import CLIENT, SECRET, TENANT

from netpresenter_next.config import options
from netpresenter_next.config.options import ConfigError
from netpresenter_next.directory.sign_in_settings import read_registration
from netpresenter_next.lib import certificates
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from netpresenter_next.web import context
from visitors import signed_in

PAGE = "/settings/system/microsoft-entra-id"


@pytest.fixture
def in_use(app):
    def read():
        with app.app_context(), database.read() as connection:
            return read_registration(connection, context.of(app).installation)

    return read


def save(client, **fields):
    values = {"tenant_id": TENANT, "client_id": CLIENT, **fields}
    return client.submit(f"{PAGE}/sign-in", page=f"{PAGE}/sign-in", **values)


def pasted(key=None, days=5000):
    """A certificate and its private key, as PEM."""
    key = key or rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "netpresenter")])
    moment = datetime(2026, 1, 1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(moment)
        .not_valid_after(moment + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def check_assertion(microsoft, public, private):
    """Check algorithm, thumbprint, audience, issuer and lifetime; return the jti."""
    assertion, authority = microsoft.assertion, microsoft.authority
    found = jwt.decode(assertion, RSAKey.import_key(private), algorithms=["PS256"])
    assert found.header["x5t#S256"] == certificates.sha256_thumbprint(public)
    assert found.header["typ"] == "JWT"
    endpoint = f"{authority}/{TENANT}/oauth2/v2.0/token"
    assert found.claims["aud"] == endpoint
    assert found.claims["iss"] == found.claims["sub"] == CLIENT
    assert found.claims["exp"] - found.claims["nbf"] <= 600
    return found.claims["jti"]


def test_a_certificate_signs_the_assertion_as_microsoft_requires(
    app, admin, jane, sign_in, microsoft, rows
):
    public, private = pasted()
    assert save(admin, certificate=public + private).status_code == 303
    assert private.encode()[40:80] not in rows(select(SIGN_IN_SETTINGS))[0].secret
    used = set()
    for _ in range(2):
        assert sign_in(app.test_client()).status_code == 303
        used.add(check_assertion(microsoft, public, private))
    assert len(used) == 2


def unusable():
    public, _ = pasted()
    _, other = pasted()
    curve = ec.generate_private_key(ec.SECP256R1())
    return {
        "no key": (public, "its private key"),
        "no PEM": ("x", "its private key"),
        "another key": (public + other, "does not belong to the certificate"),
        "elliptic curve": ("".join(pasted(curve)), "RSA key of 2048 bits"),
        "expired": ("".join(pasted(days=30)), "has expired"),
    }


@pytest.mark.parametrize("name", unusable())
def test_an_unusable_certificate_is_refused_and_not_shown_again(admin, rows, name):
    text, reason = unusable()[name]
    answer = save(admin, certificate=text)
    assert answer.status_code == 400
    page = html.unescape(answer.text)
    assert reason in page
    assert "<details open>" in page
    assert "PRIVATE KEY" not in page
    assert rows(select(SIGN_IN_SETTINGS))[0].secret is None


def test_a_secret_and_a_certificate_together_are_refused(admin, rows):
    answer = save(admin, secret=SECRET, certificate="".join(pasted()))
    assert answer.status_code == 400
    assert "not both" in answer.text
    assert "enter it again" in answer.text
    assert rows(select(SIGN_IN_SETTINGS))[0].secret is None


def test_a_created_certificate_is_used_after_its_upload_to_microsoft(
    app, admin, jane, sign_in, microsoft, in_use, rows
):
    save(admin, secret=SECRET)
    assert (
        admin.submit(f"{PAGE}/certificate", page=f"{PAGE}/sign-in").status_code == 303
    )
    assert in_use().secret == SECRET
    assert sign_in(app.test_client()).status_code == 303  # nothing changed yet
    file = admin.get(f"{PAGE}/certificate/next.cer")
    assert file.mimetype == "application/pkix-cert"
    uploaded = x509.load_der_x509_certificate(file.data)
    shown = uploaded.fingerprint(hashes.SHA1()).hex().upper()
    assert shown in admin.get(f"{PAGE}/sign-in").text
    assert (
        admin.submit(f"{PAGE}/certificate/use", page=f"{PAGE}/sign-in").status_code
        == 303
    )
    assert sign_in(app.test_client()).status_code == 303
    known = in_use()
    check_assertion(microsoft, known.certificate, known.secret)
    assert uploaded == x509.load_pem_x509_certificate(known.certificate.encode())
    assert admin.get(f"{PAGE}/certificate/present.cer").data == file.data
    assert admin.get(f"{PAGE}/certificate/next.cer").status_code == 404
    assert known.expires_on == uploaded.not_valid_after_utc.date()
    assert known.expires_on > now().date() + timedelta(days=700)
    assert "PRIVATE" not in str(rows(select(JOURNAL))) + str(
        rows(select(SIGN_IN_SETTINGS.c.certificate))
    )


def test_no_certificate_can_be_used_before_one_is_created(admin, rows):
    assert (
        admin.submit(f"{PAGE}/certificate/use", page=f"{PAGE}/sign-in").status_code
        == 409
    )
    for which in ("next", "present", "other"):
        assert admin.get(f"{PAGE}/certificate/{which}.cer").status_code == 404


def test_a_new_certificate_encrypted_with_another_key_is_refused(make_app, app, admin):
    admin.submit(f"{PAGE}/certificate", page=f"{PAGE}/sign-in")
    (context.of(app).config.instance / "encryption_key").unlink()
    other = signed_in(make_app(), "ada")
    answer = other.submit(f"{PAGE}/certificate/use", page=f"{PAGE}/sign-in")
    assert answer.status_code == 409
    assert "can no longer be decrypted: create another one" in answer.text


def test_a_certificate_from_the_environment_overrides_the_page(
    make_app, people, microsoft, sign_in
):
    public, private = pasted()
    environment = {"NETPRESENTER_ENTRA_CERTIFICATE": public + private}
    given = options.load(environment).entra_certificate
    assert private not in repr(given)
    app = make_app(
        entra_authority=microsoft.authority,
        entra_tenant_id=TENANT,
        entra_client_id=CLIENT,
        entra_certificate=given,
    )
    admin = signed_in(app, "ada")
    page = admin.get(f"{PAGE}/sign-in").text
    assert "NETPRESENTER_ENTRA_CERTIFICATE</code>, which overrides" in page
    assert "Save<span" not in page.split("Certificate</h3>")[0]
    assert sign_in(admin, "/sign-in/microsoft/test").status_code == 200
    check_assertion(microsoft, public, private)


def test_a_certificate_is_not_used_while_the_environment_sets_credentials(
    make_app, admin, microsoft
):
    admin.submit(f"{PAGE}/certificate", page=f"{PAGE}/sign-in")
    other = signed_in(make_app(entra_client_secret=SECRET), "ada")
    answer = other.submit(f"{PAGE}/certificate/use", page=f"{PAGE}/sign-in")
    assert answer.status_code == 409
    assert "Environment variables set the credentials" in answer.text


def test_the_expiry_date_of_a_certificate_comes_from_the_certificate(admin, in_use):
    save(admin, certificate="".join(pasted()))
    expires_on = in_use().expires_on
    page = admin.get(f"{PAGE}/sign-in").text
    assert expires_on.isoformat() not in page
    save(admin, secret_expires_on="")
    assert in_use().expires_on == expires_on
    save(admin, secret=SECRET)
    assert in_use().expires_on is None


def test_the_stored_expiry_date_is_kept_while_the_environment_sets_a_secret(
    make_app, admin, rows
):
    save(admin, secret=SECRET, secret_expires_on="2027-11-30")
    other = signed_in(make_app(entra_client_secret="from outside"), "ada")
    assert save(other, authority="https://login.microsoftonline.us").status_code == 303
    (row,) = rows(select(SIGN_IN_SETTINGS))
    assert row.secret_expires_on.isoformat() == "2027-11-30"


def test_an_invalid_certificate_in_the_environment_stops_the_start():
    with pytest.raises(ConfigError, match="both as PEM"):
        options.load({"NETPRESENTER_ENTRA_CERTIFICATE": "x"})
    both = {
        "NETPRESENTER_ENTRA_CERTIFICATE": "".join(pasted()),
        "NETPRESENTER_ENTRA_CLIENT_SECRET": SECRET,
    }
    with pytest.raises(ConfigError, match="not both"):
        options.load(both)
