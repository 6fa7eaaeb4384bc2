"""Backups with concurrent access, files of other accounts, and wrong clocks."""

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
def restored(populated, config, folder):
    """An instance into which a backup was restored, and not started since."""
    made = making.make(config, folder / "one.zip").path
    close(populated)
    restoring.restore(config, made)
    return config


# --------------------------------------------------------------- concurrent restores
def test_an_application_made_before_a_restore_is_not_served(populated, config, folder):
    made = making.make(config, folder / "one.zip").path
    app = create_app(config)
    restoring.restore(config, made)
    with pytest.raises(instances.InUse, match="start it again"):
        process.serve(app, config, "127.0.0.1", 0)
    with pytest.raises(instances.InUse, match="start it again"):
        process.prepare_for_wsgi_server(app, config)
    close(app)
    with instances.lock(config):
        pass  # the lock was released


def test_the_server_starts_when_the_restore_cannot_be_recorded(restored):
    def fail(*_):
        raise database.Unwritable(database.Kind.FULL)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(restorations, "_record_restore", fail)
        app = create_app(restored)
    assert (restored.instance / file_replacement.RESTORED).exists()
    assert context.of(app).cycle_watch.cycle is None
    close(app)
    again = create_app(restored)
    assert context.of(again).cycle_watch.cycle is not None
    close(again)


def test_a_full_cycle_that_cannot_be_recorded_raises_no_error(restored):
    app = create_app(restored)
    with app.app_context():
        watch = context.of(app).cycle_watch
        cycle = watch.cycle
        cycle.missing.clear()
        cycle.actor = COMMAND_LINE
        database.state().note_damage(["damaged"])
        watch.end_after_full_cycle()
        assert watch.cycle is cycle
    close(app)


# --------------------------------------------------------------- damage
def test_a_backup_never_writes_to_a_damaged_database(app, people, config, folder):
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


def test_sign_in_to_a_damaged_database_works_after_a_clock_step_back(app, people):
    assert people.ada
    guess = {"id": "1", "at": time.time() + 5000, "account": "a", "network": "n"}
    with app.app_context(), database.write() as connection:
        connection.execute(insert(GUESSES), guess)
    with app.app_context():
        database.state().note_damage(["damaged"])
    assert signed_in(app, "ada").get(HEALTH).status_code == 200


def test_checking_for_open_databases_is_safe_while_threads_open_them(app, config):
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


# --------------------------------------------------------------- files of others
def test_a_database_of_another_account_keeps_its_permissions(
    populated, config, monkeypatch
):
    def chmod(*_args, **_names):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    file = database.database_file(config)
    file.chmod(0o644)
    monkeypatch.setattr("pathlib.Path.chmod", chmod)
    app = make_database_app(config)
    prepare(app, config)
    close(app)
    assert file.stat().st_mode & 0o777 == 0o644


def test_the_health_page_ignores_a_dangling_symbolic_link(app, administrator, config):
    (config.instance / "old").symlink_to(config.instance / "nowhere")
    assert administrator.get(HEALTH).status_code == 200


def test_the_health_page_reports_a_disk_error(app, administrator, monkeypatch):
    def fail(_path):
        raise OSError(errno.EIO, os.strerror(errno.EIO), "/data")

    monkeypatch.setattr("shutil.disk_usage", fail)
    assert "/data: Input/output error." in administrator.get(HEALTH).text


def test_the_health_page_reports_a_missing_database_file(app, administrator, config):
    file = database.database_file(config)
    file.rename(file.with_name("moved"))
    assert "The database file is missing." in administrator.get(HEALTH).text
    file.with_name("moved").rename(file)


def test_doctor_reports_a_database_without_read_permission(populated, run, monkeypatch):
    def fail(_path):
        raise PermissionError(errno.EACCES, "Permission denied", "/data")

    monkeypatch.setattr("netpresenter_next.storage.header.read", fail)
    done = run("doctor", "--json")
    assert done.exit_code == 1
    assert "/data: Permission denied." in [
        each["what"] for each in json.loads(done.stdout)
    ]


def test_doctor_reports_a_read_only_disk(populated, run, monkeypatch):
    monkeypatch.setattr(
        "netpresenter_next.storage.errors._is_disk_read_only", lambda _folder: True
    )
    done = run("doctor")
    assert done.exit_code == 1
    assert "The disk of the database is read-only." in done.stdout


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_file_that_cannot_be_unpacked_is_refused(tmp_path, method):
    file = tmp_path / "one.zip"
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr(archives.MANIFEST, "{}" * 100)
        archive.writestr(archives.DATABASE, "x")
    damaged = bytearray(file.read_bytes())
    damaged[50] ^= 0x55
    damaged[60] ^= 0xFF
    file.write_bytes(damaged)
    with pytest.raises(making.BackupFailed):
        archives.read_manifest(file)


@pytest.mark.parametrize(
    "invalid",
    [
        {"counts": []},
        {"made_at": "0001-01-01T00:00:00+14:00"},
        {"size": 10**400},
        {"instance": 5},
    ],
)
def test_a_manifest_with_invalid_values_is_refused(populated, config, folder, invalid):
    made = making.make(config, folder / "one.zip")
    manifest = dataclasses.asdict(made.manifest) | {"has_key": False, "format": 1}
    manifest["made_at"] = made.manifest.made_at.isoformat()
    file = folder / "two.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(archives.MANIFEST, json.dumps(manifest | invalid))
        archive.writestr(archives.DATABASE, "x")
    with pytest.raises(making.BackupFailed, match="manifest is not valid"):
        archives.read_manifest(file)


# --------------------------------------------------------------- dates in the future
def test_a_backup_dated_in_the_future_is_reported(
    populated, config, folder, monkeypatch
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
