"""Random PATCH operations as the RFC writes them, and as Entra ID sends the same."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st
from worlds import ENTERPRISE, EXTENSION_URN

Operation = dict[str, Any]

WORDS = st.sampled_from(
    ["Ada", "ADA", "straße", "x@y.example", "100%", 'say "hi"', "K"]
)
TYPES = st.sampled_from(["work", "home", "mobile"])
EMPTY = st.sampled_from(["", None])
TEXTS = ("displayName", "nickName", "title", "externalId", "name.givenName")
AT_WORK = tuple(f"{ENTERPRISE}:{each}" for each in ("department", "costCenter"))
SINGLE = (*TEXTS, "name.familyName", *AT_WORK, f"{EXTENSION_URN}:badge")
PLURAL = ("emails", "phoneNumbers", "roles")
FIRST_PARTS = ("value", "display", "type")


@dataclass(frozen=True)
class Operations:
    """Draws operations on people; ``managers`` are the ids of possible managers."""

    managers: Sequence[str]

    def any(self) -> st.SearchStrategy[Operation]:
        """Return operations that are valid by the RFC."""
        return st.one_of(
            self.single(), self.single(), plural(), plural(), where(), where(), labels()
        )

    @st.composite
    @staticmethod
    def _single(draw: st.DrawFn, self: "Operations") -> Operation:
        path, values = draw(
            st.sampled_from(
                [
                    *((each, WORDS | EMPTY) for each in SINGLE),
                    ("userName", st.sampled_from(["ada@x", "Ada@x", "grace@x"])),
                    ("active", st.booleans() | st.none()),
                    (f"{EXTENSION_URN}:floor", st.integers(-3, 3) | st.none()),
                    (f"{EXTENSION_URN}:remote", st.booleans()),
                    ("name", names() | st.none()),
                    (f"{ENTERPRISE}:manager", self.manager() | st.none()),
                    (f"{ENTERPRISE}:manager.value", st.sampled_from(self.managers)),
                ]
            )
        )
        op = draw(st.sampled_from(("add", "replace", "replace", "remove")))
        if op == "remove" and path != "userName":
            return {"op": op, "path": path}
        return {
            "op": "replace" if op == "remove" else op,
            "path": path,
            "value": draw(values),
        }

    def single(self) -> st.SearchStrategy[Operation]:
        """Return operations on single-valued attributes."""
        return self._single(self)

    def manager(self) -> st.SearchStrategy[dict[str, Any]]:
        """Return a manager, sometimes with values that the service computes."""
        value = st.fixed_dictionaries(
            {"value": st.sampled_from(self.managers)},
            optional={"displayName": WORDS, "$ref": WORDS},
        )
        return st.one_of(value, value, st.fixed_dictionaries({"displayName": WORDS}))


def names() -> st.SearchStrategy[dict[str, Any]]:
    """Return names, sometimes with empty or unknown sub-attributes."""
    parts = st.sampled_from(["givenName", "familyName", "formatted", "unknown"])
    return st.dictionaries(parts, WORDS | EMPTY, max_size=3)


def entry() -> st.SearchStrategy[dict[str, Any]]:
    """Return one value of a multi-valued attribute."""
    return st.fixed_dictionaries(
        {"value": WORDS},
        optional={"type": TYPES, "display": WORDS, "primary": st.booleans()},
    )


def entries() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return several different values."""
    return st.lists(entry(), min_size=1, max_size=3, unique_by=json.dumps)


@st.composite
def parts(draw: st.DrawFn) -> tuple[str, Any]:
    """Return a sub-attribute of a multi-valued attribute, and a value for it."""
    name = draw(st.sampled_from([*FIRST_PARTS, "primary"]))
    return name, draw(st.booleans() if name == "primary" else WORDS | WORDS | EMPTY)


@st.composite
def plural(draw: st.DrawFn) -> Operation:
    """Return an operation on all values of a multi-valued attribute."""
    name = draw(st.sampled_from(PLURAL))
    kind = draw(st.integers(0, 6))
    if kind == 0:
        return {"op": "remove", "path": name}
    if kind == 1:
        listed = st.one_of(entries(), entries(), entry(), EMPTY, st.just([]))
        return {"op": "remove", "path": name, "value": draw(listed)}
    if kind == 2:
        part, value = draw(parts())
        op = draw(st.sampled_from(("add", "replace")))
        return {"op": op, "path": f"{name}.{part}", "value": value}
    op = draw(st.sampled_from(("add", "add", "replace")))
    return {"op": op, "path": name, "value": draw(entries())}


