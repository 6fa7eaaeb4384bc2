"""Alembic's entry: runs the steps on the connection that ``database`` hands over."""

from alembic import context

from netpresenter_next import models
from netpresenter_next.database import Base

assert models.User.metadata is Base.metadata  # importing models fills the metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
