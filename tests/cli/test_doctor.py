"""The command doctor: one line for each finding, whatever the instance is like."""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from helpers import Instance, close, spoil_table
from netpresenter_next.backups import folders
from netpresenter_next.cli.main import main
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database, errors, instances
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from netpresenter_next.upkeep import machine

LINE = re.compile(r"(ok|warning|error) +([^:]+): (.+)")


class Doctor:
    """Runs the command on an instance, in this process."""

    def __init__(self, folder):
        self.folder = folder

    def run(self, *words, **settings):
        environment = {
            **{name: None for name in os.environ if name.startswith("NETPRESENTER_")},
            "NETPRESENTER_INSTANCE": str(self.folder),
            **settings,
        }
        return CliRunner().invoke(main, ["doctor", *words], env=environment)

    def findings(self, **settings):
        """Return the exit status, and the lines by subject."""
        done = self.run(**settings)
        found = [LINE.fullmatch(line).groups() for line in done.output.splitlines()]
        return done.exit_code, found

    def about(self, wanted, **settings):
        """Return how bad, and what, it found of one subject."""
        _, found = self.findings(**settings)
        return [(level, what) for level, subject, what in found if subject == wanted]


@pytest.fixture
def doctor(app, people):
    """An instance with an administrator that nothing has open, and the command."""
    with app.app_context():
        folder = database.state().path.parent
    close(app)
    return Doctor(folder)


def contents(folder):
    """Return what is in a folder, but for what SQLite makes to read a database."""
    beside = ("-wal", "-shm")
    files = [each for each in folder.iterdir() if not each.name.endswith(beside)]
    return {each.name: each.read_bytes() for each in files}


@pytest.fixture
def spoilt(doctor, tmp_path):
    """The same on a copy, which may be spoilt."""
    shutil.copytree(doctor.folder, tmp_path / "copy")
    return Doctor(tmp_path / "copy")


def test_a_good_instance_has_no_error_and_nothing_is_changed(doctor):
    before = contents(doctor.folder)
    status, found = doctor.findings()
    assert status == 0
    assert {level for level, *_ in found} == {"ok", "warning"}
    assert (
        "ok",
        "Database",
        "The whole database was checked: no damage was found.",
    ) in found
    subjects = {subject for _, subject, _ in found}
    assert subjects >= {
        "Configuration", "Versions", "Disk", "Files", "Public address", "Clock",
        "Administrators", "SCIM tokens", "Sign in with Microsoft", "Scheduled jobs",
        "Backups",
    }  # fmt: skip
    assert contents(doctor.folder) == before


def test_for_programs_it_is_json(doctor):
    done = doctor.run("--json")
    assert done.exit_code == 0
    first, *_ = json.loads(done.output)
    assert set(first) == {"severity", "subject", "what", "advice"}


def test_it_says_what_else_there_is_and_that_it_is_wrong(tmp_path, spoilt):
    nowhere = Doctor(tmp_path / "nowhere")
    status, found = nowhere.findings()
    assert status == 1
    assert found[-1][0] == "error"
    assert "There is no instance" in found[-1][2]
    assert not nowhere.folder.exists()
    file = spoilt.folder / "netpresenter.db"
    for content in (b"", b"These are not the bytes of a database. " * 100):
        file.write_bytes(content)
        status, found = spoilt.findings()
        assert status == 1
        assert "Instance" in {
            subject for level, subject, _ in found if level == "error"
        }


def test_a_setting_that_cannot_be_used_is_one_finding(doctor):
    status, found = doctor.findings(NETPRESENTER_BASE_URL="news.example.org")
    assert status == 1
    ((level, subject, what),) = found
    assert (level, subject) == ("error", "Configuration")
    assert "NETPRESENTER_BASE_URL" in what


def test_an_older_database_is_a_warning(doctor, monkeypatch):
    later = (*instances.STEPS, "9999")
    monkeypatch.setattr(instances, "STEPS", later)
    status, found = doctor.findings()
    assert status == 0
    ((_, what),) = [(level, w) for level, subject, w in found if subject == "Instance"]
    assert "older version" in what
    assert "migrate" in what


