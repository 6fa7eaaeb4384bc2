"""The machine is lost, and the backup of the night is restored on another one.

Microsoft Entra ID goes on with differences, which do not mend what the backup lacks;
once provisioning is restarted there, everybody is again as they are in Entra.
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


class Picture(NamedTuple):
    """People by their names, and groups, each with the names of its members."""

    people: dict[str, dict]
    groups: dict[str, set[str]]


class Entra:
    """People and groups as they are in Entra, and what it remembers of a target."""

    def __init__(self):
        self.people = {f"p{n}": new_person(f"p{n}") for n in range(50)}
        self.groups = {f"Group {n}": {f"p{n}", "p3", "p4"} for n in range(3)}
        self._ids = {}

    @property
    def now(self):
        """A picture that stays as it is."""
        return copy.deepcopy(Picture(self.people, self.groups))

    def connect(self, http):
        """Say where the target is, now."""
        self._http = http

    def ask(self, method, path, document=None, **parameters):
        """Send a request; returns the answer, which may be that there is nothing."""
        path = f"/scim/v2{path}"
        answer = self._http.request(method, path, json=document, params=parameters)
        assert answer.is_success or answer.status_code == 404, answer.text
        return answer

    def found(self, kind, attribute, value):
        """Look something up by its name; returns it, or None."""
        answer = self.ask("GET", f"/{kind}", filter=f'{attribute} eq "{value}"')
        resources = answer.raise_for_status().json()["Resources"]
        assert len(resources) < 2
        return next(iter(resources), None)

    def patch(self, kind, name, operations):
        document = {"schemas": [PATCH], "Operations": operations}
        return self.ask("PATCH", f"/{kind}/{self._ids[name]}", document)

    # ------------------------------------------------------------------- differences
    def send_differences(self, before):
        """Send what is different from the cycle before; returns what was not found."""
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
        # Who is deleted is in no group any more, here as there.
        return [{"value": self._ids[name]} for name in names if name in self._ids]

    # -------------------------------------------------------------------- full cycle
    def restart(self):
        """Forget what is known of the target, and look everybody up in it."""
        self._ids = {}
        for name, wanted in self.people.items():
            there = self.found("Users", "userName", wanted["userName"])
            self._have("Users", name, wanted, there)
            if there and (answer := self._change(name, there)):
                answer.raise_for_status()
        for name, members in self.groups.items():
            there = self.found("Groups", "displayName", name)
            document = {"schemas": [GROUP], "displayName": name}
            self._have("Groups", name, document, there)
            self._restart_members(name, members)

    def _have(self, kind, name, document, there):
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
        """Delete somebody who is in Entra no more, once they are found."""
        there = self.found("Users", "userName", new_person(name)["userName"])
        self.ask("DELETE", f"/Users/{there['id']}").raise_for_status()

    # ---------------------------------------------------------------------- the target
    def there(self):
        """Return the picture that the target has."""
        people = self.ask("GET", "/Users", count=100).json()["Resources"]
        groups = self.ask("GET", "/Groups", count=100).json()["Resources"]
        names = {each["id"]: each["externalId"] for each in people}
        assert len(set(names.values())) == len(people)
        return Picture(
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
    """Change in Entra what happens there after the backup."""
    for number in range(10):
        entra.people[f"p{number}"]["title"] = "Writer"
    entra.people |= {name: new_person(name) for name in ("new1", "new2")}
    del entra.people["p20"]
    entra.people["p21"]["active"] = False
    entra.groups["Group 0"] |= {"p30", "new1"}
    entra.groups["Group 1"] -= {"p3"}


@pytest.fixture
def token(migrated, password_hash, tmp_path):
    """An instance with an administrator, and a token of it."""
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
    """Restore a backup by the command; returns what it said."""
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


def with_notice(browser):
    """Return the pages that tell to restart provisioning."""
    pages = {path: browser.get(path).raise_for_status().text for path in PAGES}
    return [path for path, text in pages.items() if NOTICE in text]


def lost(instance, token, entra, elsewhere):
    """Live with an instance until its machine is lost; returns backup and cookies."""
    authorization = {"Authorization": f"Bearer {token}"}
    with (
        instance.served() as server,
        client(server, **authorization) as http,
        browser(server) as ada,
    ):
        entra.connect(http)
        entra.restart()
        cookies = sign_in(ada)
        assert with_notice(ada) == []
        backup = making.make_nightly(load({}, instance=instance.folder), elsewhere, 3)
        before = entra.now
        change_later(entra)
        assert entra.send_differences(before) == []
        assert entra.there() == entra.now
        server.stop(signal.SIGKILL)
    shutil.rmtree(instance.folder)
    return backup.path, cookies


def test_a_lost_machine_is_restored_and_provisioning_restarted(token, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    entra, new = Entra(), Instance(tmp_path / "another machine" / "instance")
    backup, cookies = lost(Instance(tmp_path / "instance"), token, entra, elsewhere)
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
        assert with_notice(ada) == list(PAGES)
        differences_do_not_mend(entra)
        assert with_notice(ada) == list(PAGES)
        entra.restart()
        assert "Not received yet: p20@example.org." in ada.get(PAGES[0]).text
        entra.delete("p20")
        assert with_notice(ada) == []
        assert entra.there() == entra.now


def differences_do_not_mend(entra):
    """Entra sends what changed since its last cycle alone."""
    before = entra.now
    for name in ("new1", "new2", "p40"):
        entra.people[name]["title"] = "Editor"
    unknown = [answer.status_code for answer in entra.send_differences(before)]
    assert unknown == [404, 404]
    people, _groups = entra.there()
    assert people["p40"]["title"] == "Editor"
    assert people["p0"]["title"] == "Reader"
    assert people["p21"]["active"]
    assert "p20" in people
