"""``user export`` and ``user import``, as real processes."""

import os
import re
import signal
import sqlite3
import time
from contextlib import closing

import pytest

import prefork
from helpers import ALL_PIPES, PASSWORD, copy_of, wait_for
from netpresenter_next.cli.people_files import PROGRESS_SECONDS

HEADER = "userName,displayName,title\n"


@pytest.fixture(scope="module")
def prepared(migrated, tmp_path_factory):
    """An instance with an administrator."""
    instance = copy_of(migrated, tmp_path_factory.mktemp("prepared") / "instance")
    instance.output("create-admin", "ada", "--password-file", "-", text=PASSWORD)
    return instance


@pytest.fixture
def instance(prepared, tmp_path):
    return copy_of(prepared, tmp_path / "instance")


@pytest.fixture
def write(tmp_path):
    """Returns a function that writes a file, and returns its path."""

    def write(text, name="people.csv"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return str(tmp_path / name)

    return write


def ask(instance, query):
    """Return rows of the database, also while a command writes."""
    with closing(sqlite3.connect(instance.folder / "netpresenter.db")) as connection:
        return connection.execute(query).fetchall()


def people_of(instance):
    return [name for (name,) in ask(instance, "SELECT user_name FROM users ORDER BY 1")]


def test_a_file_is_imported_and_what_is_exported_changes_nothing(instance, write):
    file = write(f"{HEADER}grace,'t Hart,+31\nlin,=1+1,\n")
    done = instance.run("user", "import", file)
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""
    assert "2 created, 0 changed, 0 unchanged, 0 refused." in done.stderr
    exported = instance.output("user", "export")
    assert "grace,,,'t Hart,,,,+31,,true,local,user,false,,\n" in exported
    assert instance.output("user", "export", "--search", "hart") == (
        exported.splitlines(keepends=True)[0] + "grace,,,'t Hart,,,,+31,,true,local,"
        "user,false,,\n"
    )
    done = instance.run("user", "import", write(exported, "again.csv"))
    assert "0 created, 0 changed, 3 unchanged, 0 refused." in done.stderr


def test_an_export_for_spreadsheets_has_no_formula_and_replaces_a_file_as_private(
    instance, tmp_path, write
):
    instance.output("user", "import", write(f"{HEADER}lin,=1+1,\n"))
    file = tmp_path / "out.csv"
    file.write_text("an older file, which others may read")
    file.chmod(0o644)
    options = ("--output", str(file), "--for-spreadsheets", "--role", "user")
    assert instance.output("user", "export", *options) == ""
    text = file.read_bytes().decode("utf-8-sig")
    assert ",'=1+1," in text
    assert "ada" not in text
    assert file.stat().st_mode & 0o777 == 0o600
    done = instance.run("user", "import", str(file))
    assert "1 unchanged" in done.stderr


def test_a_dry_run_prints_what_is_refused_and_changes_nothing(instance, write):
    file = write(f"{HEADER}grace,,\nGRACE,,\nada,,\n,x,\n")
    done = instance.run("user", "import", file, "--dry-run")
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "Line 3 (GRACE): Line 2 has the same userName.",
        "Line 5: There is no userName.",
    ]
    assert "1 created, 0 changed, 1 unchanged, 2 refused. Nothing is" in done.stderr
    assert people_of(instance) == ["ada"]
    assert ask(instance, "SELECT * FROM import_lines") == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_a_dry_run_that_is_stopped_leaves_nothing_that_others_wait_for(
    instance, write, number
):
    # So many refused lines that printing them waits for whoever reads them.
    file = write(f"{HEADER}grace,,\n" + f"{'x' * 100},,\n" * 1_500)
    words = ["-m", "netpresenter_next", "user", "import", file, "--dry-run"]
    with prefork.start(words, instance.environment, **ALL_PIPES) as process:
        process.stdout.readline()
        os.kill(process.pid, number)
        process.communicate(timeout=30)
    assert process.returncode != 0
    assert ask(instance, "SELECT * FROM imports") == []
    other = write(f"{HEADER}lin,,\n", "other.csv")
    assert "1 created" in instance.run("user", "import", other).stderr
    assert people_of(instance) == ["ada", "lin"]


def test_a_dry_run_needs_no_import_to_be_complete_and_changes_none(
    instance, interrupted, write
):
    file, done, _said = interrupted(signal.SIGKILL)
    before = ask(instance, "SELECT * FROM imports")
    tried = instance.run("user", "import", file, "--dry-run").stderr
    assert f"{400 - done} created, 0 changed, {done} unchanged" in tried
    other = write(f"{HEADER}grace,,\n", "other.csv")
    assert "1 created" in instance.run("user", "import", other, "--dry-run").stderr
    assert ask(instance, "SELECT * FROM imports") == before


@pytest.mark.parametrize(
    ("text", "said"), [("", "The file is empty."), ("x\n1\n", "'x', which is not")]
)
def test_a_file_that_cannot_be_used_is_refused_on_one_line(instance, write, text, said):
    assert said in instance.expect_error(1, "user", "import", write(text))


def test_a_file_that_is_too_large_is_refused(instance, write):
    file = write("userName\n" + "\n" * 4 * 2**20)
    assert "larger than 4 MiB" in instance.expect_error(1, "user", "import", file)


@pytest.fixture
def interrupted(instance, write):
    """Returns a function that ends an import of 400 people in the middle."""
    file = write(HEADER + "".join(f"p{number},,\n" for number in range(400)))

    def interrupt(number):
        words = ["-m", "netpresenter_next", "user", "import", file]
        with prefork.start(words, instance.environment, **ALL_PIPES) as process:
            query = "SELECT 1 FROM imports WHERE applied_to > 0"
            wait_for(lambda: ask(instance, query))
            os.kill(process.pid, number)
            said = process.communicate(timeout=30)[1]
        ((done,),) = ask(instance, "SELECT applied_to FROM imports")
        assert 0 < done < 400
        assert len(people_of(instance)) == done + 1
        return file, done, said

    return interrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_an_interrupted_import_is_continued_by_the_same_command(
    instance, interrupted, write, number
):
    file, done, said = interrupted(number)
    if number == signal.SIGINT:
        assert f"Interrupted after applying {done} of 400 lines" in said
    other = write(f"{HEADER}grace,,\n", "other.csv")
    refused = instance.expect_error(1, "user", "import", other)
    assert "The import of people.csv by command line is not complete" in refused
    ended = instance.run("user", "import", file)
    assert f"Continuing after applying {done} of 400 lines." in ended.stderr
    assert "400 created, 0 changed, 0 unchanged, 0 refused." in ended.stderr
    assert len(people_of(instance)) == 401
    events = (
        "SELECT event, count(*) FROM journal WHERE event LIKE 'import.%' GROUP BY 1"
    )
    assert ask(instance, events) == [("import.ended", 1), ("import.started", 1)]


def test_an_import_says_how_far_it_is_and_waits_for_others(instance, write):
    file = write(HEADER + "".join(f"p{number},,\n" for number in range(600)))
    path = instance.folder / "netpresenter.db"
    words = ["-m", "netpresenter_next", "user", "import", file]
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        prefork.start(words, instance.environment, **ALL_PIPES) as process,
    ):
        wait_for(lambda: ask(instance, "SELECT 1 FROM imports"))
        other.execute("BEGIN IMMEDIATE")
        time.sleep(PROGRESS_SECONDS + 1)
        other.execute("ROLLBACK")
        said = process.communicate(timeout=30)[1]
    assert re.search(r"(Checking|Applying) \d+ of 600 lines\.", said), said
    assert "600 created" in said, said