def test_damage_is_an_error_and_stays_known(spoilt):
    file = spoilt.folder / "netpresenter.db"
    # A table that only the full check reads.
    spoil_table(file, "guesses")
    status, found = spoilt.findings()
    assert status == 1
    ((level, what),) = [(lv, w) for lv, subject, w in found if subject == "Database"]
    assert level == "error"
    assert "The database is damaged." in what
    assert "restore a backup" in what
    assert "damage.json" in contents(spoilt.folder)


def test_others_who_may_read_are_named(doctor):
    (doctor.folder / "netpresenter.db").chmod(0o644)
    ((level, what),) = doctor.about("Files")
    assert level == "warning"
    assert "netpresenter.db" in what
    assert "chmod" in what


@pytest.mark.parametrize(
    ("free", "level"), [(0, "error"), (65 * 2**20, "warning"), (10**12, "ok")]
)
def test_room_on_the_disk_is_judged_by_the_database(doctor, monkeypatch, free, level):
    usage = type("Usage", (), {"free": free})
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda folder: usage)
    monkeypatch.setattr(folders, "measure_database", lambda config: 50 * 2**20)
    monkeypatch.setattr(errors, "find_cause", lambda path: None)
    ((found, _),) = doctor.about("Disk")
    assert found == level


@pytest.mark.parametrize(
    ("url", "level"),
    [
        ("", "warning"),
        ("http://news.example.org", "warning"),
        ("http://localhost:8000", "ok"),
        ("https://news.example.org", "ok"),
    ],
)
def test_the_public_address_is_judged(doctor, url, level):
    ((found, _),) = doctor.about("Public address", NETPRESENTER_BASE_URL=url)
    assert found == level


def test_an_old_sqlite_is_named(doctor, monkeypatch):
    monkeypatch.setattr(database, "SQLITE_WITHOUT_WAL_BUG", (99, 0, 0))
    ((level, what),) = doctor.about("Versions")
    assert level == "warning"
    assert "99.0.0" in what


def change(app, statement):
    with app.app_context(), database.write() as connection:
        connection.execute(statement)
    close(app)


def test_a_clock_that_was_set_back_is_seen(app, doctor):
    later = datetime.now(UTC) + timedelta(days=1)
    change(app, update(JOURNAL).values(at=later))
    ((level, what),) = doctor.about("Clock")
    assert level == "warning"
    assert f"{later:%Y-%m-%d}" in what


def test_a_secret_that_expires_and_a_key_that_does_not_fit(app, doctor):
    soon = datetime.now(UTC).date() + timedelta(days=3)
    values = {"secret": b"sealed with another key", "secret_expires_on": soon}
    change(app, update(SIGN_IN_SETTINGS).values(is_forced=True, **values))
    found = doctor.about("Sign in with Microsoft")
    assert [level for level, _ in found] == ["error", "error"]
    assert "cannot be decrypted" in found[0][1]
    assert "force-sign-in off" in found[1][1]


def test_tokens_say_when_they_were_used(app, doctor):
    with app.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, "Entra", "nonce")
    change(
        app, update(SCIM_TOKENS).values(last_used_at=datetime(2026, 1, 2, tzinfo=UTC))
    )
    ((level, what),) = doctor.about("SCIM tokens")
    assert level == "ok"
    assert "2026-01-02" in what


def test_it_works_while_a_server_runs(migrated, tmp_path):
    instance = Instance(tmp_path / "instance")
    with instance.served():
        status, found = Doctor(instance.folder).findings()
    assert status == 1  # nobody is an administrator yet
    (what,) = (what for lv, subject, what in found if lv == "error")
    assert what.startswith("No administrator can sign in with a local password. ")
    assert re.search(
        r"To create one, type: .*netpresenter-next create-admin NAME$", what
    )
