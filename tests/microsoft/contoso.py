"""A small company after four days with Entra: for screenshots, and to try pages out.

Everything arrives as in life, at times before now: Entra sends it over SCIM, people
sign in, and the administrator presses buttons.
"""

import re

import requests
from entra_client import Employee, Entra, body_of
from settings_page import PAGE, save

from clocks import DAY, HOUR, MINUTE, SettableClock
from factories import People
from helpers import PASSWORD
from netpresenter_next.storage.models import ADMINISTRATOR
from netpresenter_next.web import context
from visitors import hidden, signed_in

ADMIN = "admin"
TEAMS = {
    "Management": ["Sanne de Vries", "Daan Bakker"],
    "IT": ["Noor Jansen", "Bram Visser", "Iris Mulder", "Teun de Boer"],
    "Sales": [
        "Lotte Smit",
        "Sem Meijer",
        "Fleur van den Berg",
        "Thijs Dekker",
        "Evi Brouwer",
        "Luuk Dijkstra",
        "Roos Vermeulen",
    ],
    "Service desk": ["Jasper van Dam", "Yara Peters", "Koen Hendriks", "Mila Koster"],
    "Finance": ["Anouk van Leeuwen", "Pieter Willems", "Fatima el Amrani"],
    "Warehouse": [
        "Ruben Kok",
        "Esmée Jacobs",
        "Şule Yılmaz",
        "Gijs 't Hart",
        "Olga Łapińska",
        "Wout Vos",
    ],
}


def list_staff():
    """Return everybody by name; the first of each team is its head."""
    staff = {}
    for team, names in TEAMS.items():
        for name in names:
            given, family = name.split(" ", 1)
            title = f"Head of {team}" if name == names[0] else "Employee"
            staff[name] = Employee(given, family, title, team)
    return staff


