"""The pages that links lead to: every text is translated, and the HTML is valid."""

import re
from html.parser import HTMLParser

import html5lib
import pytest
from babel.support import NullTranslations
from flask_babel import Domain

LANGUAGE = "⟦{}⟧"


class Pseudo(NullTranslations):
    """Puts marks around each text."""

    def gettext(self, message):
        return LANGUAGE.format(message)

    def ngettext(self, singular, plural, num):
        return LANGUAGE.format(singular if num == 1 else plural)

    ugettext, ungettext = gettext, ngettext


SKIPPED = ("script", "style", "code", "pre", "time")


class Page(HTMLParser):
    """The texts of a page outside of the marks, and where its links lead.

    What a page itself says to be in English, such as entries of the logs, is left out.
    """

    def __init__(self, page):
        super().__init__()
        self.texts, self.links, self._open = [], [], 0
        self._skipped, self._depth = "", 0
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if not self._depth and (
            tag in SKIPPED or (given.get("lang") == "en" and tag != "html")
        ):
            self._skipped = tag
        self._depth += tag == self._skipped
        if tag == "a":
            self.links.append(given.get("href", ""))
        for name in ("aria-label", "title", "alt", "placeholder", "data-label"):
            self.handle_data(given.get(name) or "")

    def handle_endtag(self, tag):
        if tag == self._skipped:
            self._depth -= 1
            self._skipped = self._skipped if self._depth else ""

    def handle_data(self, data):
        if self._depth:
            return
        text = ""
        for part in re.split("([⟦⟧])", data):
            self._open += {"⟦": 1, "⟧": -1}.get(part, 0)
            text += part if not self._open and part != "⟧" else ""
        if re.search("[A-Za-z]{2,}", text):
            self.texts.append(" ".join(text.split()))


# The whole texts that are the same in every language: products, data, times and sizes.
PRODUCTS = r"Netpresenter Next|Microsoft Entra ID|Microsoft|URL|Nederlands"
NAMES = (
    r"ada|tim|Jane|jane|jane@example\.org|@example\.org|@example|\.org|Readers"
    r"|command line|token npn_scim_test|[0-9a-f]{8}-[0-9a-f-]{27}"
)
CHANGED = r"userName|displayName|active|members|true"
MEASURED = r"(, )?\d+ \w{3} \d{4}, [\d:]+ UTC|[\d.,]+ [KMG]iB\."
SAME = re.compile(
    rf"(→ )?({PRODUCTS}|{NAMES}|{CHANGED}|{MEASURED})?( ?· Netpresenter Next)?"
)


@pytest.fixture
def company(people):
    """A company with a person and a group of each kind, and a conflict."""
    tim = people.local("tim")
    jane = people.provisioned("jane@example.org", displayName="Jane")
    people.local_group("Readers", tim, jane)
    people.block(people.provisioned("jane"))


def visit(browser):
    """Yield the path and the HTML of every kind of page that links lead to."""
    queue, seen = ["/settings", "/", "/account", "/people"], set()
    while queue:
        path = queue.pop(0)
        kind = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|=[^&]*", "ID", path)
        if kind in seen or "csv" in path or "export" in path:
            continue
        seen.add(kind)
        answer = browser.get(path)
        if answer.status_code == 200 and "html" in answer.content_type:
            yield path, answer.text
            links = (each.partition("#")[0] for each in Page(answer.text).links)
            queue += [each for each in links if each.startswith("/")]


def test_no_text_of_a_page_is_left_out(administrator, company, monkeypatch):
    monkeypatch.setattr(Domain, "get_translations", lambda self: Pseudo())
    pages = {path: Page(text) for path, text in visit(administrator)}
    found = {
        text: path
        for path, page in pages.items()
        for text in page.texts
        if not SAME.fullmatch(text)
    }
    assert len(pages) > 35
    assert found == {}


def test_the_html_of_every_page_is_valid_and_each_id_is_there_once(
    administrator, company
):
    for path, text in visit(administrator):
        parser = html5lib.HTMLParser()
        parser.parse(text)
        assert parser.errors == [], path
        ids = re.findall(r'<[^>]* id="([^"]+)"', text)
        assert len(ids) == len(set(ids)), path


def test_html_that_is_not_valid_is_found():
    parser = html5lib.HTMLParser()
    parser.parse("<!doctype html><title>x</title><p><form><form></form></form></p>")
    assert parser.errors


def test_a_text_that_is_left_out_is_found():
    page = Page('<p title="⟦Yes⟧">⟦Hello⟧ you, <b>⟦Ada⟧</b></p><a href="/x">x</a>')
    assert page.texts == ["you,"]
    assert page.links == ["/x"]
    for text in ("you,", "Added jane.", "active members", "26 members"):
        assert not SAME.fullmatch(text)


def test_a_text_beside_one_that_is_said_to_be_in_english_is_found():
    entry = '<div><span lang="en">Made <span>ada</span>.</span> Yes</div> No'
    assert Page(f'<html lang="en"><p>{entry}</p></html>').texts == ["Yes", "No"]
