"""The rules of linking, in every combination of what is known."""

from itertools import product

import pytest

from netpresenter_next.directory.identity_rules import (
    AccessLevel,
    Identifier,
    IdentityFacts,
)
from netpresenter_next.directory.link_rules import (
    LinkFacts,
    LinkLevel,
    LinkProblem,
    decide_on_link,
)
from netpresenter_next.pages.conflict_sentences import PROBLEMS
from netpresenter_next.storage.choices import Source

SENT, OTHER = "0000aaaa-1111-2222-3333-444444444444", "ffff0000-1111-2222-3333-4444"
SWITCHES = (
    "is_same_name",
    "is_blocked",
    "is_awaited",
    "is_claimant_blocked",
    "is_created",
    "is_in_mapped_group",
    "is_only_claimant",
)


def every_case():
    """Yield all that can be known, also what does not occur today."""
    values = (Identifier, Source, AccessLevel, (None, SENT, OTHER), (None, SENT))
    for match, source, level, linked, object_id in product(*values):
        account = IdentityFacts(source, level, linked=linked)
        for switches in product((True, False), repeat=len(SWITCHES)):
            known = dict(zip(SWITCHES, switches, strict=True))
            yield LinkFacts(match, account, object_id, **known)


CASES = [(facts, decide_on_link(facts)) for facts in every_case()]
NEVER, UNAMBIGUOUS = LinkLevel.NEVER, LinkLevel.UNAMBIGUOUS


def test_every_case_is_decided_and_each_outcome_occurs():
    assert len(CASES) == 3 * 3 * 3 * 3 * 2 * 2 ** len(SWITCHES)
    assert {decision.level for _, decision in CASES} == set(LinkLevel)
    assert {decision.problem for _, decision in CASES} == {None, *LinkProblem}
    for _, decision in CASES:
        assert (decision.level is NEVER) == (decision.problem is not None)


# What must hold, whatever else is known: a condition, and the levels that it allows.
NEVER_ALLOWED = {
    "emergency access": lambda facts: (
        facts.account.access_level is AccessLevel.EMERGENCY
    ),
    "a blocked account": lambda facts: facts.is_blocked,
    "a blocked claimant": lambda facts: facts.is_claimant_blocked,
    "a claimant who is here already": lambda facts: facts.is_created,
    "an account of provisioning": lambda facts: (
        facts.account.source is Source.PROVISIONED and not facts.is_awaited
    ),
    "a claimable account": lambda facts: facts.account.source is Source.CLAIMABLE,
    "another Microsoft account": lambda facts: (
        facts.account.linked == OTHER and facts.object_id == SENT
    ),
}
NOT_TOGETHER = {
    "an administrator": lambda facts: (
        facts.account.access_level is not AccessLevel.USER
    ),
    "the same e-mail": lambda facts: facts.match is Identifier.WORK_EMAIL,
    "the same Microsoft account": lambda facts: facts.match is Identifier.OBJECT_ID,
    "another spelling of the name": lambda facts: not facts.is_same_name,
    "several claimants": lambda facts: not facts.is_only_claimant,
    "a member of a mapped group": lambda facts: facts.is_in_mapped_group,
    "an account that is linked already": lambda facts: (
        facts.account.source is Source.PROVISIONED
    ),
    "a Microsoft account that cannot be compared": lambda facts: (
        facts.account.linked is not None and facts.object_id is None
    ),
}


@pytest.mark.parametrize("which", NEVER_ALLOWED)
def test_what_is_never_linked(which):
    concerned = [each for facts, each in CASES if NEVER_ALLOWED[which](facts)]
    assert concerned
    assert {each.level for each in concerned} == {NEVER}


@pytest.mark.parametrize("which", NOT_TOGETHER)
def test_what_is_never_linked_together_or_automatically(which):
    concerned = [each for facts, each in CASES if NOT_TOGETHER[which](facts)]
    assert concerned
    assert UNAMBIGUOUS not in {each.level for each in concerned}


def test_everything_else_may_be_linked():
    for facts, decision in CASES:
        is_never = any(each(facts) for each in NEVER_ALLOWED.values())
        is_alone = any(each(facts) for each in NOT_TOGETHER.values())
        wanted = LinkLevel.ALONE if is_alone else UNAMBIGUOUS
        assert decision.level is (NEVER if is_never else wanted)


def test_every_problem_has_a_text_that_says_what_to_do():
    assert set(PROBLEMS) == set(LinkProblem)
