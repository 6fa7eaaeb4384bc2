"""The benchmarks run, from filling an instance to the last figure."""

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import peer
from benchmarks.servers import CannotMeasure
from benchmarks.tables import Figures, Table, renew
from helpers import ROOT

measuring = pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(), reason="needs Linux"
)

OPERATIONS = {
    "GET by id",
    "filter userName, hit",
    "filter userName, miss",
    "filter externalId, hit",
    "filter work e-mail, hit",
    "list page of 100",
    "list page of 100 by cursor",
    "POST user",
    "PATCH two attributes",
    "PATCH active",
    "one member +-1, group of 5",
    "one member +-1, group of 20",
    "100 members +-100, group of 5",
}
FLOORS = {"echo", "select", "insert"}
CYCLES = {
    "initial cycle, 1 connection",
    "initial cycle, 8 connections",
    "incremental mix, 1 connection",
    "incremental mix, 8 connections",
    "group cycle, 1 connection",
}
# SCIMMY has no cursors; a bare server has only the initial cycle.
WITHOUT_FIGURES = {
    ("list page of 100 by cursor", peer.NAME),
    *((name, "floor") for name in CYCLES if not name.startswith("initial")),
}


def measure(module, file, *options):
    command = [sys.executable, "-m", module, "--json", str(file), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(file.read_text()), done.stdout


def assert_complete(figures, names):
    assert set(figures) == set(names)
    for each in figures.values():
        assert set(each) == {"median", "least", "most"}
        assert all(math.isfinite(figure) and figure >= 0 for figure in each.values())
        assert each["median"] > 0


@measuring
def test_the_comparison_has_every_figure(tmp_path):
    """With the peer, if it was installed before."""
    counts = ["--people", "120", "--groups", "5,20", "--count", "2", "--rounds", "1"]
    options = [] if peer.is_installed() else ["--without-peer"]
    found, printed = measure(
        "benchmarks", tmp_path / "found.json", *counts, "--cycle", "3", *options
    )
    servers = {"floor", "ours", *([peer.NAME] if peer.is_installed() else [])}
    assert_complete(found["floors_cpu_ms"], FLOORS)
    assert set(found["operations"]) == OPERATIONS
    assert set(found["cycles"]) == CYCLES
    for name, each in {**found["operations"], **found["cycles"]}.items():
        expected = {one for one in servers if (name, one) not in WITHOUT_FIGURES}
        kinds = [kind for kind in each if kind in ("cpu_ms", "cpu_ms_per_unit")]
        for kind in [*kinds, *(["units_per_second"] if name in CYCLES else [])]:
            assert_complete(each[kind], expected)
        assert name in printed
    assert found["memory_mb"]["ours"] > 10


@pytest.mark.long
@measuring
def test_the_growth_has_every_figure_at_every_size(tmp_path):
    sizes = [
        "--sizes",
        "110,130",
        "--groups",
        "5,20",
        "--cache",
        str(tmp_path / "kept"),
    ]
    counts = ["--count", "2", "--rounds", "1"]
    file = tmp_path / "found.json"
    found, printed = measure("benchmarks.scale", file, *sizes, *counts)
    assert set(found["operations_cpu_ms"]) >= OPERATIONS
    assert set(found["pages_cpu_ms"]) >= {"Home", "Health", "Microsoft Entra ID"}
    for name, each in {**found["operations_cpu_ms"], **found["pages_cpu_ms"]}.items():
        # The smaller instance has too few people for the larger group.
        assert_complete(each, {"130"} if "group of 20" in name else {"110", "130"})
        assert name in printed
    assert len(list((tmp_path / "kept").iterdir())) == 2


def test_without_node_the_peer_is_left_out_with_a_reason(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotMeasure, match="left out: there is no node here"):
        peer.install()


def test_if_npm_fails_the_peer_is_left_out_with_a_reason(tmp_path, monkeypatch):
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\nexit 7\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(peer, "CACHE", tmp_path / "cache")
    with pytest.raises(CannotMeasure, match=r"npm could not install it: .* status 7"):
        peer.install()
    assert not peer.is_installed()


def test_figures_are_compared_round_by_round():
    ratio = Figures((2.0, 9.0, 4.0)).over(Figures((1.0, 3.0, 4.0)))
    assert ratio.values == (2.0, 3.0, 1.0)
    assert ratio.median == 2.0
    assert str(ratio) == "2.00 (1.00 to 3.00)"


def test_a_page_is_renewed_between_its_marks(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- make bench -->\nold\n<!-- end of make bench -->\nb\n")
    table = Table("Cost", ["operation", "ms"], [["GET", "0.50"]])
    renew(page, "bench", table.to_markdown())
    expected = "**Cost**\n\n| operation |   ms |\n|---|---:|\n| GET       | 0.50 |"
    marks = "<!-- make bench -->", "<!-- end of make bench -->"
    assert page.read_text() == f"a\n{marks[0]}\n\n{expected}\n\n{marks[1]}\nb\n"
    with pytest.raises(ValueError, match="has no lines"):
        renew(page, "bench-scale", expected)
