"""Settings > System > Health in Dutch, while the command doctor stays English."""

import re

import pytest
from click.testing import CliRunner

from helpers import close
from netpresenter_next.cli.main import main
from netpresenter_next.storage import database
from netpresenter_next.storage.findings import Severity
from netpresenter_next.upkeep import diagnosis
from netpresenter_next.web import context

HEALTH = "/settings/system/health"
DUTCH = {"Accept-Language": "nl"}
# Findings that are the same in every language: names, numbers and addresses.
SAME = re.compile(r"[\d.]+ [KMG]iB\.|https?://\S+|Netpresenter Next .*")


@pytest.fixture
def findings(app):
    """Returns the findings as they are without a request."""

    def list_findings():
        with app.app_context():
            return diagnosis.check_instance(context.of(app).installation)

    return list_findings


def read_texts(page):
    """Return the subjects and the texts of the findings on the page."""
    table = page.partition("</thead>")[2].partition("</table>")[0]
    subjects = re.findall(r'<th scope="row" class="short">(?:<a .+?>)?([^<]+)<', table)
    return subjects, re.findall(r"<td [^>]*><div>([^<]+)<", table)


def test_an_administrator_who_reads_dutch_gets_dutch_findings(administrator, findings):
    english = findings()
    subjects, texts = read_texts(administrator.get(HEALTH, headers=DUTCH).text)
    assert len(subjects) == len(texts) == len(english)
    assert {"Beheerders", "Schijf", "Klok", "Geplande taken", "Back-ups"} <= {*subjects}
    shown = " ".join(texts)
    for words in ("Er is nog geen taak uitgevoerd.", "de database neemt", "Het is "):
        assert words in shown, words
    for each in english:
        if not SAME.fullmatch(each.what):
            assert each.what[:30] not in shown, each
        if each.advice:
            assert each.advice[:20] not in shown, each


def test_findings_are_english_for_a_reader_of_english(administrator, findings):
    subjects, texts = read_texts(administrator.get(HEALTH).text)
    assert subjects == [each.subject for each in findings()]
    assert any("No job has run yet." in each for each in texts)


def test_the_faults_of_a_backup_folder_are_dutch(administrator):
    administrator.environ_base["HTTP_ACCEPT_LANGUAGE"] = "nl"
    answer = administrator.submit(
        f"{HEALTH}/backups",
        page=HEALTH,
        backup_folder="backups",
        backup_hour="2",
        backups_kept="7",
    )
    assert answer.status_code == 400
    assert "Voer het absolute pad in." in answer.text


def test_the_command_doctor_stays_english_after_a_dutch_page(app, administrator):
    assert "Geplande taken" in administrator.get(HEALTH, headers=DUTCH).text
    with app.app_context():
        folder = database.state().path.parent
    close(app)
    environment = {"NETPRESENTER_INSTANCE": str(folder), "LANG": "nl_NL.UTF-8"}
    said = CliRunner().invoke(main, ["doctor"], env=environment).output
    lines = [line.split(None, 1) for line in said.splitlines()]
    assert {severity for severity, _ in lines} <= {each.value for each in Severity}
    for words in ("Scheduled jobs: No job has run yet.", "the database takes"):
        assert words in said, words
    assert "Geplande taken" not in said
