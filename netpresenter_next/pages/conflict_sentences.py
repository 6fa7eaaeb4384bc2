"""Conflicts and links, worded for administrators."""

from collections.abc import Mapping

from netpresenter_next.directory.link_rules import LinkProblem
from netpresenter_next.lib.text import fold
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import identity_sentences
from netpresenter_next.pages.identity_sentences import Subject
from netpresenter_next.storage.choices import Reason

# The kinds of ``conflict_queue.KINDS``.
KIND_NAMES: Mapping[str, str] = {
    "provisioning": marked("Provisioning and local accounts"),
    "sign-in": marked("Microsoft accounts that sign in"),
    "mapping": marked("Mapping of externalId"),
    "disable": marked("Refused disables"),
    "administrators": marked("Administrators to confirm"),
}
PROBLEMS: Mapping[LinkProblem, str] = {
    LinkProblem.EMERGENCY_ACCESS: (
        marked(
            "This account has emergency access, so it stays local and is never linked. "
            "Press Rename, so that Microsoft Entra ID can create the person."
        )
    ),
    LinkProblem.MANAGED: marked("Microsoft Entra ID manages this account already."),
    LinkProblem.BLOCKED: (
        marked(
            "This account is blocked. Lift the block on its page before you link it."
        )
    ),
    LinkProblem.OTHER_ACCOUNT: (
        marked(
            "The owner connected another Microsoft account. If that was a mistake, "
            "press Unlink the Microsoft account on the page of this account."
        )
    ),
    LinkProblem.CLAIMANT_BLOCKED: (
        marked(
            "The person whom Microsoft Entra ID sends is blocked, and a link would "
            "let them in again. Lift that block first, under Settings > Users."
        )
    ),
    LinkProblem.CREATED_ALREADY: (
        marked(
            "The person whom Microsoft Entra ID sends, or their Microsoft account, "
            "belongs to another account here already. Press Rename or Keep apart."
        )
    ),
}


def describe_opened(target: str, *, reason: str, value: str, claimant: str) -> str:
    """Return the sentence of the log for a conflict that was opened."""
    return f"Conflict: {_describe_conflict(target, reason, value, claimant)}"


def describe_closed(target: str, *, reason: str, value: str, claimant: str) -> str:
    """Return the sentence for a closed conflict; after a rename, what follows."""
    if reason == Reason.LOCAL_USER_NAME and fold(claimant) != fold(target):
        return (
            f"Conflict closed: the account here has the user name {target} now, so "
            f"Microsoft Entra ID can create {claimant} in its next cycle."
        )
    return f"Conflict closed: {_describe_conflict(target, reason, value, claimant)}"


def _describe_conflict(target: str, reason: str, value: str, claimant: str) -> str:
    subject = Subject(
        person=target, account=claimant, object_id=value, external_id=value, value=value
    )
    return identity_sentences.explain(reason, subject).what
