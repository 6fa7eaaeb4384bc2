"""The check of the attribute mapping reads only the people whom it concerns."""

from sqlalchemy import event

from netpresenter_next.directory import mapping_check
from netpresenter_next.storage import database


def test_only_provisioned_people_without_an_object_id_are_read(app, people):
    statements = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "FROM users" in statement:
            statements.append((statement, parameters))

    with app.app_context(), database.read() as connection:
        event.listen(connection, "before_cursor_execute", note)
        mapping_check.check_mapping(connection)
        event.remove(connection, "before_cursor_execute", note)
        plans = [
            str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given).all())
            for text, given in statements
        ]
    assert plans
    for plan in plans:
        assert "ix_users_without_object_id" in plan
