"""What the pages of administrators say beside their own content."""

from datetime import timedelta

from sqlalchemy import event

from netpresenter_next.directory import administrator_notices, scim_tokens
from netpresenter_next.directory.claimants import Claimant
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason
from netpresenter_next.web import context


def read(app):
    """Return the notices, and the number of queries for them."""
    queries = []

    def note(_c, _cursor, statement, *_):
        queries.append(statement)

    with app.app_context(), database.read() as connection:
        event.listen(connection, "before_cursor_execute", note)
        notices = administrator_notices.read(connection, context.of(app).installation)
    return notices, len(queries)


def issue(app, label, days):
    with app.app_context(), database.write() as connection:
        at = now() + timedelta(days=days) if days else None
        scim_tokens.issue(connection, COMMAND_LINE, label, label * 16, expires_at=at)


def test_one_query_is_enough_while_no_token_expires_soon(app, people):
    assert read(app) == ((0, None, ()), 1)
    people.refused(people.ada, Reason.LOCAL_USER_NAME, Claimant("ada", "x"))
    issue(app, "a", None)
    issue(app, "b", 90)
    assert read(app) == ((1, None, ()), 1)


def test_a_token_that_expires_soon_costs_a_second_query(app):
    issue(app, "a", 29)
    issue(app, "b", 90)
    notices, queries = read(app)
    assert [each.token.label for each in notices.expiring] == ["a"]
    assert queries == 2
