"""What the page Health finds, and how much of it the home page counts."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy.exc import DBAPIError

from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.pages import failure_sentences, microsoft_messages
from netpresenter_next.storage.findings import Finding, Severity
from netpresenter_next.upkeep import diagnosis, examination
from netpresenter_next.web import context, microsoft_client


class Health(NamedTuple):
    """How many findings of each severity there are."""

    errors: int
    warnings: int


def find_all() -> list[Finding]:
    """Return the findings of the page; opens connections of its own."""
    return _find(visits_backups=True)


def count() -> Health:
    """Count the findings, without those about the backup folder.

    It may be on a slow network, which must not keep the home page waiting.  A nightly
    backup that failed is counted nevertheless, as a failed job.
    """
    numbers = Counter(each.severity for each in _find(visits_backups=False))
    return Health(numbers[Severity.ERROR], numbers[Severity.WARNING])


def _find(*, visits_backups: bool) -> list[Finding]:
    return diagnosis.check_instance(
        context.current().installation,
        _report_unreachable(),
        visits_backups=visits_backups,
    )


def _report_unreachable() -> Iterator[Finding]:
    """Report that the last attempt to reach Microsoft failed, without another one."""
    try:
        problem = microsoft_client.read_last_problem()
    except DBAPIError:  # other findings say why
        return
    if problem:
        what = _(
            "At the last attempt, Microsoft could not be reached from this server: "
            "%(reason)s.",
            reason=failure_sentences.put_in_words(problem),
        )
        advice = _(microsoft_messages.REPAIRS["unreachable"])
        yield Finding(Severity.WARNING, examination.MICROSOFT, what, advice)
