"""Commands that messages suggest are complete, and quoted for the shell."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from netpresenter_next.config import commands
from netpresenter_next.config.options import load


def test_a_command_contains_the_instance_and_the_path_of_the_program(tmp_path):
    words = commands.format_command(load({}, instance=tmp_path), "force-sign-in", "off")
    setting, script, *rest = shlex.split(words)
    assert setting == f"NETPRESENTER_INSTANCE={tmp_path}"
    assert os.access(script, os.X_OK)
    assert Path(script).name == "netpresenter-next"
    assert Path(script).parent == Path(sys.executable).parent
    assert rest == ["force-sign-in", "off"]


def test_a_command_does_not_reveal_the_database_url(tmp_path):
    config = load({}, instance=tmp_path, database_url="sqlite:////secret/place.db")
    words = commands.format_command(config, "user", "list")
    assert " NETPRESENTER_DATABASE_URL=... " in words
    assert "secret" not in words


def test_a_command_runs_python_if_the_program_is_not_installed(tmp_path, monkeypatch):
    monkeypatch.setattr("sysconfig.get_path", lambda name: str(tmp_path))
    words = commands.format_command(load({}, instance=tmp_path), "serve")
    assert shlex.split(words)[1:] == [
        sys.executable,
        "-m",
        "netpresenter_next",
        "serve",
    ]


@pytest.mark.parametrize("name", ["plain", "a b", "it's", "$HOME", 'a"b', "`id`", "ü"])
def test_a_command_is_quoted_for_the_shell(tmp_path, name):
    code = "import os, sys; print([os.environ['NPN'], *sys.argv[1:]])"
    words = commands.format_for_shell(
        {"NPN": f"/srv/{name}"}, [sys.executable, "-c", code, name], for_windows=False
    )
    done = subprocess.run(["/bin/sh", "-c", words], capture_output=True, text=True)
    assert done.stdout == f"{[f'/srv/{name}', name]}\n"


def test_a_command_for_windows_sets_the_instance_first():
    script = r"C:\Program Files\npn\Scripts\netpresenter-next.exe"
    words = commands.format_for_shell(
        {"NETPRESENTER_INSTANCE": r"C:\My & data"},
        [script, "user", "unblock", "a&b"],
        for_windows=True,
    )
    assert words == (
        r'set "NETPRESENTER_INSTANCE=C:\My & data" && '
        rf'"{script}" user unblock "a&b"'
    )


def test_a_short_command_contains_no_path():
    assert (
        commands.format_short_command("create-admin", "NAME")
        == "netpresenter-next create-admin NAME"
    )
