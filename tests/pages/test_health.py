"""Settings > System > Health: findings, log retention and backup settings."""

import datetime
import itertools
import os

import pytest
from sqlalchemy import insert, select, update

from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.client_activity import ClientActivity
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.directory.provisioning_status import Facts, State, Status
from netpresenter_next.lib import translation
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import write_day
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.storage import database, wal
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.storage.models import SCIM_TOKENS, SESSIONS
from netpresenter_next.storage.upkeep_models import UPKEEP_RUNS, UPKEEP_SETTINGS
from netpresenter_next.upkeep import diagnosis, examination, schedule
from netpresenter_next.upkeep.schedule import JobThread
from netpresenter_next.web import context
from visitors import hidden

HEALTH = "/settings/system/health"
BACKUPS = {"backup_folder": "", "backup_hour": "2", "backups_kept": "7"}


@pytest.fixture
def config(app):
    return context.of(app).config


@pytest.fixture
def found(app):
    """Returns the findings about a subject."""

    def of(subject):
        with app.app_context():
            all_of_it = diagnosis.check_instance(context.of(app).installation)
        return [each for each in all_of_it if each.subject == subject]

    return of


def put(app, table, *rows):
    with app.app_context(), database.write() as connection:
        connection.execute(insert(table), rows)


def ended(job, hours=0, *, succeeded=True, note="Done."):
    ended_at = now() - datetime.timedelta(hours=hours)
    return {"job": job, "ended_at": ended_at, "succeeded": succeeded, "note": note}


# --------------------------------------------------------------- findings
def test_the_page_shows_findings_and_the_last_runs_of_jobs(app, administrator):
    put(app, UPKEEP_RUNS, ended("prune", note="Entries of the audit log deleted: 5."))
    put(app, UPKEEP_RUNS, ended("backup", succeeded=False, note="The disk is <full>."))
    page = administrator.get(HEALTH).text
    for words in (
        "Old log entries and sessions",
        "Entries of the audit log deleted: 5.",
        "The disk is &lt;full&gt;.",
        "Failed",
        "the database takes",
        database.SQLITE.sqlite_version,
    ):
        assert words in page, words
    assert (
        'href="/settings/system/health"' in administrator.get("/settings/system").text
    )


def test_what_is_not_in_use_is_neither_good_nor_bad(administrator):
    """And the area links to the page on which it is switched on."""
    rows = administrator.get(HEALTH).text.split("<tr>")
    for area, address, words in (
        ("Alarms", "/settings/system/alarms", "nobody is told of problems. To switch"),
        (
            "Sign in with Microsoft",
            "/settings/system/microsoft-entra-id/sign-in",
            "It is not set up.",
        ),
    ):
        link = f'class="short"><a href="{address}">{area}</a>'
        (row,) = (each for each in rows if link in each)
        assert '<span class="pill ">Off</span>' in row
        assert words in row


def test_the_page_shows_the_result_of_a_scheduled_job(app, config, administrator):
    jobs = [
        each
        for each in schedule.list_jobs(config, ClientActivity())
        if each.name == "prune"
    ]
    JobThread(app, jobs).tick()
    assert "Nothing was old enough to be deleted." in administrator.get(HEALTH).text


def test_only_administrators_see_the_page(linus):
    assert linus.get(HEALTH).status_code == 403


def test_refused_provisioning_and_expired_tokens_are_findings(
    app, found, administrator
):
    assert found("Provisioning") == [
        Finding(Severity.OK, "Provisioning", "Waiting for first contact.")
    ]
    with app.app_context(), database.write() as connection:
        secret = scim_tokens.issue(
            connection,
            COMMAND_LINE,
            "production",
            "n" * 20,
            expires_at=now() + datetime.timedelta(days=3, minutes=1),
        )
    (soon, unused) = found("SCIM tokens")
    assert soon.severity is Severity.WARNING
    assert "production (npn_scim_" in soon.what
    day = write_day(now() + datetime.timedelta(days=3, minutes=1))
    assert f"expires on {day}." in soon.what
    assert unused.severity is Severity.OK
    with app.app_context(), database.write() as connection:
        hour = datetime.timedelta(hours=1)
        values = {"last_used_at": now() - 2 * hour, "expires_at": now() - hour}
        connection.execute(update(SCIM_TOKENS).values(values))
    entra = app.test_client()
    entra.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
    assert entra.get("/scim/v2/Users").status_code == 401
    (refused,) = found("Provisioning")
    assert refused.severity is Severity.ERROR
    assert "A token that was revoked or has expired is sent, since" in refused.what
    words = [each.what for each in found("SCIM tokens")]
    assert any("requests with it are refused" in each for each in words)
    page = administrator.get(HEALTH).text
    assert "no change arrives here" in page


