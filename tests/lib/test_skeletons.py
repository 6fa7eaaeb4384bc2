"""Names that look the same have the same skeleton (Unicode, UTS #39)."""

import string
import subprocess
import sys
import unicodedata

import pytest

from netpresenter_next.lib import names
from netpresenter_next.lib.names import skeleton


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "\u0430da"),  # Cyrillic
        ("ada", "\u0410DA"),
        ("ADA", "\u0430d\u0430"),
        ("Ida", "\u0456da"),
        ("paul", "pau1"),
        ("paul", "pauI"),
        ("Bob", "B0b"),
        ("modem", "rnodern"),
        ("omega", "\u03bfmega"),  # Greek
        ("jane@example.org", "jane@ex\u0430mple.org"),
        ("Finance", "Fin\u0430nce"),
        ("Finance", "\U0001d405inance"),
        ("jos\xe9", "jos\u0435\u0301"),
        ("Team \u2764\ufe0f", "Team \u2764"),
        ("a'b", "a\u2019b"),
    ],
)
def test_names_that_look_the_same_have_one_skeleton(one, other):
    assert one != other
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("jane", "janet"),
        ("jos\xe9", "jose"),
        ("ada", "eda"),
        ("tom", "t0mm"),
        ("", "a"),
    ],
)
def test_names_that_look_different_have_different_skeletons(one, other):
    assert skeleton(one) != skeleton(other)


def test_a_skeleton_does_not_depend_on_letter_case():
    for letter in string.ascii_letters + string.digits:
        assert skeleton(letter.upper()) == skeleton(letter.lower()), letter


def test_a_skeleton_does_not_depend_on_unicode_composition():
    letters = (chr(number) for number in range(sys.maxunicode + 1))
    composed = [each for each in letters if unicodedata.normalize("NFD", each) != each]
    assert len(composed) > 10_000
    for each in composed:
        assert skeleton(each) == skeleton(unicodedata.normalize("NFD", each)), each


def test_the_table_is_complete_and_needs_at_most_two_passes():
    table = names._read_prototypes()
    assert len(table) == 6565
    for character in map(chr, table):
        once = names._map_to_prototypes(names._map_to_prototypes(character))
        assert names._map_to_prototypes(once) == once, ascii(character)


def test_the_tool_reproduces_the_table(tmp_path):
    """Its input is the table itself, written in the format of Unicode's files."""
    source, licence = tmp_path / "confusables.txt", tmp_path / "license.txt"
    head, rows = [], []
    for line in names._CONFUSABLES.read_text(encoding="utf-8").splitlines():
        (head if line.startswith("#") else rows).append(line)
    lines = ["# Version: 17.0.0", "# Date: 2025-07-22, 05:49:37 GMT"]
    for row in rows:
        like, characters = row.split(";")
        lines += [f"{each} ;\t{like} ;\tMA\t# remark" for each in characters.split()]
    source.write_text("\n".join(lines), encoding="utf-8")
    notice = [line.removeprefix("#").removeprefix(" ") for line in head[3:]]
    licence.write_text("\n".join(notice), encoding="utf-8")
    made = tmp_path / "made.txt"
    tool = "tests/make_look_alikes.py"
    subprocess.run([sys.executable, tool, source, licence, made], check=True)
    assert made.read_text() == names._CONFUSABLES.read_text()