class Company:
    """The application, Entra, and an administrator with a local account."""

    def __init__(self, app, microsoft, monkeypatch, password_hash):
        self.app, self.microsoft = app, microsoft
        self.clock = SettableClock(monkeypatch)
        self.people = People(app, password_hash)
        self.entra = Entra(app.test_client())
        self.staff = list_staff()
        self.admin = app.test_client()

    # ------------------------------------------------------------- steps
    def be_at(self, seconds_ago):
        """Set the clock to some time before now."""
        self.clock.step(-seconds_ago - self.clock.moved)

    def press(self, path, page, **fields):
        """Press a button as the administrator, with the password where it is asked."""
        answer = self.admin.submit(path, page=page, **fields)
        if answer.status_code == 403:
            again = {**hidden(answer.text), "password_again": PASSWORD}
            answer = self.admin.post(path, data=again)
        assert answer.status_code in (200, 303), answer.text
        return answer

    def store_activity(self):
        """Store what a server stores every 15 seconds."""
        with self.app.app_context():
            context.of(self.app).activity.store()

    def provision(self, employee, number):
        """Send an employee with phone numbers and a manager."""
        body = body_of(employee)
        body["phoneNumbers"] = [
            {"type": "work", "value": f"+31 20 555 01{number:02}"},
            {"type": "mobile", "value": f"+31 6 1234 56{number:02}"},
        ]
        self.entra.find(employee)
        answer = self.entra.send("POST", "/Users", body)
        assert answer.status_code == 201, answer.text
        self.entra.ids[employee.object_id] = answer.json["id"]
        head = self.staff[TEAMS[employee.department][0]]
        boss = self.staff["Sanne de Vries"] if head == employee else head
        if boss != employee:
            path = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager"
            self.entra.change(employee, **{path: self.entra.ids[boss.object_id]})

    def sign_in_at_microsoft(self, employee, path="/sign-in/microsoft", client=None):
        """Let an employee sign in with Microsoft; returns the browser."""
        client = client or self.app.test_client()
        self.microsoft.claims = {
            "oid": employee.object_id,
            "name": employee.name,
            "preferred_username": employee.user_name,
        }
        there = client.get(path)
        back = requests.get(there.location, allow_redirects=False, timeout=10)
        answer = client.get(back.headers["Location"].replace("http://localhost", ""))
        assert answer.status_code in (200, 303), answer.text
        return client

    # ------------------------------------------------------------- four days
    def live_through_four_days(self):
        """Set up, provision, change, and refuse, until a few minutes ago."""
        self.set_up(4 * DAY)
        self.provision_everybody(4 * DAY - HOUR)
        self.sign_in(3 * DAY)
        self.change_people(2 * DAY)
        self.lose_people(20 * HOUR)
        self.be_at(12 * MINUTE)
        self.entra.change(self.staff["Iris Mulder"], title="Network engineer")
        self.entra.test_connection()
        self.store_activity()
        self.be_at(0)

    def set_up(self, ago):
        """Make the first accounts, and generate the token."""
        self.be_at(ago)
        self.people.local(ADMIN, role=ADMINISTRATOR)
        self.people.local("emergency-admin", role=ADMINISTRATOR, emergency=True)
        self.people.local("reception")
        self.people.local("daan.bakker")
        self.admin = signed_in(self.app, ADMIN)
        self.press(f"{PAGE}/url-copied", PAGE)
        label = {"label": "production", "replaces_id": "", "expires": "0"}
        shown = self.press(f"{PAGE}/token", PAGE, **label).text
        self.entra.token = re.search(r"npn_scim_\w{49,}", shown)[0]
        self.entra.test_connection()
        self.store_activity()

    def provision_everybody(self, ago):
        """Let the first cycle arrive, in which one person clashes."""
        self.be_at(ago)
        clash = self.staff["Daan Bakker"]
        everybody = [each for each in self.staff.values() if each != clash]
        for number, each in enumerate(everybody):
            self.provision(each, number)
        body = {**body_of(clash), "userName": "daan.bakker"}
        assert self.entra.send("POST", "/Users", body).status_code == 409
        for team, names in TEAMS.items():
            members = [self.staff[name] for name in names if name != clash.name]
            self.entra.provision_group(team, members)
        self.store_activity()

    def sign_in(self, ago):
        """Connect Microsoft, and let people sign in with it."""
        self.be_at(ago)
        self.admin = signed_in(self.app, ADMIN)
        save(self.admin)
        noor = self.staff["Noor Jansen"]
        self.sign_in_at_microsoft(noor, "/sign-in/microsoft/test", self.admin)
        for name in ("Noor Jansen", "Lotte Smit", "Jasper van Dam", "Olga Łapińska"):
            self.sign_in_at_microsoft(self.staff[name])
        noors = f"/settings/users/{self.entra.ids[noor.object_id]}"
        self.press(f"{noors}/role", noors, role=ADMINISTRATOR)

    def change_people(self, ago):
        """Let names, titles and members change."""
        self.be_at(ago)
        change, staff = self.entra.change, self.staff
        change(staff["Yara Peters"], title="Team lead", displayName="Yara Peters-Bos")
        change(staff["Sem Meijer"], title="Account manager")
        self.entra.remove_members("Sales", [staff["Evi Brouwer"]])
        self.entra.add_members("Finance", [staff["Evi Brouwer"]])
        self.store_activity()

    def lose_people(self, ago):
        """Let two people leave, of whom one is signed in; and refuse nonsense."""
        self.be_at(ago + HOUR)
        self.sign_in_at_microsoft(self.staff["Wout Vos"])
        self.be_at(ago)
        self.entra.disable(self.staff["Wout Vos"])
        self.entra.disable(self.staff["Luuk Dijkstra"])
        self.entra.change(self.staff["Koen Hendriks"], userName="")
        twin = Employee("Koen", "Hendriks", key="another Koen")
        assert self.entra.send("POST", "/Users", body_of(twin)).status_code == 409
        self.store_activity()
