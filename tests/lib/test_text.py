"""Folding of names, and names of browsers."""

import sys

import pytest

from netpresenter_next.lib.text import describe_browser, fold, make_sort_key


def test_folding_twice_changes_nothing_for_any_character():
    for number in range(sys.maxunicode + 1):
        folded = fold(chr(number))
        assert fold(folded) == folded, hex(number)


@pytest.mark.parametrize(
    "variant",
    [
        "kevin@t",
        "KEVIN@T",
        "\N{KELVIN SIGN}evin@t",
        "\N{FULLWIDTH LATIN SMALL LETTER K}evin@t",
    ],
)
def test_variants_of_a_letter_fold_to_one_name(variant):
    assert fold(variant) == fold("Kevin@t")


def test_sharp_s_folds_to_double_s():
    assert fold("straße@t") == fold("STRASSE@T")


def test_composed_and_decomposed_accents_fold_to_one_name():
    assert fold("jose\N{COMBINING ACUTE ACCENT}@t") == fold("jos\xe9@t")


def test_different_letters_stay_different():
    assert len({fold(name) for name in ("ada", "àda", "adа", "ad a")}) == 4


CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36"
APPLE = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Safari/605.1.15"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (f"(Windows NT 10.0; Win64; x64) {CHROME} Edg/156.0", "Edge on Windows"),
        (f"(X11; Linux x86_64) {CHROME}", "Chrome on Linux"),
        (f"(Linux; Android 16; Pixel 9) {CHROME}", "Chrome on Android"),
        ("(X11; Linux; rv:140.0) Gecko/2010 Firefox/140.0", "Firefox on Linux"),
        (f"(iPhone; CPU iPhone OS 19 like Mac OS X) {APPLE}", "Safari on iPhone"),
        (f"(Macintosh; Intel Mac OS X 15) {APPLE}", "Safari on macOS"),
        ("curl/8.5.0", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_named_after_its_user_agent_header(header, name):
    assert describe_browser(f"Mozilla/5.0 {header}") == name


@pytest.mark.parametrize(
    "names",
    [
        ["Ann", "Ann Lee", "Anna", "Ánna", "Anne"],
        ["Lucas", "Lukáš", "Łukasz", "Lux", "Mia"],
        ["Zoe", "Zoé", "Zo\u00eb", "Zo\u00eb van Dam", "zoe2"],
        ["9 lives", "Ærø", "Bo", "\u0418\u0432\u0430\u043d", "Ivo", "Øyvind", "Zeno"],
    ],
)
def test_names_are_sorted_without_regard_to_accents_and_case(names):
    assert sorted(set(names), key=make_sort_key) == names


def test_composed_and_decomposed_letters_are_sorted_together():
    assert make_sort_key("Zoe\u0308")[:5] == make_sort_key("Zo\u00eb")[:5] == "zoe  "
