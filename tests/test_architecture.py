"""Rules of the code base that a test can check."""

import ast
import configparser
import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import pytest

from helpers import ROOT
from netpresenter_next.storage import all_models

PACKAGE = ROOT / "netpresenter_next"
MODULES = sorted(PACKAGE.rglob("*.py"))
# Migrations never change after they are written, so no rule applies to them.
STEPS = PACKAGE / "storage" / "migrations" / "versions"
MOST_LINES, MOST_FUNCTION_LINES = 300, 40
# Packages and modules that may use Flask's request, because they answer one.
MAY_USE_THE_REQUEST = (
    "pages.",
    "scim_http.",
    "web.",
    "error_handlers",
    "microsoft.attempts",
    "microsoft.client",
)
# Lower layers get the settings, the key and more as arguments.  Only transactions find
# their engine by the application, as Flask-SQLAlchemy does.
MAY_USE_CURRENT_APP = (
    "pages.",
    "scim_http.",
    "web.",
    "error_handlers",
    "server.",
    "cli.",
    "storage.database",
)
REQUEST = {"request", "g", "session", "current_user"}
# A released step must not depend on code that may change.  One function is an exception
# because its table of 68 kB would have to be copied.  Whoever changes the table adds a
# step that computes all skeletons again, so no database keeps those of the older step.
STEPS_MAY_IMPORT = {"netpresenter_next.lib.names.skeleton"}

WRITES_PEOPLE = re.compile(r"\b(UPDATE|INTO|DELETE\s+FROM)\s+\"?users\b", re.IGNORECASE)


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


@cache
def parsed() -> dict[Path, ast.Module]:
    """Return the modules, parsed once: one test for each rule and module is slow."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def find_in_modules(
    find: Callable[[ast.Module], object], *, but: Iterable[str] = (), in_: str = ""
) -> dict[str, object]:
    """Return what a function finds in modules that are no migrations, by module.

    ``but`` are the beginnings of the names of modules to leave out, ``in_`` is the
    beginning of those to look at.
    """
    found = {
        name_of(path): find(tree)
        for path, tree in parsed().items()
        if path.parent != STEPS
        and name_of(path).startswith(in_)
        and not name_of(path).startswith(tuple(but))
    }
    assert found
    return {name: each for name, each in found.items() if each}


def test_every_module_has_a_docstring():
    without = [path for path, tree in parsed().items() if not ast.get_docstring(tree)]
    assert without == []


def test_no_module_is_too_long():
    """Split what is longer by what changes together."""
    lines = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in MODULES
        if path.parent != STEPS
    }
    assert {name: many for name, many in lines.items() if many > MOST_LINES} == {}


def long_functions(tree: ast.Module) -> list[str]:
    return [
        f"{node.name}: {node.end_lineno - node.lineno + 1} lines"
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno - node.lineno >= MOST_FUNCTION_LINES
    ]


def test_no_function_is_too_long():
    assert find_in_modules(long_functions) == {}


def commits(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def test_only_the_write_transaction_commits():
    """It ends a ``with`` block, so nothing calls ``commit``."""
    assert find_in_modules(commits) == {}
    assert commits(ast.parse("connection.commit()")) == [1]


def writes_of_people(tree: ast.AST) -> list[int]:
    """Return the lines that build a statement which writes the table of users."""
    names = {"USERS", "_USERS", "User"}

    def is_table(node: ast.expr) -> bool:
        return getattr(node, "id", getattr(node, "attr", "")) in names

    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if WRITES_PEOPLE.search(node.value):
                found.append(node.lineno)
        elif isinstance(node, ast.Call):
            verb = getattr(node.func, "id", getattr(node.func, "attr", ""))
            tables = [
                *node.args[:1],
                *filter(None, [getattr(node.func, "value", None)]),
            ]
            if verb in ("insert", "update", "delete") and any(map(is_table, tables)):
                found.append(node.lineno)
    return found


def test_only_one_module_writes_people():
    assert find_in_modules(writes_of_people, but=["directory.person_rows"]) == {}


@pytest.mark.parametrize(
    "statement",
    [
        "update(USERS).where(this)",
        "sqlalchemy.insert(models.USERS).values(row)",
        "connection.execute(delete(User))",
        "_USERS.update().values(row)",
        "run('UPDATE users SET role = 1')",
        "run('insert or ignore into users (id) values (1)')",
    ],
)
def test_a_statement_that_writes_people_is_recognised(statement):
    assert writes_of_people(ast.parse(statement)) == [1]


def from_flask(tree):
    """Return what a module imports from Flask and its extensions."""
    return {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        and (node.module or "").split(".")[0] in ("flask", "flask_login")
        for alias in node.names
    }


def from_this_package(tree):
    """Return what a module imports from this package, with the names of the modules."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            start = "." * node.level + (node.module or "")
            found += [f"{start}.{alias.name}" for alias in node.names]
    return {name for name in found if name.startswith((".", "netpresenter_next"))}


