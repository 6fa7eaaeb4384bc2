"""Alembic's entry: runs the steps on the connection that ``database`` hands over."""

from alembic import context

from netpresenter_next.storage import sign_in_models
from netpresenter_next.storage.database import Base

# Importing the models fills the metadata.
assert sign_in_models.Identity.metadata is Base.metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
)
context.run_migrations()
