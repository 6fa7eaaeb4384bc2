"""The words by which people are found, and those of a search.

A person is found by the beginning of a word, or of a part of a word: of names, the user
name, e-mail addresses, and telephone numbers.  Case, accents and punctuation do not
matter, so both are compared in letters and digits of ASCII.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby, islice
from typing import Any

from netpresenter_next.lib.text import to_ascii

# Further words of a search are ignored, and further characters of a word.
MOST_WORDS, LONGEST_WORD = 8, 64
# Only so many keys of a person are indexed, from so many characters of names and
# addresses, and of telephone numbers: others wait meanwhile to write.  No real person
# has more.
MOST_KEYS, MOST_CHARACTERS = 200, 2_000
# Only so much of a search is read.
LONGEST_TEXT = 1_000
# A telephone number is found by its end, if that has at least this many digits.
SHORTEST_END = 4
# Words of digits that follow each other in a search are one number if they have so many
# digits in all: up to an international prefix and 15 digits (E.164).
SHORTEST_NUMBER, LONGEST_NUMBER = 6, 17

# Scripts that are written without spaces between words, and Hangul: Thai, Lao, Burmese,
# Khmer, kana, ideographs.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
    "\uf900-\ufaff\U00020000-\U0003fffd]"
)
_SEPARATOR = re.compile("[^a-z0-9]+")
_NO_DIGIT = re.compile("[^0-9]+")
# What separates two numbers in one value, as in "tel:+31-20-1234567;ext=89".
_BETWEEN_NUMBERS = re.compile(r"[^0-9+()./\s-]+")
# The digit that is dialled only within a country, as in +31 (0)20.
_TRUNK_PREFIX = "(0)"

# A word of a search: a person is found by any of these spellings of it.
Spellings = tuple[str, ...]
# The words of a search: a person is found who has all of them.
Reading = tuple[Spellings, ...]


# ---------------------------------------------------------------------- people
def list_keys(document: Mapping[str, Any]) -> str:
    """Return the keys of a person, with spaces between them.

    A search finds a person by the beginning of a key.
    """
    return " ".join(dict.fromkeys(islice(_iterate_keys(document), MOST_KEYS)))


def list_parts(text: str) -> str:
    """Return the parts of the words of a text: some of their keys, and quickly."""
    return _SEPARATOR.sub(" ", to_ascii(text))


def read_searched(document: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the attributes of a person that a search looks at."""
    return tuple(
        document.get(each)
        for each in ("userName", "displayName", "name", "emails", "phoneNumbers")
    )


def _iterate_keys(document: Mapping[str, Any]) -> Iterator[str]:
    user_name, display_name, name, emails, numbers = read_searched(document)
    texts = [display_name, user_name, *_read_names(name or {}), *_read_values(emails)]
    for text in _limit(texts):
        for word in text.split():
            parts, start = _split(word), 0
            whole = "".join(parts)
            for part in parts:
                yield whole[start : start + LONGEST_WORD]
                start += len(part)
    for value in _limit(_read_values(numbers)):
        for number in _list_numbers(value):
            for start in range(max(1, len(number) - SHORTEST_END + 1)):
                yield number[start:]


def _limit(texts: Iterable[str | None]) -> Iterator[str]:
    """Return the texts that are not empty, up to ``MOST_CHARACTERS`` in all."""
    left = MOST_CHARACTERS
    for text in filter(None, texts):
        yield text[:left]
        left -= len(text)
        if left <= 0:
            return


def _read_names(name: Mapping[str, str]) -> Iterator[str | None]:
    for part in ("givenName", "familyName", "formatted"):
        yield name.get(part)


def _read_values(entries: Iterable[Mapping[str, str]] | None) -> Iterator[str]:
    for entry in entries or ():
        yield entry.get("value") or ""


def _split(word: str) -> list[str]:
    """Return the parts of a word: jan, de and vries of Jan.de-Vries."""
    if not word.isascii():
        word = _UNSPACED.sub(r" \g<0>", unicodedata.normalize("NFC", word))
    return [part for part in _SEPARATOR.split(to_ascii(word)) if part]


def _list_numbers(value: str) -> Iterator[str]:
    for number in _BETWEEN_NUMBERS.split(to_ascii(value).replace(_TRUNK_PREFIX, "")):
        if digits := _NO_DIGIT.sub("", number)[:LONGEST_WORD]:
            yield digits


# -------------------------------------------------------------------- searches
def read_search(text: str) -> list[Reading]:
    """Return the readings of a search; none if it has neither letters nor digits.

    Words of digits that follow each other may be one number: that reading is the first.
    """
    words = [
        part[:LONGEST_WORD]
        for word in text.split()
        if (part := "".join(_split(word[:LONGEST_TEXT].replace(_TRUNK_PREFIX, ""))))
    ]
    readings = (_spell(_join_numbers(words)), _spell(words))
    return [each for each in dict.fromkeys(readings) if each]


def _join_numbers(words: Iterable[str]) -> Iterator[str]:
    for is_number, run in groupby(words, str.isdigit):
        digits = list(run)
        number = "".join(digits)
        if is_number and SHORTEST_NUMBER <= len(number) <= LONGEST_NUMBER:
            yield number
        else:
            yield from digits


def _spell(words: Iterable[str]) -> Reading:
    return tuple(dict.fromkeys(map(_list_spellings, islice(words, MOST_WORDS))))


def _list_spellings(word: str) -> Spellings:
    """Return a word, and a number also without its national or international 0."""
    if not word.isdigit() or not word.startswith("0"):
        return (word,)
    without = word.removeprefix("00" if word.startswith("00") else "0")
    return (word, without) if len(without) >= SHORTEST_END else (word,)


def matches(search: Reading, keys: str) -> bool:
    """Does a search find a person with these keys?"""
    text = f" {keys}"
    return all(any(f" {each}" in text for each in spellings) for spellings in search)


def write_query(search: Reading) -> str:
    """Return a search in the syntax of FTS5; each word is quoted."""
    return " AND ".join(
        "(" + " OR ".join(f'"{each}" *' for each in spellings) + ")"
        for spellings in search
    )
