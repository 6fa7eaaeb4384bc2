"""Conflicts and links, worded for administrators."""

from collections.abc import Mapping

from netpresenter_next.directory.link_rules import LinkProblem

# The kinds of ``conflict_queue.KINDS``.
KIND_NAMES: Mapping[str, str] = {
    "provisioning": "Provisioning and local accounts",
    "sign-in": "Microsoft accounts that sign in",
    "mapping": "Mapping of externalId",
    "disable": "Refused disables",
    "administrators": "Administrators to confirm",
}
PROBLEMS: Mapping[LinkProblem, str] = {
    LinkProblem.EMERGENCY_ACCESS: (
        "This account has emergency access, so it stays local and is never linked. "
        "Press Rename, so that Microsoft Entra ID can create the person."
    ),
    LinkProblem.MANAGED: "Microsoft Entra ID manages this account already.",
    LinkProblem.BLOCKED: (
        "This account is blocked. Lift the block on its page before you link it."
    ),
    LinkProblem.OTHER_ACCOUNT: (
        "The owner connected another Microsoft account. If that was a mistake, press "
        "Unlink the Microsoft account on the page of this account."
    ),
    LinkProblem.CLAIMANT_BLOCKED: (
        "The person whom Microsoft Entra ID sends is blocked, and a link would "
        "let them in again. Lift that block first, under Settings > Users."
    ),
    LinkProblem.CREATED_ALREADY: (
        "The person whom Microsoft Entra ID sends, or their Microsoft account, belongs "
        "to another account here already. Press Rename or Keep apart."
    ),
}
