"""Why a message was not sent, as it is stored and as it is read."""

import re

import pytest

from netpresenter_next.delivery.problem_texts import (
    LONGEST_VALUE,
    TEXTS,
    Problem,
    read,
    write,
)
from netpresenter_next.directory.alarm_queue import LONGEST_ERROR


@pytest.mark.parametrize("problem", Problem)
def test_each_problem_is_read_as_a_sentence_and_fits(problem):
    names = re.findall(r"{(\w+)}", TEXTS[problem])
    assert read(write(problem, **dict.fromkeys(names, "7"))).endswith(".")
    longest = write(problem, **dict.fromkeys(names, "x" * 2_000))
    assert len(longest) < LONGEST_ERROR
    assert read(longest).count("x" * LONGEST_VALUE) == len(names)


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "The disk refuses.",
        "{host}",
        "[1]",
        "7",
        '{"problem":"of a later version","host":"x"}',
        '{"problem":"timeout","host":"x"}',
        '{"problem":"timeout","ho',
    ],
)
def test_what_is_no_known_problem_is_read_as_it_is(stored):
    assert read(stored) == stored
