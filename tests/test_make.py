"""What `make` says when something is missing, and the browser of the tests."""

import functools
import os
import re
import shutil
import subprocess
import sys

import pytest

import fonts
import install_browser
from helpers import ROOT

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="needs make")

TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = f"""#!/bin/sh
case "$2" in *ensurepip*) exit 1;; esac
exec "{sys.executable}" "$@"
"""


@pytest.fixture
def clone(tmp_path):
    for name in ("Makefile", "setup.cfg", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def program(folder, name, text):
    path = folder / name
    path.write_text(text)
    path.chmod(0o755)
    return path


def make(folder, *arguments):
    outside = {key: each for key, each in os.environ.items() if "MAKE" not in key}
    command = ["make", "--no-print-directory", *arguments]
    return subprocess.run(
        command, cwd=folder, env=outside, capture_output=True, text=True, timeout=60
    )


def test_help_lists_every_target(clone):
    listed = re.findall(r"^make ([\w-]+) ", make(clone).stdout, re.MULTILINE)
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    assert sorted(listed) == sorted(phony[1].split())


def test_a_python_that_is_too_old_stops_with_the_command_to_type(clone):
    python = program(clone, "python-of-old", TOO_OLD)
    done = make(clone, "run", f"PYTHON={python}")
    assert done.returncode == 2
    assert "apt-get install python3" in done.stderr
    assert not (clone / ".venv").exists()


def test_a_python_without_venv_stops_with_the_package_to_install(clone):
    python = program(clone, "python-of-debian", WITHOUT_VENV)
    done = make(clone, "run", f"PYTHON={python}")
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert done.returncode == 2
    assert f"apt-get install python{version}-venv" in done.stderr


def test_installed_packages_are_not_installed_again(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/pip", ".run"):
        (clone / ".venv" / name).touch()
    done = make(clone, "--dry-run", "run")
    assert "pip install" not in done.stdout
    assert "exec .venv/bin/netpresenter-next serve" in done.stdout


def test_newer_pins_are_installed(clone):
    (clone / ".venv" / "bin").mkdir(parents=True)
    for name in ("bin/pip", ".run"):
        (clone / ".venv" / name).touch()
        os.utime(clone / ".venv" / name, (0, 0))
    assert "pip install" in make(clone, "--dry-run", "setup").stdout


@pytest.mark.parametrize("target", ["check", "test"])
def test_tests_and_checks_need_one_installation(clone, target):
    (clone / ".venv" / "bin").mkdir(parents=True)
    (clone / ".venv" / "bin" / "pip").touch()
    assert make(clone, "--dry-run", target).stdout.count("pip install") == 1


def test_long_tests_run_only_with_test_long(clone):
    """`make test` leaves out tests marked long; `make test-long` runs only those."""
    typed = make(clone, "--dry-run", "test-long").stdout
    assert re.search(r"-m pytest -n auto -m \"long or repeated\"", typed)
    name = "test_mutated_requests_cause_no_server_error"
    assert f"{name}[600]" in collected()
    assert f"{name}[20000]" not in collected()
    assert [f"{name}[20000]"] == collected("-m", "long")


@functools.cache
def collected(*arguments):
    """Return the tests of one module that such a command would run."""
    listing = ["--collect-only", "-q", "tests/scim/test_fuzz.py", *arguments]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *listing],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return re.findall(r"^tests/\S+::(.+)$", done.stdout, re.MULTILINE)


def test_the_continuous_integration_runs_make_check_and_make_test():
    text = (ROOT / ".ci" / "run").read_text()
    assert "set -e" in text
    assert text.endswith("make check\nmake test\n")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_a_browser_without_windows_is_preferred(tmp_path, monkeypatch):
    for name in ("chromium", install_browser.SHELL):
        preferred = program(tmp_path, name, "#!/bin/sh\nexit 0\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install_browser.of_the_machine() == str(preferred)


@pytest.mark.parametrize("known", ["chromium-headless-shell", "chromium"])
def test_the_package_that_the_system_knows_is_installed(tmp_path, monkeypatch, known):
    apt = f"""#!/bin/sh
        case "$*" in *update) exit 0;; *" {known} "*) ;; *) exit 1;; esac
        printf '#!/bin/sh\nexit 0\n' > {tmp_path}/{known}
        /bin/chmod +x {tmp_path}/{known}
    """
    program(tmp_path, "apt-get", apt)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(install_browser, "is_root", lambda: True)
    assert install_browser.install()
    assert install_browser.find() == str(tmp_path / known)


def test_a_browser_that_does_not_start_is_skipped(tmp_path, monkeypatch):
    program(tmp_path, "chromium", "#!/bin/sh\nexit 1\n")
    good = program(tmp_path, "google-chrome", "#!/bin/sh\nexit 0\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert install_browser.of_the_machine() == str(good)


def test_a_working_browser_is_found():
    browser = install_browser.find()
    assert browser
    assert install_browser.works(browser)


def test_the_browser_has_the_fonts_of_the_tests(chromium):
    page = chromium.new_page()
    assert fonts.missing(page) == []
    page.close()


def test_a_missing_font_is_reported(chromium, monkeypatch):
    nowhere = (("No Such Font", "None Either"), {})
    monkeypatch.setitem(fonts.FONTS, "low", nowhere)
    page = chromium.new_page()
    assert fonts.missing(page) == [nowhere[0]]
    page.close()


@pytest.mark.parametrize("comes", [True, False])
def test_fonts_are_installed_for_an_existing_browser(tmp_path, comes):
    """Packages are installed; if the browser still lacks a font, there is advice."""
    program(tmp_path, "apt-get", f'#!/bin/sh\necho "$@" >> {tmp_path}/typed\n')
    code = f"""if True:
        import os, install_browser as i
        answers = [{comes}, False]
        os.geteuid = lambda: 0
        i.find = lambda: "/a/browser"
        i.has_fonts = lambda browser: answers.pop()
        exit(i.main())"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT / "tests")},
        capture_output=True,
        text=True,
    )
    typed = (tmp_path / "typed").read_text()
    assert re.search(r"install .+ fonts-liberation fonts-dejavu-core$", typed, re.M)
    assert "chromium" not in typed
    assert done.returncode == (0 if comes else 1)
    assert ("sudo apt-get install fonts-liberation" in done.stderr) == (not comes)


def test_advice_is_given_when_no_browser_can_be_installed(tmp_path):
    program(tmp_path, "apt-get", "#!/bin/sh\nexit 1\n")
    (tmp_path / "playwright.py").write_text("raise SystemExit(1)\n")
    code = "import install_browser as i; i.find = lambda: None; exit(i.main())"
    paths = os.pathsep.join([str(tmp_path), str(ROOT / "tests")])
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PATH": str(tmp_path), "PYTHONPATH": paths},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "sudo apt-get install chromium-headless-shell" in done.stderr
