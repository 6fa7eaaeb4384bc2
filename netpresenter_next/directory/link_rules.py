"""The rules of linking: which account may be linked with whom provisioning sends.

Everything is decided by ``decide_on_link``, which is pure; a test walks all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from netpresenter_next.directory.identity_rules import (
    AccessLevel,
    Identifier,
    IdentityFacts,
)
from netpresenter_next.storage.choices import Source


class LinkLevel(StrEnum):
    """How a link may be made."""

    NEVER = "never"
    # By an administrator who has compared this one account.
    ALONE = "one at a time"
    # Also together with others, or automatically if the settings say so.
    UNAMBIGUOUS = "unambiguous"


class LinkProblem(StrEnum):
    """Why an account may never be linked."""

    EMERGENCY_ACCESS = "emergency access"
    MANAGED = "managed by provisioning"
    BLOCKED = "account blocked"
    OTHER_ACCOUNT = "another Microsoft account connected"
    CLAIMANT_BLOCKED = "claimant blocked"
    CREATED_ALREADY = "claimant created already"


@dataclass(frozen=True)
class LinkFacts:
    """What is known of an account and of a claimant."""

    # What both have in common.
    match: Identifier
    account: IdentityFacts
    # The object ID that provisioning sends; None if externalId is no GUID.
    object_id: str | None
    # Are the user names equal, but for upper and lower case?
    is_same_name: bool
    is_blocked: bool = False
    # Was the account linked already, and provisioning has not changed it since?
    is_awaited: bool = False
    is_claimant_blocked: bool = False
    # Does another account here have this externalId, or this Microsoft account?
    is_created: bool = False
    is_in_mapped_group: bool = False
    is_only_claimant: bool = True


class LinkDecision(NamedTuple):
    """How a link may be made, and why not if it may not."""

    level: LinkLevel
    problem: LinkProblem | None = None


def _is_managed(facts: LinkFacts) -> bool:
    is_awaited = facts.account.source is Source.PROVISIONED and facts.is_awaited
    return facts.account.source is not Source.LOCAL and not is_awaited


def _is_another_connected(facts: LinkFacts) -> bool:
    linked = facts.account.linked
    return None not in (linked, facts.object_id) and linked != facts.object_id


# In this order: the first problem that an account has is the one that is shown.
_PROBLEMS: tuple[tuple[LinkProblem, Callable[[LinkFacts], bool]], ...] = (
    (
        LinkProblem.EMERGENCY_ACCESS,
        lambda facts: facts.account.access_level is AccessLevel.EMERGENCY,
    ),
    (LinkProblem.MANAGED, _is_managed),
    (LinkProblem.BLOCKED, lambda facts: facts.is_blocked),
    (LinkProblem.OTHER_ACCOUNT, _is_another_connected),
    (LinkProblem.CLAIMANT_BLOCKED, lambda facts: facts.is_claimant_blocked),
    (LinkProblem.CREATED_ALREADY, lambda facts: facts.is_created),
)
# All of these together leave no doubt that both are the same person.
_SIGNS: tuple[Callable[[LinkFacts], bool], ...] = (
    lambda facts: facts.match is Identifier.USER_NAME,
    lambda facts: facts.is_same_name,
    lambda facts: facts.is_only_claimant,
    lambda facts: facts.account.source is Source.LOCAL,
    lambda facts: facts.account.access_level is AccessLevel.USER,
    lambda facts: facts.account.linked in (None, facts.object_id),
    lambda facts: not facts.is_in_mapped_group,
)


def decide_on_link(facts: LinkFacts) -> LinkDecision:
    """Decide how an account may be linked with a claimant.

    An administrator of the Entra directory can give anybody any user name and e-mail.
    So whoever has more than the rights of a user is linked only alone, and an account
    for emergencies never.
    """
    for problem, has_problem in _PROBLEMS:
        if has_problem(facts):
            return LinkDecision(LinkLevel.NEVER, problem)
    is_unambiguous = all(is_given(facts) for is_given in _SIGNS)
    return LinkDecision(LinkLevel.UNAMBIGUOUS if is_unambiguous else LinkLevel.ALONE)
