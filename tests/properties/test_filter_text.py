"""Filters are parsed to trees and written back, and invalid text is refused."""

import re
import time

import pytest
from filter_trees import PATCH_PATHS, TREES
from hypothesis import given, settings
from hypothesis import strategies as st

from netpresenter_next.scim.errors import InvalidFilter, InvalidPath
from netpresenter_next.scim.filters import parser
from netpresenter_next.scim.filters.ast import PatchPath, Tree
from netpresenter_next.scim.filters.parser import (
    DEEPEST,
    MOST_CHARACTERS,
    MOST_CONDITIONS,
    MOST_CONDITIONS_OF_PATH,
    parse_attribute,
    parse_filter,
    parse_path,
)
from repetition import times

pytestmark = pytest.mark.repeated
often = settings(max_examples=times(500), derandomize=True, deadline=None)

# ------------------------------------------------------------------ round trips


@often
@given(TREES)
def test_parsing_a_written_filter_returns_the_same_tree(tree: Tree) -> None:
    text = str(tree)
    assert parse_filter(text) == tree
    assert str(parse_filter(text)) == text


@often
@given(PATCH_PATHS)
def test_parsing_a_written_path_returns_the_same_path(path: PatchPath) -> None:
    read = parse_path(str(path))
    assert str(read) == str(path)
    assert parse_path(str(read)) == read
    assert read.condition == path.condition


# Text as people and clients write it: with spaces, any case, and needless brackets.
SPACES = st.sampled_from([" ", "  ", " \t "])
WORDS = st.sampled_from(["userName", "x-1", "emails.value", "$ref", "urn:a:b:c.d", "a"])
OPERATORS = st.sampled_from(["eq", "Ne", "CO", "sW", "ew", "gt", "GE", "lt", "le"])
NUMBERS = st.from_regex(
    r"-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,18})?([eE][+-]?[0-9]{1,2})?", fullmatch=True
)
STRINGS = st.sampled_from(
    [r'"a"', '""', r'"\""', r'"\\"', r'"\u00e9"', '"é"', r'"\ud83d\ude00"', r'"\/\n"']
)
VALUES = st.one_of(STRINGS, NUMBERS, st.sampled_from(["TRUE", "false", "Null"]))


@st.composite
def written_filters(draw: st.DrawFn, depth: int = 3) -> str:
    """Return the text of a valid filter, in any of its spellings."""
    kind = draw(st.integers(0, 8 if depth else 1))
    gap = draw(SPACES)
    if kind <= 1:
        name, value = draw(WORDS), draw(VALUES)
        test = draw(st.sampled_from([f"{draw(OPERATORS)}{gap}{value}", "pr", "PR"]))
        return f"{name}{gap}{test}"
    inner = draw(written_filters(depth=depth - 1))
    if kind <= 3:
        return f"({gap}{inner})" if kind == 2 else f"NOT{gap}({inner}{gap})"
    if kind == 4:
        return f"{draw(WORDS)}[{gap}{inner}]"
    if kind == 5:
        part = draw(st.sampled_from(["value", "$REF", "and", "notes"]))
        return f"emails[{inner}].{part}{gap}eq{gap}{draw(VALUES)}"
    word = draw(st.sampled_from(["and", "OR", "And", "or"]))
    return f"{inner}{gap}{word}{gap}{draw(written_filters(depth=depth - 1))}"


@often
@given(written_filters())
def test_writing_a_parsed_filter_keeps_its_meaning(text: str) -> None:
    tree = parse_filter(text)
    assert parse_filter(str(tree)) == tree


# ------------------------------------------------------------------ malformed text
PIECES = re.compile(r'"(?:[^"\\]|\\.)*"|[()\[\]]|[^\s()\[\]"]+|\s+', re.DOTALL)
LITTER = r"""
( ) [ ] " \ . : - -- $ % {} 'x' and or not eq pr null 1e 01 1. --1 urn: é ſ K ١
"\u12" "\ud800" "\u0000" "\x"
"""
JUNK = st.one_of(
    st.sampled_from([*LITTER.split(), "\0", "\ud800", "\u2028", "\xa0", '"\0"']),
    st.text(max_size=4),
    st.text(st.characters(categories=["Cs", "Cc", "Nd", "Zs"]), max_size=3),
)


