"""Drives one application: sends SCIM requests, submits forms and reads the database."""

import time
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import delete, select, update

from factories import People
from netpresenter_next.directory import (
    access,
    account_linking,
    claimants,
    conflict_decisions,
    errors,
    people,
    refused_sign_ins,
    role_mappings,
    scim_tokens,
    sessions,
)
from netpresenter_next.directory.events import COMMAND_LINE, Actor
from netpresenter_next.directory.identity_matching import SignInRefused
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import SignInMethod
from netpresenter_next.storage.identity_models import BLOCKS, CONFLICTS
from netpresenter_next.storage.models import GROUPS, SESSIONS, USERS, Base
from netpresenter_next.storage.sign_in_models import IDENTITIES, SIGN_IN_SETTINGS
from netpresenter_next.web import browser_sessions, context
from visitors import Visitor, signed_in

TENANT = "11111111-2222-3333-4444-555555555555"
OBJECT_ID = "0000aaaa-1111-2222-3333-444444444444"
OTHER_OBJECT_ID = "ffff0000-1111-2222-3333-444444444444"
OLGAS_OBJECT_ID = "cccc2222-1111-2222-3333-444444444444"
NAME, OTHER_NAME = "jane@example.org", "elsewhere@example.org"
ADDRESS = "jane.bakker@example.org"
PATCH_OP = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
KEPT_TABLES = (
    "colleague_settings",
    "sign_in_settings",
    "scim_tokens",
    "alembic_version",
    "totals",
)
KEPT_TABLES += ("provisioning_settings", "upkeep_settings", "alarm_settings")
KEPT_TABLES += ("search_entries", "unindexed_people")  # with the index itself


def spelled(object_id: str) -> str:
    """Return a GUID in an unusual but valid spelling."""
    return f" {{{object_id.upper()}}} "


@dataclass(frozen=True)
class Facts:
    """What the database contains about one person."""

    id: str
    name: str
    source: str
    access_level: str
    role: str
    is_mapped: bool
    linked: str | None
    provisioned: str | None
    confirmed: str | None
    active: bool
    is_blocked: bool
    password_hash: str | None
    sessions: frozenset[bytes]


class Conflict(NamedTuple):
    """A row of the table ``conflicts``."""

    user_id: str
    reason: str
    value: str


