"""The entries of the audit log about nightly backups."""

from contextlib import suppress

import pytest
from sqlalchemy import select, update

from netpresenter_next.config.options import load
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage import database
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.findings import NotDone
from netpresenter_next.storage.upkeep_models import UPKEEP_SETTINGS
from netpresenter_next.upkeep.nightly import NightlyBackups
from netpresenter_next.upkeep.schedule import Job, JobThread
from netpresenter_next.upkeep.settings import BACKUP


@pytest.fixture
def night(app, tmp_path, rows):
    """Makes a nightly backup in a folder; returns the sentences of the log."""
    jobs = NightlyBackups(load({}, instance=tmp_path / "instance"))

    def run(folder):
        setting = update(UPKEEP_SETTINGS).values(backup_folder=str(folder))
        with app.app_context(), database.write() as connection:
            connection.execute(setting)
        with suppress(NotDone):
            JobThread(app, [Job(BACKUP, lambda _state: True, jobs.make)]).tick()
        about = select(JOURNAL).where(JOURNAL.c.actor_kind == "nightly backup")
        return [(each.succeeded, describe(each)) for each in rows(about)]

    return run


def test_a_nightly_backup_and_the_first_failure_in_a_row_are_recorded(night, tmp_path):
    folder, missing = tmp_path / "backups", tmp_path / "missing"
    folder.mkdir()
    ((succeeded, made),) = night(folder)
    (file,) = folder.iterdir()
    assert (succeeded, made) == (True, f"Made the backup {file}.")
    for _ in range(2):  # it is tried again every hour
        _, (succeeded, failed) = night(missing)
        assert not succeeded
        assert failed.startswith(f"No backup was made: There is no folder {missing}")
