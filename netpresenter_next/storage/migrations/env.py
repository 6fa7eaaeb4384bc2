"""Alembic's entry: runs the steps on the connection that ``database`` hands over."""

from collections.abc import Iterable
from typing import Any

from alembic import context
from alembic.operations import ops

from netpresenter_next.storage import sign_in_models
from netpresenter_next.storage.database import FILL, Base

# Importing the models fills the metadata.
assert sign_in_models.Identity.metadata is Base.metadata


def fill_derived_columns(
    _context: Any, _revision: Any, directives: list[ops.MigrationScript]
) -> None:
    """Let a generated step fill the columns that it adds, from the documents."""
    for script in directives:
        for step in script.upgrade_ops_list:
            step.ops += [ops.ExecuteSQLOp(fill) for fill in _fills(step.ops)]


def _fills(operations: Iterable[Any]) -> Iterable[str]:
    for each in operations:
        if isinstance(each, ops.AddColumnOp) and FILL in each.column.info:
            yield each.column.info[FILL]
        yield from _fills(getattr(each, "ops", ()))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    process_revision_directives=fill_derived_columns,
)
context.run_migrations()
