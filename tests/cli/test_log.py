"""The command ``log``: entries of both logs, and new ones as they are added."""

import json
import signal
import subprocess
import sys

import pytest

import prefork
from factories import ENTRA
from helpers import TIMEOUT, copy_of
from netpresenter_next.directory import events, people
from netpresenter_next.directory.events import COMMAND_LINE, Event, Target
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source


@pytest.fixture(scope="module")
def prepared(migrated, tmp_path_factory):
    """An instance with a provisioned person, and entries about others."""
    instance = copy_of(migrated, tmp_path_factory.mktemp("log") / "instance")
    with instance.app().app_context():
        with database.write() as connection:
            document = {"userName": "grace@example.org", "active": True, "title": "x"}
            people.create(connection, document, ENTRA, source=Source.PROVISIONED)
        for number in range(70):
            record(Target("User", "1", f"person{number}\x1b[31m"))
        database.db.engine.dispose()
    return instance


def record(target):
    with database.write() as connection:
        events.record(connection, COMMAND_LINE, Event.PERSON_BLOCKED, target)


@pytest.fixture
def instance(prepared, tmp_path):
    return copy_of(prepared, tmp_path / "instance")


def objects(instance, *arguments):
    """Return the entries that the command prints as JSON."""
    lines = instance.output("log", "--json", *arguments).splitlines()
    return [json.loads(line) for line in lines]


def test_the_latest_fifty_entries_are_printed_the_newest_last(instance):
    lines = instance.output("log").splitlines()
    assert len(lines) == 50
    assert lines[-1].endswith(
        "audit        Blocked person69\ufffd[31m. By command line."
    )
    assert "person20" in lines[0]


def test_all_entries_since_a_time_are_printed(instance):
    assert len(objects(instance, "--since", "2h")) == 71
    assert len(objects(instance, "--since", "2026-01-01T00:00:00Z", "--audit")) == 70
    assert objects(instance, "--since", "2999-01-01") == []


def test_a_json_object_has_what_the_pages_show(instance):
    (entry,) = objects(instance, "--provisioning")
    assert entry["what_happened"] == "Created grace@example.org."
    assert entry["by"] == "Microsoft Entra ID (token npn_scim_test)"
    assert entry["succeeded"]
    assert {"attribute": "title", "old": "", "new": "x"} in entry["changes"]


def test_the_entries_about_a_person_are_printed(instance):
    (entry,) = objects(instance, "--person", "GRACE@example.org")
    assert entry["target"] == "grace@example.org"
    assert objects(instance, "--person", "nobody at all") == []


def test_a_time_that_is_none_is_refused(instance):
    for text in ("yesterday", "0d", "2026-13-01"):
        line = instance.expect_error(2, "log", "--since", text)
        assert line.startswith(f"'{text}' is no time: use ")


def follow(instance):
    words = ["-m", "netpresenter_next", "log", "--follow", "--audit"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    streams = {"stdin": subprocess.DEVNULL, **pipes}
    process = prefork.start(words, instance.environment, **streams)
    for _ in range(50):
        assert "Blocked person" in process.stdout.readline()
    return process


def test_new_entries_are_followed_until_ctrl_c(instance):
    process = follow(instance)
    with instance.app().app_context():
        record(Target("User", "1", "newcomer"))
        database.db.engine.dispose()
    assert "Blocked newcomer." in process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=TIMEOUT)
    assert (process.returncode, rest, errors) == (0, "", "")


@pytest.mark.skipif(sys.platform == "win32", reason="needs poll()")
def test_following_ends_when_nobody_reads_any_more(instance):
    with follow(instance) as process:
        process.stdout.close()
        assert process.wait(timeout=TIMEOUT) == 0
        assert process.stderr.read() == ""


def test_a_backup_is_in_the_log_and_a_restored_database_is_followed(instance, tmp_path):
    with follow(instance) as process:
        backup = tmp_path / "one.zip"
        instance.output("backup", str(backup))
        made = process.stdout.readline()
        assert made.endswith(
            f"audit        Made the backup {backup}. By command line.\n"
        )
        instance.output("restore", "--yes", str(backup))
        with instance.app().app_context():
            record(Target("User", "1", "newcomer"))
            database.db.engine.dispose()
        restored = process.stdout.readline()
        assert "audit        Restored the backup one.zip of " in restored
        assert "Blocked newcomer." in process.stdout.readline()
        process.send_signal(signal.SIGINT)
        said = "The database was replaced: following the new one.\n"
        assert process.stderr.read() == said