@st.composite
def mutated_filters(draw: st.DrawFn) -> str:
    """Return a filter in which pieces were removed, doubled, moved or added."""
    pieces = PIECES.findall(draw(written_filters()))
    for _ in range(draw(st.integers(1, 4))):
        where = draw(st.integers(0, len(pieces)))
        how = draw(st.sampled_from(["insert", "delete", "double", "swap", "cut"]))
        if how == "insert" or where >= len(pieces):
            pieces.insert(where, draw(JUNK))
        elif how == "delete":
            del pieces[where]
        elif how == "double":
            pieces.insert(where, pieces[where])
        elif how == "swap":
            pieces[where], pieces[-1] = pieces[-1], pieces[where]
        else:
            pieces[where] = pieces[where][: draw(st.integers(0, 6))]
    return "".join(pieces)


@settings(often, max_examples=times(800))
@given(mutated_filters())
def test_a_malformed_filter_is_parsed_or_refused(text: str) -> None:
    try:
        tree = parse_filter(text)
    except InvalidFilter as error:
        assert re.match(r"The filter is (wrong at position \d+: |longer)", str(error))  # noqa: PT017
    else:
        assert parse_filter(str(tree)) == tree


@often
@given(mutated_filters() | st.text(st.characters()))
def test_a_malformed_path_is_parsed_or_refused(text: str) -> None:
    for read, what in ((parse_path, "path"), (parse_attribute, "attribute name")):
        try:
            path = read(text)
        except InvalidPath as error:
            assert re.match(f"The {what} is (wrong at position|longer)", str(error))  # noqa: PT017
        else:
            assert read(str(path)) == path


@often
@given(st.text(st.characters()))
def test_arbitrary_text_is_parsed_or_refused(text: str) -> None:
    try:
        parse_filter(text)
    except InvalidFilter as error:
        assert error.detail  # noqa: PT017


