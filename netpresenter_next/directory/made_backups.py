"""Entries of the audit log about backups."""

from pathlib import Path

from sqlalchemy import Connection

from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event


def record(connection: Connection, actor: Actor, path: Path) -> None:
    """Record that a backup was made; raises NotWritten."""
    events.record(connection, actor, Event.BACKUP_MADE, None, file=str(path))


def record_failure(connection: Connection, actor: Actor, reason: str) -> None:
    """Record that a backup failed; raises NotWritten."""
    events.record(
        connection, actor, Event.BACKUP_FAILED, None, succeeded=False, reason=reason
    )
