"""Writes the migration from the last step to the tables of the models.

Type ``make migration NAME="badge number"``, read what it wrote, and edit it.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config as AlembicConfig

from netpresenter_next import create_app
from netpresenter_next.config.options import PACKAGE, load
from netpresenter_next.storage import database, instances

MIGRATIONS = PACKAGE / "storage" / "migrations"


def make(name: str) -> Path:
    """Compare a new database with the models; return the path of the migration."""
    scripts = AlembicConfig()
    scripts.set_main_option("script_location", str(MIGRATIONS))
    number = f"{int(instances.STEPS[-1]) + 1:04}"
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(load({}, instance=Path(folder) / "instance"))
        with app.app_context(), database.read() as connection:
            scripts.attributes["connection"] = connection
            command.revision(scripts, name, autogenerate=True, rev_id=number)
    (made,) = (MIGRATIONS / "versions").glob(f"{number}_*.py")
    return made


if __name__ == "__main__":
    print(make(" ".join(sys.argv[1:])))
