"""The commands ``backup`` and ``restore``."""

import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from helpers import Instance, close, read_until
from netpresenter_next.backups import (
    archives,
    key_encryption,
    making,
    restored_facts,
    restoring,
)
from netpresenter_next.cli import restored
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database, instances

PASSPHRASE = "correct horse battery staple"


def test_backup_prints_its_path_and_describes_its_contents(
    populated, run, config, folder
):
    done = run("backup", folder)
    assert done.exit_code == 0, done.stderr
    path = Path(done.stdout.removesuffix("\n"))
    assert [path] == list(folder.iterdir())
    named, said, about_key = done.stderr.splitlines()
    assert named == f"Instance: {config.instance}"
    assert said.endswith(". Verified by a test restore.")
    assert f"at step {instances.STEPS[-1]}: 3 people, 1 group, " in said
    assert about_key.startswith("The encryption key is not included")


def test_backup_with_the_key_reads_the_passphrase_from_standard_input(
    populated, run, config, folder, cheap_passphrases
):
    file = folder / "one.zip"
    words = ("backup", file, "--with-key", "--passphrase-file", "-")
    done = run(*words, text=PASSPHRASE + "\n")
    assert (done.exit_code, done.stdout) == (0, f"{file}\n")
    assert "is not included" not in done.stderr
    key = key_encryption.decrypt(archives.read_encrypted_key(file), PASSPHRASE)
    assert key == (config.instance / "encryption_key").read_bytes()


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["--with-key"], 2, "--passphrase-file"),
        (["--passphrase-file", "-"], 2, "add --with-key"),
        (["--with-key", "--passphrase-file", "-"], 1, "12 characters"),
    ],
    ids=["key without passphrase", "passphrase without key", "short passphrase"],
)
def test_wrong_options_of_backup_are_refused_in_one_line(
    populated, run, folder, words, status, said
):
    done = run("backup", folder, *words, text="short\n")
    assert (done.exit_code, done.stdout) == (status, "")
    assert said in done.stderr.splitlines()[-1]
    assert list(folder.iterdir()) == []


def test_a_failed_backup_is_reported_in_one_line(populated, run, folder):
    done = run("backup", folder / "missing" / "one.zip")
    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines()[1].startswith("Error: There is no folder ")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_a_terminal_asks_twice_for_the_passphrase_and_shows_progress(
    populated, config, folder
):
    import pty

    instance = Instance(config.instance)
    file = folder / "one.zip"
    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "netpresenter_next", "backup", "--with-key"]
        os.execve(command[0], [*command, str(file)], instance.environment)
    read_until(terminal, "Passphrase: ")
    os.write(terminal, PASSPHRASE.encode() + b"\n")
    read_until(terminal, "Repeat for confirmation: ")
    os.write(terminal, PASSPHRASE.encode() + b"\n")
    said = read_until(terminal, "Verified by a test restore.")
    assert "Backup" in said
    assert "100%" in said
    assert PASSPHRASE not in said
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert status == 0
    assert making.verify(file).has_key


# -------------------------------------------------------------------------- restore
def test_restore_reports_what_it_did_and_what_to_do_next(
    populated, people, run, config, folder
):
    with populated.app_context(), database.write() as connection:
        scim_tokens.issue(connection, COMMAND_LINE, "En tra", "form")
        connection.exec_driver_sql("UPDATE sign_in_settings SET is_forced = 1")
    file = folder / "one.zip"
    assert run("backup", file).exit_code == 0
    with populated.app_context(), database.write() as connection:
        connection.exec_driver_sql("UPDATE users SET active = 0 WHERE user_name='jane'")
        connection.exec_driver_sql("UPDATE sign_in_settings SET is_forced = 0")
    close(populated)
    done = run("restore", file, "--yes")
    assert (done.exit_code, done.stdout) == (0, "")
    named, about, *said = done.stderr.splitlines()
    assert named == f"Instance: {config.instance}"
    assert about.startswith("A backup of 20")
    text = "\n".join(said)
    for part in (
        "Restored: the database as it was on ",
        f"The previous files are in {config.instance / 'before-restore-'}",
        "All sessions have ended.",
        "These SCIM tokens are active:\n  npn_scim_",
        " (En tra), created on ",
        "1 person can sign in again who could not before the restore:\n  jane "
        "(disabled before)",
        "user block USER_NAME",
        "Force sign in with Microsoft is on. It was off before.",
        "force-sign-in off",
        "choose Restart provisioning.",
    ):
        assert part in text
    assert "encryption key of this instance cannot decrypt" not in text
    with populated.app_context(), database.write() as connection:
        connection.exec_driver_sql("UPDATE sign_in_settings SET is_forced = 0")


