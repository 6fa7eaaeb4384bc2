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


def read(text):
    return [list(each) for each in search_words.read_search(text)]


def is_found(text, document):
    keys = search_words.list_keys(document)
    return any(search_words.matches(each, keys) for each in read(text))


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
    assert read(text)
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
        ("a a A", [[("a",)]]),
        ("12 34", [[("12",), ("34",)]]),
        ("12 34 56", [[("123456",)], [("12",), ("34",), ("56",)]]),
        (
            "jan 123 456 x",
            [
                [("jan",), ("123456",), ("x",)],
                [("jan",), ("123",), ("456",), ("x",)],
            ],
        ),
        ("123456", [[("123456",)]]),
        ("0612345 x", [[("0612345", "612345"), ("x",)]]),
        ("0123", [[("0123",)]]),
        ("00 1234", [[("001234", "1234")], [("00",), ("1234",)]]),
        ("a b c d e f g h i j", [[(each,) for each in "abcdefgh"]]),
        ("x" * 100, [[("x" * 64,)]]),
    ],
)  # fmt: skip
def test_a_search_is_parsed(text, expected):
    assert read(text) == expected


def test_the_keys_of_a_person_are_bounded():
    emails = [{"value": f"{number}.{'字' * 5_000}"} for number in range(2_000)]
    document = {"userName": "字" * 5_000, "emails": emails}
    keys = search_words.list_keys(document).split()
    assert len(keys) <= search_words.MOST_KEYS
    assert max(map(len, keys)) == search_words.LONGEST_WORD


@pytest.mark.parametrize("value", ["\ufdfd" * 990, "! " * 500, "a." * 500, "1" * 1_000])
def test_of_hostile_values_little_is_read(value, monkeypatch):
    """As if 100 addresses had many equal parts, or nothing to search for."""
    read = []
    convert = search_words.to_ascii
    monkeypatch.setattr(
        search_words, "to_ascii", lambda text: read.append(text) or convert(text)
    )
    entries = [{"value": f"{value}{number}"} for number in range(100)]
    document = {"userName": "jan", "emails": entries, "phoneNumbers": entries}
    keys = search_words.list_keys(document)
    assert keys.startswith("jan")
    assert sum(map(len, read)) <= 3 * search_words.MOST_CHARACTERS
    assert len(keys) <= search_words.MOST_KEYS * (search_words.LONGEST_WORD + 1)


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("Exam 2024 112233", ["Exam 2024 112233", "112233 2024", "2024 exam"]),
        ("Exam 001 002", ["exam 001 002", "002 001"]),
    ],
)
def test_names_with_digits_are_found_by_their_words_in_any_order(name, texts):
    for text in texts:
        assert is_found(text, {"userName": "x", "displayName": name}), text
