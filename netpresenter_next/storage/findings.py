"""What a check of an instance finds: ``doctor`` and the page Health show the same."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


class NotDone(Exception):
    """Scheduled jobs was not done; the message says why, no fault."""


class Finding(NamedTuple):
    """One line: what was looked at, what was found there, and what to do about it."""

    severity: Severity
    subject: str  # "Database", "Backups": the same for all findings of one check
    what: str
    advice: str = ""  # empty where nothing is to be done
