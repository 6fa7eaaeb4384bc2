"""Names are validated, and texts from outside are made safe to show."""

import sys
import unicodedata

import pytest
import regex

from netpresenter_next.lib import names

# Characters that make a name look like another one, an example of each kind.
INVISIBLE = {
    "zero width space": "\u200b",
    "zero width non-joiner": "\u200c",
    "zero width joiner": "\u200d",
    "soft hyphen": "\u00ad",
    "combining grapheme joiner": "\u034f",
    "variation selector": "\ufe0f",
    "variation selector of ideographs": "\U000e0100",
    "tag": "\U000e0061",
    "Hangul choseong filler": "\u115f",
    "Hangul jungseong filler": "\u1160",
    "Hangul filler": "\u3164",
    "halfwidth Hangul filler": "\uffa0",
    "Braille blank": "\u2800",
    "Khitan filler": "\U00016fe4",
    "right-to-left override": "\u202e",
    "left-to-right isolate": "\u2066",
    "Arabic letter mark": "\u061c",
    "byte order mark": "\ufeff",
    "no-break space": "\u00a0",
    "Ogham space": "\u1680",
    "ideographic space": "\u3000",
    "tab": "\t",
    "line feed": "\n",
    "next line": "\x85",
    "line separator": "\u2028",
    "null": "\x00",
    "escape": "\x1b",
    "bell": "\x07",
    "delete": "\x7f",
    "surrogate": "\ud800",
    "private use": "\ue000",
    "noncharacter": "\uffff",
    "unassigned": "\u0378",
    "replacement character": "\ufffd",
    "object replacement": "\ufffc",
}
WITH_JOINERS = {
    "emoji": "Team \u2764\ufe0f",
    "emoji sequence": "\U0001f469\U0001f3fd\u200d\U0001f4bb Developers",
    "keycap": "1\ufe0f\u20e3 First",
    "flag of England": "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e007f",
    "Persian": "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
    "Sinhala": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "ideographic variant": "\u845b\U000e0100\u57ce",
}


@pytest.mark.parametrize("may_join", [False, True])
@pytest.mark.parametrize("kind", INVISIBLE)
def test_an_invisible_character_is_refused_anywhere_in_a_name(kind, may_join):
    for name in ("a{}da", "{}ada", "ada{}", "{}", "\u0430{}\u0434"):
        fault = names.find_problem(name.format(INVISIBLE[kind]), 320, may_join=may_join)
        assert fault, ascii(name)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "is empty"),
        ("   ", "is empty"),
        (" ada", "starts or ends with a space"),
        ("ada ", "starts or ends with a space"),
        ("\u00b4ada", "starts or ends with a space"),  # a space in its normal form
        ("a\u200bda", "U+200B"),
        ("a" * 321, "longer than 320 characters"),
    ],
)
def test_an_invalid_name_is_refused_with_the_reason(name, words):
    assert words in (names.find_problem(name, 320) or "")


@pytest.mark.parametrize(
    "name",
    [
        *("ada", "a" * 320, "Ada Lovelace", "jos\xe9@example.org", "陳大文"),
        *("O'Neil-Smith", "Łukasz", "Ωmega & Sons (2026)", "Fiancé #2", "Привет"),
        *("\U0001f680 Launch", "\U0001fae8 New emoji", "\U00031350"),
    ],
)
def test_ordinary_names_are_accepted(name):
    assert names.find_problem(name, 320) is None
    assert names.to_one_line(name, 320) == names.clean_display_name(name) == name


@pytest.mark.parametrize("kind", WITH_JOINERS)
def test_joining_characters_are_accepted_only_where_they_are_allowed(kind):
    name = WITH_JOINERS[kind]
    assert names.find_problem(name, 320)
    assert names.find_problem(name, 320, may_join=True) is None
    assert names.to_one_line(name, 320) == names.clean_display_name(name) == name


def test_ignorable_characters_are_those_that_unicode_defines():
    known = regex.compile(r"\p{Default_Ignorable_Code_Point}")
    for number in range(sys.maxunicode + 1):
        character = chr(number)
        is_known = bool(known.match(character))
        assert is_known == bool(names._IGNORABLE_PATTERN.match(character)), hex(number)


def test_control_and_format_characters_are_replaced():
    """This holds for every code point; each is replaced, none is removed."""
    characters = [chr(number) for number in range(sys.maxunicode + 1)]
    shown = names.replace_hidden("a".join(characters))
    assert len(shown) == 2 * len(characters) - 1
    bad = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    left = {each for each in shown if unicodedata.category(each) in bad}
    assert left == {"\n", "\t"}


def test_terminal_escape_sequences_are_replaced():
    shown = names.to_one_line("ada\x1b]0;evil\x07@example.org\r\nSep 1 root: in", 320)
    assert shown == "ada\ufffd]0;evil\ufffd@example.org Sep 1 root: in"


def test_hidden_characters_are_removed_from_display_names():
    assert (
        names.clean_display_name("\u200fDoppel\u00adname\ufeff \u202e") == "Doppelname"
    )


def test_shown_names_are_limited_in_length():
    assert names.to_one_line("a" * 400, 64) == "a" * 63 + "…"
    assert len(names.to_one_line("\x00" * 1_000_000, 64)) == 64
    assert (
        len(names.clean_display_name("\u200b" * 9_000 + "a" * 400))
        == names.LONGEST_SHOWN
    )


def test_line_breaks_and_tabs_are_kept_in_texts_of_several_lines():
    assert names.replace_hidden("a\n\tb\x0bc") == "a\n\tb\ufffdc"
