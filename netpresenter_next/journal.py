"""The journal: what happened, to whom, by whom, with old and new values.

An entry is written in the transaction of the change it tells of, so that there is
never one without the other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert

from netpresenter_next.ids import new_id
from netpresenter_next.models import JOURNAL, now

PROVISIONING = "provisioning"
AUDIT = "audit"
SCIM = "SCIM"
# Longer lists of changes are cut: a page shows a few, the resource holds them all.
MOST_CHANGES = 50
_INSERT = insert(JOURNAL)


@dataclass(frozen=True)
class Actor:
    """Who does something: a SCIM token, a signed-in person, or the command line."""

    kind: str
    name: str
    address: str | None = None
    request_id: str | None = None


@dataclass(frozen=True)
class Target:
    """What it is done to."""

    type: str
    id: str | None
    name: str


COMMAND_LINE = Actor("command line", "command line")


def record(
    connection: Connection,
    actor: Actor,
    action: str,
    target: Target | None,
    detail: str,
    changes: Sequence[Mapping[str, Any]] = (),
    *,
    succeeded: bool = True,
) -> None:
    """Add one entry; ``action`` is a word or two, ``detail`` a sentence.

    What SCIM clients do goes to the provisioning log, all else to the audit log.
    """
    connection.execute(
        _INSERT,
        {
            "id": new_id(),
            "at": now(),
            "log": PROVISIONING if actor.kind == SCIM else AUDIT,
            "action": action,
            "succeeded": succeeded,
            "actor_kind": actor.kind,
            "actor_name": actor.name,
            "address": actor.address,
            "request_id": actor.request_id,
            "target_type": target.type if target else None,
            "target_id": target.id if target else None,
            "target_name": target.name if target else None,
            "detail": detail,
            "changes": list(changes[:MOST_CHANGES]) or None,
        },
    )


def differences(
    old: Mapping[str, Any], new: Mapping[str, Any], prefix: str = ""
) -> list[dict[str, Any]]:
    """Return ``{attribute, old, new}`` for every attribute in which two differ.

    Complex attributes are compared part by part, lists as a whole; an absent value
    is left out of the row.  Documents hold no secrets, so neither do these.
    """
    return list(_walk(old, new, prefix))


def _walk(
    old: Mapping[str, Any], new: Mapping[str, Any], prefix: str
) -> Iterator[dict[str, Any]]:
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        if before == after:
            continue
        path = f"{prefix}{name}"
        if isinstance(before, dict) and isinstance(after, dict):
            yield from _walk(before, after, path + _separator(name))
            continue
        row = {"attribute": path}
        if before is not None:
            row["old"] = before
        if after is not None:
            row["new"] = after
        yield row


def _separator(name: str) -> str:
    return ":" if ":" in name else "."
