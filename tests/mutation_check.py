"""Check the tests: change the code in small ways and see which changes no test notices.

    make mutants    (M=... for options: [--count 320] [--tests 40] [--minutes 60])

The sample has a fixed seed.  A mutant exists only in the memory of one process, which
runs tests that reach the changed line and stops at the first failure; if there is none,
it runs more of them.  Which tests reach a line is recorded first.  That, and what
became of each mutant, is kept in build/mutants: remove it once code or tests change.
Servers that a test starts in another process run the unchanged code.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections import Counter, defaultdict
from dataclasses import asdict
from functools import cache
from importlib import import_module
from importlib.machinery import SourceFileLoader
from itertools import chain, zip_longest

import coverage
import pytest

from mutants import ROOT, Mutant, sample

OUTPUT = ROOT / "build" / "mutants"
PACKAGES = ("directory", "schema", "scim", "scim_http")
TESTS = (
    *PACKAGES,
    "config",
    "lib",
    "microsoft",
    "pages",
    "properties",
    "upkeep",
    "web",
)
SEED = 12
# Cases of a test that are recorded; seconds after which a test is left out.
MOST_CASES, SLOW = 30, 3
# What every mutant needs of other projects, imported once for all.
SHARED = ("alembic.command", "authlib.integrations.requests_client", "flask_login")
SHARED += ("flask_sqlalchemy", "flask_wtf", "zxcvbn")
QUIET = ["-q", "-x", "-p", "no:cacheprovider", f"--basetemp={OUTPUT / 'temporary'}"]


class Recorder:
    """Records which lines each test that passes runs, and how long it takes."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.coverage = coverage.Coverage(
            data_file=str(OUTPUT / "coverage"),
            config_file=False,
            source=[str(ROOT / "netpresenter_next" / each) for each in PACKAGES],
        )

    def pytest_collection_modifyitems(self, items):
        """Leave some cases of each test out when it has more than enough."""
        cases: dict[str, list[pytest.Item]] = defaultdict(list)
        for item in items:
            cases[item.nodeid.partition("[")[0]].append(item)
        step = {name: -(-len(found) // MOST_CASES) for name, found in cases.items()}
        items[:] = chain(*(found[:: step[name]] for name, found in cases.items()))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        """Attribute the lines that run from now on to this test."""
        self.coverage.switch_context(item.nodeid)
        started, failed = time.monotonic(), item.session.testsfailed
        result = yield
        if item.session.testsfailed == failed:
            self.seconds[item.nodeid] = time.monotonic() - started
        return result

    def run(self) -> None:
        """Run the tests and keep what was recorded."""
        self.coverage.start()
        pytest.main([*QUIET[2:], *(f"tests/{each}" for each in TESTS)], plugins=[self])
        self.coverage.stop()
        self.coverage.save()
        (OUTPUT / "seconds.json").write_text(json.dumps(self.seconds))


def record_in_child() -> None:
    """Record in a process of its own: the tests import the modules to change."""
    child = os.fork()
    if not child:
        Recorder().run()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if status:
        raise SystemExit("The tests could not be recorded.")


class Chooser:
    """Chooses the tests for a mutant by what was recorded."""

    def __init__(self) -> None:
        seconds = json.loads((OUTPUT / "seconds.json").read_text())
        self.seconds = {test: took for test, took in seconds.items() if took < SLOW}
        self.data = coverage.CoverageData(str(OUTPUT / "coverage"))
        self.data.read()
        self.lines = cache(lambda path: self.data.contexts_by_lineno(str(ROOT / path)))

    def reaching(self, mutant: Mutant) -> list[str]:
        """Return the tests that run its statement; of an import, all of the module."""
        lines = self.lines(mutant.path)
        line = next((at for at in range(mutant.line, 0, -1) if lines.get(at)), 0)
        found = {test for test in lines.get(line, []) if test in self.seconds}
        if not found:
            found = {test for test in chain(*lines.values()) if test in self.seconds}
        return sorted(found, key=self.seconds.__getitem__)

    def chosen(self, mutant: Mutant, most: int) -> list[str]:
        """Return the fastest of each file in turn, those of its own package first."""
        files: dict[str, list[str]] = defaultdict(list)
        for test in self.reaching(mutant):
            files[test.partition("::")[0]].append(test)
        own = f"tests/{mutant.package}/"
        ordered = sorted(files.values(), key=lambda each: not each[0].startswith(own))
        turns = chain(*zip_longest(*ordered))
        return [test for test in turns if test][:most]


def run_in_child(mutant: Mutant, tests: list[str]) -> None:
    """Run tests in this process with the module changed, and end it."""
    name = mutant.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    code, original = mutant.code(), SourceFileLoader.get_code

    def get_code(self, fullname):
        if fullname == name:
            return compile(code, mutant.path, "exec")
        return original(self, fullname)

    SourceFileLoader.get_code = get_code
    os.setpgid(0, 0)
    with (OUTPUT / "output.txt").open("w") as output:
        os.dup2(output.fileno(), 1)
        os.dup2(output.fileno(), 2)
        os._exit(pytest.main([*QUIET, *tests]))


def status_of(mutant: Mutant, tests: list[str], seconds: float) -> int | None:
    """Return pytest's exit status, or None when the time was up."""
    child = os.fork()
    if not child:
        run_in_child(mutant, tests)
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.02)
    os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def outcome(mutant: Mutant, chooser: Chooser, most: int) -> str:
    """Say what became of a mutant: survived, or how it was noticed."""
    tests: list[str] = []
    for amount in (most, 8 * most):
        before, tests = tests, chooser.chosen(mutant, amount)
        rest = [test for test in tests if test not in before]
        seconds = 60 + 10 * sum(chooser.seconds[test] for test in rest)
        status = status_of(mutant, rest, seconds) if rest else 0
        if status is None:
            return "timeout"
        if status:
            return {1: "failed"}.get(status, "broken")
    return "survived" if tests else "unreached"


def write_down(results: list[dict[str, object]]) -> None:
    """Keep the outcomes, and print how many of each there are in a package."""
    (OUTPUT / "results.json").write_text(json.dumps(results, indent=1))
    for package in PACKAGES:
        counts = Counter(each["outcome"] for each in results if each["of"] == package)
        print(package, dict(counts))


def main() -> None:
    """Record what tests reach, unless that is known, then try each mutant."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=320)
    parser.add_argument("--tests", type=int, default=40, help="tests at first, at most")
    parser.add_argument("--minutes", type=float, default=60)
    given = parser.parse_args()
    ends = time.monotonic() + 60 * given.minutes
    OUTPUT.mkdir(parents=True, exist_ok=True)
    if not (OUTPUT / "seconds.json").exists():
        record_in_child()
    for name in SHARED:
        import_module(name)
    if any(name.startswith("netpresenter_next.") for name in sys.modules):
        raise SystemExit("A module that is loaded already cannot be changed.")
    chooser, results = Chooser(), []
    for mutant in sample(PACKAGES, given.count, SEED):
        if time.monotonic() > ends:
            print("The time is up.")
            break
        said = outcome(mutant, chooser, given.tests)
        results.append({"of": mutant.package, "outcome": said, **asdict(mutant)})
        print(said, mutant, flush=True)
    write_down(results)


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
