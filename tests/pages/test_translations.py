"""Pages are in English and Dutch; everything else is in English."""

import ast
import re

import pytest
from babel.messages.pofile import read_po
from jinja2 import nodes

import make_translations
from helpers import ROOT, tracked
from make_translations import TRANSLATED, file_of
from netpresenter_next.directory import own_language
from netpresenter_next.storage.choices import Language
from visitors import hidden

DUTCH = {"Accept-Language": "nl-NL,nl;q=0.9,en;q=0.5"}
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|</?\w+")
# What is the same in every language.
NAMES = {"Microsoft", "Microsoft Entra ID", "Netpresenter Next", "UTC", "Entra", "SCIM"}
NAMES |= {"narrow", "medium", "wide"}  # widths of pages
ATTRIBUTES = re.compile(
    r"\b(?:aria-label|title|alt|placeholder|data-label)=[\"']([^\"'{]*[A-Za-z][^\"'{]*)"
)
WORD = re.compile(r"[A-Za-z]{2,}")


# ------------------------------------------------------------------ the catalogs
@pytest.fixture(params=TRANSLATED)
def catalog(request):
    return make_translations.read(request.param)


def test_every_text_has_a_translation_and_no_translation_is_left_over(catalog):
    """Type ``make translations``."""
    assert list(make_translations.list_untranslated(catalog)) == []
    texts = {message.id for message in make_translations.extract() if message.id}
    assert {message.id for message in catalog if message.id} == texts
    assert not any(message.fuzzy for message in catalog if message.id)


def test_a_translation_has_the_placeholders_and_tags_of_its_text(catalog):
    for message in catalog:
        assert "{" not in str(message.id), "write the value as %(name)s"
        forms = message.string if message.pluralizable else (message.string,)
        texts = message.id if message.pluralizable else (message.id,)
        allowed = [sorted(PLACEHOLDER.findall(text)) for text in texts]
        for form in forms:
            assert sorted(PLACEHOLDER.findall(form)) in allowed, form


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalog_is_that_of_the_text_file(language):
    with file_of(language, "po").open("rb") as file:
        compiled = make_translations.compile_catalog(read_po(file, locale=language))
    assert file_of(language, "mo").read_bytes() == compiled


# ------------------------------------------------------------------ marked texts
def unmarked_texts(source, environment):
    """Return the texts of a template that no call or block marks for translation."""
    blank = re.compile(r"\{%-?\s*trans\b.*?endtrans\s*-?%\}", re.S)
    tree = environment.parse(blank.sub("{{ 0 }}", source))
    shown = "".join(
        part.data if isinstance(part, nodes.TemplateData) else "\0"
        for output in tree.find_all(nodes.Output)
        for part in output.nodes
    )
    found = ATTRIBUTES.findall(shown)
    without_code = re.sub(r"<(code|pre)\b.*?</\1>", "", shown, flags=re.S)
    pieces = re.split(r"<[^>]*>|\0|&\w+;|\n", without_code)
    return [each.strip() for each in (*found, *pieces) if is_text(each)]


def is_text(piece):
    for name in sorted(NAMES, key=len, reverse=True):
        piece = piece.replace(name, "")
    return bool(WORD.search(piece))


def unmarked_words(source, environment):
    """Return the constants that an expression writes between the tags of a page."""
    found, is_in_tag = [], False
    for output in environment.parse(source).find_all(nodes.Output):
        for part in output.nodes:
            if isinstance(part, nodes.TemplateData):
                is_in_tag = part.data.rfind("<") > part.data.rfind(">")
                is_in_tag = is_in_tag or part.data.endswith('"')
            elif not is_in_tag:
                found += [each for each in list_constants(part) if is_text(each)]
    return found


def list_constants(node):
    """Return the texts that an expression may have as its value."""
    if isinstance(node, nodes.Const):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, (nodes.CondExpr, nodes.Or, nodes.Concat)):
        values = node.iter_child_nodes(exclude=["test"])
        return [text for each in values for text in list_constants(each)]
    return []


def test_no_text_of_a_page_is_unmarked(app):
    sources = {each: (ROOT / each).read_text("utf-8") for each in tracked("templates")}
    found = {
        file: unmarked_texts(source, app.jinja_env)
        + unmarked_words(source, app.jinja_env)
        for file, source in sources.items()
    }
    assert len(found) > 60
    assert {file: texts for file, texts in found.items() if texts} == {}


