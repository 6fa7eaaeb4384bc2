"""The machine is lost, and the nightly backup is restored on another one.

Microsoft Entra ID continues with incremental cycles, which do not repair what the
backup lacks. After "Restart provisioning", everybody is again as they are in Entra.
"""

import copy
import os
import shutil
import signal
from contextlib import contextmanager
from typing import NamedTuple

import httpx
import pytest
from click.testing import CliRunner

from factories import People
from helpers import PASSWORD, Instance, close, copy_of
from netpresenter_next.backups import copying, making
from netpresenter_next.cli.main import main
from netpresenter_next.config.options import load
from netpresenter_next.directory import scim_tokens
from netpresenter_next.directory.events import COMMAND_LINE
from netpresenter_next.storage import database
from visitors import hidden

USER = "urn:ietf:params:scim:schemas:core:2.0:User"
GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
NOTICE = "Restart provisioning in Entra."
PAGES = ("/settings/users", "/settings/groups", "/settings/system")


class Snapshot(NamedTuple):
    """People by name, and groups with the names of their members."""

    people: dict[str, dict]
    groups: dict[str, set[str]]


class Entra:
    """People and groups as they are in Entra, and the ids they have at the target."""

    def __init__(self):
        self.people = {f"p{n}": new_person(f"p{n}") for n in range(50)}
        self.groups = {f"Group {n}": {f"p{n}", "p3", "p4"} for n in range(3)}
        self._ids = {}

    @property
    def now(self):
        """A copy of the present state."""
        return copy.deepcopy(Snapshot(self.people, self.groups))

    def connect(self, http):
        """Set the client that reaches the target."""
        self._http = http

    def ask(self, method, path, document=None, **parameters):
        """Send a request; return the response, which may be a 404."""
        path = f"/scim/v2{path}"
        answer = self._http.request(method, path, json=document, params=parameters)
        assert answer.is_success or answer.status_code == 404, answer.text
        return answer

    def find(self, kind, attribute, value):
        """Look up a resource by its name; return it, or None."""
        answer = self.ask("GET", f"/{kind}", filter=f'{attribute} eq "{value}"')
        resources = answer.raise_for_status().json()["Resources"]
        assert len(resources) < 2
        return next(iter(resources), None)

    def patch(self, kind, name, operations):
        document = {"schemas": [PATCH], "Operations": operations}
        return self.ask("PATCH", f"/{kind}/{self._ids[name]}", document)

    # ------------------------------------------------------------- incremental cycle
    def send_differences(self, before):
        """Send the changes since the last cycle; return the responses that failed."""
        people = [self._difference(before, name) for name in self.people]
        gone = [
            self.ask("DELETE", f"/Users/{self._ids.pop(name)}")
            for name in before.people.keys() - self.people
        ]
        groups = [
            self._members(name, before.groups[name], members)
            for name, members in self.groups.items()
        ]
        answers = [each for each in (*people, *gone, *groups) if each is not None]
        return [answer for answer in answers if not answer.is_success]

    def _difference(self, before, name):
        if name not in before.people:
            return self._create("Users", name, self.people[name])
        return self._change(name, before.people[name])

    def _create(self, kind, name, document):
        answer = self.ask("POST", f"/{kind}", document)
        self._ids[name] = answer.raise_for_status().json()["id"]
        return answer

    def _change(self, name, there):
        wanted = self.people[name]
        different = [each for each in wanted if wanted[each] != there.get(each)]
        replaced = [
            {"op": "replace", "path": each, "value": wanted[each]} for each in different
        ]
        return self.patch("Users", name, replaced) if replaced else None

    def _members(self, group, before, wanted):
        operations = [
            {"op": op, "path": "members", "value": self._values(names)}
            for op, names in (("add", wanted - before), ("remove", before - wanted))
            if names
        ]
        return self.patch("Groups", group, operations) if operations else None

    def _values(self, names):
        # Deleted people have left their groups, in Entra and at the target.
        return [{"value": self._ids[name]} for name in names if name in self._ids]

    # -------------------------------------------------------------------- full cycle
    def restart(self):
        """Forget the ids of the target, and look up everybody there."""
        self._ids = {}
        for name, wanted in self.people.items():
            there = self.find("Users", "userName", wanted["userName"])
            self._create_missing("Users", name, wanted, there)
            if there and (answer := self._change(name, there)):
                answer.raise_for_status()
        for name, members in self.groups.items():
            there = self.find("Groups", "displayName", name)
            document = {"schemas": [GROUP], "displayName": name}
            self._create_missing("Groups", name, document, there)
            self._restart_members(name, members)

    def _create_missing(self, kind, name, document, there):
        if there is None:
            self._create(kind, name, document)
        else:
            self._ids[name] = there["id"]

    def _restart_members(self, group, wanted):
        path = f"/Groups/{self._ids[group]}"
        there = self.ask("GET", path).raise_for_status().json()
        names = {number: name for name, number in self._ids.items()}
        before = {names[each["value"]] for each in there.get("members", [])}
        if (answer := self._members(group, before, wanted)) is not None:
            answer.raise_for_status()

    def delete(self, name):
        """Look up somebody who was deleted in Entra, and delete them at the target."""
        there = self.find("Users", "userName", new_person(name)["userName"])
        self.ask("DELETE", f"/Users/{there['id']}").raise_for_status()

    # ---------------------------------------------------------------------- the target
    def read_target(self):
        """Return the people and groups of the target."""
        people = self.ask("GET", "/Users", count=100).json()["Resources"]
        groups = self.ask("GET", "/Groups", count=100).json()["Resources"]
        names = {each["id"]: each["externalId"] for each in people}
        assert len(set(names.values())) == len(people)
        return Snapshot(
            {
                each["externalId"]: {
                    name: each[name] for name in new_person("") if name in each
                }
                for each in people
            },
            {
                each["displayName"]: {names[one["value"]] for one in each["members"]}
                for each in groups
            },
        )