def test_a_revoked_only_token_is_an_error_before_anything_is_refused(app, found):
    with app.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, "production", "n" * 20)
        (token,) = scim_tokens.list_live(connection)
        connection.execute(update(SCIM_TOKENS).values(last_used_at=now()))
        scim_tokens.revoke(connection, COMMAND_LINE, token.id)
    (finding,) = found("Provisioning")
    assert finding.severity is Severity.ERROR
    assert finding.what == (
        "Every token was revoked or has expired: no change arrives here."
    )
    assert finding.advice


# How bad each state of provisioning is.
SEVERITIES = {
    State.OFF: Severity.WARNING,
    State.WAITING: Severity.OK,
    State.REJECTED: Severity.ERROR,
    State.FAILING: Severity.ERROR,
    State.CONNECTED: Severity.OK,
    State.QUIET: Severity.OK,
    State.NO_CONTACT: Severity.WARNING,
}


@pytest.mark.parametrize("language", ["en", "nl"])
@pytest.mark.parametrize("state", State)
def test_every_state_of_provisioning_has_its_severity_with_and_without_times(
    app, state, language
):
    times = (None, now())
    for last, rejected, failing in itertools.product(times, repeat=3):
        facts = Facts(True, True, last, rejected, rejected, failing)
        with app.app_context(), translation.in_language(language):
            found = examination.describe_provisioning(Status(state, facts))
        severity = SEVERITIES[state]
        assert found.severity is severity
        assert bool(found.advice) is (severity is not Severity.OK)
        since = {State.REJECTED: rejected, State.FAILING: failing}.get(state)
        if severity is Severity.ERROR:
            assert ("UTC" in found.what) is (since is not None)


def test_a_failed_job_is_a_finding(app, found):
    put(app, UPKEEP_RUNS, ended("backup", succeeded=False, note="There is no room."))
    (finding, *_) = found("Backups")
    assert finding[::2] == (Severity.ERROR, "There is no room.")
    put(app, UPKEEP_RUNS, ended("prune", hours=2))
    assert found("Scheduled jobs") == [
        Finding(Severity.OK, "Scheduled jobs", "The scheduled jobs are running.")
    ]


@pytest.mark.parametrize("hours", [None, 4, 2_000])
def test_scheduled_jobs_that_do_not_run_are_a_finding(app, found, hours):
    if hours is not None:
        put(app, UPKEEP_RUNS, ended("prune", hours=hours))
    (finding,) = found("Scheduled jobs")
    assert finding.severity is Severity.WARNING


def test_a_held_write_ahead_log_is_explained_for_a_day(app, found, monkeypatch):
    monkeypatch.setattr(wal, "LARGE", -1)
    note = "454.0 MiB, since 2026-11-26 10:00 UTC at the latest."
    put(app, UPKEEP_RUNS, ended("wal", succeeded=False, note=note))
    (finding,) = found("Write-ahead log")
    assert finding[::2] == (Severity.WARNING, note)
    with app.app_context(), database.write() as connection:
        connection.execute(update(UPKEEP_RUNS).values(ended(job="wal", hours=30)))
    (finding,) = found("Write-ahead log")
    assert finding.severity is Severity.WARNING
    assert note not in finding.what
    monkeypatch.setattr(wal, "LARGE", 2**40)
    (finding,) = found("Write-ahead log")
    assert finding.severity is Severity.OK


# --------------------------------------------------------------- the journal
def set_to(app, **values):
    with app.app_context(), database.read() as connection:
        row = connection.execute(select(UPKEEP_SETTINGS)).one()
    assert {name: getattr(row, name) for name in values} == values


def journal_of(rows):
    entry = rows(select(JOURNAL).order_by(JOURNAL.c.id.desc()).limit(1))[0]
    return describe(entry), entry.changes


def test_the_log_retention_can_be_set_and_is_journalled(app, administrator, rows):
    answer = administrator.submit(
        f"{HEALTH}/journal", page=HEALTH, provisioning_days="30", audit_days="365"
    )
    assert (answer.status_code, answer.location) == (303, HEALTH)
    set_to(app, provisioning_days=30, audit_days=365)
    assert journal_of(rows) == (
        "Changed the log retention.",
        [
            {"attribute": "provisioning_days", "old": 90, "new": 30},
            {"attribute": "audit_days", "old": 730, "new": 365},
        ],
    )
    page = administrator.get(HEALTH).text
    assert "Saved." in page
    assert 'value="30"' in page
    number = len(rows(select(JOURNAL)))
    administrator.submit(
        f"{HEALTH}/journal", page=HEALTH, provisioning_days="30", audit_days="365"
    )
    assert len(rows(select(JOURNAL))) == number  # nothing was changed


