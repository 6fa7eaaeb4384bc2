"""A required, indexed attribute is a few lines and one generated migration."""

import json
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

import pytest

from helpers import ROOT, Instance, close, tracked
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA, USER_SCHEMA
from netpresenter_next.storage import database

TABLES = "netpresenter_next/schema/tables.py"
PAGE = "docs/scim.md"
BADGES = "urn:example:params:scim:schemas:extension:badges:2.0:User"
TITLE = '    _text("title", "The job title."),\n'
NUMBER = (
    '    _text("employeeNumber", "The number of the person in the organisation."),\n'
)
LISTED = "        add_indexes(USERS, _ENTERPRISE, is_core=False),\n"
BADGE = """\
        add_indexes(
            USERS,
            Schema(
                "urn:example:params:scim:schemas:extension:badges:2.0:User",
                "Badges",
                "Badges of people.",
                (
                    _text(
                        "badgeNumber",
                        "Its number.",
                        required=True,
                        indexed=True,
                        uniqueness="server",
                    ),
                ),
            ),
            is_core=False,
        ),
"""
BADGE_ON_PAGE = f"""\
### Badges: `{BADGES}`

| attribute | type | marks | what it is | parts |
|---|---|---|---|---|
| `badgeNumber` | string | required, unique | Its number. | |

### Groups: """
# The same extension, declared in the file of an installation.
DECLARED = f"""
[[schemas]]
id = "{BADGES}"

[[schemas.attributes]]
name = "badgeNumber"
"""


class Case(NamedTuple):
    """A change of the code and of the page, and somebody who has the attribute."""

    urn: str
    name: str
    code: tuple[str, str]
    page: tuple[str, str]
    marks: dict[str, object]

    @property
    def document(self):
        given = {self.name: "Countess"}
        is_core = self.urn == USER_SCHEMA
        return {"userName": "ada", **(given if is_core else {self.urn: given})}


CASES = {
    "a core attribute": Case(
        USER_SCHEMA,
        "title",
        (
            TITLE,
            '    _text("title", "The job title.", required=True, indexed=True, '
            'mapping_hint="map jobTitle to it"),\n',
        ),
        ("| `title` | string | |", "| `title` | string | required |"),
        {
            "caseExact": False,
            "uniqueness": "none",
            "hint": "map jobTitle to it",
            "column": "title_key",
        },
    ),
    "a unique extension attribute": Case(
        ENTERPRISE_SCHEMA,
        "employeeNumber",
        (
            NUMBER,
            NUMBER.replace(
                "),\n",
                ', required=True, indexed=True, uniqueness="server", '
                "case_exact=True),\n",
            ),
        ),
        (
            "| `employeeNumber` | string | |",
            "| `employeeNumber` | string | required, unique, exact case |",
        ),
        {
            "caseExact": True,
            "uniqueness": "server",
            "hint": "map a value to it",
            "column": "employee_number_key",
        },
    ),
    "a unique attribute of an extension that becomes built-in": Case(
        BADGES,
        "badgeNumber",
        (LISTED, LISTED + BADGE),
        ("### Groups: ", BADGE_ON_PAGE),
        {
            "caseExact": False,
            "uniqueness": "server",
            "hint": "map a value to it",
            "column": "badge_number_key",
        },
    ),
}


@pytest.fixture
def before(tmp_path):
    """An instance of this version, with a token and a person who has the attribute."""

    def make(document):
        instance, own = Instance(tmp_path / "instance"), tmp_path / "own.toml"
        own.write_text(DECLARED, encoding="utf-8")
        app = instance.app(scim_required=frozenset(), scim_extensions=own)
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
    """A copy of the project, whose code runs in other processes."""
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


# Each case takes many seconds; make test tries the one that is asked for most.
SOME = [
    pytest.param(case, id=name, marks=[pytest.mark.long] if number else [])
    for number, (name, case) in enumerate(CASES.items())
]


@pytest.mark.parametrize("case", SOME)
def test_a_required_indexed_attribute_needs_few_lines_and_one_migration(
    before, copy, case
):
    instance, token = before(case.document)
    edit(copy / TABLES, case.code)
    made = run(copy, "tests/make_migration.py", case.name).splitlines()[-1]
    assert made.startswith(str(copy))
    client = copy / "tests" / "schema" / "attribute_client.py"
    about = (case.urn, case.name, json.dumps(case.marks))
    run(copy, client, instance.folder, token, copy, *about)
    edit(copy / PAGE, case.page)
    run(
        copy, "-m", "pytest", "-q", "-p", "no:cacheprovider",
        "tests/test_docs.py::test_docs_list_every_attribute_as_in_the_table",
        "tests/storage/test_database.py::test_migrations_create_the_tables_of_the_models",
    )  # fmt: skip


def edit(file, change):
    old, new = change
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