# The import contract does not see these modules: their folders are no packages.
def test_the_steps_of_the_database_import_nothing_that_may_change():
    steps = sorted(STEPS.glob("*.py"))
    assert steps
    imported = [from_this_package(ast.parse(step.read_text("utf-8"))) for step in steps]
    assert set().union(*imported) == STEPS_MAY_IMPORT


def test_what_runs_the_steps_imports_the_tables_alone():
    tree = ast.parse((STEPS.parent / "env.py").read_text("utf-8"))
    storage, imported = "netpresenter_next.storage.", from_this_package(tree)
    assert all(name.startswith(storage) for name in imported)
    assert f"{storage}all_models.METADATA" in imported


def declares_a_table(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Assign)
        and any(getattr(each, "id", "") == "__tablename__" for each in node.targets)
        for node in ast.walk(tree)
    )


def test_every_module_that_declares_a_table_is_named():
    """Otherwise ``make migration`` sees its tables only by chance."""
    named = {each.__name__ for each in all_models.MODULES}
    declaring = find_in_modules(declares_a_table)
    assert {f"netpresenter_next.{name}" for name in declaring} == named


@pytest.mark.parametrize(
    "statement",
    [
        "import netpresenter_next.lib.names",
        "from netpresenter_next.lib import names",
        "from netpresenter_next import lib",
        "from ... import models",
        "def upgrade():\n    from netpresenter_next.lib.text import fold",
    ],
)
def test_an_import_in_a_step_is_found(statement):
    assert from_this_package(ast.parse(statement)) - STEPS_MAY_IMPORT


def test_only_the_http_layers_use_the_request():
    """Lower layers get what they need as arguments."""
    using = find_in_modules(
        lambda tree: from_flask(tree) & REQUEST, but=MAY_USE_THE_REQUEST
    )
    assert using == {}


def test_lower_layers_do_not_use_current_app():
    """They get what they need as arguments."""
    using = find_in_modules(
        lambda tree: from_flask(tree) & {"current_app"}, but=MAY_USE_CURRENT_APP
    )
    assert using == {}


def keys_of_extensions(tree: ast.Module) -> list[int]:
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Attribute)
        and node.value.attr == "extensions"
    ]


def test_only_typed_functions_access_app_extensions():
    """Functions in the module of their type give access to them."""
    keepers = {"web.context", "scim_http.context", "storage.binding"}
    assert set(find_in_modules(keys_of_extensions)) <= keepers


def comparisons_of_types(tree: ast.Module) -> list[int]:
    types = {"USERS", "GROUPS", "user", "group", "User", "Group"}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(each, ast.Is | ast.IsNot | ast.Eq) for each in node.ops)
        and any(
            getattr(each, "id", getattr(each, "attr", getattr(each, "value", None)))
            in types
            for each in node.comparators
        )
    ]


def test_scim_does_not_compare_resource_types():
    """The handlers of the types differ in a method instead."""
    assert find_in_modules(comparisons_of_types, in_="scim.") == {}
    assert find_in_modules(comparisons_of_types, in_="scim_http.") == {}


def names_over_gettext(tree: ast.Module) -> list[int]:
    """Return where ``_`` becomes something else, which a function then calls."""
    imported = {
        alias.asname
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    of_comprehensions = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.comprehension)
        for name in ast.walk(node.target)
    }
    return [
        node.lineno
        for node in ast.walk(tree)
        if "_" in imported
        and isinstance(node, ast.Name)
        and (node.id, type(node.ctx)) == ("_", ast.Store)
        and node not in of_comprehensions
    ]


def test_no_name_hides_the_function_that_translates():
    assert find_in_modules(names_over_gettext) == {}
    hidden = "from lib import gettext as _\n_, rest = parts"
    assert names_over_gettext(ast.parse(hidden)) == [2]


def test_the_layers_in_the_docs_match_the_import_contract():
    contract = configparser.ConfigParser()
    contract.read(ROOT / "setup.cfg", encoding="utf-8")
    layers = contract["importlinter:contract:layers"]["layers"].split("\n")
    design = (ROOT / "docs" / "design.md").read_text(encoding="utf-8")
    figure = design.partition("## Layers")[2].split("```")[1]
    drawn = [re.split(r"\s{2,}", line)[0] for line in figure.strip().splitlines()]
    assert drawn == [line.strip() for line in layers if line.strip()]


def test_no_time_is_written_with_a_flag_that_windows_lacks():
    """See ``lib.timestamps.format_day``."""
    texts = {path: path.read_text(encoding="utf-8") for path in MODULES}
    formats = {path: re.findall(r"%[-#][a-zA-Z]", text) for path, text in texts.items()}
    assert [path for path, found in formats.items() if found] == []
