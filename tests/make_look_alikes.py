"""Make netpresenter_next/lib/look_alikes.txt out of Unicode's confusables.txt.

    python tests/make_look_alikes.py confusables.txt license.txt [TARGET]

Both files come from Unicode:
https://www.unicode.org/Public/security/latest/confusables.txt and
https://www.unicode.org/license.txt.  Stored skeletons depend on the table, so a new
table needs a migration that computes them again, as 0007 did.
"""

import sys
from pathlib import Path

TARGET = Path(__file__).parent.parent / "netpresenter_next" / "lib" / "look_alikes.txt"
HEAD = """\
# Characters that look alike, and what they look like: UTS #39, confusables.txt of
# Unicode {version} of {date}, without the remarks.  Made by tests/make_look_alikes.py.
#
"""


def rows(text: str) -> dict[str, list[str]]:
    """Return the characters that look like each text, by its code points."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.split("#")[0].split(";")]
        if len(cells) >= 3:
            found.setdefault(cells[1], []).append(cells[0])
    return found


def remark(text: str, name: str) -> str:
    """Return a named value from the head of the file."""
    marker = f"# {name}: "
    return next(
        line.removeprefix(marker)
        for line in text.splitlines()
        if line.startswith(marker)
    )


def main(confusables: str, licence: str, target: str = str(TARGET)) -> None:
    """Write the table: in each row a text, then all characters that look like it."""
    text = Path(confusables).read_text(encoding="utf-8-sig")
    head = HEAD.format(version=remark(text, "Version"), date=remark(text, "Date")[:10])
    notice = Path(licence).read_text(encoding="utf-8-sig").split("\n----")[0]
    lines = [f"# {line}".rstrip() for line in notice.strip().splitlines()]
    lines += [f"{like}; {' '.join(own)}" for like, own in sorted(rows(text).items())]
    made = head + "\n".join(lines) + "\n"
    Path(target).write_text(made, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
