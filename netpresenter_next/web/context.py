"""The state of one application between requests, in one typed object.

``create_app`` creates it.  Functions that answer a request call ``current``; modules
below them take what they need as arguments.
"""

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import cast

from flask import Flask, current_app

from netpresenter_next.config.options import Config
from netpresenter_next.directory.client_activity import ClientActivity
from netpresenter_next.directory.restorations import CycleWatch
from netpresenter_next.microsoft.client_cache import ClientCache
from netpresenter_next.schema.resource_types import ResourceType
from netpresenter_next.storage.encryption import EncryptionKey
from netpresenter_next.storage.installation import Installation
from netpresenter_next.web.counters import Counters
from netpresenter_next.web.public_address import NonceWatch
from netpresenter_next.web.read_only_sessions import ReadOnlySessions
from netpresenter_next.web.setup_code import SetupCode

_KEY = "netpresenter"


@dataclass(frozen=True)
class Context:
    """The parts of one application that outlive a request."""

    installation: Installation
    # Device and inode of the database file at start: a restore may replace the file.
    database_identity: tuple[int, int]
    cycle_watch: CycleWatch
    # The names of the attributes whose values no page shows.
    secret_names: frozenset[str]
    # By which the pages validate what administrators enter about local people.
    local_type: ResourceType
    client_cache: ClientCache = field(default_factory=ClientCache)
    nonce_watch: NonceWatch = field(default_factory=NonceWatch)
    counters: Counters = field(default_factory=Counters)
    activity: ClientActivity = field(default_factory=ClientActivity)
    read_only_sessions: ReadOnlySessions = field(default_factory=ReadOnlySessions)
    setup_code: SetupCode = field(default_factory=SetupCode)
    # Resources to hold until the process ends, such as the lock of the instance.
    resources: ExitStack = field(default_factory=ExitStack)

    @property
    def config(self) -> Config:
        """Return the settings from the environment."""
        return self.installation.config

    @property
    def encryption_key(self) -> EncryptionKey:
        """Return the key that decrypts stored secrets."""
        return self.installation.encryption_key


def put(app: Flask, context: Context) -> None:
    """Store the context in an application."""
    app.extensions[_KEY] = context


def of(app: Flask) -> Context:
    """Return the context of an application."""
    return cast(Context, app.extensions[_KEY])


def current() -> Context:
    """Return the context of the current application."""
    return of(current_app)
