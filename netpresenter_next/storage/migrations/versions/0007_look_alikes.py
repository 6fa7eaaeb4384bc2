"""Names that look alike are found; what is shown of names hides nothing.

It computes the columns as the program did when this step was released, in code of its
own.  Only the skeletons come from the program, because their table has 68 kB: another
table comes with a step that computes all skeletons again.
"""

import re
import unicodedata
from typing import Any

import sqlalchemy as sa
from alembic import op

from netpresenter_next.lib.names import skeleton

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ROWS = 1_000
USERS = sa.table(
    "users",
    sa.column("id"),
    sa.column("document", sa.JSON()),
    sa.column("user_name"),
    sa.column("name_skeleton"),
    sa.column("display_name"),
    sa.column("shown_name_key"),
)
GROUPS = sa.table(
    "groups", sa.column("id"), sa.column("display_name"), sa.column("name_skeleton")
)

# What a display name may show.
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST_SHOWN = 320
MOST_CHARACTERS = 10_000
IGNORABLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
BLANK = "\u2800\ufdd0-\ufdef\ufff9-\uffff\U00013441\U00013442\U00016fe4\U0001d159"
UNSEEN = re.compile(f"[{IGNORABLE}]")
HIDDEN = re.compile(f"[{IGNORABLE}{BLANK}]")
UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
PICTOGRAPHS = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u27bf\u2900-\u2bff\u3030\u303d\u3297"
    "\u3299\U0001f000-\U0001faff"
)
IDEOGRAPHS = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003fffd"
ARABIC = "\u0620-\u06ff\u0750-\u077f\u0870-\u08ff"
VIRAMAS = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u17d2"
# Invisible, but needed in these positions: parts of emoji sequences (UTS #51), variants
# of ideographs (UTS #37), joiners between letters (RFC 5892, A.1 and A.2).
NEEDED = re.compile(
    f"(?<=[{PICTOGRAPHS}])[\ufe0e\ufe0f]"
    "|(?<=[0-9#*])\ufe0f(?=\u20e3)"
    f"|(?<=[{PICTOGRAPHS}\ufe0f])\u200d(?=[{PICTOGRAPHS}])"
    "|(?<=[\U0001f3f4\U000e0020-\U000e007e])[\U000e0020-\U000e007f]"
    f"|(?<=[{IDEOGRAPHS}])[\U000e0100-\U000e01ef]"
    f"|(?<=[{ARABIC}])\u200c(?=[{ARABIC}])"
    f"|(?<=[{VIRAMAS}])[\u200c\u200d]"
)


def upgrade() -> None:
    """Add the columns, fill them, and keep emergency access for administrators."""
    for table in ("users", "groups"):
        column = sa.Column(
            "name_skeleton", sa.String(), server_default="", nullable=False
        )
        op.add_column(table, column)
    _fill(USERS, _of_person)
    _fill(GROUPS, _of_group)
    op.create_index(
        "ix_users_name_skeleton", "users", ["name_skeleton", "is_provisioned", "role"]
    )
    op.create_index("ix_groups_name_skeleton", "groups", ["name_skeleton"])
    op.get_bind().exec_driver_sql(
        "UPDATE users SET is_emergency = 0 WHERE role = 'user'"
    )


def _of_person(row: Any) -> dict[str, Any]:
    shown = _display_name(row.document)
    return {
        "name_skeleton": skeleton(row.user_name),
        "display_name": shown,
        "shown_name_key": _fold(shown or row.user_name),
    }


def _of_group(row: Any) -> dict[str, Any]:
    return {"name_skeleton": skeleton(row.display_name)}


def _display_name(document: Any) -> str | None:
    sent = document.get("displayName")
    if sent and (shown := _clean(sent)):
        return shown
    name = document.get("name")
    if not name:
        return None
    parts = (name.get("givenName"), name.get("familyName"))
    others = (name.get("formatted"), " ".join(part for part in parts if part))
    return next(filter(None, (_clean(each) for each in others if each)), None)


def _clean(text: str) -> str:
    """Return a display name on one line, without invisible characters."""
    text = text[:MOST_CHARACTERS]
    needed = {match.start() for match in NEEDED.finditer(text)}
    kept = "".join(
        character
        for index, character in enumerate(text)
        if index in needed or not UNSEEN.match(character)
    )
    shown = " ".join(_replace_hidden(" ".join(kept.split())).split())
    if len(shown) <= LONGEST_SHOWN:
        return shown
    return shown[: LONGEST_SHOWN - 1].rstrip() + "…"


def _replace_hidden(text: str) -> str:
    needed = {match.start() for match in NEEDED.finditer(text)}
    return "".join(
        character if index in needed or _may_be_shown(character) else REPLACEMENT
        for index, character in enumerate(text)
    )


def _may_be_shown(character: str) -> bool:
    category = unicodedata.category(character)
    return not (category in UNSHOWN or HIDDEN.match(character))


def _fold(text: str) -> str:
    normal = unicodedata.normalize("NFKC", text)
    return unicodedata.normalize("NFKC", normal.casefold())


def _fill(table: Any, derive: Any) -> None:
    """Walk the rows by id, some at a time: there may be many."""
    connection, last = op.get_bind(), ""
    while True:
        query = sa.select(table).where(table.c.id > last).order_by(table.c.id)
        rows = connection.execute(query.limit(ROWS)).all()
        if not rows:
            return
        last = rows[-1].id
        changed = [{"this": row.id, **derive(row)} for row in rows]
        names = [name for name in changed[0] if name != "this"]
        this = table.c.id == sa.bindparam("this")
        values = {name: sa.bindparam(name) for name in names}
        connection.execute(sa.update(table).where(this).values(values), changed)
