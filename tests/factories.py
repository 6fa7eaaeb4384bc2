"""People and groups for the tests."""

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from flask import Flask
from sqlalchemy import update

from netpresenter_next.directory import access, conflicts, groups, local_groups, people
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.directory.events import COMMAND_LINE, SCIM, Actor
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import ADMINISTRATOR, USER, USERS

ENTRA = Actor(SCIM, "npn_scim_test")


@dataclass
class People:
    """Makes people and groups in the database of a test."""

    app: Flask
    password_hash: str

    def local(self, user_name, *, role=USER, emergency=False):
        with self.app.app_context(), database.write() as connection:
            return access.create_local(
                connection,
                user_name,
                self.password_hash,
                COMMAND_LINE,
                role=role,
                is_emergency=emergency,
            )

    def provisioned(self, user_name, **more):
        document = {"userName": user_name, "active": True, **more}
        with self.app.app_context(), database.write() as connection:
            return people.create(connection, document, ENTRA, source=Source.PROVISIONED)

    def find(self, user_name):
        with self.app.app_context(), database.read() as connection:
            return people.find_by_name(connection, user_name)

    def refused(self, person, reason, *sent):
        """Refuse what provisioning sent because of a local account."""
        with self.app.app_context(), database.write() as connection:
            for each in sent:
                value, object_id = person.user_name_key, each.object_id
                found = (person, reason, value, each.user_name, object_id, each)
                conflicts.open_(connection, DetectedConflict(*found), ENTRA)

    def group(self, name, *members):
        with self.app.app_context(), database.write() as connection:
            group = groups.create(connection, {"displayName": name}, ENTRA)
            groups.add_members(connection, group, [each.id for each in members], ENTRA)
            return group

    def local_group(self, name, *members):
        with self.app.app_context(), database.write() as connection:
            group = local_groups.make(connection, name, COMMAND_LINE)
            ids = [each.id for each in members]
            local_groups.add_members(connection, group, ids, COMMAND_LINE)
            return group

    def add(self, group, *members):
        with self.app.app_context(), database.write() as connection:
            groups.add_members(connection, group, [each.id for each in members], ENTRA)

    def delete(self, person):
        with self.app.app_context(), database.write() as connection:
            fresh = people.find_by_id(connection, person.id)
            people.delete_person(connection, fresh, ENTRA)

    def change(self, person, **values):
        with self.app.app_context(), database.write() as connection:
            fresh = people.find_by_id(connection, person.id)
            document = {**fresh.document, **values}
            return people.change_document(connection, fresh, document, ENTRA)

    def disable_long_ago(self, person, days=100):
        self.change(person, active=False)
        since = now() - timedelta(days=days)
        with self.app.app_context(), database.write() as connection:
            this = update(USERS).where(USERS.c.id == person.id)
            connection.execute(this.values(disabled_at=since))

    def give_password(self, person):
        with self.app.app_context(), database.write() as connection:
            fresh = people.find_by_id(connection, person.id)
            access.set_password(connection, fresh, self.password_hash, COMMAND_LINE)

    def block(self, person, *, blocked=True):
        with self.app.app_context(), database.write() as connection:
            fresh = people.find_by_id(connection, person.id)
            access.set_blocked(connection, fresh, COMMAND_LINE, blocked=blocked)

    @cached_property
    def ada(self):
        return self.local("ada", role=ADMINISTRATOR, emergency=True)
