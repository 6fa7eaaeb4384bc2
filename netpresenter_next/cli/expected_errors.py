"""The errors that a command writes as one line, with the line and the exit status."""

import errno

from sqlalchemy.exc import DBAPIError

from netpresenter_next.backups import key_encryption, making
from netpresenter_next.cli.console import CommandRefused, InvalidUsage
from netpresenter_next.config import options
from netpresenter_next.directory import events, scim_tokens
from netpresenter_next.directory.errors import AccountError
from netpresenter_next.server import process
from netpresenter_next.storage import database, errors, instances

EXPECTED_ERRORS = (
    AccountError,
    scim_tokens.TokenError,
    database.DatabaseUnusable,
    instances.InUse,
    events.NotWritten,
    database.Unwritable,
    process.CannotServe,
    making.BackupFailed,
    key_encryption.WrongPassphrase,
)


def refuse(error: Exception) -> None:
    """Raise an expected error as CommandRefused or InvalidUsage; return for others."""
    match error:
        case options.ConfigError():
            raise InvalidUsage(str(error)) from error
        case _ if isinstance(error, EXPECTED_ERRORS):
            raise CommandRefused(str(error)) from error
        case database.Busy():
            sentence = "The database is busy; try again in a moment."
            raise CommandRefused(sentence) from error
        case UnicodeEncodeError():
            sentence = "An argument contains bytes that are not text."
            raise InvalidUsage(sentence) from error
        case DBAPIError():
            raise CommandRefused(_describe_database_error(error)) from error
        case OSError() if error.errno != errno.EPIPE:
            # EPIPE, as in `... | head`: click ends quietly.
            raise CommandRefused(f"{error.filename}: {error.strerror}.") from error


def _describe_database_error(error: DBAPIError) -> str:
    """Describe a database error, if possible as a fault with a remedy."""
    kind = errors.kind_of(error, database.database_file(options.load()))
    if kind is None:
        return f"The database cannot be used: {error.orig}."
    return f"{kind.sentence} {kind.advice}"
