"""Errors for refused changes of people; the messages say what to do."""


class AccountError(Exception):
    """A change is refused; the message says why and what to do."""


class BadName(AccountError):
    """The name is empty or too long, or its characters are not allowed."""


class LastAdministrator(AccountError):
    """The change would leave the installation without an administrator."""


class NoSuchPerson(AccountError):
    """There is no person with this name or id."""


class NoSuchGroup(AccountError):
    """There is no group with this name or id."""


class BadPassword(AccountError):
    """The new password is not good enough."""
