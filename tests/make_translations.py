"""Updates the catalogs of translations after a text was added, changed or removed.

Type ``make translations``, translate what is empty in the ``.po`` files, and type it
again: it compiles them to the ``.mo`` files that the application reads.
"""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from helpers import ROOT
from netpresenter_next.storage.choices import Language

TRANSLATIONS = ROOT / "netpresenter_next" / "translations"
# ``marked`` texts are constants, which are translated where they are shown.
KEYWORDS = {"_": None, "_l": None, "marked": None, "ngettext": (1, 2), "gettext": None}
SOURCES = (
    ("netpresenter_next", [("**.py", "python")], {}),
    ("templates", [("**.html", "jinja2")], {"**.html": {"trimmed": "true"}}),
)
TRANSLATED = [each for each in Language if each is not Language.ENGLISH]
# No time of an update, which would change the file although nothing else did.
WRITTEN_AT = datetime(2026, 11, 27, tzinfo=UTC)
HEADER = {
    "header_comment": "# The texts of the pages of Netpresenter Next.",
    "project": "netpresenter-next",
    "version": "0.1",
    "msgid_bugs_address": "see CONTRIBUTING.md",
    "last_translator": "the authors",
    "language_team": "the authors",
    "creation_date": WRITTEN_AT,
    "revision_date": WRITTEN_AT,
    "fuzzy": False,
}


def extract() -> Catalog:
    """Return all texts that are marked for translation."""
    found = Catalog()
    for folder, methods, options in SOURCES:
        for _file, _line, text, comments, context in extract_from_dir(
            str(ROOT / folder), methods, options, keywords=KEYWORDS
        ):
            found.add(text, auto_comments=comments, context=context)
    return found


def file_of(language: Language, ending: str) -> Path:
    """Return the path of a catalog: ``po`` to edit, ``mo`` to read."""
    return TRANSLATIONS / language / "LC_MESSAGES" / f"messages.{ending}"


def read(language: Language) -> Catalog:
    """Return the catalog of a language."""
    with file_of(language, "po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def update(language: Language) -> Catalog:
    """Bring a catalog up to date with the sources, and write both of its files."""
    path = file_of(language, "po")
    path.parent.mkdir(parents=True, exist_ok=True)
    catalog = read(language) if path.exists() else Catalog(locale=language)
    catalog.update(extract(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    for name, value in HEADER.items():
        setattr(catalog, name, value)
    with path.open("wb") as file:
        write_po(file, catalog, no_location=True, sort_output=True, width=88)
    file_of(language, "mo").write_bytes(compile_catalog(catalog))
    return catalog


def compile_catalog(catalog: Catalog) -> bytes:
    """Return the compiled form of a catalog."""
    compiled = BytesIO()
    write_mo(compiled, catalog)
    return compiled.getvalue()


def list_untranslated(catalog: Catalog) -> Iterator[str]:
    """Yield the texts without a translation, of which some may have a plural."""
    for message in catalog:
        texts = message.string if message.pluralizable else (message.string,)
        if message.id and not all(texts):
            yield str(message.id)


def main() -> int:
    """Update every catalog; return 1 if a text has no translation."""
    missing = 0
    for language in TRANSLATED:
        for text in list_untranslated(update(language)):
            print(f"{language}: {text}")
            missing += 1
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
