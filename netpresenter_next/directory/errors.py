"""Why a change of a person is refused: errors with words that say what to do."""


class AccountError(Exception):
    """A change is refused; the message says why and what to do."""


class BadName(AccountError):
    """The name cannot tell a person or a group apart."""


class LastAdministrator(AccountError):
    """Without this person nobody could administer the installation."""


class NoSuchPerson(AccountError):
    """There is nobody with this name."""


class BadPassword(AccountError):
    """The new password is not good enough."""
