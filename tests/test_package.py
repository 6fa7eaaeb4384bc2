"""The wheel contains exactly the files of the repository that it needs."""

import shutil
import subprocess
import sys
import zipfile

import pytest

from helpers import ROOT, tracked


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Build sdist and, from it, the wheel, in a clean copy of the repository."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("dist")
    for name in tracked("."):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    command = ["-m", "build", "--no-isolation", "--outdir", str(target), str(source)]
    done = subprocess.run([sys.executable, *command], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def wheel(built):
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        return archive


def test_the_wheel_contains_exactly_the_tracked_files(wheel):
    inside = {
        name
        for name in wheel.namelist()
        if not name.split("/")[0].endswith(".dist-info")
    }
    wanted = {
        name if name.startswith("netpresenter_next/") else f"netpresenter_next/{name}"
        for name in tracked("netpresenter_next", "templates", "static")
    }
    assert inside == wanted


def test_the_wheel_installs_the_command(wheel, built):
    (path,) = built.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith("entry_points.txt"))
        text = archive.read(name).decode()
    assert "netpresenter-next = netpresenter_next.__main__:main" in text


def test_the_constraints_name_no_package_index():
    text = (ROOT / "constraints.txt").read_text()
    assert "://" not in text
    assert "--" not in text
