"""A certificate in place of a client secret: what Microsoft recommends."""

import base64
from datetime import date
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

SHORTEST_KEY = 2048


class BadCertificate(Exception):
    """The text holds no certificate with its key; the message says what to do."""


class Pair(NamedTuple):
    """A certificate and its private key, as PEM, and until when they are good."""

    certificate: str
    key: str
    expires_on: date


def read(pem: str) -> Pair:
    """Read a certificate and its private key from one text; raises BadCertificate."""
    raw = pem.encode("utf-8", "replace")
    try:
        certificate = x509.load_pem_x509_certificate(raw)
        key = serialization.load_pem_private_key(raw, None)
    except (ValueError, TypeError) as error:
        raise BadCertificate(
            "Paste the certificate and its private key, both as PEM, without a "
            "passphrase."
        ) from error
    if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST_KEY:
        raise BadCertificate(f"Use an RSA key of {SHORTEST_KEY} bits or more.")
    if certificate.public_key() != key.public_key():
        raise BadCertificate("The private key is not that of the certificate.")
    return Pair(
        certificate.public_bytes(serialization.Encoding.PEM).decode("ascii"),
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode("ascii"),
        certificate.not_valid_after_utc.date(),
    )


def thumbprint(certificate: str) -> str:
    """Return the SHA-256 thumbprint as JOSE writes it."""
    loaded = x509.load_pem_x509_certificate(certificate.encode("ascii"))
    digest = loaded.fingerprint(hashes.SHA256())
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
