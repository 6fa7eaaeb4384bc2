"""Progress bars on standard error, so that tables can be redirected."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rich.console import Console
from rich.progress import track as track_with_bar

Item = TypeVar("Item")


def track(items: Sequence[Item], description: str) -> Iterable[Item]:
    """Iterate with a progress bar, if standard error is a terminal."""
    console = Console(stderr=True)
    return track_with_bar(
        items, description, console=console, disable=not console.is_terminal
    )