def new_person(name):
    address = f"{name}@example.org"
    return {
        "schemas": [USER],
        "externalId": name,
        "userName": address,
        "active": True,
        "displayName": f"Person {name}",
        "title": "Reader",
        "emails": [{"type": "work", "value": address, "primary": True}],
    }


def change_later(entra):
    """Change people and groups in Entra after the backup was made."""
    for number in range(10):
        entra.people[f"p{number}"]["title"] = "Writer"
    entra.people |= {name: new_person(name) for name in ("new1", "new2")}
    del entra.people["p20"]
    entra.people["p21"]["active"] = False
    entra.groups["Group 0"] |= {"p30", "new1"}
    entra.groups["Group 1"] -= {"p3"}


@pytest.fixture
def token(migrated, password_hash, tmp_path):
    """A SCIM token of an instance with an administrator."""
    app = copy_of(migrated, tmp_path / "instance").app()
    assert People(app, password_hash).ada
    with app.app_context(), database.write() as connection:
        token = scim_tokens.issue(connection, COMMAND_LINE, "Entra", "form")
    close(app)
    return token


@contextmanager
def client(server, **headers):
    with httpx.Client(base_url=server.url, headers=headers, timeout=30) as http:
        yield http


def browser(server):
    return client(server, **{"Sec-Fetch-Site": "same-origin"})


def sign_in(browser):
    fields = {"user_name": "ada", "password": PASSWORD}
    page = browser.get("/sign-in").text
    answer = browser.post("/sign-in", data={**hidden(page), **fields})
    assert answer.status_code == 303
    return browser.cookies


def restore(instance, backup):
    """Restore a backup by the command; return its messages."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [each for each in os.environ if each.startswith("NETPRESENTER_")]:
            patch.delenv(name)
        patch.setenv("NETPRESENTER_INSTANCE", str(instance.folder))
        done = CliRunner().invoke(main, ["restore", str(backup), "--yes"])
    assert done.exit_code == 0, done.stderr
    return done.stderr


def sessions(instance):
    """Return the sessions in the database of an instance that nothing uses."""
    with copying.open_read_only(instance.folder / "netpresenter.db") as connection:
        return connection.execute("SELECT * FROM sessions").fetchall()


def pages_with_notice(browser):
    """Return the pages that ask to restart provisioning."""
    pages = {path: browser.get(path).raise_for_status().text for path in PAGES}
    return [path for path, text in pages.items() if NOTICE in text]


def run_until_lost(instance, token, entra, elsewhere):
    """Use an instance until its machine is lost; return the backup and cookies."""
    authorization = {"Authorization": f"Bearer {token}"}
    with (
        instance.served() as server,
        client(server, **authorization) as http,
        browser(server) as ada,
    ):
        entra.connect(http)
        entra.restart()
        cookies = sign_in(ada)
        assert pages_with_notice(ada) == []
        backup = making.make_nightly(load({}, instance=instance.folder), elsewhere, 3)
        before = entra.now
        change_later(entra)
        assert entra.send_differences(before) == []
        assert entra.read_target() == entra.now
        server.stop(signal.SIGKILL)
    shutil.rmtree(instance.folder)
    return backup.path, cookies


def test_a_restored_machine_matches_entra_once_provisioning_restarts(token, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    entra, new = Entra(), Instance(tmp_path / "another machine" / "instance")
    old = Instance(tmp_path / "instance")
    backup, cookies = run_until_lost(old, token, entra, elsewhere)
    assert "choose Restart provisioning." in restore(new, backup)
    counts = making.verify(backup).counts
    assert (counts["users"], counts["groups"], counts["sessions"]) == (51, 3, 1)
    assert sessions(new) == []
    authorization = {"Authorization": f"Bearer {token}"}
    with (
        new.served() as server,
        client(server, **authorization) as http,
        browser(server) as ada,
    ):
        entra.connect(http)
        ada.cookies.update(cookies)
        assert ada.get("/account").status_code == 303  # that session has ended
        sign_in(ada)
        assert pages_with_notice(ada) == list(PAGES)
        check_that_differences_are_not_enough(entra)
        assert pages_with_notice(ada) == list(PAGES)
        entra.restart()
        assert "Not received yet: p20@example.org." in ada.get(PAGES[0]).text
        entra.delete("p20")
        assert pages_with_notice(ada) == []
        assert entra.read_target() == entra.now


def check_that_differences_are_not_enough(entra):
    """An incremental cycle does not repair what the backup lacks."""
    before = entra.now
    for name in ("new1", "new2", "p40"):
        entra.people[name]["title"] = "Editor"
    unknown = [answer.status_code for answer in entra.send_differences(before)]
    assert unknown == [404, 404]
    people, _groups = entra.read_target()
    assert people["p40"]["title"] == "Editor"
    assert people["p0"]["title"] == "Reader"
    assert people["p21"]["active"]
    assert "p20" in people
