"""The syntax tree of a filter or path; ``str`` of a tree is its text."""

import json
from dataclasses import dataclass, field

from netpresenter_next.schema.characteristics import Path
from netpresenter_next.scim.values import Literal, Placeholder, read_literal

COMPARISONS = ("eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le")


@dataclass(frozen=True)
class Comparison:
    """``path operator literal``; the operator is in lower case."""

    path: Path
    operator: str
    literal: Literal | Placeholder
    # So that a comparison with true does not equal one with 1.
    literal_type: type = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "literal_type", type(self.literal))

    def __str__(self) -> str:
        literal = json.dumps(read_literal(self.literal), ensure_ascii=False)
        return f"{self.path} {self.operator} {literal}"


@dataclass(frozen=True)
class Present:
    """``path pr``."""

    path: Path

    def __str__(self) -> str:
        return f"{self.path} pr"


@dataclass(frozen=True)
class Element:
    """``path[condition]``: one element matches the whole condition."""

    path: Path
    condition: "Tree"

    def __str__(self) -> str:
        return f"{self.path}[{self.condition}]"


@dataclass(frozen=True)
class Not:
    """``not (term)``."""

    term: "Tree"

    def __str__(self) -> str:
        return f"not ({self.term})"


@dataclass(frozen=True)
class And:
    """All of the terms; never directly inside another And."""

    terms: tuple["Tree", ...]

    def __str__(self) -> str:
        return " and ".join(
            f"({each})" if isinstance(each, Or) else str(each) for each in self.terms
        )


@dataclass(frozen=True)
class Or:
    """Any of the terms; never directly inside another Or."""

    terms: tuple["Tree", ...]

    def __str__(self) -> str:
        return " or ".join(str(each) for each in self.terms)


Tree = Comparison | Present | Element | Not | And | Or


@dataclass(frozen=True)
class PatchPath:
    """The target of a PATCH operation: ``path[condition].part``."""

    path: Path
    condition: Tree | None = None
    part: str | None = None

    def __str__(self) -> str:
        text = f"{self.path}[{self.condition}]" if self.condition else str(self.path)
        return f"{text}.{self.part}" if self.part else text
