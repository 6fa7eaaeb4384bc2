"""What each page of an administrator says beside its own content, in one query."""

from collections.abc import Sequence
from typing import NamedTuple, cast

from sqlalchemy import Connection, select

from netpresenter_next.directory import token_states
from netpresenter_next.directory.sign_in_settings import make_registration
from netpresenter_next.directory.token_states import Expiry
from netpresenter_next.microsoft.app_registration import CredentialsWarning
from netpresenter_next.storage.identity_models import CONFLICTS
from netpresenter_next.storage.installation import Installation
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS, SignInSettings
from netpresenter_next.storage.totals import select_some


class Notices(NamedTuple):
    """Open conflicts, and credentials and tokens that expire soon."""

    # See ``count_some``.
    open_conflicts: int
    credentials_warning: CredentialsWarning | None
    expiring: Sequence[Expiry]


def read(connection: Connection, installation: Installation) -> Notices:
    """Read what to say; a token that expires soon costs a second query."""
    number = (
        select_some(select(CONFLICTS.c.id)).scalar_subquery().label("open_conflicts")
    )
    expiry = token_states.FIRST_EXPIRY.scalar_subquery().label("first_expiry")
    row = connection.execute(select(SIGN_IN_SETTINGS, number, expiry)).one()
    registration = make_registration(cast(SignInSettings, row), installation)
    expiring: Sequence[Expiry] = ()
    if token_states.is_near(row.first_expiry):
        expiring = token_states.list_expiring(connection)
    return Notices(row.open_conflicts, registration.warning, expiring)
