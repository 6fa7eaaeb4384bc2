"""Encryption of stored secrets, with a key that is kept outside the database.

The key is a file in the instance folder.  An attacker who has only the database, or a
backup without the key, cannot decrypt the client secret.
"""

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from netpresenter_next.config.options import ConfigError
from netpresenter_next.lib import timestamps

KEY_FILE = "encryption_key"


class DecryptionFailed(Exception):
    """The stored secret cannot be decrypted with this key, or has expired."""


class EncryptionKey:
    """Encrypts and decrypts with one key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode("ascii")
        self._fernet = Fernet(self._key)

    def encrypt(self, text: str) -> bytes:
        """Encrypt a text."""
        return self._fernet.encrypt(text.encode("utf-8"))

    def decrypt(self, encrypted: bytes, seconds: int | None = None) -> str:
        """Decrypt a text; with ``seconds``, only one that was encrypted since then.

        Raises DecryptionFailed.  A time in the future passes, as in ``is_within``.
        """
        try:
            text = self._fernet.decrypt(encrypted).decode("utf-8")
            encrypted_at = self._fernet.extract_timestamp(encrypted)
        except InvalidToken as error:
            raise DecryptionFailed from error
        if seconds is not None and not timestamps.is_within(encrypted_at, seconds):
            raise DecryptionFailed
        return text

    def fingerprint(self, *texts: str) -> str:
        """Return a keyed digest (HMAC), to compare texts without storing them."""
        message = "\0".join(texts).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def make_key(instance: Path) -> None:
    """Create the key of an instance unless it exists."""
    create_once(instance / KEY_FILE, lambda: Fernet.generate_key().decode("ascii"))


def read_key(instance: Path) -> EncryptionKey:
    """Read the key of an instance; raises ConfigError and OSError."""
    path = instance / KEY_FILE
    try:
        return EncryptionKey(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise ConfigError(
            f"{path} contains no valid key: restore it from a backup, or delete it "
            "and enter the client secret again."
        ) from error


def create_once(path: Path, make: Callable[[], str]) -> None:
    """Create a file that only its owner may read, unless it exists."""
    if not path.exists():
        _make(path, make)
    # Drafts of a process that was killed, or that lost a race with another one.
    for draft in path.parent.glob(f"{path.name}.draft-*"):
        draft.unlink(missing_ok=True)


def _make(path: Path, make: Callable[[], str]) -> None:
    draft = path.with_name(f"{path.name}.draft-{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())  # otherwise a power cut may leave an empty file
    try:
        os.link(draft, path)  # fails if another process was first
    except (FileExistsError, FileNotFoundError):
        pass  # another process created it, and may have removed this draft
    except OSError:  # a file system without hard links
        draft.replace(path)