# ------------------------------------------------------------------------- examples
VALID_FILTERS = {
    'userName eq "bjensen"': 'userName eq "bjensen"',
    'USERNAME EQ "bjensen"': 'USERNAME eq "bjensen"',
    ' userName  eq\t"x" ': 'userName eq "x"',
    'name.familyName co "O\'Malley"': 'name.familyName co "O\'Malley"',
    'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"': (
        'urn:ietf:params:scim:schemas:core:2.0:User:userName sw "J"'
    ),
    'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName sw "J"': (
        'urn:ietf:params:scim:schemas:core:2.0:User:name.familyName sw "J"'
    ),
    "title pr": "title pr",
    "title PR and userType pr": "title pr and userType pr",
    'meta.lastModified gt "2011-05-13T04:42:34Z"': (
        'meta.lastModified gt "2011-05-13T04:42:34Z"'
    ),
    "a pr and b pr or c pr and d pr": "a pr and b pr or c pr and d pr",
    "a pr and (b pr or c pr)": "a pr and (b pr or c pr)",
    "(a pr and b pr) or c pr": "a pr and b pr or c pr",
    "((a pr))": "a pr",
    "a pr or (b pr or c pr)": "a pr or b pr or c pr",
    "not (a pr)": "not (a pr)",
    "NOT(a pr or b pr)": "not (a pr or b pr)",
    "not (not (a pr)) and b pr": "not (not (a pr)) and b pr",
    'emails[type eq "work"]': 'emails[type eq "work"]',
    'emails[type eq "work" and value co "@x"] or ims[type eq "xmpp"]': (
        'emails[type eq "work" and value co "@x"] or ims[type eq "xmpp"]'
    ),
    'emails[type eq "work"].value eq "a@b"': (
        'emails[type eq "work" and value eq "a@b"]'
    ),
    'emails[type eq "work" or primary eq true].value pr': (
        'emails[(type eq "work" or primary eq true) and value pr]'
    ),
    "active eq TRUE": "active eq true",
    "active ne False": "active ne false",
    "title eq NULL": "title eq null",
    "x eq 5": "x eq 5",
    "x gt -5.5": "x gt -5.5",
    "x le 1e3": "x le 1000.0",
    r'x eq "\"\\\/\n\u00e9"': r'x eq "\"\\/\né"',
    r'x eq "\ud83d\ude00"': 'x eq "😀"',
    'x eq ""': 'x eq ""',
    'x eq "%_"': 'x eq "%_"',
    'members[$ref ew "/1"]': 'members[$ref ew "/1"]',
    "and pr and or pr": "and pr and or pr",
    "eq eq 1": "eq eq 1",
    "null eq null": "null eq null",
}
NOT_UNDERSTOOD = "is not understood"
INVALID_FILTERS = {
    "": "position 0: an attribute name is missing, not the end",
    "   ": "position 0: an attribute name is missing, not the end",
    "userName": "position 8: an operator is missing after userName",
    "userName eq": "position 11: a value is missing, not the end",
    'userName "x"': "position 9: an operator is missing after userName",
    'userName is "x"': "position 9: an operator is missing after userName",
    "userName eq x": "position 12: a value is missing, not x (text needs double",
    "userName eq 'x'": """position 12: "'x'" is not understood""",
    'userName eq "x': """position 12: '"x' is not understood""",
    'userName eq "x\\"': NOT_UNDERSTOOD,
    'userName eq "x" y': "position 16: unexpected 'y'",
    'userName eq "x" "y"': "position 16",
    'eq "x"': "position 3: an operator is missing after eq",
    "a pr and": "position 8: an attribute name is missing, not the end",
    "and a pr": "position 4: an operator is missing after and",
    "a pr or or b pr": "position 11: an operator is missing after or",
    "a pr b pr": "position 5: unexpected 'b'",
    "(a pr": "position 5: ')' is missing before the end",
    "a pr)": "position 4: unexpected ')'",
    "()": "position 1: an attribute name is missing, not )",
    "not a pr": "position 4: '(' is missing before a",
    "not": "position 3: '(' is missing before the end",
    "emails[]": "position 7: an attribute name is missing, not ]",
    "emails[type pr": "position 14: ']' is missing before the end",
    "emails[type pr)": "position 14: ']' is missing before )",
    'emails[type pr].not eq "x"': "position 15: .not is not a sub-attribute",
    "a eq 1e309": "position 5: the number is too large",
    "emails[type pr].": "position 15: '.' is not understood",
    "emails[type pr].a.b pr": "position 15: .a.b is not a sub-attribute",
    "emails[type pr].value": "position 21: an operator is missing after value",
    "emails[type pr] .value": "position 22: an operator is missing after value",
    ".value pr": "position 0: an attribute name is missing, not .value",
    "a.b.c pr": "position 0: an attribute name is missing, not a.b.c",
    "a. pr": "position 0: an attribute name is missing, not a.",
    "1a pr": NOT_UNDERSTOOD,
    "_a pr": NOT_UNDERSTOOD,
    "$x pr": "position 0: an attribute name is missing, not $x",
    "urn: pr": "position 0: an attribute name is missing, not urn:",
    "url:a:b pr": "position 0: an attribute name is missing, not url:a:b",
    "é pr": "position 0: 'é pr' is not understood",
    "a eq 01": NOT_UNDERSTOOD,
    "a eq +1": NOT_UNDERSTOOD,
    "a eq 1.": NOT_UNDERSTOOD,
    "a eq .5": "position 5: '.5' is not understood",
    "a eq 1x": NOT_UNDERSTOOD,
    "a eq 1234567890123456789": NOT_UNDERSTOOD,
    "a eq ١": NOT_UNDERSTOOD,
    "a eq NaN": "position 5: a value is missing, not NaN",
    "a eq (1)": "position 5: a value is missing, not (",
    'a eq ["x"]': "position 5: a value is missing, not [",
    r'a eq "\x"': "position 5: the text has a wrong escape",
    r'a eq "\u12"': "position 5: the text has a wrong escape",
    r'a eq "\ud800"': "position 5: the text has a wrong escape",
    r'a eq "\u0000"': "position 5: the text holds a NUL",
    'a eq "\n"': NOT_UNDERSTOOD,
    'a\xa0eq "x"': "an attribute name is missing",
    'a eq "x";b pr': "position 8: ';b pr' is not understood",
    'a eq "x" -- ': "position 9: '-- ' is not understood",
    "{}": NOT_UNDERSTOOD,
}


@pytest.mark.parametrize(("text", "canonical"), VALID_FILTERS.items())
def test_a_valid_filter_is_parsed(text: str, canonical: str) -> None:
    assert str(parse_filter(text)) == canonical
    assert str(parse_filter(canonical)) == canonical


