"""Front-channel logout: sessions here end with the session at Microsoft."""

from sqlalchemy import Connection, select

from netpresenter_next.directory import events, sessions
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.storage.models import USERS

MICROSOFT = "Microsoft"


def end_sessions(
    connection: Connection, oidc_session: str, address: str | None
) -> None:
    """End and record the sessions that belong to a session at Microsoft.

    Raises events.NotWritten.
    """
    ended = sessions.end_by_oidc_session(connection, oidc_session)
    named = select(USERS.c.id, USERS.c.user_name).where(USERS.c.id.in_(ended))
    for user_id, user_name in connection.execute(named).all():
        events.record(
            connection,
            Actor(MICROSOFT, MICROSOFT, address),
            Event.SIGNED_OUT_BY_MICROSOFT,
            Target("User", user_id, user_name),
            number=ended[user_id].number,
            last_seen=ended[user_id].last_seen,
        )
