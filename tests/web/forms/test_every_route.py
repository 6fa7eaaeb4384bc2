"""Hostile bodies to every route, by each role, cause no 5xx or forbidden change."""

import itertools

import pytest
from bodies import HOSTILE
from stored import ADMINISTRATOR, ROLES, STRANGER, USER, Stored, forbidden

from helpers import Instance
from netpresenter_next.web import context, security, uploads
from visitors import hidden, signed_in

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
NAMES = {USER: "linus", ADMINISTRATOR: "ada"}
UPLOAD = "/settings/users/import"
ANY_ID = "00000000-0000-7000-8000-000000000000"


class RoleClient:
    """Sends requests as one role, on an instance with people and groups."""

    def __init__(self, app, people, role):
        self.app, self.role = app, role
        self.linus = people.local("linus")
        jane = people.provisioned("jane", displayName="Jane")
        readers = people.group("Readers", jane)
        self.ids = {"user_id": jane.id, "group_id": readers.id, "filename": "style.css"}
        client = app.test_client() if role == STRANGER else signed_in(app, NAMES[role])
        shown = client.get("/sign-in" if role == STRANGER else "/account")
        self.token = hidden(shown.text)["csrf_token"]
        self.cookie = {"Cookie": f"npn_session={client.cookie.value}"}
        self.client = app.test_client(use_cookies=False)
        instance = Instance(context.of(app).config.instance)
        self.stored = Stored(instance)

    def path(self, rule):
        """Return a path of a rule, with ids that exist if possible."""
        values = {name: self.ids.get(name, ANY_ID) for name in rule.arguments}
        _, path = rule.build(values)
        return path.split("?")[0]

    def send(self, method, path, body, *, has_token):
        """Send a body; return the status."""
        token = self.token if has_token else ""
        data = body.with_token(token.encode()) if has_token else body.data
        headers = {**self.cookie, **body.headers}
        if has_token:
            headers["X-CSRFToken"] = token
        answer = self.client.open(
            path,
            method=method,
            data=data,
            content_type=body.content_type,
            headers=headers,
        )
        answer.close()
        return answer.status_code


@pytest.fixture(params=ROLES)
def walk(request, app, people):
    made = RoleClient(app, people, request.param)
    yield made
    made.stored.close()


def send_to_every_rule(walk, requests):
    """Send requests to every rule; return how many of them changed something."""
    acted = 0
    for rule in walk.app.url_map.iter_rules():
        path = walk.path(rule)
        for method, name, has_token in requests(rule):
            body = HOSTILE[name]
            status = walk.send(method, path, body, has_token=has_token)
            where = (walk.role, method, path, name, has_token, status)
            assert status < 500 or (status == 501 and path.endswith("/Me")), where
            acted += check_changes(walk, method, path, body, has_token, where)
            check_refusal(method, path, body, has_token, status, where)
    return acted


def check_changes(walk, method, path, body, has_token, where):
    """Check that no change was forbidden, and undo the allowed ones."""
    changes = walk.stored.changes()
    if not changes:
        return False
    is_own_form = method not in SAFE and body.is_form and has_token
    is_own_form = is_own_form and not security.is_scim(path)
    wrong = forbidden(
        changes, walk.role, is_own_form=is_own_form, user_id=walk.linus.id
    )
    assert not wrong, (where, wrong)
    walk.stored.restore()
    return bool(forbidden(changes, walk.role, is_own_form=False))


def check_refusal(method, path, body, has_token, status, where):
    """Check that every page refuses an invalid form with the same status."""
    if security.is_scim(path) or method in SAFE:
        return
    if path == UPLOAD and (body.content_type or "").startswith(uploads.MULTIPART):
        return  # it takes a form with a file; test_people_import.py has more
    if not body.is_form:
        assert status == body.status, where
    elif not has_token:
        assert status in (303, 403, 405), where


# Bodies that caused errors once, and those that pages accept: more often than others.
OFTEN = ["a list in JSON", "a surrogate", "400 digits", "empty"]
# The least number of requests of a role that must change something.
LEAST_CHANGES = {STRANGER: 0, USER: 2, ADMINISTRATOR: 6}


def some_requests():
    """Return a function that gives each rule a share of the bodies, in turns."""
    bodies, often = itertools.cycle(HOSTILE), itertools.cycle(OFTEN)

    def requests(rule):
        for name in [next(often), next(often), next(bodies), next(bodies)]:
            yield "POST", name, True
        for _ in range(2):
            yield "POST", next(bodies), False
        for method in sorted(rule.methods - {"POST", "HEAD"}):
            yield method, next(bodies), True

    return requests


def all_requests(_rule):
    """Give every rule every body by every method; valid forms also without a token."""
    for method in METHODS:
        for name, body in HOSTILE.items():
            yield method, name, True
            if body.is_form:
                yield method, name, False


def test_no_route_is_harmed_by_some_hostile_bodies(walk):
    assert send_to_every_rule(walk, some_requests()) >= LEAST_CHANGES[walk.role]


@pytest.mark.long
def test_no_route_is_harmed_by_any_body_by_any_method(walk):
    assert send_to_every_rule(walk, all_requests) >= LEAST_CHANGES[walk.role] * 3


def test_the_check_recognises_forbidden_changes(walk, people):
    """A change is found, and allowed or forbidden depending on the role."""
    people.block(walk.linus)
    changes = walk.stored.changes()
    assert {each.table for each in changes} >= {"users", "journal"}
    for role in ROLES:
        for is_own_form in (True, False):
            wrong = forbidden(
                changes, role, is_own_form=is_own_form, user_id=walk.linus.id
            )
            may = role == ADMINISTRATOR and is_own_form
            assert bool(wrong) != may, (role, is_own_form)
    walk.stored.restore()
    assert walk.stored.changes() == set()
