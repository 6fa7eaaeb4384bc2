"""The encryption key in a backup, encrypted with a passphrase.

An attacker who has the backup can try any number of passphrases.  Scrypt makes each try
cost 128 MiB of memory and some tenths of a second.
"""

import json
import os
import unicodedata
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

SHORTEST_PASSPHRASE = 12  # characters
COST, BLOCK, LANES = 2**17, 8, 1
# Never read from the file: its author could make decryption arbitrarily expensive.
_PARAMETERS = {"scheme": "scrypt-aes256gcm-1", "n": COST, "r": BLOCK, "p": LANES}
_LARGEST = 4096  # bytes


class WrongPassphrase(Exception):
    """The key cannot be decrypted; the message says why."""


def encrypt(secret: bytes, passphrase: str) -> bytes:
    """Encrypt a secret with a passphrase; returns JSON."""
    salt, nonce = os.urandom(16), os.urandom(12)
    cipher = AESGCM(_derive_key(passphrase, salt))
    sealed = cipher.encrypt(nonce, secret, _associated_data())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    texts = {name: b64encode(part).decode("ascii") for name, part in parts.items()}
    return json.dumps({**_PARAMETERS, **texts}).encode("ascii")


def decrypt(text: bytes, passphrase: str) -> bytes:
    """Decrypt a secret; raises WrongPassphrase, also for a damaged or foreign text."""
    try:
        parts = json.loads(text[:_LARGEST])
        if {name: parts.get(name) for name in _PARAMETERS} != _PARAMETERS:
            raise WrongPassphrase(
                "The encryption key in the backup is encrypted in a way that this "
                "version does not support."
            )
        salt, nonce, sealed = (
            b64decode(parts[name], validate=True)
            for name in ("salt", "nonce", "sealed")
        )
        cipher = AESGCM(_derive_key(passphrase, salt))
        return cipher.decrypt(nonce, sealed, _associated_data())
    except InvalidTag:
        raise WrongPassphrase(
            "The passphrase of the encryption key in the backup is incorrect."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongPassphrase("The encryption key in the backup is damaged.") from error


def _derive_key(passphrase: str, salt: bytes) -> bytes:
    # Normalized, because keyboards produce different forms of the same character.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=32, n=COST, r=BLOCK, p=LANES).derive(typed)


def _associated_data() -> bytes:
    return json.dumps(_PARAMETERS, sort_keys=True).encode("ascii")
