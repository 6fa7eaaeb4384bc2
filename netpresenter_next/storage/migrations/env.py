"""Alembic's entry: runs the steps on the connection that ``database`` hands over."""

from collections.abc import Iterable
from itertools import chain
from typing import Any

import sqlalchemy as sa
from alembic import context
from alembic.operations import ops

from netpresenter_next.storage import search_models, totals
from netpresenter_next.storage.all_models import METADATA
from netpresenter_next.storage.database import FILL
from netpresenter_next.storage.search_models import is_in_metadata


def complete_generated_step(
    _context: Any, _revision: Any, directives: list[ops.MigrationScript]
) -> None:
    """Let a generated step fill the columns that it adds, from the documents.

    It also creates the triggers of the tables that it changes, because they are lost if
    a table is rebuilt.
    """
    for script in directives:
        for step in script.upgrade_ops_list:
            statements = [*_fills(step.ops), *_triggers(step.ops)]
            step.ops += [ops.ExecuteSQLOp(each) for each in statements]


def _triggers(operations: Iterable[Any]) -> Iterable[str]:
    changed = {
        each.table_name for each in operations if isinstance(each, ops.ModifyTableOps)
    }
    return chain(
        *(
            triggers.get(table, ())
            for table in sorted(changed)
            for triggers in (totals.TRIGGERS, search_models.TRIGGERS)
        )
    )


def _fills(operations: Iterable[Any]) -> Iterable[str]:
    for each in operations:
        if isinstance(each, ops.AddColumnOp) and FILL in each.column.info:
            yield each.column.info[FILL]
        yield from _fills(getattr(each, "ops", ()))


def repeat_events(connection: sa.Connection) -> None:
    """Let the step 0003 of today run where the number 0003 was that of another step.

    For a few commits it was the one that is 0004 today, which may run again.
    """
    inspector = sa.inspect(connection)
    if not inspector.has_table("alembic_version"):
        return
    step = connection.exec_driver_sql("SELECT version_num FROM alembic_version")
    columns = {each["name"] for each in inspector.get_columns("journal")}
    if step.scalar() == "0003" and "event" not in columns:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0002'")


repeat_events(context.config.attributes["connection"])
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    render_as_batch=True,
    process_revision_directives=complete_generated_step,
    include_name=is_in_metadata,
)
context.run_migrations()
