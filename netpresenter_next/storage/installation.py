"""What stands outside the database of an installation: its settings and its key."""

from dataclasses import dataclass, field

from netpresenter_next.config.options import Config
from netpresenter_next.storage import encryption
from netpresenter_next.storage.encryption import EncryptionKey


@dataclass(frozen=True)
class Installation:
    """The settings from the environment, and the key that decrypts stored secrets."""

    config: Config = field(repr=False)
    encryption_key: EncryptionKey = field(repr=False)


def open_installation(config: Config) -> Installation:
    """Read the key of an instance that has one; raises ConfigError and OSError."""
    return Installation(config, encryption.read_key(config.instance))
