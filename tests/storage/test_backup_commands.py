"""The commands ``backup`` and ``restore``."""

import os
import sys
import time
from pathlib import Path

import pytest

from helpers import Instance
from netpresenter_next import instances
from netpresenter_next.storage import archives, backups, sealing

PASSPHRASE = "correct horse battery staple"


def wait_for(terminal, words):
    said, end = "", time.monotonic() + 30
    while words not in said:
        assert time.monotonic() < end, said
        said += os.read(terminal, 1000).decode()
    return said


def test_backup_prints_its_path_and_says_what_is_in_it(stocked, run, config, folder):
    done = run("backup", folder)
    assert done.exit_code == 0, done.stderr
    path = Path(done.stdout.removesuffix("\n"))
    assert [path] == list(folder.iterdir())
    named, said, about_key = done.stderr.splitlines()
    assert named == f"Instance: {config.instance}"
    assert said.endswith(". Checked and counted.")
    assert f"at step {instances.STEPS[-1]}: 3 people, 1 group, " in said
    assert about_key.startswith("The encryption key is not in it")


def test_backup_with_the_key_reads_the_passphrase(stocked, run, config, folder, cheap):
    file = folder / "one.zip"
    words = ("backup", file, "--with-key", "--passphrase-file", "-")
    done = run(*words, text=PASSPHRASE + "\n")
    assert (done.exit_code, done.stdout) == (0, f"{file}\n")
    assert "not in it" not in done.stderr
    key = sealing.unseal(archives.key_of(file), PASSPHRASE)
    assert key == (config.instance / "encryption_key").read_bytes()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--with-key"], 2, "--passphrase-file"),
        (["--passphrase-file", "-"], 2, "add --with-key"),
        (["--with-key", "--passphrase-file", "-"], 1, "12 characters"),
    ],
    ids=["without", "for nothing", "short"],
)
def test_a_backup_that_is_not_understood_is_one_line(
    stocked, run, folder, words, status, said
):
    done = run("backup", folder, *words, text="short\n")
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr.splitlines()[-1]
    assert list(folder.iterdir()) == []


def test_a_backup_that_fails_is_one_line(stocked, run, folder):
    done = run("backup", folder / "missing" / "one.zip")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines()[1].startswith("Error: There is no folder ")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_at_a_terminal_the_passphrase_is_asked_for_twice_and_progress_is_shown(
    stocked, config, folder
):
    import pty

    instance = Instance(config.instance)
    file = folder / "one.zip"
    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "netpresenter_next", "backup", "--with-key"]
        os.execve(command[0], [*command, str(file)], instance.environment)
    wait_for(terminal, "Passphrase: ")
    os.write(terminal, PASSPHRASE.encode() + b"\n")
    wait_for(terminal, "Repeat for confirmation: ")
    os.write(terminal, PASSPHRASE.encode() + b"\n")
    said = wait_for(terminal, "Checked and counted.")
    assert "Backup" in said
    assert "100%" in said
    assert PASSPHRASE not in said
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert status == 0
    assert backups.verify(file).has_key
