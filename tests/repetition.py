"""What ``make test``, which has to be quick, does less often than ``make test-long``.

Properties are tried with as many examples as it took to find past defects, or with a
quarter of them; pages are checked in all modes with all rules, or only with those that
differ (``screens.py``).  Mark such tests ``repeated``.
"""

import os

IS_LONG = os.environ.get("TEST_LONG") == "1"


def times(number: int) -> int:
    """Return how many examples to try, of those that ``make test-long`` tries."""
    return number if IS_LONG else number // 4