@st.composite
def where(draw: st.DrawFn) -> Operation:
    """Return an operation on the values that match a value filter."""
    name = draw(st.sampled_from(PLURAL))
    kind, word = draw(TYPES), json.dumps(draw(WORDS), ensure_ascii=False)
    text = draw(
        st.sampled_from(
            [
                *[f'type eq "{kind}"'] * 4,
                f'type eq "{kind}" and value eq {word}',
                f'type eq "{kind}" and primary eq true',
                "primary eq true",
                'type eq ""',
                f'type ne "{kind}"',
                f"value eq {word}",
                f"value co {word} or primary eq true",
                f'not (type eq "{kind}") and value pr',
            ]
        )
    )
    path = f"{name}[{text}]"
    op = draw(st.sampled_from(("add", "replace", "replace", "remove")))
    if draw(st.booleans()):
        part, value = draw(parts())
        path = f"{path}.{part}"
    else:
        value = draw(entry() if op == "add" else entry() | entry() | st.none())
    return {"op": op, "path": path} | ({} if op == "remove" else {"value": value})


@st.composite
def labels(draw: st.DrawFn) -> Operation:
    """Return an operation on a multi-valued attribute of simple strings."""
    path, word = f"{EXTENSION_URN}:tags", draw(WORDS)
    quoted = json.dumps(word, ensure_ascii=False)
    several = draw(st.lists(WORDS, min_size=1, max_size=3, unique=True))
    return draw(
        st.sampled_from(
            [
                {"op": "add", "path": path, "value": several},
                {"op": "replace", "path": path, "value": several},
                {"op": "remove", "path": path, "value": several},
                {"op": "remove", "path": f"{path}[value eq {quoted}]"},
                {"op": "replace", "path": f"{path}[value eq {quoted}]", "value": "y"},
            ]
        )
    )


# ---------------------------------------------------------------- invalid operations
INVALID_OPERATIONS: Sequence[Operation] = (
    {"op": "replace", "path": "id", "value": "x"},
    {"op": "add", "path": "meta.created", "value": "2020-01-01T00:00:00Z"},
    {"op": "remove", "path": "groups"},
    {"op": "replace", "path": f"{ENTERPRISE}:manager.displayName", "value": "x"},
    {"op": "replace", "path": "active", "value": "perhaps"},
    {"op": "replace", "path": "title", "value": 5},
    {"op": "replace", "path": "title", "value": ["x", "y"]},
    {"op": "replace", "path": "title", "value": []},
    {"op": "add", "path": "name", "value": ["x"]},
    {"op": "add", "path": "emails", "value": [5]},
    {"op": "add", "path": 'name[givenName eq "x"].familyName', "value": "x"},
    {
        "op": "replace",
        "path": 'roles[type ne "none" and value co "§"]',
        "value": {"value": "x"},
    },
    {"op": "add", "path": 'roles[value eq "§"].display', "value": "x"},
    {"op": "replace", "path": 'roles[type eq "§"]', "value": {"type": "x"}},
    {"op": "replace", "path": "userName", "value": ""},
    {"op": "remove", "path": "userName"},
    {"op": "remove"},
    {"op": "add", "value": "x"},
    {"op": "add", "path": "emails[type eq", "value": "x"},
)


# ---------------------------------------------------------------- as Entra ID sends
@st.composite
def as_entra_sends(draw: st.DrawFn, operation: Operation) -> Operation:
    """Return an equivalent operation in a form that Entra ID sends."""
    sent = dict(operation)
    op, path, value = sent["op"], sent["path"], sent.get("value")
    is_whole = op == "remove" and "value" not in sent and "[" not in path
    if is_whole and draw(st.booleans()):
        sent = {"op": "replace", "path": path, "value": draw(EMPTY)}
    elif isinstance(value, bool):
        sent["value"] = draw(st.sampled_from([str(value), str(value).lower()]))
    elif isinstance(value, list) and len(value) == 1:
        sent["value"] = value[0]
    elif isinstance(value, dict) and set(value) == {"value"} and "[" not in path:
        sent["value"] = value["value"]
    elif value is None and "value" in sent:
        sent["value"] = ""
    name = draw(st.sampled_from([str, str.upper, str.title]))
    sent["op"] = name(sent["op"])
    sent["path"] = draw(_other_path(path))
    if sent["op"].lower() != "remove" and draw(st.booleans()):
        return {
            "op": sent["op"],
            "value": draw(_as_object(sent["path"], sent["value"])),
        }
    return sent


def _other_path(path: str) -> st.SearchStrategy[str]:
    """Return the path in another case, or without the URN of the extension."""
    head, bracket, tail = path.partition("[")
    spelt = [head, head.lower(), head.upper()]
    if head.lower().startswith("urn:"):
        spelt.append(head.rpartition(":")[2])
    return st.sampled_from([f"{each}{bracket}{tail}" for each in spelt])


def _as_object(path: str, value: Any) -> st.SearchStrategy[Mapping[str, Any]]:
    """Return an object with the path as its key, or as two nested keys."""
    found: list[Mapping[str, Any]] = [{path: value}]
    if "[" not in path and path.lower().startswith("urn:"):
        urn, _, name = path.rpartition(":")
        found.append({urn: {name: value}})
    elif path.lower().startswith("name.") and value not in ("", None):
        found.append({"name": {path[5:]: value}})
    return st.sampled_from(found)
