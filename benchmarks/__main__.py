"""``make bench``: what each operation costs, and how many times the floor that is.

Times of a shared machine mean little; a ratio within one run does.  The servers take
turns in every round, and the median of the rounds is shown with the least and the most.
"""

import argparse
import contextlib
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks import peer
from benchmarks.comparison import OURS, Contender, compare
from benchmarks.filling import count_people_for, fill
from benchmarks.options import make_parser, read_sizes, run_main
from benchmarks.results import show
from benchmarks.servers import CannotMeasure, running, running_ours


def read_options() -> argparse.Namespace:
    """Read the command line."""
    parser = make_parser("Compare the cost of requests with a bare server and a peer.")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument(
        "--groups", type=read_sizes, default="100,10000", help="sizes of the groups"
    )
    parser.add_argument("--count", type=int, default=150, help="requests in a round")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument(
        "--cycle", type=int, default=300, help="people in one round of a cycle"
    )
    parser.add_argument("--without-peer", action="store_true", help=f"no {peer.NAME}")
    return parser.parse_args()


def main() -> None:
    """Measure, and show the results."""
    options = read_options()
    size = count_people_for(options.people, options.groups)
    with (
        tempfile.TemporaryDirectory() as name,
        contextlib.ExitStack() as stack,
    ):
        folder = Path(name)
        installation = fill(folder / "instance", size, options.groups)
        bare = [sys.executable, "-m", "benchmarks.bare", str(folder)]
        floor = stack.enter_context(running(bare))
        ours = stack.enter_context(running_ours(installation.folder))
        ours.headers.update(installation.headers)
        contenders = [Contender(OURS, ours, installation.directory)]
        about_peer = "left out"
        if not options.without_peer:
            about_peer = _add_peer(stack, contenders, folder, size, options.groups)
        comparison = compare(floor, contenders, options, about_peer)
    show(comparison, markdown=options.markdown, json_file=options.json)


def _add_peer(
    stack: contextlib.ExitStack,
    contenders: list[Contender],
    folder: Path,
    size: int,
    sizes: Sequence[int],
) -> str:
    """Start the peer where it can be installed; returns its versions, or why not."""
    try:
        running_peer = peer.running_peer(folder, size, sizes)
        server, directory = stack.enter_context(running_peer)
    except CannotMeasure as error:
        print(error)
        return str(error)
    contenders.append(Contender(peer.NAME, server, directory, has_cursors=False))
    return peer.describe()


if __name__ == "__main__":
    run_main(main)
