"""The engine of an application and what belongs to it, in one typed object.

Flask-SQLAlchemy finds its engine by ``current_app``, and what belongs to the engine is
found in the same way: so a transaction needs no argument, in a request or a command.
"""

from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask
from sqlalchemy import Engine

from netpresenter_next.storage.state import State
from netpresenter_next.storage.write_lock import WriteLock

_KEY = "netpresenter_database"


@dataclass
class Binding:
    """What belongs to the engine of one application."""

    state: State
    # The same engine, whose transactions begin with the write lock.
    writer: Engine
    write_lock: WriteLock = field(default_factory=WriteLock)
    has_stopped_writing: bool = False
    # After that, a connection that may not write and is never closed.
    read_only_connection: Any = None


def put(app: Flask, binding: Binding) -> None:
    """Store the binding in an application."""
    app.extensions[_KEY] = binding


def of(app: Flask) -> Binding:
    """Return the binding of an application."""
    return cast(Binding, app.extensions[_KEY])
