"""Reads changes of the members of a group as steps for ``directory.groups``.

Members are rows and not part of the stored document, so a PATCH changes them in SQL,
without loading the group.  Entra ID removes members by a list of values or, when it is
configured to follow the RFC, with ``members[value eq "..."]``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netpresenter_next.schema.characteristics import Path
from netpresenter_next.scim.errors import InvalidValue, Mutability
from netpresenter_next.scim.filters.ast import Comparison, Tree
from netpresenter_next.scim.values import ABSENT

MEMBERS = "members"
MOST_MEMBERS = 100_000
MOST_STEPS = 50
# A few repeated members are harmless; many of them are a mistake of the client.
MOST_REPEATS = 100


@dataclass(frozen=True)
class MemberStep:
    """One change of the members of a group.

    ``kind`` is add, remove or replace, with ``ids``; or remove_where, with
    ``condition``.
    """

    kind: str
    ids: tuple[str, ...] = ()
    condition: Tree | None = None


def join_steps(steps: Sequence[MemberStep]) -> list[MemberStep]:
    """Merge consecutive add steps, and consecutive remove steps, into one each.

    Raises InvalidValue if more than ``MOST_STEPS`` are left.
    """
    result: list[MemberStep] = []
    for step in steps:
        last = result[-1] if result else None
        if last and last.kind == step.kind and step.kind in ("add", "remove"):
            ids = dict.fromkeys((*last.ids, *step.ids))
            result[-1] = MemberStep(step.kind, tuple(ids))
        else:
            result.append(step)
    if len(result) > MOST_STEPS:
        raise InvalidValue(
            f"Too many alternating member operations (limit {MOST_STEPS})."
        )
    return result


def read_member_step(op: str, condition: Tree | None, value: Any) -> MemberStep:
    """Read one PATCH operation on ``members``; raises InvalidValue, Mutability."""
    if condition is not None:
        return _read_conditional_step(op, condition)
    if op == "remove" and value is ABSENT:
        return MemberStep("replace")  # by an empty list
    return MemberStep(op, read_member_ids(value))


def _read_conditional_step(op: str, condition: Tree) -> MemberStep:
    if op != "remove":
        raise Mutability("A member cannot be changed: remove it and add another one.")
    match condition:
        case Comparison(Path(name), "eq", str(literal)) if name.lower() == "value":
            return MemberStep("remove", (literal,))
    return MemberStep("remove_where", condition=condition)


def read_member_ids(value: Any) -> tuple[str, ...]:
    """Return the ids in a list of members, without duplicates; raises InvalidValue.

    null and "" count as an empty list.
    """
    if value in (None, ""):
        return ()
    entries = value if isinstance(value, list) else [value]
    if len(entries) > MOST_MEMBERS:
        raise InvalidValue(f"More than {MOST_MEMBERS} members in one request.")
    named = [_read_member_id(entry) for entry in entries if entry is not None]
    ids = tuple(dict.fromkeys(named))
    if len(named) - len(ids) > MOST_REPEATS:
        raise InvalidValue(
            "The same members are listed repeatedly: list each member once."
        )
    return ids


def _read_member_id(entry: Any) -> str:
    if not isinstance(entry, dict):
        raise InvalidValue("members must be a list of objects.")
    fields = {key.lower(): each for key, each in entry.items()}
    kind, reference = fields.get("type"), fields.get("$ref")
    if isinstance(kind, str) and kind.lower() not in ("", "user"):
        raise InvalidValue(f"A member must be a User, not a {kind[:50]}.")
    value = fields.get("value")
    if value is None and isinstance(reference, str):
        value = reference.rpartition("/")[2]
    if not isinstance(value, str) or not value:
        raise InvalidValue("A member needs a value: the id of a User.")
    return value
