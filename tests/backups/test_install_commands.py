"""Every command in the backup sections of docs/install.md does what the page says.

The program's own commands run as written, with other paths. Each system command has a
replacement here, and a command without one fails the test.
"""

import re
import shlex
from contextlib import ExitStack

import pytest

from helpers import ROOT, Instance, close
from netpresenter_next.backups import making
from netpresenter_next.cli.console import make_database_app
from netpresenter_next.config.options import load
from netpresenter_next.directory.people import administrator_exists
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.instances import Condition
from visitors import Visitor, signed_in

PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
PROGRAM = "/opt/netpresenter-next/.venv/bin/netpresenter-next"
INSTANCE = "NETPRESENTER_INSTANCE=/var/lib/netpresenter-next"
EXAMPLES = {
    "/backup/netpresenter-nightly-2026-11-26T020000Z.zip",
    "/backup/netpresenter-2026-11-26T101500Z.zip",
}
PASSPHRASE = "correct horse battery staple"
# These commands install the program; the tests already run in a checkout of it.
INSTALLATION = {
    "sudo useradd --system --home-dir /opt/netpresenter-next "
    "--shell /usr/sbin/nologin netpresenter",
    "sudo git clone <repository> /opt/netpresenter-next",
    "cd /opt/netpresenter-next",
    "sudo git pull",
    "sudo make setup",
}
MAKE_FOLDER = "sudo install -d -o netpresenter -g netpresenter -m 700 "
START = {
    "sudo systemctl start netpresenter-next",
    "sudo systemctl enable --now netpresenter-next",
}
STOP = "sudo systemctl stop netpresenter-next"


def commands(heading):
    """Return the commands of a section, each on one line."""
    (section,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", PAGE, re.M | re.S)
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)
    lines = "".join(blocks).replace("\\\n", " ").splitlines()
    return [" ".join(line.split()) for line in lines]


class Machine:
    """Runs the commands of the page in a folder of the test."""

    def __init__(self, folder, run):
        self.config = load({}, instance=folder / "instance")
        self.backup = folder / "backup"
        self._run, self._service = run, ExitStack()
        self.said = self.printed = ""

    def start(self):
        app = Instance(self.config.instance).app()
        app.test_client_class = Visitor
        self._service.enter_context(instances.lock(self.config))
        self._service.callback(close, app)
        return app

    def stop(self):
        self._service.close()

    def do(self, heading):
        for command in commands(heading):
            self._do(command)

    def _do(self, command):
        if command in INSTALLATION:
            return
        if command in START:
            self.start()
        elif command == STOP:
            self.stop()
        elif command.startswith(MAKE_FOLDER):
            self._local(command.removeprefix(MAKE_FOLDER)).mkdir(exist_ok=True)
        else:
            self._call(shlex.split(command))

    def _call(self, words):
        *before, program = words[:5]
        assert [*before, program] == ["sudo", "-u", "netpresenter", INSTANCE, PROGRAM]
        arguments, text = words[5:], ""
        if "<" in arguments:
            assert arguments[-2:] == ["<", "passphrase.txt"]
            arguments, text = arguments[:-2], PASSPHRASE
        named = [self._local(each) if "/" in each else each for each in arguments]
        done = self._run(*named, text=text)
        assert done.exit_code == 0, done.stderr
        self.said, self.printed = done.stderr, done.stdout

    def _local(self, path):
        if path in EXAMPLES:
            return max(self.backup.iterdir(), key=lambda each: each.stat().st_mtime_ns)
        return {"/backup": self.backup, INSTANCE[22:]: self.config.instance}[path]


@pytest.fixture
def machine(populated, tmp_path, run, cheap_passphrases):
    """A machine that serves an instance with people."""
    machine = Machine(tmp_path, run)
    app = machine.start()
    yield machine
    machine.stop()
    close(app)


def names(config):
    app = make_database_app(config)
    with app.app_context(), database.read() as connection:
        found = connection.exec_driver_sql("SELECT user_name FROM users").scalars()
        people = set(found)
        assert administrator_exists(connection)
    close(app)
    return people


def test_the_troubleshooting_commands_work_while_the_server_runs(machine):
    machine.do("Troubleshooting")
    assert "The whole database was checked: no damage was found." in machine.printed


def test_the_backup_commands_work_while_the_server_runs(machine):
    machine.do("Backups")
    made = making.list_backups(machine.config, machine.backup)
    assert [each.manifest.has_key for each in made] == [True, False]  # newest first


def test_the_restore_commands_bring_people_back(machine, people):
    machine.do("Backups")
    people.provisioned("max")
    machine.do("Restore")
    assert names(machine.config) == {"ada", "jane", "zoë"}
    assert "choose Restart provisioning" in machine.said


def test_the_disaster_commands_bring_people_and_the_key_back(machine, tmp_path):
    machine.do("Backups")
    key = (machine.config.instance / "encryption_key").read_bytes()
    machine.stop()
    machine.config.instance.rename(tmp_path / "gone")
    machine.do("Disaster recovery")
    assert names(machine.config) == {"ada", "jane", "zoë"}
    assert (machine.config.instance / "encryption_key").read_bytes() == key
    machine.stop()
    assert signed_in(machine.start(), "ada").is_in()


def test_the_update_commands_keep_a_backup_of_the_previous_version(
    machine, monkeypatch, tmp_path
):
    machine.stop()
    machine.backup.mkdir()
    machine.config.instance.rename(tmp_path / "other")
    with monkeypatch.context() as patch:
        patch.setattr(instances, "STEPS", instances.STEPS[:-1])
        Instance(machine.config.instance).prepare()
    machine.do("Update")
    assert instances.examine(machine.config).condition is Condition.CURRENT
    (kept,) = (machine.config.instance / "backups").iterdir()
    (made,) = making.list_backups(machine.config, machine.backup)
    assert making.verify(kept).step == made.manifest.step == instances.STEPS[-2]


def test_every_section_has_commands():
    for heading in ("Backups", "Restore", "Disaster recovery", "Update"):
        assert any(PROGRAM in command for command in commands(heading))
