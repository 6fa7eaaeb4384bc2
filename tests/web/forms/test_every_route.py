"""Every address takes every hostile body, from everybody: no fault, nothing done."""

import itertools

import pytest
from bodies import HOSTILE
from stored import ADMINISTRATOR, ROLES, STRANGER, USER, Stored, forbidden

from helpers import Instance
from netpresenter_next.web import context, security
from visitors import hidden, signed_in

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "FOO"]
SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}
NAMES = {USER: "linus", ADMINISTRATOR: "ada"}
ANY_ID = "00000000-0000-7000-8000-000000000000"


class Walk:
    """One role, its cookie and its token, on an instance where there is something."""

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
        """Return an address of a rule, of what is there where anything is."""
        values = {name: self.ids.get(name, ANY_ID) for name in rule.arguments}
        _, path = rule.build(values)
        return path.split("?")[0]

    def send(self, method, path, body, *, has_token):
        """Send a body; the answer must be none that accuses the server."""
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
    made = Walk(app, people, request.param)
    yield made
    made.stored.close()


def walk_through(walk, requests):
    """Send requests to every rule; returns how many of them did something."""
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
    """Nothing is done that was not allowed; what was allowed is undone."""
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
    """What is no form gets the same answer everywhere, whoever may be there."""
    if security.is_scim(path) or method in SAFE:
        return
    if not body.is_form:
        assert status == body.status, where
    elif not has_token:
        assert status in (303, 403, 405), where


# Those that once were faults, and those that a page takes.
ALWAYS = ["a list in JSON", "a surrogate", "400 digits", "empty"]
# So many requests of a role at least are to do something: else nothing is tested.
LEAST_DEEDS = {STRANGER: 0, USER: 2, ADMINISTRATOR: 6}


def some_requests():
    """Return a function that gives each rule a share of the bodies, in turns."""
    bodies = itertools.cycle(HOSTILE)

    def requests(rule):
        for name in [*ALWAYS, next(bodies), next(bodies)]:
            yield "POST", name, True
        for _ in range(2):
            yield "POST", next(bodies), False
        for method in sorted(rule.methods - {"POST", "HEAD"}):
            yield method, next(bodies), True

    return requests


def all_requests(_rule):
    """Give every rule every body by every method; without a token, the forms."""
    for method in METHODS:
        for name, body in HOSTILE.items():
            yield method, name, True
            if body.is_form:
                yield method, name, False


def test_every_route_takes_what_is_hostile(walk):
    assert walk_through(walk, some_requests()) >= LEAST_DEEDS[walk.role]


@pytest.mark.long
def test_every_route_takes_every_body_by_every_method(walk):
    assert walk_through(walk, all_requests) >= LEAST_DEEDS[walk.role] * 3


def test_the_check_sees_what_is_not_allowed(walk, people):
    """A change by hand is found, and judged by who is said to have made it."""
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
