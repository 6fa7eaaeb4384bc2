"""Certificates, which Microsoft recommends in place of client secrets."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

SHORTEST_KEY = 2048  # bits
LIFETIME = timedelta(days=730)


class BadCertificate(ValueError):
    """The text contains no certificate with its key; the message says what to do."""


@dataclass(frozen=True)
class Pair:
    """A certificate and its private key, as PEM, and the day of its expiry."""

    certificate: str
    key: str = field(repr=False)
    expires_on: date


def read(pem: str) -> Pair:
    """Read a certificate and its private key from one text; raises BadCertificate."""
    raw = pem.encode("utf-8", "replace")
    try:
        certificate = x509.load_pem_x509_certificate(raw)
        key = serialization.load_pem_private_key(raw, None)
        is_pair = certificate.public_key() == key.public_key()
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.InvalidVersion) as error:
        raise BadCertificate(
            "give the certificate and its private key, both as PEM, without a "
            "passphrase"
        ) from error
    if not isinstance(key, rsa.RSAPrivateKey) or key.key_size < SHORTEST_KEY:
        raise BadCertificate(f"use an RSA key of {SHORTEST_KEY} bits or more")
    if not is_pair:
        raise BadCertificate("the private key does not belong to the certificate")
    return _make_pair(certificate, key)


def make() -> Pair:
    """Make a key and a self-signed certificate, valid for two years."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=SHORTEST_KEY)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Netpresenter Next")])
    start = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start - timedelta(minutes=5))  # clocks may differ
        .not_valid_after(start + LIFETIME)
        .sign(key, hashes.SHA256())
    )
    return _make_pair(certificate, key)


def _make_pair(certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> Pair:
    return Pair(
        certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode("ascii"),
        certificate.not_valid_after_utc.date(),
    )


def _load(certificate: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(certificate.encode("ascii"))


def sha256_thumbprint(certificate: str) -> str:
    """Return the SHA-256 thumbprint as JOSE writes it (RFC 7515, 4.1.8)."""
    digest = _load(certificate).fingerprint(hashes.SHA256())
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def sha1_thumbprint(certificate: str) -> str:
    """Return the SHA-1 thumbprint as the Entra admin center lists it."""
    digest = _load(certificate).fingerprint(hashes.SHA1())  # noqa: S303 - shown only
    return digest.hex().upper()


def to_der(certificate: str) -> bytes:
    """Return the certificate, without its key, as a .cer file (DER)."""
    return _load(certificate).public_bytes(serialization.Encoding.DER)
