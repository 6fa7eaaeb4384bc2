"""The command line's ``migrate``."""

import click

from netpresenter_next.cli.console import make_database_app, require_instance
from netpresenter_next.storage.instances import Purpose
from netpresenter_next.upkeep import migrating


@click.command()
def migrate() -> None:
    """Bring the database of an instance up to date, as 'serve' does."""
    settings = require_instance(Purpose.MIGRATE)
    before, after = migrating.migrate(make_database_app(settings), settings)
    if before == after:
        click.echo(f"Nothing to do: the database is at step {after}.", err=True)
    else:
        click.echo(
            f"The database was migrated from step {before} to step {after}.", err=True
        )
