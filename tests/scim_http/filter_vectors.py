"""Filters and the users that match them: RFC 7644, 3.4.2.2, and docs/scim.md."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from scim_client import CORE_GROUP, CORE_USER, ENTERPRISE_USER

INVALID = "invalidFilter"

# The users of the table; ``barbara`` has most attributes.
PEOPLE: dict[str, dict[str, Any]] = {
    "barbara": {
        "schemas": [CORE_USER, ENTERPRISE_USER],
        "userName": "bjensen",
        "externalId": "AbC-1",
        "name": {"familyName": "Jensen", "givenName": "Barbara"},
        "title": "Tour Guide",
        "userType": "Employee",
        "preferredLanguage": "en-US",
        "active": True,
        "emails": [
            {"value": "bjensen@example.com", "type": "work", "primary": True},
            {"value": "babs@jensen.org", "type": "home"},
        ],
        "x509Certificates": [{"value": "QUJD"}],
        ENTERPRISE_USER: {"department": "Tour Operations", "employeeNumber": "701984"},
    },
    "john": {
        "userName": "JSmith",
        "name": {"familyName": "O'Malley", "givenName": "John"},
        "userType": "Intern",
        "active": False,
        "emails": [{"value": "john@example.org", "type": "work"}],
        "ims": [{"value": "jsmith@foo.com", "type": "xmpp"}],
    },
    "nick": {
        "userName": "nick",
        "nickName": 'say "hi" \\ there',
        "userType": "Contractor",
        "active": True,
        "emails": [{"value": "nick@foo.com"}],
    },
    # Only the name is known.
    "zoe": {"userName": "zoe"},
}
GROUPS: dict[str, Sequence[str]] = {"Guides": ("barbara", "john"), "Interns": ("john",)}


class Row(NamedTuple):
    """A filter, and the names of the users that match, or the scimType of the error."""

    text: str
    expected: set[str] | str


EVERYBODY = set(PEOPLE)
OTHERS = EVERYBODY - {"barbara"}

# --------------------------------------------------- the figures of RFC 7644, 3.4.2.2
FIGURES = (
    Row('userName eq "bjensen"', {"barbara"}),
    Row('name.familyName co "O\'Malley"', {"john"}),
    Row('userName sw "J"', {"john"}),
    Row(f'{CORE_USER}:userName sw "J"', {"john"}),
    Row("title pr", {"barbara"}),
    Row('meta.lastModified gt "2011-05-13T04:42:34Z"', EVERYBODY),
    Row('meta.lastModified ge "2011-05-13T04:42:34Z"', EVERYBODY),
    Row('meta.lastModified lt "2011-05-13T04:42:34Z"', set()),
    Row('meta.lastModified le "2011-05-13T04:42:34Z"', set()),
    Row('title pr and userType eq "Employee"', {"barbara"}),
    Row('title pr or userType eq "Intern"', {"barbara", "john"}),
    Row(f'schemas eq "{ENTERPRISE_USER}"', {"barbara"}),
    Row(
        'userType eq "Employee" and '
        '(emails co "example.com" or emails.value co "example.org")',
        {"barbara"},
    ),
    Row(
        'userType ne "Employee" and not '
        '(emails co "example.com" or emails.value co "example.org")',
        {"nick", "zoe"},
    ),
    Row('userType eq "Employee" and (emails.type eq "work")', {"barbara"}),
    Row(
        'userType eq "Employee" and emails[type eq "work" and value co "@example.com"]',
        {"barbara"},
    ),
    Row(
        'emails[type eq "work" and value co "@example.com"] or '
        'ims[type eq "xmpp" and value co "@foo.com"]',
        {"barbara", "john"},
    ),
)

# -------------------------------------------------------------- operators on one value
OPERATORS = (
    Row('userName ne "bjensen"', OTHERS),
    Row('userName co "smi"', {"john"}),
    Row('userName ew "SEN"', {"barbara"}),
    Row('userName gt "jsmith"', {"nick", "zoe"}),
    Row('userName ge "jsmith"', {"john", "nick", "zoe"}),
    Row('userName lt "jsmith"', {"barbara"}),
    Row('userName le "jsmith"', {"barbara", "john"}),
    # Text ignores case unless the attribute is caseExact; names and operators do.
    Row('USERNAME EQ "BJENSEN"', {"barbara"}),
    Row('externalId eq "AbC-1"', {"barbara"}),
    Row('externalId eq "abc-1"', set()),
    Row("active eq true", {"barbara", "nick", "zoe"}),
    Row("active eq false", {"john"}),
    Row("active ne true", {"john"}),
    Row("active pr", EVERYBODY),
    # The escapes of JSON.
    Row(r'nickName eq "say \"hi\" \\ there"', {"nick"}),
    Row(r'userName eq "bj\u0065nsen"', {"barbara"}),
    # An absent value matches ``ne`` and null.
    Row('title ne "Tour Guide"', OTHERS),
    Row('title eq ""', set()),
    Row("title eq null", OTHERS),
    Row("title ne null", {"barbara"}),
    Row("name pr", {"barbara", "john"}),
    Row("name.middleName pr", set()),
    Row(f'{ENTERPRISE_USER}:department sw "tour"', {"barbara"}),
    Row(f'{ENTERPRISE_USER}:employeeNumber eq "701984"', {"barbara"}),
    Row('meta.resourceType eq "User"', EVERYBODY),
    Row('meta.created lt "2999-01-01T00:00:00+01:00"', EVERYBODY),
)

# -------------------------------- several values: one match is enough, also for ``ne``
SEVERAL = (
    Row('emails.type eq "work"', {"barbara", "john"}),
    Row('emails.type ne "work"', {"barbara", "nick"}),
    Row('emails[type ne "work"]', {"barbara", "nick"}),
    Row('not (emails.type eq "work")', {"nick", "zoe"}),
    Row('not (emails.type ne "work")', {"john", "zoe"}),
    Row('not (emails[type ne "work"])', {"john", "zoe"}),
    Row('emails ne "john@example.org"', {"barbara", "nick"}),
    Row('emails.value ne "john@example.org"', {"barbara", "nick"}),
    Row("emails pr", {"barbara", "john", "nick"}),
    Row("emails eq null", {"zoe"}),
    Row("emails ne null", {"barbara", "john", "nick"}),
    Row("emails.type pr", {"barbara", "john"}),
    Row("emails.primary eq true", {"barbara"}),
    Row("emails.primary ne true", {"barbara", "john", "nick"}),
    Row("emails[not (primary eq true)]", {"barbara", "john", "nick"}),
    # All conditions in brackets are about the same value.
    Row('emails[type eq "home" and value co "@example.com"]', set()),
    Row('emails.type eq "home" and emails.value co "@example.com"', {"barbara"}),
    Row('emails[type eq "work" or value co "nick"]', {"barbara", "john", "nick"}),
    Row("emails[type pr and not (primary pr)]", {"barbara", "john"}),
    # As Microsoft Entra ID filters.
    Row('emails[type eq "work"].value eq "JOHN@example.org"', {"john"}),
    Row('emails[type eq "work"].value ne "john@example.org"', {"barbara"}),
    Row('groups.display eq "guides"', {"barbara", "john"}),
    Row('groups.display ne "guides"', {"john"}),
    Row(f'schemas ne "{CORE_USER}"', {"barbara"}),
    Row(f'schemas ne "{ENTERPRISE_USER}"', EVERYBODY),
    Row(f'not (schemas eq "{ENTERPRISE_USER}")', OTHERS),
)

# ---------------------------------------------- precedence: not, then and, then or
PRECEDENCE = (
    Row('title pr or userType eq "Intern" and active eq true', {"barbara"}),
    Row('(title pr or userType eq "Intern") and active eq false', {"john"}),
    Row("not (title pr) and active eq true", {"nick", "zoe"}),
    Row("not (title pr and active eq true)", OTHERS),
    Row("NOT (title pr) AND active eq true OR title pr", {"barbara", "nick", "zoe"}),
    Row('((userName eq "zoe"))', {"zoe"}),
)

# --------------------------------------------------------------- invalid filters
REFUSED = tuple(
    Row(text, INVALID)
    for text in (
        "active gt true",
        "active co true",
        'active eq "perhaps"',
        'x509Certificates.value gt "QUJD"',
        'name eq "Barbara"',
        "userName eq 5",
        "userName eq bjensen",
        "userName eq 'bjensen'",
        'userName is "bjensen"',
        "userName gt null",
        "userName",
        'userName eq "bjensen" and',
        '(userName eq "bjensen"',
        'not userName eq "bjensen"',
        'userName eq "bjensen" or or title pr',
        'emails[type eq "work"',
        'emails[emails[type eq "work"]]',
        "emails[]",
        'emails.nothing eq "x"',
        'nothing eq "x"',
        'meta.created gt "yesterday"',
    )
)

ROWS = (*FIGURES, *OPERATORS, *SEVERAL, *PRECEDENCE, *REFUSED)


def group_of(name: str, member_ids: Sequence[str]) -> dict[str, Any]:
    """Return the body that creates a group."""
    members = [{"value": each} for each in member_ids]
    return {"schemas": [CORE_GROUP], "displayName": name, "members": members}


# --------------------------------------------------------------- filters on groups
OF_GROUPS = (
    Row('displayName eq "guides"', {"Guides"}),
    Row('members.display eq "zoe"', set()),
    Row('members.display sw "John"', {"Guides", "Interns"}),
    Row('members.display ne "John O\'Malley"', {"Guides"}),
    Row('members[display sw "Barbara"]', {"Guides"}),
    Row('not (members.display sw "Barbara")', {"Interns"}),
    Row('members.type ne "User"', set()),
)
