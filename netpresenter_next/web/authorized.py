"""Changes by a signed-in person, with a second check of what they may do.

The mark of a view is checked before the view runs.  A change may then wait for the
write lock, while somebody else ends the session, blocks the person or takes away their
role.  So session and role are checked again once the lock is held, also for each part
of work that is done in several transactions.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import g
from sqlalchemy import Connection
from werkzeug.exceptions import Forbidden

from netpresenter_next.directory import sessions
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage import database
from netpresenter_next.storage.models import ADMINISTRATOR, User
from netpresenter_next.web import access_control, context, signed_in


@contextmanager
def write(*, administrator: bool = False) -> Iterator[Connection]:
    """Run the block in one write transaction, on behalf of the signed-in person.

    ``administrator`` requires an administrator even if the mark of the view does not.
    Raises Forbidden if the session has ended or the role is missing, database.Busy and
    database.Unwritable.  What earlier transactions of the request changed stays.
    """
    with database.write() as connection:
        _refuse_lost_rights(connection, administrator=administrator)
        yield connection
    g.has_changed = True


def has_changed() -> bool:
    """Did this request change something in an earlier transaction?"""
    return bool(g.get("has_changed"))


def _refuse_lost_rights(connection: Connection, *, administrator: bool) -> None:
    tenant_id = context.current().config.entra_tenant_id
    query = sessions.select_current(signed_in.current().get_id(), tenant_id)
    row = connection.execute(query.with_only_columns(User.role)).first()
    if row is None:
        raise Forbidden(
            _("You were signed out in the meantime, so the rest was not done.")
            if has_changed()
            else _("You were signed out in the meantime, so nothing was changed.")
        )
    requires_administrator = administrator or access_control.is_for_administrators()
    if requires_administrator and row.role != ADMINISTRATOR:
        raise Forbidden(
            _("Only administrators may do that, so the rest was not done.")
            if has_changed()
            else _("Only administrators may do that, so nothing was changed.")
        )
