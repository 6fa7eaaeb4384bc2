"""What a command imports: each module costs time before the command begins."""

import json
import subprocess
import sys

import pytest

from helpers import ROOT, copy_of
from netpresenter_next.cli.late_commands import LateCommand
from netpresenter_next.cli.main import main

HEAVY = {"alembic", "authlib", "cryptography", "flask", "requests", "sqlalchemy"}
PRINT = 'print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))'
CODE = f"""
import json, sys
from netpresenter_next.cli.main import main
try:
    main(sys.argv[1:], prog_name="netpresenter-next")
finally:
    {PRINT}
"""
# What a server needs for its first page, on a database that is up to date.
SERVE = f"""
import json, sys
from netpresenter_next.cli import serving
from netpresenter_next.config.options import load
app = serving.application.create(load())
assert app.test_client().get("/sign-in", follow_redirects=True).status_code == 200
{PRINT}
"""
RARE = {"alembic", "authlib", "joserfc", "mako", "requests", "urllib3", "zxcvbn"}


def late_commands(group):
    for command in group.commands.values():
        if isinstance(command, LateCommand):
            yield command
        else:
            yield from late_commands(command)


def imported(*arguments, code=CODE, environment=None):
    """Return the packages that a command, or other code, imported."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize(
    "words", ["--help", "--version", "user --help", "token --help", "no-such-command"]
)
def test_help_and_version_import_no_large_package(words):
    assert not imported(*words.split()) & HEAVY


def test_a_command_that_needs_them_imports_them():
    assert imported("user", "list", "--help") & HEAVY


def test_serving_pages_imports_nothing_for_migrations_and_microsoft(migrated, tmp_path):
    instance = copy_of(migrated, tmp_path / "instance")
    modules = imported(code=SERVE, environment=instance.environment)
    assert "flask" in modules
    assert not modules & RARE


@pytest.mark.parametrize("late", [*late_commands(main)], ids=lambda each: each.function)
def test_the_list_of_commands_has_the_names_and_first_sentences_of_their_help(late):
    command = late.load()
    assert late.name == command.name
    assert late.get_short_help_str(200) == command.get_short_help_str(200)
