"""Microsoft Entra ID as a SCIM client: what its provisioning service sends.

A person is looked up by userName and created or changed; a person who left the scope is
disabled; members are added to a group that was created empty.  What was refused is sent
again in the next cycle.
"""

import re
from dataclasses import dataclass, replace
from uuid import UUID, uuid5

from anyascii import anyascii

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
TENANT = UUID("5a2b0d4e-93f1-4b8c-a1f0-6c1d2e3f4a5b")
DOMAIN = "contoso.example"


@dataclass(frozen=True)
class Employee:
    """A person in the directory of Entra."""

    given: str
    family: str
    title: str = "Employee"
    department: str = "Sales"
    # What the object ID is made of: it stays after a change of the name.
    key: str = ""

    @property
    def name(self):
        return f"{self.given} {self.family}"

    @property
    def user_name(self):
        name = re.sub("[^a-z.-]", "", anyascii(f"{self.given}.{self.family}").lower())
        return f"{name}@{DOMAIN}"

    @property
    def object_id(self):
        return str(uuid5(TENANT, self.key or self.name))

    def renamed(self, family):
        """Return the same person with another surname."""
        return replace(self, family=family, key=self.key or self.name)


def body_of(employee):
    """Return an employee as the default mapping sends them."""
    return {
        "schemas": [CORE_USER, ENTERPRISE],
        "externalId": employee.object_id,
        "userName": employee.user_name,
        "active": True,
        "displayName": employee.name,
        "title": employee.title,
        "emails": [{"primary": True, "type": "work", "value": employee.user_name}],
        "meta": {"resourceType": "User"},
        "name": {"givenName": employee.given, "familyName": employee.family},
        ENTERPRISE: {"department": employee.department},
    }


class Entra:
    """The provisioning service, with the ids that it learned of people and groups."""

    def __init__(self, client):
        self.client = client
        self.token = ""
        self.ids = {}

    def send(self, method, path, body=None, **query):
        """Send one request; returns the answer."""
        return self.client.open(
            f"/scim/v2{path}",
            method=method,
            json=body,
            query_string=query,
            headers={"Authorization": f"Bearer {self.token}"},
        )

    def patch(self, path, *operations):
        body = {"schemas": [PATCH_OP], "Operations": list(operations)}
        return self.send("PATCH", path, body)

    # ------------------------------------------------------------- people
    def test_connection(self):
        """Look up a user name that nobody has, as the button Test Connection does."""
        nobody = uuid5(TENANT, "nobody")
        return self.send("GET", "/Users", filter=f'userName eq "{nobody}"')

    def find(self, employee):
        """Return the resource with the user name of an employee, if there is one."""
        condition = f'userName eq "{employee.user_name}"'
        found = self.send("GET", "/Users", filter=condition).json["Resources"]
        return found[0] if found else None

    def provision(self, employee):
        """Create an employee, or bring the one with this user name up to date."""
        resource = self.find(employee)
        if resource is None:
            answer = self.send("POST", "/Users", body_of(employee))
        else:
            answer = self.patch(f"/Users/{resource['id']}", *_differences(employee))
        if answer.status_code in (200, 201):
            self.ids[employee.object_id] = answer.json["id"]
        return answer

    def change(self, employee, **values):
        """Send changed attributes of an employee who is here already."""
        operations = [
            {"op": "Replace", "path": path, "value": value}
            for path, value in values.items()
        ]
        return self.patch(self.path_of(employee), *operations)

    def rename(self, employee):
        """Send the new name of an employee."""
        names = {"familyName": employee.family, "givenName": employee.given}
        operations = [
            {"op": "Replace", "path": "userName", "value": employee.user_name},
            {"op": "Replace", "path": "displayName", "value": employee.name},
            {"op": "Replace", "path": "name.familyName", "value": names["familyName"]},
            _replace_work_email(employee),
        ]
        return self.patch(self.path_of(employee), *operations)

    def disable(self, employee):
        """Disable an employee who is out of scope."""
        return self.change(employee, active="False")

    def delete(self, employee):
        """Delete an employee for good, 30 days after the account in Entra."""
        return self.send("DELETE", self.path_of(employee))

    def path_of(self, employee):
        return f"/Users/{self.ids[employee.object_id]}"

    # ------------------------------------------------------------- groups
    def provision_group(self, name, members):
        """Create a group, and then add its members."""
        condition = f'displayName eq "{name}"'
        found = self.send(
            "GET", "/Groups", filter=condition, excludedAttributes="members"
        )
        assert found.json["totalResults"] == 0
        body = {
            "schemas": [CORE_GROUP],
            "externalId": str(uuid5(TENANT, name)),
            "displayName": name,
            "meta": {"resourceType": "Group"},
        }
        answer = self.send("POST", "/Groups", body)
        assert answer.status_code == 201, answer.text
        self.ids[name] = answer.json["id"]
        return self.add_members(name, members)

    def add_members(self, name, members):
        return self._change_members("Add", name, members)

    def remove_members(self, name, members):
        return self._change_members("Remove", name, members)

    def _change_members(self, op, name, members):
        values = [{"value": self.ids[each.object_id]} for each in members]
        change = {"op": op, "path": "members", "value": values}
        return self.patch(f"/Groups/{self.ids[name]}", change)


def _differences(employee):
    """Return the operations for an account that was found by its user name."""
    body = body_of(employee)
    return [
        {"op": "Add", "path": "externalId", "value": body["externalId"]},
        {"op": "Add", "path": "displayName", "value": body["displayName"]},
        {"op": "Add", "path": "title", "value": body["title"]},
        {"op": "Add", "path": "name.givenName", "value": employee.given},
        {"op": "Add", "path": "name.familyName", "value": employee.family},
        _replace_work_email(employee),
    ]


def _replace_work_email(employee):
    path = 'emails[type eq "work"].value'
    return {"op": "Replace", "path": path, "value": employee.user_name}