@pytest.mark.parametrize(("text", "words"), INVALID_FILTERS.items())
def test_an_invalid_filter_is_refused_with_position_and_reason(
    text: str, words: str
) -> None:
    with pytest.raises(InvalidFilter) as caught:
        parse_filter(text)
    assert caught.value.detail.startswith("The filter is wrong at position ")
    assert words in caught.value.detail
    assert caught.value.status == 400
    assert caught.value.scim_type == "invalidFilter"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("displayName", ("displayName", None, None)),
        ("name.givenName", ("name.givenName", None, None)),
        ("urn:a:b:1.0:User:x.y", ("urn:a:b:1.0:User:x.y", None, None)),
        ('emails[type eq "work"]', ("emails", 'type eq "work"', None)),
        ('emails[type EQ "work"].value', ("emails", 'type eq "work"', "value")),
        ("members[$ref pr].$ref", ("members", "$ref pr", "$ref")),
    ],
)
def test_a_valid_path_is_parsed(
    text: str, parts: tuple[str, str | None, str | None]
) -> None:
    path = parse_path(text)
    condition = None if path.condition is None else str(path.condition)
    assert (str(path.path), condition, path.part) == parts


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "position 0: an attribute name is missing"),
        ("a b", "position 2: unexpected 'b'"),
        ("a.b.c", "position 0: an attribute name is missing"),
        ("a[", "position 2: an attribute name is missing"),
        ("a[b pr", "position 6: ']' is missing"),
        ("a[b pr]c", "position 7: unexpected 'c'"),
        ("a[b pr].c.d", "position 7: .c.d is not a sub-attribute"),
        ("a[b pr].c[d pr]", "position 9: unexpected '['"),
        ("a[0]", "position 2: an attribute name is missing"),
        ('a eq "x"', "position 2: unexpected 'eq'"),
        ("/a/b", "position 0: '/a/b' is not understood"),
    ],
)
def test_an_invalid_path_is_refused_with_position_and_reason(
    text: str, words: str
) -> None:
    with pytest.raises(InvalidPath) as caught:
        parse_path(text)
    assert f"The path is wrong at {words}" in caught.value.detail
    assert caught.value.scim_type == "invalidPath"


# --------------------------------------------------------------------------- limits
def test_the_length_is_bounded() -> None:
    fits = 'a eq "' + "x" * (MOST_CHARACTERS - 7) + '"'
    assert len(fits) == MOST_CHARACTERS
    parse_filter(fits)
    with pytest.raises(InvalidFilter, match=f"longer than {MOST_CHARACTERS} char"):
        parse_filter(fits + " ")
    with pytest.raises(InvalidPath, match=f"path is longer than {MOST_CHARACTERS}"):
        parse_path("a" * (MOST_CHARACTERS + 1))


@pytest.mark.parametrize(
    ("opening", "closing"), [("(", ")"), ("not(", ")"), ("a[", "]")]
)
def test_the_depth_is_bounded(opening: str, closing: str) -> None:
    def nested(depth: int) -> str:
        return opening * depth + "a pr" + closing * depth

    parse_filter(nested(DEEPEST - 1))
    position = len(opening) * DEEPEST
    words = f"position {position}: nested deeper than {DEEPEST}"
    with pytest.raises(InvalidFilter, match=words):
        parse_filter(nested(DEEPEST))
    if "[" not in opening:
        with pytest.raises(InvalidPath, match="nested deeper"):
            parse_path(f"x[{nested(DEEPEST)}]")


@pytest.mark.parametrize("word", ["and", "or"])
def test_the_number_of_conditions_is_bounded(word: str) -> None:
    joint = f" {word} "
    parse_filter(joint.join(["a pr"] * MOST_CONDITIONS))
    position = MOST_CONDITIONS * len("a pr" + joint)
    words = f"position {position}: more than {MOST_CONDITIONS} conditions"
    with pytest.raises(InvalidFilter, match=words):
        parse_filter(joint.join(["a pr"] * (MOST_CONDITIONS + 1)))


def test_the_number_of_conditions_in_a_path_is_bounded() -> None:
    several = ["a pr"] * MOST_CONDITIONS_OF_PATH
    parse_path(f"x[{' and '.join(several)}]")
    words = f"more than {MOST_CONDITIONS_OF_PATH} conditions"
    with pytest.raises(InvalidPath, match=words):
        parse_path(f"x[{' and '.join([*several, 'a pr'])}]")


HOSTILE = [
    *("(", ")", "[", '"', "\\", ".", ":", "-", " ", "\t", "1", "a", "é", "\xa0", "$"),
    *("not", "not(", "a[", "a.", "urn:", "urn:a:", "a:", "1e", "1.", '\\"', '"\\'),
    *('""', "a pr and ", "a pr or ", "(a pr) or ", 'a eq "', "a eq 1 ", " \n", "e-"),
    *("a[b pr].c eq 1 and ", "not (", "urn:a.b", '"\\u'),
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("before", ["", 'a eq "', "urn:"])
def test_parsing_time_is_linear_in_the_length(
    piece: str, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Five times the limit: a parser that is not linear would take minutes.
    length = 5 * MOST_CHARACTERS
    monkeypatch.setattr(parser, "MOST_CHARACTERS", length)
    monkeypatch.setattr(parser, "MOST_CONDITIONS", length)
    monkeypatch.setattr(parser, "MOST_CONDITIONS_OF_PATH", length)
    text = (before + piece * length)[: length - 1] + "!"
    start = time.process_time()
    for read in (parse_filter, parse_path):
        with pytest.raises((InvalidFilter, InvalidPath)):
            read(text)
    assert time.process_time() - start < 3
