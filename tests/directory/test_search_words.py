"""By which words a person is found, and the words of a search."""

import pytest

from netpresenter_next.directory import search_words

JAN = {
    "userName": "J.de-Vries@example.org",
    "displayName": "Ján O'Brien de Vries",
    "name": {"givenName": "Łukasz", "familyName": "Żółć", "formatted": "Prof. Dr. X"},
    "emails": [{"value": "home@vriesjes.example", "type": "home"}, {"type": "work"}],
    "phoneNumbers": [{"value": "+31 (0)20 123 45 67"}, {"value": "tel:112;ext=9"}],
}


def is_found(text, document):
    return search_words.matches(
        search_words.parse_search(text), search_words.list_keys(document)
    )


@pytest.mark.parametrize(
    "text",
    [
        *("jan", "JÁN", "vries jan", "de", "j.de-vries@example.org", "de-vries@ex"),
        *("jdevries", "vries@example", "example.org", "@example", "org", "brien"),
        *("obrien", "o’brien", "lukasz", "zolc", "Z\u0307o", "prof.", "x", "vriesjes"),
        *("+31 20 123 45 67", "+31(0)201234567", "020-1234567", "020 123 45 67"),
        *(
            "0031 20 1234567",
            "4567",
            "34567",
            "1234567",
            "112",
            "vries, jan",
            "( jan )",
        ),
        *("9", "J 4567"),
    ],
)
def test_a_person_is_found_by(text):
    assert search_words.parse_search(text)
    assert is_found(text, JAN)


@pytest.mark.parametrize(
    "text",
    [
        "an",
        "ries",
        "xample",
        "jan jansen",
        "567",
        "39",
        "+32 20 1234567",
        "31 4567 x y",
    ],
)
def test_a_person_is_not_found_by(text):
    assert not is_found(text, JAN)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("李小龙", "小龙"),
        ("김철수", "철수"),
        ("タナカ", "ナカ"),
        ("สมชาย", "ชาย"),
        ("Иван", "ив"),
    ],
)
def test_names_without_spaces_are_found_from_each_character(name, text):
    assert is_found(text, {"userName": "x", "displayName": name})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        (" % \"*\" - \N{GRINNING FACE}"[:-1], []),
        ("a a A", [("a",)]),
        ("12 34", [("12",), ("34",)]),
        ("12 34 56", [("123456",)]),
        ("jan 12 34 56 x", [("jan",), ("123456",), ("x",)]),
        ("1 2 x 34 5 6 7 8", [("1",), ("2",), ("x",), ("345678",)]),
        ("061234567 020123456", [("061234567", "61234567"), ("020123456", "20123456")]),
        ("0123", [("0123",)]),
        ("00 12 34", [("001234", "1234")]),
        ("a b c d e f g h i j", [(each,) for each in "abcdefgh"]),
        ("x" * 100, [("x" * 64,)]),
    ],
)  # fmt: skip
def test_a_search_is_parsed(text, expected):
    assert search_words.parse_search(text) == expected


def test_the_keys_of_a_person_are_bounded():
    emails = [{"value": f"{number}.{'字' * 5_000}"} for number in range(2_000)]
    document = {"userName": "字" * 5_000, "emails": emails}
    keys = search_words.list_keys(document).split()
    assert len(keys) <= search_words.MOST_KEYS
    assert max(map(len, keys)) == search_words.LONGEST_WORD
