"""A backup is made before a migration changes the database."""

import shutil

import pytest

from helpers import Instance, close
from netpresenter_next.backups import folders, making
from netpresenter_next.cli.console import make_database_app
from netpresenter_next.config.options import load
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.instances import Condition
from netpresenter_next.upkeep import migrating

OLD, NEW = instances.STEPS[-2:]


@pytest.fixture
def older(tmp_path):
    """The settings of an instance as the version before this one left it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(instances, "STEPS", instances.STEPS[:-1])
        Instance(tmp_path / "instance").prepare()
    return load({}, instance=tmp_path / "instance")


def backups_before_migrations(config):
    return sorted((config.instance / "backups").glob("*"))


def test_a_migration_first_backs_up_the_old_database(older):
    close(Instance(older.instance).app())
    assert instances.examine(older) == (Condition.CURRENT, NEW, "")
    (path,) = backups_before_migrations(older)
    assert path.name.startswith(f"before-step-{NEW}-")
    assert making.verify(path).step == OLD
    assert path.stat().st_mode & 0o077 == path.parent.stat().st_mode & 0o077 == 0
    assert making.list_backups(older, path.parent) == []  # it is not a nightly backup
    close(Instance(older.instance).app())
    assert backups_before_migrations(older) == [path]


def test_a_first_start_makes_no_backup(tmp_path):
    close(Instance(tmp_path / "new").app())
    assert not (tmp_path / "new" / "backups").exists()


@pytest.mark.parametrize(
    "function", [migrating.migrate, migrating.prepare], ids=["migrate", "start"]
)
def test_without_space_for_a_backup_the_database_is_not_migrated(
    older, monkeypatch, function
):
    usage = shutil.disk_usage(older.instance)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=0))
    app = make_database_app(older)
    with pytest.raises(database.DatabaseUnusable, match="Make room") as refused:
        function(app, older)
    assert f"is left at step {OLD}" in str(refused.value)
    assert instances.examine(older).step == OLD
    assert backups_before_migrations(older) == []


def test_the_last_three_backups_before_migrations_are_kept(older, monkeypatch):
    monkeypatch.setattr(
        folders,
        "choose_name",
        lambda folder, name: folder / f"{name}-{next(days)}",
    )
    days = iter(f"2026-01-0{day}T000000Z.zip" for day in range(1, 6))
    for _ in range(5):
        making.make_before_migration(older)
    names = [path.name for path in backups_before_migrations(older)]
    beginning = f"before-step-{NEW}-2026-01-0"
    assert names == [f"{beginning}{day}T000000Z.zip" for day in (3, 4, 5)]
