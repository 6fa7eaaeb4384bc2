"""How often properties are tried with other examples.

``make test-long`` tries them as often as it took to find past defects; ``make test``,
which has to be quick, a quarter as often.  Mark the tests ``repeated``.
"""

import os

IS_LONG = os.environ.get("TEST_LONG") == "1"


def times(number: int) -> int:
    """Return how many examples to try, of those that ``make test-long`` tries."""
    return number if IS_LONG else number // 4
