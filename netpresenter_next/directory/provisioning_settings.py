"""The switch Enable Entra ID integration: are SCIM clients answered?"""

from sqlalchemy import Connection, select, update

from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.rows import one
from netpresenter_next.storage.scim_models import (
    PROVISIONING_SETTINGS,
    ProvisioningSettings,
)

TARGET = Target("Settings", None, "Entra ID integration")


def read(connection: Connection) -> ProvisioningSettings:
    """Return the only row of the settings."""
    return one(ProvisioningSettings, connection.execute(select(PROVISIONING_SETTINGS)))


def set_enabled(connection: Connection, actor: Actor, *, enabled: bool) -> bool:
    """Switch the integration on or off; returns whether that changed anything."""
    if read(connection).is_enabled is enabled:
        return False
    connection.execute(update(PROVISIONING_SETTINGS).values(is_enabled=enabled))
    event = Event.SCIM_SWITCHED_ON if enabled else Event.SCIM_SWITCHED_OFF
    events.record(connection, actor, event, TARGET)
    return True


def note_url_copied(connection: Connection) -> None:
    """Store when the SCIM Endpoint URL was first copied."""
    is_first = PROVISIONING_SETTINGS.c.url_copied_at.is_(None)
    this = update(PROVISIONING_SETTINGS).where(is_first)
    connection.execute(this.values(url_copied_at=now()))
