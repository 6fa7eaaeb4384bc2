"""Recorded exchanges of Entra ID and other clients, one file each, are replayed.

A file has its name, why it matters, where it was recorded, which attributes the server
must require for it ("default": externalId and a work e-mail, "none", or "any"), and
the steps: a ``request`` with ``headers`` and ``body`` (or ``text``, sent unchanged),
the answer to ``expect`` (see patterns.py), and which parts of the answer to
``remember`` as ``${name}`` for later steps.  A step may be repeated (``times``,
``at_once`` on as many connections) with ``${i}``; what it
remembers is a list then, which ``{"$each": name, "item": ...}`` spreads over a body
with ``${it}``.

In a "none" file, the step that is refused when externalId and the work e-mail are
required has the name of the missing attribute in ``refused_by_default``.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from patterns import differences
from scim_client import Answer, Client

FILES = sorted((Path(__file__).parent / "exchanges").glob("*.json"))
VARIABLE = re.compile(r"\$\{(\w+)\}")
PARTS_OF_FILE = {"name", "why", "source", "required", "steps"}
PARTS_OF_STEP = {
    *("request", "headers", "body", "text", "expect", "remember"),
    *("times", "at_once", "refused_by_default"),
}
PARTS_OF_EXPECTATION = {"status", "headers", "body"}

Memory = dict[str, Any]


class NotAsRecorded(AssertionError):
    """The answer of the server differs from the recorded one."""


# -------------------------------------------------------------------------- reading
def read(path: Path) -> dict[str, Any]:
    """Read an exchange; raises ValueError if it would not test anything."""
    exchange: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    check(exchange)
    return exchange


def check(exchange: Mapping[str, Any]) -> None:
    """Raise ValueError if a key is unknown or a step expects nothing."""
    _check_words(exchange, PARTS_OF_FILE, PARTS_OF_FILE)
    refusals = [step.get("refused_by_default") for step in exchange["steps"]]
    if (exchange["required"] == "none") != any(refusals):
        raise ValueError("'none' goes with one step that is refused_by_default")
    for step in exchange["steps"]:
        _check_words(step, PARTS_OF_STEP, {"request", "expect"})
        _check_words(step["expect"], PARTS_OF_EXPECTATION, {"status"})


def _check_words(
    given: Mapping[str, Any], known: set[str], needed: Iterable[str]
) -> None:
    for name in sorted(given.keys() ^ (given.keys() & known)):
        raise ValueError(f"nobody reads {name!r}")
    for name in needed:
        if name not in given:
            raise ValueError(f"there is no {name!r} in {given}")


# -------------------------------------------------------------------------- replaying
def play(client: Client, exchange: Mapping[str, Any]) -> None:
    """Send every step and compare the answers."""
    memory = _first_memory(client)
    for number, step in enumerate(exchange["steps"], 1):
        _play_step(client, step, memory, f"step {number}, {step['request']}")


def play_until_refused(client: Client, exchange: Mapping[str, Any]) -> None:
    """Play up to the step that is refused because a required attribute is missing."""
    memory = _first_memory(client)
    for step in exchange["steps"]:
        missing = step.get("refused_by_default")
        if missing:
            refusal = {"scimType": "invalidValue", "detail": {"$matches": missing}}
            expect = {"status": 400, "body": refusal}
            _play_step(client, {**step, "expect": expect, "remember": {}}, memory, "")
            return
        _play_step(client, step, memory, "")


def _first_memory(client: Client) -> Memory:
    run, guid = uuid4().hex[:10], str(uuid4())
    return {
        "run": run,
        "RUN": run.upper(),
        "guid": guid,
        "GUID": guid.upper(),
        "token": client.token,
        "long": "a" * 10_000,
    }


def _play_step(
    client: Client, step: Mapping[str, Any], memory: Memory, where: str
) -> None:
    answers = []
    for answer, known in _answers(client, step, memory):
        wrong = list(differences(fill(step["expect"], known), _comparable(answer)))
        if wrong:
            raise NotAsRecorded(f"{where}: {'; '.join(wrong)}\n{answer}")
        answers.append(answer)
    for name, path in step.get("remember", {}).items():
        values = [_value_at(path, answer.document) for answer in answers]
        memory[name] = values if "times" in step else values[0]


def _answers(
    client: Client, step: Mapping[str, Any], memory: Memory
) -> Iterator[tuple[Answer, Memory]]:
    """Send the request as often as the step says; yield answers and variables."""
    rounds = [{**memory, "i": i} for i in range(step.get("times", 1))]
    if "at_once" not in step:
        yield from ((_send(client, step, known), known) for known in rounds)
        return

    def send_some(every: list[Memory]) -> list[Answer]:
        with client.another() as other:
            return [_send(other, step, known) for known in every]

    hands = step["at_once"]
    shares = [rounds[hand::hands] for hand in range(hands)]
    with ThreadPoolExecutor(hands) as pool:
        for share, answers in zip(shares, pool.map(send_some, shares), strict=True):
            yield from zip(answers, share, strict=True)


def _send(client: Client, step: Mapping[str, Any], known: Memory) -> Answer:
    method, _, path = fill(step["request"], known).partition(" ")
    body = fill(step.get("body"), known)
    if "text" in step:
        body = fill(step["text"], known).encode()
    return client.request(method, path, body, fill(step.get("headers", {}), known))


def _comparable(answer: Answer) -> dict[str, Any]:
    document = {} if answer.document is None else answer.document
    return {"status": answer.status, "headers": answer.headers, "body": document}


def _value_at(path: str, document: Any) -> Any:
    for name in path.split("."):
        document = document[name]
    return document


def fill(value: Any, known: Mapping[str, Any]) -> Any:
    """Replace ``${name}`` by the value of the variable."""
    if isinstance(value, str):
        return VARIABLE.sub(lambda found: str(known[found[1]]), value)
    if isinstance(value, list):
        return [fill(item, known) for item in value]
    if isinstance(value, dict) and "$each" in value:
        each = known[value["$each"]]
        return [fill(value["item"], {**known, "it": it}) for it in each]
    if isinstance(value, dict):
        return {fill(name, known): fill(item, known) for name, item in value.items()}
    return value


# ---------------------------------------------------------------------------- tests
def _files(*required: str) -> Any:
    files = [path for path in FILES if read(path)["required"] in required]
    return pytest.mark.parametrize("path", files, ids=[path.stem for path in files])


@_files("any", "none")
def test_the_server_answers_an_exchange_as_recorded(path: Path, scim: Client) -> None:
    play(scim, read(path))


@_files("any", "default")
def test_the_default_server_answers_an_exchange_as_recorded(
    path: Path, strict_scim: Client
) -> None:
    play(strict_scim, read(path))


@_files("none")
def test_the_default_server_refuses_missing_required_attributes(
    path: Path, strict_scim: Client
) -> None:
    play_until_refused(strict_scim, read(path))


def test_no_exchange_file_is_missing() -> None:
    assert len(FILES) >= 122


# -------------------------------------------------------- tests of the player
def _one_step(**changes: Any) -> dict[str, Any]:
    return _steps(
        {"request": "GET /Users?count=0", "expect": {"status": 200}, **changes}
    )


def _steps(*steps: dict[str, Any], required: str = "any") -> dict[str, Any]:
    words = {"name": "N", "why": "W", "source": "S", "required": required}
    return {**words, "steps": list(steps)}


@pytest.mark.parametrize(
    ("expect", "complaint"),
    [
        ({"status": 201}, ".status is 200, not 201"),
        ({"status": 200, "body": {"itemsPerPage": 1}}, ".itemsPerPage is 0, not 1"),
        ({"status": 200, "body": {"other": 1}}, ".body.other is absent, not 1"),
        ({"status": 200, "body": {"Resources": [{}]}}, ".Resources is [], not [{}]"),
        ({"status": 200, "headers": {"etag": "1"}}, ".headers.etag is absent, not '1'"),
    ],
)
def test_a_step_with_another_answer_fails(
    expect: dict[str, Any], complaint: str, scim: Client
) -> None:
    with pytest.raises(NotAsRecorded) as failure:
        play(scim, _one_step(expect=expect))
    assert complaint in str(failure.value)


def test_the_last_of_many_requests_at_once_can_fail(scim: Client) -> None:
    step = {
        "request": "GET /Users?startIndex=${i}&count=0",
        "expect": {"status": 200, "body": {"startIndex": {"$not": 19}}},
    }
    with pytest.raises(NotAsRecorded):
        play(scim, _steps({**step, "times": 20, "at_once": 3}))
    play(scim, _steps({**step, "times": 19, "at_once": 3}))


def test_an_unknown_variable_fails(scim: Client) -> None:
    with pytest.raises(KeyError, match="nobody"):
        play(scim, _one_step(request="GET /Users/${nobody}"))


def test_an_answer_without_the_value_to_remember_fails(scim: Client) -> None:
    with pytest.raises(KeyError, match="id"):
        play(scim, _one_step(remember={"id": "id"}))


def test_a_missing_refusal_fails(strict_scim: Client) -> None:
    step = _one_step()["steps"][0] | {"refused_by_default": "externalId"}
    with pytest.raises(NotAsRecorded, match="status is 200, not 400"):
        play_until_refused(strict_scim, _steps(step, required="none"))


@pytest.mark.parametrize(
    ("exchange", "complaint"),
    [
        (_steps({"request": "GET /Users"}), "there is no 'expect'"),
        (_one_step(expect={}), "there is no 'status'"),
        (_one_step(expect={"status": 200, "boddy": {}}), "nobody reads 'boddy'"),
        (_one_step(repeat=2), "nobody reads 'repeat'"),
        ({**_one_step(), "required": "none"}, "refused_by_default"),
        (_one_step(refused_by_default="emails"), "refused_by_default"),
    ],
)
def test_a_file_that_would_test_nothing_is_refused(
    exchange: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        check(exchange)
