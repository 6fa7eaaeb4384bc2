"""The sentence of the journal about an export of the list of people."""

from collections.abc import Sequence

from netpresenter_next.lib.text import format_count


def describe_exported(
    target: None, *, filters: Sequence[str], number: int, is_complete: bool
) -> str:
    """Describe which people were exported, and how many."""
    people = format_count(number, "person", "people") if is_complete else "people"
    which = f" ({', '.join(filters)})" if filters else ""
    cut = "" if is_complete else " It was not sent to its end."
    return f"Exported {people} from the list of users as CSV{which}.{cut}"
