"""Findings of checks, which the command ``doctor`` and the page Health show."""

from enum import StrEnum
from typing import NamedTuple


class Severity(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    # Not in use: neither good nor bad.
    OFF = "off"
    WARNING = "warning"
    ERROR = "error"


class NotDone(Exception):
    """A scheduled job was not done for an expected reason, which the message says."""


class Finding(NamedTuple):
    """One result of a check: its subject, what was found, and what to do about it."""

    severity: Severity
    subject: str  # "Database", "Backups": the same for all findings of one check
    what: str
    advice: str = ""  # empty where no action is needed
