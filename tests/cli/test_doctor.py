"""The command doctor: one line for each finding, also for a damaged instance."""

import json
import os
import re
import shutil
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import update

from helpers import Instance, close, damage_table
from netpresenter_next.backups import folders
from netpresenter_next.cli.main import main
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.lib.translation import write_day
from netpresenter_next.storage import database, errors, instances
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from netpresenter_next.upkeep import machine

LINE = re.compile(r"(ok|off|warning|error) +([^:]+): (.+)")


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
        """Return the exit status and the lines: severity, subject and finding."""
        done = self.run(**settings)
        found = [LINE.fullmatch(line).groups() for line in done.output.splitlines()]
        return done.exit_code, found

    def about(self, wanted, **settings):
        """Return the severities and findings of one subject."""
        _, found = self.findings(**settings)
        return [(level, what) for level, subject, what in found if subject == wanted]


@pytest.fixture
def doctor(app, people):
    """The command, on an instance with an administrator that no process has open."""
    with app.app_context():
        folder = database.state().path.parent
    close(app)
    return Doctor(folder)


def contents(folder):
    """Return the files of a folder, except those that SQLite makes while it reads."""
    temporary = ("-wal", "-shm")
    files = [each for each in folder.iterdir() if not each.name.endswith(temporary)]
    return {each.name: each.read_bytes() for each in files}


@pytest.fixture
def doctor_of_copy(doctor, tmp_path):
    """The command on a copy of the instance, which the test may damage."""
    shutil.copytree(doctor.folder, tmp_path / "copy")
    return Doctor(tmp_path / "copy")


def test_a_healthy_instance_has_no_errors_and_is_not_changed(doctor):
    before = contents(doctor.folder)
    status, found = doctor.findings()
    assert status == 0
    assert {level for level, *_ in found} == {"ok", "off", "warning"}
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


def test_findings_can_be_printed_as_json(doctor):
    done = doctor.run("--json")
    assert done.exit_code == 0
    first, *_ = json.loads(done.output)
    assert set(first) == {"severity", "subject", "what", "advice"}


def test_a_missing_instance_or_invalid_database_is_an_error(tmp_path, doctor_of_copy):
    nowhere = Doctor(tmp_path / "nowhere")
    status, found = nowhere.findings()
    assert status == 1
    assert found[-1][0] == "error"
    assert "There is no instance" in found[-1][2]
    assert not nowhere.folder.exists()
    file = doctor_of_copy.folder / "netpresenter.db"
    for content in (b"", b"These are not the bytes of a database. " * 100):
        file.write_bytes(content)
        status, found = doctor_of_copy.findings()
        assert status == 1
        assert "Instance" in {
            subject for level, subject, _ in found if level == "error"
        }


def test_an_invalid_setting_is_the_only_finding(doctor):
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
    ((level, what),) = [(lv, w) for lv, subject, w in found if subject == "Instance"]
    assert level == "warning"
    assert "older version" in what
    assert "migrate" in what


def test_damage_is_an_error_and_is_recorded(doctor_of_copy):
    file = doctor_of_copy.folder / "netpresenter.db"
    # Only the full check reads this table.
    damage_table(file, "guesses")
    status, found = doctor_of_copy.findings()
    assert status == 1
    ((level, what),) = [(lv, w) for lv, subject, w in found if subject == "Database"]
    assert level == "error"
    assert "The database is damaged." in what
    assert "restore a backup" in what
    assert "damage.json" in contents(doctor_of_copy.folder)


def test_a_database_that_other_accounts_can_read_is_a_warning(doctor):
    (doctor.folder / "netpresenter.db").chmod(0o644)
    ((level, what),) = doctor.about("Files")
    assert level == "warning"
    assert "netpresenter.db" in what
    assert "chmod" in what


