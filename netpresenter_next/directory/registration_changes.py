"""Changes of the app registration by an administrator, and their consequences."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection

from netpresenter_next.directory import (
    account_linking,
    errors,
    events,
    mapping_check,
    sessions,
)
from netpresenter_next.directory.differences import find_differences
from netpresenter_next.directory.events import Actor, Event
from netpresenter_next.directory.sign_in_settings import (
    CONNECTION,
    TARGET,
    read_registration,
    read_settings,
    store,
)
from netpresenter_next.lib import certificates
from netpresenter_next.lib.certificates import Pair
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.encryption import DecryptionFailed
from netpresenter_next.storage.installation import Installation


class Stale(errors.AccountError):
    """Somebody else changed the same settings in the meantime."""


class CertificateUnusable(errors.AccountError):
    """The new certificate cannot be used; the message says why."""


def save(
    connection: Connection,
    installation: Installation,
    actor: Actor,
    version: int,
    changes: Mapping[str, Any],
) -> None:
    """Change the connection; raises Stale if the settings have another ``version``.

    ``changes`` holds the secret as plain text; without one, the stored one is kept.
    With another directory (tenant), sessions that began with Microsoft end, and the
    accounts of the present directory are unlinked.
    """
    row = read_settings(connection)
    if version != row.version:
        raise Stale(
            _(
                "Somebody else changed these settings in the meantime: check them and "
                "try again."
            )
        )
    values = {name: value for name, value in changes.items() if name != "secret"}
    differences = find_differences(
        {name: _to_json_value(getattr(row, name)) for name in values},
        {name: _to_json_value(value) for name, value in values.items()},
    )
    if changes.get("secret"):
        values["secret"] = installation.encryption_key.encrypt(changes["secret"])
        differences.append({"attribute": "secret", "new": "changed"})
    if not differences:
        return
    store(connection, {**values, "version": row.version + 1})
    ended = None
    has_other_directory = values.get("tenant_id", row.tenant_id) != row.tenant_id
    if has_other_directory:
        ended = sessions.end_by_method(connection, SignInMethod.MICROSOFT)
    _record_event(connection, actor, differences, ended)
    if has_other_directory and row.tenant_id:
        account_linking.unlink_tenant(connection, row.tenant_id, actor)


def _record_event(
    connection: Connection,
    actor: Actor,
    differences: Sequence[Mapping[str, Any]],
    sessions_ended: int | None,
) -> None:
    events.record(
        connection,
        actor,
        Event.SETTINGS_CHANGED,
        TARGET,
        differences,
        part=CONNECTION,
        sessions_ended=sessions_ended,
    )


def count_people_to_unlink(connection: Connection, tenant_id: str | None) -> int:
    """Count the people who would be unlinked if this directory (tenant) is saved."""
    present = read_settings(connection).tenant_id
    if not present or tenant_id == present:
        return 0
    return mapping_check.count_linked_with_tenant(connection, present)


def _to_json_value(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


# --------------------------------------------------------------- a new certificate
def offer_certificate(
    connection: Connection, installation: Installation, actor: Actor, pair: Pair
) -> None:
    """Store a new certificate that is not used yet; sign-in continues as before."""
    key = installation.encryption_key.encrypt(pair.key)
    store(connection, {"next_certificate": pair.certificate, "next_key": key})
    expires_on = pair.expires_on.isoformat()
    event = Event.CERTIFICATE_MADE
    events.record(connection, actor, event, TARGET, expires_on=expires_on)


def use_certificate(
    connection: Connection, installation: Installation, actor: Actor
) -> None:
    """Use the new certificate from now on; raises NoCertificate."""
    row = read_settings(connection)
    if read_registration(connection, installation).has_outside_credentials:
        raise CertificateUnusable(
            _("Environment variables set the credentials and override this page.")
        )
    if row.next_key is None or row.next_certificate is None:
        raise CertificateUnusable(_("There is no new certificate: create one first."))
    try:
        key = installation.encryption_key.decrypt(row.next_key)
    except DecryptionFailed as error:
        message = _(
            "The new certificate can no longer be decrypted: create another one."
        )
        raise CertificateUnusable(message) from error
    store(connection, {"next_certificate": None, "next_key": None})
    changes = credentials_of(certificates.read(key + row.next_certificate))
    save(connection, installation, actor, row.version, changes)


def credentials_of(pair: Pair) -> dict[str, Any]:
    """Return the changes, for ``save``, that put a certificate into use."""
    return {
        "certificate": pair.certificate,
        "secret": pair.key,
        "secret_expires_on": pair.expires_on,
    }
