"""A required attribute with an index of its own: one row, and one generated step."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from helpers import ROOT, Instance, close, tracked
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA, USER_SCHEMA
from netpresenter_next.storage import database

TABLES = "netpresenter_next/schema/tables.py"
TITLE = '    _text("title", "The job title."),\n'
NUMBER = (
    '    _text("employeeNumber", "The number of the person in the organisation."),\n'
)
COUNTESS = {"userName": "ada", "title": "Countess"}
NUMBERED = {"userName": "ada", ENTERPRISE_SCHEMA: {"employeeNumber": "Countess"}}
CASES = {
    "an attribute of the core": (
        (USER_SCHEMA, "title", COUNTESS),
        TITLE,
        '    _text("title", "The job title.", required=True, indexed=True, '
        'mapping_hint="map jobTitle to it"),\n',
        {
            "caseExact": False,
            "uniqueness": "none",
            "hint": "map jobTitle to it",
            "column": "title_key",
        },
    ),
    "a unique attribute of an extension": (
        (ENTERPRISE_SCHEMA, "employeeNumber", NUMBERED),
        NUMBER,
        NUMBER.replace(
            "),\n",
            ', required=True, indexed=True, uniqueness="server", case_exact=True),\n',
        ),
        {
            "caseExact": True,
            "uniqueness": "server",
            "hint": "map a value to it",
            "column": "employee_number_key",
        },
    ),
}


@pytest.fixture
def before(tmp_path):
    """An instance of this version, with a token and somebody who has the attribute."""

    def make(document):
        instance = Instance(tmp_path / "instance")
        app = instance.app(scim_required=frozenset())
        with app.app_context(), database.write() as connection:
            token = scim_tokens.issue(connection, COMMAND_LINE, "test", "nonce")
        answer = app.test_client().post(
            "/scim/v2/Users",
            json=document,
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 201
        close(app)
        return instance, token

    return make


@pytest.fixture
def copy(tmp_path):
    """A copy of the project, whose code runs in programs of its own."""
    place = tmp_path / "copy"
    for name in tracked("."):
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, place / name)
    subprocess.run(["git", "init", "--quiet"], cwd=place, check=True)
    return place


def run(copy, *arguments):
    paths = [copy, copy / "tests", copy / "tests" / "scim"]
    done = subprocess.run(
        [sys.executable, *map(str, arguments)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(map(str, paths))},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("case", CASES)
def test_a_required_attribute_with_an_index_is_a_row_and_a_generated_step(
    before, copy, case
):
    (urn, name, document), row, changed, marks = CASES[case]
    instance, token = before(document)
    table = (copy / TABLES).read_text(encoding="utf-8")
    assert table.count(row) == 1
    (copy / TABLES).write_text(table.replace(row, changed), encoding="utf-8")
    made = run(copy, "tests/make_migration.py", name).splitlines()[-1]
    assert made.startswith(str(copy))
    client = copy / "tests" / "schema" / "attribute_client.py"
    run(copy, client, instance.folder, token, copy, urn, name, json.dumps(marks))
    document_it(copy, name, marks)
    run(
        copy, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "tests/test_docs.py::test_every_attribute_is_on_its_page_as_it_is_in_the_table",
        "tests/storage/test_database.py::test_the_migrations_make_the_tables_of_the_models",
    )  # fmt: skip


def document_it(copy, name, marks):
    """Write the attribute's new marks into the page."""
    page = copy / "docs" / "scim.md"
    text = page.read_text(encoding="utf-8")
    told = "required"
    told += ", unique" if marks["uniqueness"] == "server" else ""
    told += ", exact case" if marks["caseExact"] else ""
    old = f"| `{name}` | string | |"
    assert text.count(old) == 1
    page.write_text(text.replace(old, f"| `{name}` | string | {told} |"), "utf-8")
