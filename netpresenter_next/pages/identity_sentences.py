"""Refused Microsoft sign-ins and provisioning conflicts, worded for administrators."""

from typing import NamedTuple

from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.directory.identity_matching import SignInRefused
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.pages.identity_texts import EXPLANATIONS, Explanation
from netpresenter_next.storage.choices import Reason


class Subject(NamedTuple):
    """The values for a sentence: a person here, and the Microsoft or SCIM side."""

    person: str = ""
    account: str = ""
    object_id: str = ""
    external_id: str = ""
    value: str = ""
    more: str = ""


def explain(reason: str, subject: Subject) -> Explanation:
    """Return what happened and what to do, for the value of a ``Reason``."""
    texts = EXPLANATIONS[Reason(reason)]
    return Explanation(*(_(text, **subject._asdict()) for text in texts))


def explain_refusal(error: SignInRefused, claims: Claims) -> Explanation:
    """Return why a sign-in with these claims was refused."""
    person = error.person
    subject = Subject(
        person=person.user_name if person is not None else "",
        account=claims.account_name,
        object_id=claims.object_id,
        external_id=(person.external_id if person is not None else "") or _("(none)"),
        value=claims.object_id,
        more=error.more,
    )
    return explain(error.reason, subject)


def explain_recorded_refusal(
    person: str | None,
    *,
    reason: str,
    account: str,
    object_id: str,
    external_id: str | None,
    more: str,
) -> Explanation:
    """Return why a sign-in was refused, from the facts of its log entry."""
    subject = Subject(
        person=person or "",
        account=account,
        object_id=object_id,
        external_id=external_id or _("(none)"),
        value=object_id,
        more=more,
    )
    return explain(reason, subject)


def explain_conflict(row: NamedConflict) -> Explanation:
    """Return what a conflict is about, and how to resolve it."""
    subject = Subject(
        person=row.user_name,
        account=row.claimant,
        object_id=row.claimant_object_id or _("(none)"),
        external_id=row.external_id or _("(none)"),
        value=row.value,
    )
    return explain(row.reason, subject)
