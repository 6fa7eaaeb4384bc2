"""The client of the latest app registration, made when it is needed."""

from typing import TYPE_CHECKING

from netpresenter_next.microsoft.app_registration import AppRegistration
from netpresenter_next.microsoft.discovery import Provider

if TYPE_CHECKING:
    from netpresenter_next.microsoft.client import Client


class ClientCache:
    """Caches the client of the latest registration, with its fetched documents."""

    def __init__(self) -> None:
        self._client: Client | None = None

    def find_last_problem(self, registration: AppRegistration) -> str:
        """Return why Microsoft could not be reached at the last attempt, or "".

        Microsoft is not asked.  An attempt for another registration does not count.
        """
        client = self._client
        if client is None or not registration.is_complete:
            return ""
        is_same = client.registration.fingerprint == registration.fingerprint
        return client.provider.last_problem if is_same else ""

    def get(self, registration: AppRegistration) -> "Client":
        """Return the client of a registration; a new one if the fingerprint changed."""
        client = self._client
        if (
            client is None
            or client.registration.fingerprint != registration.fingerprint
        ):
            # Here, because Authlib takes long to import, and is needed only now.
            from netpresenter_next.microsoft.client import Client

            client = self._client = Client(registration, Provider(registration))
        return client
