"""The encryption key in a backup: sealed with a passphrase.

Whoever has the backup can try passphrases for as long as they like, so that each try is
made to cost 128 MiB and some tenths of a second.
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
# Never taken from the file: whoever made it would decide what opening it costs.
_PARAMETERS = {"scheme": "scrypt-aes256gcm-1", "n": COST, "r": BLOCK, "p": LANES}
_LARGEST = 4096  # bytes


class WrongPassphrase(Exception):
    """What is sealed cannot be opened; the message says why."""


def seal(secret: bytes, passphrase: str) -> bytes:
    """Return a secret as JSON that only the passphrase opens."""
    salt, nonce = os.urandom(16), os.urandom(12)
    sealed = AESGCM(_key(passphrase, salt)).encrypt(nonce, secret, _bound())
    parts = {"salt": salt, "nonce": nonce, "sealed": sealed}
    texts = {name: b64encode(part).decode("ascii") for name, part in parts.items()}
    return json.dumps({**_PARAMETERS, **texts}).encode("ascii")


def unseal(text: bytes, passphrase: str) -> bytes:
    """Return the secret; raises WrongPassphrase, also for what was not sealed here."""
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
        return AESGCM(_key(passphrase, salt)).decrypt(nonce, sealed, _bound())
    except InvalidTag:
        raise WrongPassphrase(
            "The passphrase of the encryption key in the backup is incorrect."
        ) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise WrongPassphrase("The encryption key in the backup is damaged.") from error


def _key(passphrase: str, salt: bytes) -> bytes:
    # The same whichever keyboard it is typed on.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return Scrypt(salt=salt, length=32, n=COST, r=BLOCK, p=LANES).derive(typed)


def _bound() -> bytes:
    return json.dumps(_PARAMETERS, sort_keys=True).encode("ascii")
