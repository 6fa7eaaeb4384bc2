"""What two things at once, somebody else's files and wrong clocks must not spoil."""

import dataclasses
import errno
import json
import os
import shutil
import sys
import threading
import time
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import insert

from helpers import close
from netpresenter_next import create_app
from netpresenter_next.backups import (
    archives,
    file_replacement,
    folders,
    making,
    restoring,
)
from netpresenter_next.cli.console import make_database_app
from netpresenter_next.config.options import load
from netpresenter_next.directory import restorations
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.server import process
from netpresenter_next.storage import connections, database, instances
from netpresenter_next.storage.findings import Severity
from netpresenter_next.storage.throttle_models import GUESSES
from netpresenter_next.upkeep.migrating import prepare
from netpresenter_next.web import context
from visitors import signed_in

HEALTH = "/settings/system/health"


@pytest.fixture
def restored(stocked, config, folder):
    """An instance into which a backup was restored, and not started since."""
    made = making.make(config, folder / "one.zip").path
    close(stocked)
    restoring.restore(config, made)
    return config


# --------------------------------------------------------------- restored meanwhile
def test_nobody_serves_a_database_that_was_moved_aside(stocked, config, folder):
    made = making.make(config, folder / "one.zip").path
    app = create_app(config)
    restoring.restore(config, made)
    with pytest.raises(instances.InUse, match="start it again"):
        process.serve(app, config, "127.0.0.1", 0)
    with pytest.raises(instances.InUse, match="start it again"):
        process.prepare_for_wsgi_server(app, config)
    close(app)
    with instances.lock(config):
        pass  # it was let go


def test_a_damaged_notice_keeps_no_server_from_starting(restored):
    def spoilt(*_):
        raise database.Unwritable(database.Kind.FULL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restorations, "_record_restore", spoilt)
        app = create_app(restored)
    assert (restored.instance / file_replacement.RESTORED).exists()
    assert context.of(app).cycle_watch.cycle is None
    close(app)
    again = create_app(restored)
    assert context.of(again).cycle_watch.cycle is not None
    close(again)


def test_a_full_cycle_that_cannot_be_written_down_refuses_nothing(restored):
    app = create_app(restored)
    with app.app_context():
        watch = context.of(app).cycle_watch
        cycle = watch.cycle
        cycle.missing.clear()
        cycle.actor = COMMAND_LINE
        database.state().note_damage(["spoilt"])
        watch.end_after_full_cycle()
        assert watch.cycle is cycle
    close(app)


# --------------------------------------------------------------- damage
def test_no_backup_writes_into_a_damaged_database(app, people, config, folder):
    people.local("linus")
    killed = shutil.copytree(config.instance, folder / "killed")
    copied = load({}, instance=killed)
    (killed / "damage.json").write_text("{}")
    file = database.database_file(copied)
    before = file.read_bytes()
    assert connections.has_log(file)
    with pytest.raises(making.BackupFailed, match="damaged"):
        making.make(copied, folder / "one.zip")
    assert file.read_bytes() == before


def test_one_can_sign_in_although_the_clock_was_set_back(app, people):
    assert people.ada
    guess = {"id": "1", "at": time.time() + 5000, "account": "a", "network": "n"}
    with app.app_context(), database.write() as connection:
        connection.execute(insert(GUESSES), guess)
    with app.app_context():
        database.state().note_damage(["spoilt"])
    assert signed_in(app, "ada").get(HEALTH).status_code == 200


def test_whether_a_database_is_open_is_asked_while_others_open_it(app, config):
    file, is_over = database.database_file(config), threading.Event()

    def open_again_and_again():
        while not is_over.is_set():
            connections.open_to_read(file).close()

    threads = [threading.Thread(target=open_again_and_again) for _ in range(3)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        end = time.monotonic() + 1
        while time.monotonic() < end:
            assert not connections.is_open_in_this_process(file.with_name("other"))
    finally:
        is_over.set()
        for thread in threads:
            thread.join()
        sys.setswitchinterval(interval)


# --------------------------------------------------------------- what others left
def test_a_file_of_somebody_else_is_served_with_its_permissions(
    stocked, config, monkeypatch
):
    def chmod(*_args, **_names):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    database.database_file(config).chmod(0o644)
    monkeypatch.setattr("pathlib.Path.chmod", chmod)
    prepare(make_database_app(config), config)


def test_health_bears_a_link_to_nowhere(app, administrator, config):
    (config.instance / "old").symlink_to(config.instance / "nowhere")
    assert administrator.get(HEALTH).status_code == 200


def test_health_tells_of_a_disk_that_cannot_be_asked(app, administrator, monkeypatch):
    def fail(_path):
        raise OSError(errno.EIO, os.strerror(errno.EIO), "/data")

    monkeypatch.setattr("shutil.disk_usage", fail)
    assert "/data: Input/output error." in administrator.get(HEALTH).text


def test_health_tells_that_the_file_is_gone(app, administrator, config):
    file = database.database_file(config)
    file.rename(file.with_name("moved"))
    assert "The database file is missing." in administrator.get(HEALTH).text
    file.with_name("moved").rename(file)


def test_doctor_tells_of_a_database_that_it_may_not_read(stocked, run, monkeypatch):
    def fail(_path):
        raise PermissionError(errno.EACCES, "Permission denied", "/data")

    monkeypatch.setattr("netpresenter_next.storage.header.read", fail)
    done = run("doctor", "--json")
    assert done.exit_code == 1
    assert "/data: Permission denied." in [
        each["what"] for each in json.loads(done.stdout)
    ]


def test_doctor_tells_that_nothing_can_be_written(stocked, run, monkeypatch):
    monkeypatch.setattr(
        "netpresenter_next.storage.errors._is_disk_read_only", lambda _folder: True
    )
    done = run("doctor")
    assert done.exit_code == 1
    assert "The disk of the database is read-only." in done.stdout


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_that_cannot_be_unpacked_is_no_backup(tmp_path, method):
    file = tmp_path / "one.zip"
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(archives.MANIFEST, "{}" * 100)
        archive.writestr(archives.DATABASE, "x")
    spoilt = bytearray(file.read_bytes())
    spoilt[50] ^= 0x55
    spoilt[60] ^= 0xFF
    file.write_bytes(spoilt)
    with pytest.raises(making.BackupFailed):
        archives.read_manifest(file)


@pytest.mark.parametrize(
    "spoilt",
    [
        {"counts": []},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"size": 10**400},
        {"instance": 5},
    ],
)
def test_a_strange_manifest_is_none(stocked, config, folder, spoilt):
    made = making.make(config, folder / "one.zip")
    told = dataclasses.asdict(made.manifest) | {"has_key": False, "format": 1}
    told["made_at"] = made.manifest.made_at.isoformat()
    file = folder / "two.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(archives.MANIFEST, json.dumps(told | spoilt))
        archive.writestr(archives.DATABASE, "x")
    with pytest.raises(making.BackupFailed, match="manifest is not valid"):
        archives.read_manifest(file)


# --------------------------------------------------------------- of the future
def test_a_backup_of_the_future_is_not_said_to_be_new(
    stocked, config, folder, monkeypatch
):
    real = archives.datetime

    class Later(real):
        @classmethod
        def now(cls, zone=None):
            return real.now(zone) + timedelta(days=3000)

    monkeypatch.setattr(archives, "datetime", Later)
    making.make_nightly(config, folder, 2)
    monkeypatch.undo()
    first, *_ = folders.check_backups(config, folder, 2)
    assert first.severity is Severity.WARNING
    assert "has a date in the future" in first.what