def test_restore_without_a_previous_database_says_what_is_unknown(
    populated, config, folder, tmp_path
):
    made = making.make(config, folder)
    new = replace(config, instance=tmp_path / "new")
    report = restoring.restore(new, made.path)
    text = "\n".join(restored.format_report(new, replace(report, lacks_key=True)))
    assert "it is not known who was disabled" in text
    assert "or whose old password works again" in text
    assert "No SCIM token works" in text
    assert "enter it again under Settings > System > Microsoft Entra ID." in text
    assert "previous files are in" not in text


def test_shortened_lists_end_with_the_number_left_out(config, folder, populated):
    made = making.make(config, folder)
    facts = restored_facts.Facts(
        tokens=[],
        is_compared=True,
        people=[("jane", "deleted")],
        people_number=9,
        administrators=["ada", "bob"],
        passwords=["eve"],
        passwords_number=3,
        was_forced=True,
    )
    manifest = replace(made.manifest, has_key=True)
    report = restoring.Report(manifest, facts, [], True, False, True)
    text = "\n".join(restored.format_report(config, report))
    assert "9 people can sign in again" in text
    assert "  and 8 more" in text
    assert "These people are administrators again: ada, bob." in text
    assert (
        "The old password works again for 3 people who changed it after the "
        "backup:\n  eve\n  and 2 more\n"
    ) in text
    assert "user set-password USER_NAME" in text
    assert "Force sign in with Microsoft is off. It was on before: " in text
    assert "is of an older version" in text
    assert "or restore again with the passphrase" in text


def test_restore_without_a_terminal_requires_the_option_yes(
    populated, run, config, folder
):
    made = making.make(config, folder)
    done = run("restore", made.path)
    assert done.exit_code == 2
    assert "--yes" in done.stderr.splitlines()[-1]
    assert not list(config.instance.glob("before-restore-*"))


def test_a_missing_or_invalid_file_is_refused_in_one_line(populated, run, folder):
    assert "No such file" in run("restore", folder / "x.zip", "--yes").stderr
    (folder / "x.zip").write_text("mine")
    done = run("restore", folder / "x.zip", "--yes")
    assert (done.exit_code, done.stdout) == (1, "")
    assert "is damaged, or not a backup" in done.stderr


def test_a_wrong_passphrase_is_refused_in_one_line(
    populated, run, config, folder, cheap_passphrases
):
    made = making.make(config, folder, passphrase=PASSPHRASE)
    words = ("restore", made.path, "--yes", "--passphrase-file", "-")
    done = run(*words, text="another passphrase\n")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].endswith("key in the backup is incorrect.")
    assert run(*words, text=f"{PASSPHRASE}\n").exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize("answer", ["y", "n"])
def test_a_terminal_asks_before_it_restores(populated, config, folder, answer):
    import pty

    made = making.make(config, folder)
    pid, terminal = pty.fork()
    if pid == 0:
        command = [sys.executable, "-m", "netpresenter_next", "restore"]
        environment = Instance(config.instance).environment
        os.execve(command[0], [*command, str(made.path)], environment)
    said = read_until(terminal, "Continue? [y/N]: ")
    assert "will be moved aside and replaced" in said
    os.write(terminal, answer.encode() + b"\n")
    read_until(terminal, "Overview" if answer == "y" else "Nothing was restored.")
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == (answer == "n")
    list_moved_aside = list(config.instance.glob("before-restore-*"))
    assert len(list_moved_aside) == (answer == "y")