@pytest.mark.parametrize(
    ("free", "level"), [(0, "error"), (65 * 2**20, "warning"), (10**12, "ok")]
)
def test_free_disk_space_is_compared_with_the_size_of_the_database(
    doctor, monkeypatch, free, level
):
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
def test_a_missing_or_unencrypted_public_address_is_a_warning(doctor, url, level):
    ((found, _),) = doctor.about("Public address", NETPRESENTER_BASE_URL=url)
    assert found == level


def test_an_old_sqlite_version_is_a_warning(doctor, monkeypatch):
    monkeypatch.setattr(database, "SQLITE_WITHOUT_WAL_BUG", (99, 0, 0))
    ((level, what),) = doctor.about("Versions")
    assert level == "warning"
    assert "99.0.0" in what


def change(app, statement):
    with app.app_context(), database.write() as connection:
        connection.execute(statement)
    close(app)


def test_a_clock_that_was_set_back_is_a_warning(app, doctor):
    later = datetime.now(UTC) + timedelta(days=1)
    change(app, update(JOURNAL).values(at=later))
    ((level, what),) = doctor.about("Clock")
    assert level == "warning"
    assert write_day(later) in what


def test_a_client_secret_that_cannot_be_decrypted_is_an_error(app, doctor):
    soon = datetime.now(UTC).date() + timedelta(days=3)
    values = {"secret": b"encrypted with another key", "secret_expires_on": soon}
    change(app, update(SIGN_IN_SETTINGS).values(is_forced=True, **values))
    found = doctor.about("Sign in with Microsoft")
    assert [level for level, _ in found] == ["error", "error"]
    assert "cannot be decrypted" in found[0][1]
    assert "force-sign-in off" in found[1][1]


def test_the_last_use_of_a_token_is_shown(app, doctor):
    with app.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, "Entra", "nonce")
    change(
        app, update(SCIM_TOKENS).values(last_used_at=datetime(2026, 1, 2, tzinfo=UTC))
    )
    ((level, what),) = doctor.about("SCIM tokens")
    assert level == "ok"
    assert "2 Jan 2026" in what


def test_doctor_works_while_a_server_runs(migrated, tmp_path):
    instance = Instance(tmp_path / "instance")
    with instance.served():
        status, found = Doctor(instance.folder).findings()
    assert status == 1  # there is no administrator yet
    (what,) = (what for lv, subject, what in found if lv == "error")
    assert what.startswith("No administrator can sign in with a local password. ")
    assert re.search(
        r"To create one, type: .*netpresenter-next create-admin NAME$", what
    )


# ------------------------------------------------------------------ one person
def ask(doctor, text, *words):
    done = doctor.run("--person", text, *words)
    return done.exit_code, done.output


def test_a_person_who_can_sign_in_has_no_errors(doctor):
    status, output = ask(doctor, "ada")
    assert status == 0
    assert output.startswith(
        "ok       Sign-in: ada can sign in with the local password"
    )


def test_why_a_person_cannot_sign_in_is_printed_with_the_command(doctor, people):
    people.block(people.local("linus"))
    status, output = ask(doctor, "LINUS")
    assert status == 1
    assert "error    Blocked: linus was blocked on" in output
    status, output = ask(doctor, "linus", "--json")
    found = json.loads(output)
    assert status == 1
    assert [each["cause"] for each in found] == ["cannot_sign_in", "blocked"]
    assert {each["severity"] for each in found} == {"error"}
    assert found[1]["advice"] == "Press Lift the block on the person's page."


def test_a_text_that_means_several_people_is_refused_with_their_names(doctor, people):
    people.local("tim-one")
    people.local("tim-two")
    status, output = ask(doctor, "tim")
    assert status == 1
    assert "Several people match. Give one of these user names:" in output
    assert "\n  tim-one\n  tim-two" in output
    assert ask(doctor, "tim two")[0] == 0
    status, output = ask(doctor, "nobody")
    assert status == 1
    assert "Nobody here has nobody as a name" in output
