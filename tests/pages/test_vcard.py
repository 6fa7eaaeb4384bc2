"""The vCard of a colleague (RFC 6350)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netpresenter_next.directory.colleague_views import Colleague, Number
from netpresenter_next.pages import vcard

JAN = Colleague(
    id="1",
    name="Jan Smit",
    given_name="Jan",
    family_name="Smit",
    title="Buyer",
    department="Sales",
    email="jan@example.org",
    numbers=[Number("work", "+31 20 1234567"), Number("mobile", "+31 6 1234")],
)
NOBODY = Colleague("2", "x", "", "", "", "", "", [])
ESCAPED = re.compile(r"\\(.)")


def parse(card):
    """Read a card back: unfold it, split it at separators, remove the escapes."""
    assert card.endswith("\r\n")
    lines = card.removesuffix("\r\n").split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines)
    assert not any("\n" in line or "\r" in line for line in lines)
    unfolded = "\r\n".join(lines).replace("\r\n ", "").split("\r\n")
    assert unfolded[:2] == ["BEGIN:VCARD", "VERSION:4.0"]
    assert unfolded[-1] == "END:VCARD"
    return dict(map(read_property, unfolded))


def read_property(line):
    name, _, value = line.partition(":")
    parts = split_components(value) if name in ("N", "ORG") else [value]
    return name, [
        ESCAPED.sub(lambda found: "\n" if found[1] == "n" else found[1], part)
        for part in parts
    ]


def split_components(value):
    """Split at each semicolon that is not escaped."""
    parts = [""]
    for piece in re.findall(r"\\.|[^\\]", value, re.DOTALL):
        if piece == ";":
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def test_a_card_has_what_the_page_shows():
    assert parse(vcard.write(JAN)) == {
        "BEGIN": ["VCARD"],
        "VERSION": ["4.0"],
        "KIND": ["individual"],
        "FN": ["Jan Smit"],
        "N": ["Smit", "Jan", "", "", ""],
        "EMAIL;TYPE=work": ["jan@example.org"],
        "TEL;TYPE=work": ["+31 20 1234567"],
        "TEL;TYPE=cell": ["+31 6 1234"],
        "TITLE": ["Buyer"],
        "ORG": ["", "Sales"],
        "END": ["VCARD"],
    }


def test_what_is_unknown_is_left_out():
    assert vcard.write(NOBODY) == (
        "BEGIN:VCARD\r\nVERSION:4.0\r\nKIND:individual\r\nFN:x\r\nEND:VCARD\r\n"
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("Smit, Jan; x", r"FN:Smit\, Jan\; x"),
        ("a\\b", r"FN:a\\b"),
        ("a\r\nTEL:1", r"FN:a\nTEL:1"),
        ("a\rTEL:1", "FN:a\N{REPLACEMENT CHARACTER}TEL:1"),
        ("a\u2028\u202eb", "FN:a\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}b"),
        ("\ud800", "FN:\N{REPLACEMENT CHARACTER}"),
    ],
)
def test_a_text_cannot_add_a_property(name, line):
    assert vcard.write(NOBODY._replace(name=name)).split("\r\n")[3] == line


TEXTS = st.text(
    st.characters(exclude_categories=("C", "Zl", "Zp"), include_characters="\n"),
    min_size=1,
    max_size=120,
).filter(lambda text: text == vcard.replace_hidden(text))


@given(TEXTS, TEXTS, TEXTS, TEXTS)
def test_every_text_is_read_back_as_it_was(name, family, department, number):
    card = NOBODY._replace(
        name=name,
        family_name=family,
        department=department,
        numbers=[Number("work", number)],
    )
    read = parse(vcard.write(card))
    assert read["FN"] == [name]
    assert read["N"] == [family, "", "", "", ""]
    assert read["ORG"] == ["", department]
    assert read["TEL;TYPE=work"] == [number]
