"""Why nobody here has a name: what is known of somebody whom a search does not find."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, exists, literal, or_, select

from netpresenter_next.directory import (
    provisioning_status,
    refused_sign_ins,
    sign_in_checks,
)
from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.directory.deletions import ShownDeletion
from netpresenter_next.directory.events import PROVISIONING, Event
from netpresenter_next.directory.sign_in_causes import Cause, Found
from netpresenter_next.lib.text import as_guid, fold
from netpresenter_next.storage.event_models import JOURNAL, JournalEntry
from netpresenter_next.storage.identity_models import BLOCKS, CONFLICTS, DELETED_PEOPLE
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.rows import every

# At most so many of the latest refused SCIM requests are looked at, and shown.
MOST_EXAMINED, MOST_SHOWN = 500, 3


def explain_absence(connection: Connection, text: str) -> list[Found]:
    """Return what is known of a user name or object ID that nobody here has.

    The first is that nobody has it.
    """
    if refused_sign_ins.is_reference(text):
        return [Found(Cause.NO_SUCH_REFERENCE)]
    return [
        Found(Cause.NOT_HERE),
        *report_deletions(connection, text),
        *_report_conflicts(connection, text),
        *_report_refused_creations(connection, text),
        *(
            Found(Cause.REFUSED, entry=row)
            for row in refused_sign_ins.list_of_account(connection, text)
        ),
        *sign_in_checks.report_provisioning(
            provisioning_status.read_status(connection)
        ),
    ]


def list_deleted(connection: Connection, text: str) -> Sequence[ShownDeletion]:
    """Return the deleted people with this user name or object ID."""
    columns = DELETED_PEOPLE.c
    is_blocked = exists().where(BLOCKS.c.user_id == columns.user_id)
    object_id = as_guid(text)
    has_value = columns.user_name_key == fold(text)
    if object_id is not None:
        has_value = or_(
            columns.object_id == object_id, columns.linked_object_id == object_id
        )
    query = select(DELETED_PEOPLE, is_blocked.label("is_blocked")).where(has_value)
    latest = query.order_by(columns.deleted_at.desc()).limit(MOST_SHOWN)
    return every(ShownDeletion, connection.execute(latest))


def report_deletions(connection: Connection, text: str) -> Iterator[Found]:
    """Report the deleted people with this user name or object ID."""
    for each in list_deleted(connection, text):
        has_object_id = each.object_id or each.linked_object_id
        cause = Cause.DELETED if has_object_id else Cause.DELETED_LOCAL
        if each.is_blocked:
            cause = Cause.DELETED_AND_BLOCKED
        name = each.user_name or each.object_id or each.linked_object_id
        values = {"name": name, "at": each.deleted_at, "by": each.deleted_by}
        yield Found(cause, values=values)


def _report_conflicts(connection: Connection, text: str) -> Iterator[Found]:
    """Report the conflicts that a Microsoft account with this object ID caused."""
    object_id = as_guid(text)
    if object_id is None:
        return
    query = select(CONFLICTS, USERS.c.user_name, USERS.c.external_id).join(USERS)
    query = query.where(CONFLICTS.c.claimant_object_id == object_id).limit(MOST_SHOWN)
    for row in every(NamedConflict, connection.execute(query)):
        yield Found(Cause.CONFLICT, conflict=row)


def _report_refused_creations(connection: Connection, text: str) -> Iterator[Found]:
    """Report creations of somebody with this user name that were refused lately."""
    is_refusal = JOURNAL.c.event == literal(
        Event.SCIM_REFUSED.value, literal_execute=True
    )
    # Not also by ``succeeded``: the database would use the index of all that failed.
    query = select(JOURNAL).where(is_refusal, JOURNAL.c.log == PROVISIONING)
    latest = query.order_by(JOURNAL.c.at.desc()).limit(MOST_EXAMINED)
    rows = every(JournalEntry, connection.execute(latest))
    # Another request has the id of somebody, who may have been deleted here.
    created = (each for each in rows if each.target_id is None)
    about = [each for each in created if fold(each.target_name or "") == fold(text)]
    for row in about[:MOST_SHOWN]:
        reason = (row.facts or {}).get("reason", "")
        values = {"name": text, "at": row.last_at or row.at, "reason": reason}
        yield Found(Cause.CREATION_REFUSED, values=values)