def test_an_unmarked_text_is_found(app):
    found = unmarked_texts('<p title="Why">Hello {{ name }}</p>', app.jinja_env)
    assert found == ["Why", "Hello"]
    marked = '<p title="{{ _("Why") }}">{% trans %}Hello {{ name }}{% endtrans %}</p>'
    assert unmarked_texts(marked, app.jinja_env) == []
    word = '<p class="{{ "a" if b }}">{{ "yes" if b else _("no") }}</p>'
    assert unmarked_words(word, app.jinja_env) == ["yes"]


def unmarked_calls(tree):
    """Return the constants that a module flashes or refuses a request with."""
    shown = {"flash", "abort", "InputRequired", "EqualTo", "AnyOf", "Length"}
    return [
        ast.unparse(each)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and getattr(call.func, "id", getattr(call.func, "attr", "")) in shown
        for each in (*call.args, *(given.value for given in call.keywords))
        if isinstance(each, ast.JoinedStr)
        or (isinstance(each, ast.Constant) and " " in str(each.value))
    ]


def test_no_message_of_a_page_is_unmarked():
    modules = tracked("netpresenter_next/pages", "netpresenter_next/web")
    files = [ROOT / each for each in modules if each.endswith(".py")]
    found = {
        file.name: unmarked_calls(ast.parse(file.read_text("utf-8"))) for file in files
    }
    assert {name: texts for name, texts in found.items() if texts} == {}


# ------------------------------------------------------------------ the language
def test_a_page_is_in_the_language_that_the_browser_asks_for(client):
    assert '<html lang="en">' in client.get("/sign-in").text
    page = client.get("/sign-in", headers=DUTCH).text
    assert '<html lang="nl">' in page
    assert "Aanmelden" in page


@pytest.mark.parametrize(
    ("asked", "language"),
    [
        ("nl-BE,en;q=0.5", "nl"),
        ("en-GB,nl;q=0.5", "en"),
        ("de,nl;q=0.5", "nl"),
        ("nl;q=0,en;q=0.1", "en"),
        ("NL", "nl"),
    ],
)
def test_the_first_language_counts_whatever_its_region(client, asked, language):
    page = client.get("/sign-in", headers={"Accept-Language": asked}).text
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize(
    "asked", ["", "*", "de", "de-DE, fr;q=0.5", ";q=x", "\x7f", "x" * 5_000]
)
def test_a_language_that_is_not_there_is_english(client, asked):
    page = client.get("/sign-in", headers={"Accept-Language": asked}).text
    assert '<html lang="en">' in page


def test_the_language_that_a_person_chose_counts_in_every_browser(app, linus):
    answer = linus.submit("/account/language", page="/account", language="nl")
    assert answer.status_code == 303
    page = linus.get("/account").text
    assert '<html lang="nl">' in page
    assert "Uw taal is opgeslagen." in page
    other = app.test_client()
    other.sign_in("linus")
    assert '<html lang="nl">' in other.get("/").text
    linus.submit("/account/language", page="/account", language="")
    assert '<html lang="en">' in other.get("/").text


def test_a_language_that_is_not_on_the_list_is_refused(linus):
    fields = hidden(linus.get("/account").text)
    for chosen in ({"language": "xx"}, {}):
        answer = linus.post("/account/language", data={**fields, **chosen})
        assert answer.status_code == 400
        assert "Choose one of the languages of the list." in answer.text


def test_choosing_a_language_is_in_the_audit_log(administrator):
    administrator.submit("/account/language", page="/account", language="nl")
    administrator.submit("/account/language", page="/account", language="en")
    log = administrator.get("/settings/system/audit-log").text
    for name in own_language.NAMES.values():
        assert f"ada chose the language {name}." in log


@pytest.mark.parametrize("path", ["/none", "/scimitar"])
def test_an_error_page_is_in_the_language_of_the_browser(client, path):
    answer = client.get(path, headers=DUTCH)
    assert answer.status_code == 404
    assert "Pagina niet gevonden" in answer.text


def test_an_error_page_is_in_the_language_that_the_person_chose(linus):
    linus.submit("/account/language", page="/account", language="nl")
    english = {"Accept-Language": "en"}
    assert "Pagina niet gevonden" in linus.get("/none", headers=english).text
    expired = linus.post("/account/language", data={}, headers=english)
    assert "Dit formulier is verlopen" in expired.text


def test_scim_clients_get_english_whatever_they_ask_for(client):
    answer = client.get("/scim/v2/Users", headers=DUTCH)
    assert answer.status_code == 401
    assert answer.json["detail"] == client.get("/scim/v2/Users").json["detail"]


def test_every_language_has_a_name_and_a_catalog():
    assert set(own_language.NAMES) == set(Language)
    assert all(file_of(each, "mo").exists() for each in TRANSLATED)