@pytest.mark.parametrize(
    ("fields", "advice"),
    [
        ({"provisioning_days": "6"}, "from 7 to 3650"),
        ({"provisioning_days": "3651"}, "from 7 to 3650"),
        ({"audit_days": "89"}, "from 90 to 3650"),
        ({"audit_days": "1e3"}, "from 90 to 3650"),
        ({"audit_days": ""}, "from 90 to 3650"),
    ],
)
def test_a_retention_out_of_bounds_is_refused(app, administrator, fields, advice):
    fields = {"provisioning_days": "10", "audit_days": "100", **fields}
    answer = administrator.submit(f"{HEALTH}/journal", page=HEALTH, **fields)
    assert answer.status_code == 400
    assert f"Enter a whole number {advice}." in answer.text
    set_to(app, provisioning_days=90, audit_days=730)


def test_changing_settings_requires_recent_authentication(app, administrator):
    fields = hidden(administrator.get(HEALTH).text)
    with app.app_context(), database.write() as connection:
        long_ago = now() - datetime.timedelta(hours=1)
        connection.execute(update(SESSIONS).values(authenticated_at=long_ago))
    for path, more in (("journal", {"audit_days": "100"}), ("backups", BACKUPS)):
        answer = administrator.post(f"{HEALTH}/{path}", data={**fields, **more})
        assert answer.status_code == 403
    set_to(app, audit_days=730)


# --------------------------------------------------------------- backups
def save_backups(administrator, **fields):
    fields = {**BACKUPS, **fields}
    return administrator.submit(f"{HEALTH}/backups", page=HEALTH, **fields)


def test_folder_hour_and_number_of_backups_can_be_set(
    app, administrator, rows, tmp_path
):
    answer = save_backups(
        administrator, backup_folder=f" {tmp_path} ", backup_hour="23", backups_kept="0"
    )
    assert answer.status_code == 303
    set_to(app, backup_folder=str(tmp_path), backup_hour=23, backups_kept=0)
    said, changes = journal_of(rows)
    assert said == "Changed the settings of the nightly backups."
    assert {"attribute": "backup_folder", "old": "", "new": str(tmp_path)} in changes
    save_backups(administrator)
    set_to(app, backup_folder="", backup_hour=2, backups_kept=7)


@pytest.mark.parametrize(
    ("folder", "fault"),
    [
        ("backups", "the absolute path"),
        ("../backups", "the absolute path"),
        ("~/backups", "the absolute path"),
        ("/none/at/all", "no such folder"),
        ("/dev/null", "no such folder"),
        ("/" + "x" * 300, "no such folder"),
        ("/" + "x" * 400, "at most 400"),
        ("/tmp\u202e", "invisible"),
        ("/tmp/\x1b[31m", "invisible"),
        ("/é😀", "no such folder"),
    ],
)
def test_an_invalid_backup_folder_is_refused(app, administrator, folder, fault):
    answer = save_backups(administrator, backup_folder=folder)
    assert answer.status_code == 400
    assert fault in answer.text
    set_to(app, backup_folder="")


def test_a_backup_folder_that_cannot_be_written_is_refused(
    administrator, monkeypatch, tmp_path
):
    monkeypatch.setattr(os, "access", lambda *_: False)
    answer = save_backups(administrator, backup_folder=str(tmp_path))
    assert "no permission to write" in answer.text


def test_a_folder_that_the_server_publishes_is_refused_for_backups(
    app, administrator, tmp_path
):
    (tmp_path / "link").symlink_to(app.static_folder)
    for folder in (app.static_folder, f"{app.static_folder}/.", tmp_path / "link"):
        answer = save_backups(administrator, backup_folder=str(folder))
        assert "serves the files in this folder to everybody" in answer.text


@pytest.mark.parametrize("fields", [{"backup_hour": "24"}, {"backups_kept": "366"}])
def test_an_hour_or_a_number_out_of_bounds_is_refused(app, administrator, fields):
    answer = save_backups(administrator, **fields)
    assert answer.status_code == 400
    assert "Enter a whole number from 0 to" in answer.text
    set_to(app, backup_hour=2, backups_kept=7)


def test_backups_on_the_disk_of_the_database_give_a_warning(
    app, config, found, tmp_path
):
    (none_yet,) = found("Backups")
    assert none_yet.severity is Severity.WARNING
    assert "no valid backup" in none_yet.what
    (config.instance / "backups").mkdir()
    (
        _,
        on_the_same,
    ) = found("Backups")
    assert on_the_same.severity is Severity.WARNING
    assert "same disk" in on_the_same.what
    put_settings(app, backup_folder=str(tmp_path / "gone"))
    (finding,) = found("Backups")
    assert finding.severity is Severity.ERROR
    put_settings(app, backup_folder="", backups_kept=0)
    (finding,) = found("Backups")
    assert "Nightly backups are switched off" in finding.what


def put_settings(app, **values):
    with app.app_context(), database.write() as connection:
        connection.execute(update(UPKEEP_SETTINGS).values(**values))
