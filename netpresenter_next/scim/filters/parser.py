"""The parser of filters and paths (RFC 7644, 3.4.2.2 and 3.5.2).

It checks the grammar, not the attributes.  Filters are untrusted input, so length,
nesting and number of conditions are limited, and the time is linear in the length.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NoReturn

from netpresenter_next.schema.characteristics import Path
from netpresenter_next.scim.errors import InvalidFilter, InvalidPath, ScimError
from netpresenter_next.scim.filters.ast import (
    COMPARISONS,
    And,
    Comparison,
    Element,
    Not,
    Or,
    PatchPath,
    Present,
    Tree,
)
from netpresenter_next.scim.values import Literal

MOST_CHARACTERS = 8000
MOST_CONDITIONS = 50
MOST_CONDITIONS_OF_PATH = 5  # every operation evaluates each of them for every value
DEEPEST = 20


def parse_filter(text: str) -> Tree:
    """Parse a filter; raises InvalidFilter with the position and the reason."""
    parser = _Parser(text, InvalidFilter, "filter")
    tree = parser.parse_filter()
    parser.expect_end()
    return tree


def parse_path(text: str) -> PatchPath:
    """Parse the path of a PATCH operation; raises InvalidPath."""
    parser = _Parser(text, InvalidPath, "path")
    path = parser.parse_path()
    condition = part = None
    if parser.accept("["):
        condition = parser.parse_filter()
        parser.expect("]")
        part = parser.parse_part_after_bracket()
    parser.expect_end()
    return PatchPath(path, condition, part)


def parse_attribute(text: str) -> Path:
    """Parse an attribute name, such as that of ``sortBy``; raises InvalidPath."""
    parser = _Parser(text, InvalidPath, "attribute name")
    path = parser.parse_path()
    parser.expect_end()
    return path


_NAME = r"(?:[A-Za-z][A-Za-z0-9_-]*|\$[rR][eE][fF])"
_PATH = re.compile(
    rf"(?:(?P<urn>(?i:urn):\S+):)?(?P<name>{_NAME})(?:\.(?P<part>{_NAME}))?"
)
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<mark>[()\[\]])
      | (?P<string>"(?:[^"\\\x00-\x1f]|\\.)*")
      | (?P<number>-?(?:0|[1-9]\d{0,17})(?:\.\d{1,40})?(?:[eE][+-]?\d{1,3})?)(?![\w.])
      | (?P<word>\.?[A-Za-z$][^\s()\[\]"]*)
    )""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    position: int


class _Parser:
    """A recursive descent parser: or, and, not, condition."""

    def __init__(self, text: str, error: type[ScimError], what: str) -> None:
        self._error, self._what = error, what
        if len(text) > MOST_CHARACTERS:
            raise error(f"The {what} is longer than {MOST_CHARACTERS} characters.")
        self._tokens = self._tokenize(text)
        self._index = 0
        self._depth = 0
        self._conditions = 0
        is_path = error is InvalidPath
        self._most = MOST_CONDITIONS_OF_PATH if is_path else MOST_CONDITIONS

    def _tokenize(self, text: str) -> Sequence[_Token]:
        tokens, position, end = [], 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if match is None or match.lastgroup is None:
                start = position + len(text[position:]) - len(text[position:].lstrip())
                self._fail(f"{text[start : start + 20]!r} is not understood", start)
            kind = match.lastgroup
            tokens.append(_Token(kind, match[kind], match.start(kind)))
            position = match.end()
        tokens.append(_Token("end", "the end", end))
        return tokens

    def _fail(self, reason: str, position: int) -> NoReturn:
        raise self._error(
            f"The {self._what} is wrong at position {position}: {reason}."
        )

    @property
    def _token(self) -> _Token:
        return self._tokens[self._index]

    def accept(self, text: str) -> bool:
        """Consume the next token if it is this mark or keyword."""
        token = self._token
        if token.kind in ("mark", "word") and token.text.lower() == text:
            self._index += 1
            return True
        return False

    def expect(self, text: str) -> None:
        """Consume this mark, or fail."""
        if not self.accept(text):
            self._fail(
                f"{text!r} is missing before {self._token.text}", self._token.position
            )

    def expect_end(self) -> None:
        """Fail unless all tokens are consumed."""
        if self._token.kind != "end":
            self._fail(f"unexpected {self._token.text!r}", self._token.position)

    def parse_filter(self) -> Tree:
        """Parse a filter: terms joined by ``or``."""
        self._depth += 1
        if self._depth > DEEPEST:
            self._fail(f"nested deeper than {DEEPEST}", self._token.position)
        terms = [self._parse_and()]
        while self.accept("or"):
            terms.append(self._parse_and())
        self._depth -= 1
        return terms[0] if len(terms) == 1 else Or(_flatten(Or, terms))

    def _parse_and(self) -> Tree:
        terms = [self._parse_term()]
        while self.accept("and"):
            terms.append(self._parse_term())
        return terms[0] if len(terms) == 1 else And(_flatten(And, terms))

    def _parse_term(self) -> Tree:
        if self.accept("not"):
            self.expect("(")
            inner = self.parse_filter()
            self.expect(")")
            return Not(inner)
        if self.accept("("):
            inner = self.parse_filter()
            self.expect(")")
            return inner
        return self._parse_condition()

    def _parse_condition(self) -> Tree:
        self._conditions += 1
        if self._conditions > self._most:
            self._fail(f"more than {self._most} conditions", self._token.position)
        path = self.parse_path()
        if not self.accept("["):
            return self._parse_comparison(path)
        condition = self.parse_filter()
        self.expect("]")
        part = self.parse_part_after_bracket()
        if part is None:
            return Element(path, condition)
        # Entra ID sends emails[type eq "work"].value eq "x": one element matches both.
        compared = self._parse_comparison(Path(part))
        return Element(path, And(_flatten(And, [condition, compared])))

    def parse_path(self) -> Path:
        """Parse an attribute path: ``urn:name.part``."""
        token = self._token
        match = _PATH.fullmatch(token.text) if token.kind == "word" else None
        if match is None:
            self._fail(
                f"an attribute name is missing, not {token.text}", token.position
            )
        self._index += 1
        return Path(match["name"], match["part"], match["urn"])

    def parse_part_after_bracket(self) -> str | None:
        """Parse ``.part`` after a closing bracket, if there is one."""
        token = self._token
        if token.kind != "word" or not token.text.startswith("."):
            return None
        name = token.text[1:]
        if not re.fullmatch(_NAME, name) or name.lower() == "not":
            self._fail(f"{token.text} is not a sub-attribute", token.position)
        self._index += 1
        return name

    def _parse_number(self, token: _Token) -> int | float:
        number: int | float = json.loads(token.text)
        if number in (float("inf"), float("-inf")):
            self._fail("the number is too large", token.position)
        return number

    def _parse_comparison(self, path: Path) -> Tree:
        token = self._token
        operator = token.text.lower() if token.kind == "word" else ""
        if operator == "pr":
            self._index += 1
            return Present(path)
        if operator not in COMPARISONS:
            self._fail(f"an operator is missing after {path}", token.position)
        self._index += 1
        return Comparison(path, operator, self._parse_literal())

    def _parse_literal(self) -> Literal:
        token = self._token
        self._index += 1
        if token.kind == "word" and token.text.lower() in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[token.text.lower()]
        if token.kind == "number":
            return self._parse_number(token)
        if token.kind == "string":
            try:
                value = str(json.loads(token.text))
                value.encode("utf-8")  # fails for a lone surrogate
            except ValueError:
                self._fail("the text has a wrong escape", token.position)
            if "\0" in value:
                self._fail("the text holds a NUL", token.position)
            return value
        return self._fail(
            f"a value is missing, not {token.text} (text needs double quotes)",
            token.position,
        )


def _flatten(kind: type[And] | type[Or], terms: Sequence[Tree]) -> tuple[Tree, ...]:
    """Merge nested terms of the same kind, so that equal filters have equal trees."""
    flat: list[Tree] = []
    for term in terms:
        flat.extend(term.terms if isinstance(term, kind) else [term])
    return tuple(flat)
