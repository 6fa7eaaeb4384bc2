"""The documentation matches the code: settings, commands, attributes, links."""

import re
from dataclasses import fields

import click
import pytest

from helpers import ROOT, commands, tracked
from netpresenter_next.config.options import PREFIX, Config
from netpresenter_next.schema import tables
from netpresenter_next.schema.building import build_resource_types
from test_architecture import MAY_USE_THE_REQUEST

PAGES = sorted(name for name in tracked(".") if name.endswith(".md"))
# Pages that list commands after they have said where the program is.
REFERENCES = {"docs/command-line.md"}
PROMISES = "docs/security.md"
RESOURCE_TYPES = build_resource_types(frozenset({"externalId", "emails"}))


def page(name):
    return (ROOT / name).read_text(encoding="utf-8")


def test_docs_have_a_heading_for_every_setting():
    headings = re.findall(r"^## (\S+)$", page("docs/settings.md"), re.MULTILINE)
    assert headings == [PREFIX + each.name.upper() for each in fields(Config)]


def usage(name, command):
    """Write a command as its page does."""
    words = ["netpresenter-next", name]
    for each in command.params:
        if isinstance(each, click.Option):
            value = "" if each.is_flag else f" {each.metavar or example(each)}"
            words.append(f"[{each.opts[0]}{value}]")
        elif isinstance(each.type, click.Choice):
            words.append(r"\|".join(each.type.choices))
        else:
            words.append(each.metavar or each.human_readable_name.upper())
    return f"`{' '.join(words)}`"


def example(option):
    return {"host": "HOST", "port": "PORT", "label": "TEXT"}[option.name]


def test_docs_list_every_command_with_all_its_options():
    text = page("docs/command-line.md")
    rows = re.findall(r"^\| (`netpresenter-next .+?`) \|", text, re.MULTILINE)
    assert sorted(rows) == sorted(usage(*each) for each in commands())


@pytest.mark.parametrize("name", PAGES)
def test_a_command_in_the_docs_exists(name):
    known = {each for each, _ in commands()}
    for words in re.findall(r"netpresenter-next((?: [a-z][a-z-]+){1,2})", page(name)):
        first, _, second = words.strip().partition(" ")
        assert first in known or f"{first} {second}" in known, words


@pytest.mark.parametrize("name", [name for name in PAGES if name not in REFERENCES])
def test_a_command_to_type_names_the_program_path_and_the_instance(name):
    """It has the path of the program and, except in a checkout, the instance."""
    known = {each.split()[0] for each, _ in commands()}
    found = re.finditer(r"(\S*)netpresenter-next ([a-z][a-z-]+)", page(name))
    for told in (each for each in found if each[2] in known):
        assert re.search(r"[/\\]$", told[1]), told[0]
        before = page(name)[: told.start()].splitlines()[-6:]
        is_named = any("NETPRESENTER_INSTANCE=" in line for line in before)
        assert is_named or told[1].lstrip("`").startswith(".venv"), told[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_link_in_the_docs_leads_to_a_file(name):
    for target in re.findall(r"\]\(([^)#]+)", page(name)):
        if "://" not in target:
            assert ((ROOT / name).parent / target).exists(), target


def test_every_test_that_the_security_page_names_exists():
    for path, names in re.findall(r"`(tests/\S+\.py)`: (.+?) \|", page(PROMISES)):
        known = page(path)
        for name in re.findall(r"`(\w+)`", names):
            assert f"def {name}(" in known, name


def test_every_promise_of_the_security_page_names_a_test():
    rows = [line for line in page(PROMISES).splitlines() if line.startswith("| ")]
    assert rows[1:]
    assert all("`: `test_" in line for line in rows[1:])


def row(attribute):
    """Write an attribute as docs/scim.md does."""
    marks = {
        "required": attribute.required,
        "unique": attribute.uniqueness == "server",
        "read-only": attribute.is_read_only,
        "exact case": attribute.case_exact,
    }
    kind = f"{attribute.type}, many" if attribute.multi_valued else attribute.type
    cells = (
        f"`{attribute.name}`",
        kind,
        ", ".join(mark for mark, holds in marks.items() if holds),
        attribute.description,
        ", ".join(f"`{part.name}`" for part in attribute.parts),
    )
    return "|" + "|".join(f" {cell} " if cell else " " for cell in cells) + "|"


TABLES = [("Common", tables.COMMON)] + [
    (each.id, each.attributes) for each in RESOURCE_TYPES.schemas
]


@pytest.mark.parametrize(("heading", "attributes"), TABLES)
def test_docs_list_every_attribute_as_in_the_table(heading, attributes):
    text = page("docs/scim.md")
    (section,) = (each for each in text.split("\n### ") if heading in each[:100])
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    assert rows == [row(each) for each in attributes]


@pytest.mark.parametrize("name", PAGES)
def test_every_module_or_template_that_the_docs_name_exists(name):
    """In the package, or from the top of the project."""
    folders = (ROOT / "netpresenter_next", ROOT)
    for named in re.findall(r"`([\w/]+\.(?:py|html))`", page(name)):
        assert any((folder / named).is_file() for folder in folders), named


def named_in_modules(name):
    """Yield each name that a page has after that of a module, with the module."""
    names = r"`([\w/]+\.py)`:?((?:(?:,|,? or|,? and)?\s+`\w+`)+)"
    for module, several in re.findall(names, page(name)):
        for each in re.findall(r"`(\w+)`", several):
            yield module, each


@pytest.mark.parametrize(
    ("name", "least"), [("docs/requests.md", 31), ("CONTRIBUTING.md", 30)]
)
def test_every_function_that_a_page_names_exists(name, least):
    named = list(named_in_modules(name))
    assert len(named) >= least
    for module, what in named:
        folder = ROOT if module.startswith("tests/") else ROOT / "netpresenter_next"
        code = (folder / module).read_text(encoding="utf-8")
        defined = rf"^( *(def|class) {what}\b|{what}( =|:))"
        assert re.search(defined, code, re.MULTILINE), f"{module} has no {what}"


def test_every_recipe_names_its_files():
    recipes = page("CONTRIBUTING.md").partition("## How to add")[2].split("\n### ")[1:]
    assert len(recipes) > 7
    for recipe in recipes:
        assert re.search(r"`[\w/.]+\.(py|cfg)`", recipe), recipe.partition("\n")[0]


def test_contributing_lists_the_packages_that_may_use_the_request():
    names = r"^- Only ((?:[\s,]|and|`[\w.]+`)+)"
    (said,) = re.findall(names, page("CONTRIBUTING.md"), re.MULTILINE)
    held = {each.removesuffix(".") for each in MAY_USE_THE_REQUEST}
    assert set(re.findall(r"`(.+?)`", said)) == held
