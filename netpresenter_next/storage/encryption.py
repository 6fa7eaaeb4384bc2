"""Secrets that the server must read again, and the keys kept outside the database.

Whoever gets hold of the database, or of a backup of it alone, does not get the client
secret: the key that opens it is a file of its own in the instance folder.
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


class Unreadable(Exception):
    """What is stored was encrypted with another key than the one there is now."""


class Vault:
    """Encrypts and decrypts with one key."""

    def __init__(self, key: str) -> None:
        self._key = key.encode("ascii")
        self._fernet = Fernet(self._key)

    def seal(self, text: str) -> bytes:
        """Encrypt a secret, to be stored."""
        return self._fernet.encrypt(text.encode("utf-8"))

    def unseal(self, sealed: bytes, seconds: int | None = None) -> str:
        """Decrypt a secret that was sealed not longer ago than so many seconds.

        Raises Unreadable, also when the key is another one.  ``clock`` says what a
        clock does that was set back.
        """
        try:
            text = self._fernet.decrypt(sealed).decode("utf-8")
            sealed_at = self._fernet.extract_timestamp(sealed)
        except InvalidToken as error:
            raise Unreadable from error
        if seconds is not None and not timestamps.is_within(sealed_at, seconds):
            raise Unreadable
        return text

    def fingerprint(self, *texts: str) -> str:
        """Tell texts from others without keeping them."""
        message = "\0".join(texts).encode("utf-8", "surrogatepass")
        return hmac.new(self._key, message, hashlib.sha256).hexdigest()


def make_key(instance: Path) -> None:
    """Make the key of an instance, where there is none."""
    keep(instance / KEY_FILE, lambda: Fernet.generate_key().decode("ascii"))


def open_vault(instance: Path) -> Vault:
    """Open the vault of an instance with its key."""
    path = instance / KEY_FILE
    try:
        return Vault(path.read_text(encoding="ascii").strip())
    except ValueError as error:
        raise ConfigError(
            f"{path} contains no valid key: restore it from a backup, or delete it "
            "and enter the client secret again."
        ) from error


def keep(path: Path, make: Callable[[], str]) -> None:
    """Make a file once, readable by nobody but its owner."""
    if not path.exists():
        _make(path, make)
    # Of a start that was killed, or of one that came second at the same moment.
    for draft in path.parent.glob(f"{path.name}.draft-*"):
        draft.unlink(missing_ok=True)


def _make(path: Path, make: Callable[[], str]) -> None:
    draft = path.with_name(f"{path.name}.draft-{os.getpid()}")
    with open(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        file.write(make())
        file.flush()
        os.fsync(file.fileno())  # else it may be there, and empty, after a power cut
    try:
        os.link(draft, path)  # of two that start at once, one makes it
    except (FileExistsError, FileNotFoundError):
        pass  # the other one did, and may have cleared away
    except OSError:  # a file system without links
        draft.replace(path)
