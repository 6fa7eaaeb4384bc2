"""Options that the benchmarks have in common."""

import argparse
from collections.abc import Callable
from pathlib import Path

from benchmarks.servers import CannotMeasure, require_schedstat


def make_parser(description: str) -> argparse.ArgumentParser:
    """Return a parser with the options about the results."""
    parser = argparse.ArgumentParser(
        description=description, formatter_class=argparse.ArgumentDefaultsHelpFormatter
    )
    parser.add_argument(
        "--json", type=Path, metavar="FILE", help="write the results to FILE as JSON"
    )
    parser.add_argument(
        "--markdown",
        nargs="?",
        const="",
        metavar="PAGE",
        help="print the tables in Markdown, or renew them in PAGE",
    )
    return parser


def read_sizes(text: str) -> list[int]:
    """Read numbers that are separated by commas, the smallest first."""
    return sorted(int(size) for size in text.split(","))


def run_main(main: Callable[[], None]) -> None:
    """Run a benchmark; one sentence says why this machine cannot."""
    try:
        require_schedstat()
        main()
    except CannotMeasure as error:
        raise SystemExit(str(error)) from error