class Driver:
    """One application, in which ada, the administrator, always exists."""

    def __init__(self, app: Flask, password_hash: str) -> None:
        self.app, self.people = app, People(app, password_hash)
        self.ada = self.people.ada
        self.token = self.run(scim_tokens.issue, COMMAND_LINE, "tests", "nonce")
        self.client = app.test_client()
        self.clear()

    def run(self, function: Any, *arguments: Any, **options: Any) -> Any:
        """Run a function of the product in a separate transaction."""
        with self.app.app_context(), database.write() as connection:
            return function(connection, *arguments, **options)

    def rows(self, query: Any) -> Any:
        with self.app.app_context(), database.read() as connection:
            return connection.execute(query).all()

    def clear(self) -> None:
        """Delete everybody except ada, and everything that was recorded."""
        self.run(self._clear)
        self.__dict__.pop("admin", None)
        # The number of refusals that are recorded per second is limited.
        context.of(self.app).counters.limiter.storage.reset()

    def _clear(self, connection: Any) -> None:
        for table in reversed(Base.metadata.sorted_tables):
            if table is USERS:
                others = delete(USERS).where(USERS.c.id != self.ada.id)
                connection.execute(others)
            elif table.name not in KEPT_TABLES:
                connection.execute(delete(table))
        chosen = {"tenant_id": TENANT, "match_user_names": False}
        chosen |= {"create_people": False, "link_automatically": False}
        connection.execute(update(SIGN_IN_SETTINGS), chosen)

    def choose(self, **options: bool) -> None:
        """Set sign-in options."""
        self.run(lambda each: each.execute(update(SIGN_IN_SETTINGS), options))

    # ------------------------------------------------------------------- reading
    def facts(self, user_id: str) -> Facts | None:
        return self.everybody().get(user_id)

    def everybody(self) -> dict[str, Facts]:
        """Return the facts about all people, by id."""
        query = select(USERS, IDENTITIES.c.object_id.label("linked"))
        held: dict[str, set[bytes]] = {}
        with self.app.app_context(), database.read() as connection:
            people = connection.execute(query.outerjoin(IDENTITIES)).all()
            for user_id, digest in connection.execute(
                select(SESSIONS.c.user_id, SESSIONS.c.digest)
            ):
                held.setdefault(user_id, set()).add(digest)
        return {each.id: _facts(each, held.get(each.id, set())) for each in people}

    def conflicts(self) -> set[Conflict]:
        columns = CONFLICTS.c.user_id, CONFLICTS.c.reason, CONFLICTS.c.value
        return {Conflict(*each) for each in self.rows(select(*columns))}

    def claimants(self, user_id: str) -> tuple[str, str] | None:
        """Return the page of a conflict, and the fingerprint of its first claimant."""
        query = select(CONFLICTS.c.id, CONFLICTS.c.sent)
        found = self.rows(query.where(CONFLICTS.c.user_id == user_id))
        for conflict_id, sent in found:
            for each in claimants.read(sent):
                return f"/settings/conflicts/{conflict_id}", each.fingerprint
        return None

    def blocked_by(self, user_id: str) -> set[str]:
        query = select(BLOCKS.c.value).where(BLOCKS.c.user_id == user_id)
        return {each.value for each in self.rows(query)}

    def rows_of_others(self, *but: str) -> list[dict[str, Any]]:
        """Return all rows about everybody except the people with these ids."""
        found = []
        for table, column in (
            (USERS, USERS.c.id),
            (IDENTITIES, IDENTITIES.c.user_id),
            (SESSIONS, SESSIONS.c.user_id),
            (BLOCKS, BLOCKS.c.user_id),
        ):
            kept = select(table).where(column.not_in(but)).order_by(*table.primary_key)
            found += [dict(each._mapping) for each in self.rows(kept)]
        return found

    # ------------------------------------------------------------------- SCIM
    def scim(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        """Send a request with the token; return the status and the document."""
        answer = self.client.open(
            f"/scim/v2/{path}",
            method=method,
            json=body,
            headers={"Authorization": f"Bearer {self.token}"},
        )
        document = answer.get_json(force=True) if answer.data else None
        return answer.status_code, document

    def create(self, user_name: str, external_id: str, address: str) -> tuple[int, Any]:
        emails = [{"type": "work", "value": address, "primary": True}]
        body = {"userName": user_name, "externalId": external_id, "active": True}
        return self.scim("POST", "Users", {**body, "emails": emails})

    def patch(self, user_id: str, **values: Any) -> int:
        steps = [
            {"op": "Replace", "path": path, "value": value}
            for path, value in values.items()
        ]
        body = {"schemas": [PATCH_OP], "Operations": steps}
        return self.scim("PATCH", f"Users/{user_id}", body)[0]

    def member(self, op: str, group_id: str, user_id: str) -> int:
        members = [{"value": user_id}]
        step = {"op": op, "path": "members", "value": members}
        body = {"schemas": [PATCH_OP], "Operations": [step]}
        return self.scim("PATCH", f"Groups/{group_id}", body)[0]

    def mapped_group(self) -> str:
        """Return the id of a group whose members are administrators."""
        name = "Administrators of the intranet"
        found = self.rows(select(GROUPS.c.id).where(GROUPS.c.display_name == name))
        if found:
            return str(found[0].id)
        status, document = self.scim("POST", "Groups", {"displayName": name})
        assert status == 201
        self.run(role_mappings.add, COMMAND_LINE, group=name)
        return str(document["id"])

    # ------------------------------------------------------------------- sign-in
    def microsoft(self, object_id: str, user_name: str, **more: Any) -> str | None:
        """Sign in with Microsoft; return the id of who was signed in, or None."""
        claims = Claims(TENANT, object_id, "pairwise", user_name, "Jane", **more)
        actor = Actor("person", user_name)
        with self.app.test_request_context("/sign-in/microsoft/callback"):
            try:
                with database.write() as connection:
                    person = account_linking.accept_sign_in(
                        connection, claims, actor, tenant_id=claims.tenant_id
                    )
                    browser_sessions.begin(
                        connection, person, sessions.authentication_from_claims(claims)
                    )
            except SignInRefused as error:
                with database.write() as connection:
                    refused_sign_ins.note_refusal(connection, actor, error, claims, "R")
                return None
        return str(person.id)

    def connect(self, browser: Visitor, object_id: str, user_name: str) -> int:
        """Connect a Microsoft account on the account page; return the status."""
        claims = asdict(Claims(TENANT, object_id, "pairwise", user_name, "Jane"))
        with browser.session_transaction() as cookie:
            cookie["connecting"] = {"claims": claims, "at": int(time.time())}
        return int(browser.submit("/account/microsoft/connect").status_code)

    def session(self, user_id: str) -> None:
        """Begin another session for a person."""
        how = sessions.Authentication(SignInMethod.LOCAL)
        self.run(sessions.begin, user_id, how, "192.0.2.1", "a browser")

    def browser(self, user_name: str) -> Visitor:
        """Return a browser in which somebody is signed in with their password."""
        browser: Visitor = signed_in(self.app, user_name)
        return browser

    @cached_property
    def admin(self) -> Visitor:
        """Ada's browser."""
        return self.browser("ada")

    def sign_in_admin(self) -> None:
        """Begin Ada's session now, before what a test compares."""
        self.admin = self.browser("ada")

    def accepts_password(self, user_name: str) -> bool:
        """Can the person sign in with the local password?"""
        return self.app.test_client().sign_in(user_name).status_code == 303

    # ------------------------------------------------------------------- people
    def local(self, user_name: str, address: str, access_level: str) -> str:
        """Make a local account with a work e-mail."""
        role = "user" if access_level == "user" else "administrator"
        is_emergency = access_level == "emergency access"
        person = self.people.local(user_name, role=role, emergency=is_emergency)
        emails = [{"type": "work", "value": address}]
        self.people.change(person, emails=emails)
        return str(person.id)

    # ------------------------------------------------------------------- without pages
    def decide_directly(self, act: Any, user_id: str, *what: Any, **more: Any) -> str:
        """Run an administrator's decision about a person; return the answer."""
        try:
            self.run(
                lambda each: act(
                    each, people.find_by_id(each, user_id), *what, COMMAND_LINE, **more
                )
            )
        except errors.AccountError:
            return "refused"
        return ""

    def link_directly(self, user_id: str, object_id: str) -> str:
        """Link as the page of a conflict does, without a request."""
        query = select(CONFLICTS.c.id, CONFLICTS.c.sent)
        for conflict_id, sent in self.rows(query.where(CONFLICTS.c.user_id == user_id)):
            for each in claimants.read(sent):
                if each.object_id == object_id:
                    shown = conflict_id, each.fingerprint
                    return self._link(*shown)
        return "refused"

    def _link(self, *shown: str) -> str:
        try:
            self.run(conflict_decisions.link, *shown, COMMAND_LINE)
        except errors.AccountError:
            return "refused"
        return ""

    def forget_directly(self, user_id: str) -> str:
        """Forget the identity as the person's page does, without a request."""

        def forget(connection: Any) -> bool:
            person = people.find_by_id(connection, user_id)
            return account_linking.unlink(connection, person, COMMAND_LINE)

        return "" if self.run(forget) else "refused"

    def disconnect_directly(self, user_id: str) -> str:
        """Disconnect as the account page does, without a request."""

        def disconnect(connection: Any) -> str:
            person = people.find_by_id(connection, user_id)
            if not account_linking.may_unlink(connection, person):
                return "refused"
            account_linking.unlink(connection, person, COMMAND_LINE)
            return ""

        return str(self.run(disconnect))

    def connect_directly(self, user_id: str, object_id: str, user_name: str) -> str:
        """Connect as the account page does, without a request."""
        claims = Claims(TENANT, object_id, "pairwise", user_name, "Jane")

        def connect(connection: Any) -> None:
            person = people.find_by_id(connection, user_id)
            account_linking.link_own_account(
                connection, person, claims, COMMAND_LINE, tenant_id=TENANT
            )

        try:
            self.run(connect)
        except SignInRefused as error:
            note = refused_sign_ins.note_refusal
            self.run(note, COMMAND_LINE, error, claims, "R")
            return "refused"
        return ""

    def give_password(self, user_id: str) -> None:
        self.run(
            lambda each: access.set_password(
                each,
                people.find_by_id(each, user_id),
                self.people.password_hash,
                COMMAND_LINE,
            )
        )


def _facts(person: Any, held: set[bytes]) -> Facts:
    access_level = "emergency access" if person.is_emergency else person.role
    return Facts(
        person.id,
        person.user_name,
        person.source,
        access_level,
        person.role,
        person.role_source == "mapped",
        person.linked,
        person.object_id if person.source == "provisioned" else None,
        person.confirmed_object_id,
        person.active,
        person.is_blocked,
        person.password_hash,
        frozenset(held),
    )
