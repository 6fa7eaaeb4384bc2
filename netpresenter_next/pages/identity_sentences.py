"""Why somebody was not let in, or is in conflict, in words for administrators."""

from typing import NamedTuple

from netpresenter_next.directory.conflicts import NamedConflict
from netpresenter_next.directory.identity_matching import NotLetIn
from netpresenter_next.directory.identity_rules import Reason
from netpresenter_next.microsoft.claims import Claims


class Words(NamedTuple):
    """What happened, and what an administrator can do."""

    what: str
    advice: str


class About(NamedTuple):
    """The two sides: a person here, and a Microsoft account or provisioned person."""

    person: str = ""
    account: str = ""
    object_id: str = ""
    external_id: str = ""
    value: str = ""
    more: str = ""


def words(reason: str, about: About) -> Words:
    """Say what happened and what to do."""
    form = WORDS[Reason(reason)]
    return Words(*(text.format(**about._asdict()) for text in form))


def refusal(error: NotLetIn, claims: Claims) -> Words:
    """Say why somebody is not let in."""
    person = error.person
    about = About(
        person=person.user_name if person is not None else "",
        account=claims.shown,
        object_id=claims.object_id,
        external_id=(person.external_id if person is not None else "") or "(none)",
        value=claims.object_id,
        more=error.more,
    )
    return words(error.reason, about)


def conflict(row: NamedConflict) -> Words:
    """Say what a row of conflicts is about."""
    about = About(
        person=row.user_name,
        account=row.claimant,
        object_id=row.claimant_object_id or "(none)",
        external_id=row.external_id or "(none)",
        value=row.value,
    )
    return words(row.reason, about)


_MAP_OBJECT_ID = (
    "In Provisioning > Mappings of Microsoft Entra ID, map objectId to externalId."
)
WORDS = {
    Reason.LOCAL_USER_NAME: Words(
        "Provisioning wants to create {account}, but the local account {person} has "
        "that user name.",
        "Press Rename on the page of the local account; the next provisioning cycle "
        "then creates the person.",
    ),
    Reason.LOCAL_WORK_EMAIL: Words(
        "Provisioning wants to create {account} with the work e-mail {value}, which is "
        "that of the local account {person}.",
        "Give the person another address in Microsoft Entra ID, or take them out of "
        "the assignment.",
    ),
    Reason.LOCAL_OBJECT_ID: Words(
        "Provisioning wants to give {account} the object ID {object_id}, but the local "
        "account {person} is connected with that Microsoft account.",
        "If the two are one person, press Forget the Microsoft identity on the page of "
        "the local account; the next provisioning cycle then creates the person.",
    ),
    Reason.CLAIM_DISAGREES: Words(
        "Provisioning says that {person} has the object ID {object_id}, but they "
        "connected another Microsoft account, {value}.",
        "Ask the person which account is theirs. If it is the one of provisioning, "
        "forget the Microsoft identity and let them connect the right one; if not, "
        "press Rename.",
    ),
    Reason.SHARED_OBJECT_ID: Words(
        "{person} shares the object ID {value} with somebody else.",
        f"{_MAP_OBJECT_ID} Where it is mapped already, correct the externalId of one "
        "of the two. Until then the object ID signs in as nobody but the person with "
        "whom it is linked.",
    ),
    Reason.LINK_DISAGREES: Words(
        "Provisioning says that {person} has the object ID {value}, but another "
        "Microsoft account is linked.",
        "If provisioning is right, press Confirm this object ID on the person's page; "
        "if not, correct externalId in Microsoft Entra ID.",
    ),
    Reason.LINK_UNBACKED: Words(
        "The externalId of {person} no longer holds the object ID {value} of the "
        "linked Microsoft account, which goes on signing in.",
        f"{_MAP_OBJECT_ID} If the account is not theirs any more, press Forget the "
        "Microsoft identity.",
    ),
    Reason.DISABLE_REFUSED: Words(
        "Provisioning wanted to disable {person}, but the request was refused as a "
        "whole: {account}",
        "Correct what was refused; or block the person here until it is.",
    ),
    Reason.UNCONFIRMED: Words(
        "{account} has the object ID {object_id}, which provisioning gives to the "
        "administrator {person}; no administrator has confirmed it.",
        "If it is theirs, press Confirm this object ID on the person's page.",
    ),
    Reason.NAME_OF_ADMINISTRATOR: Words(
        "{account} ({object_id}) has the user name of the administrator {person}, and "
        "administrators are never matched by name.",
        _MAP_OBJECT_ID,
    ),
    Reason.NAME_OF_LINKED: Words(
        "{account} ({object_id}) has the user name of {person}, who is connected with "
        "another Microsoft account.",
        "If the person has a new Microsoft account, press Forget the Microsoft "
        "identity on their page.",
    ),
    Reason.NAME_OF_OTHER_OBJECT_ID: Words(
        "{account} ({object_id}) has the user name of {person}, whose externalId is "
        "another object ID.",
        "Correct externalId, or the user name, in Microsoft Entra ID.",
    ),
    Reason.EMERGENCY_ACCESS: Words(
        "{person} has emergency access, so the account stays local.",
        "Its owner signs in with the local password. If {account} is somebody else, "
        "press Rename on the page of the account.",
    ),
    Reason.OWNED: Words(
        "Somebody wanted to connect the Microsoft account {account}, which is that of "
        "{person}.",
        "If one human has two accounts here, keep the provisioned one and block the "
        "local one.",
    ),
    Reason.OTHER_OBJECT_ID: Words(
        "{person} wanted to connect {account} ({object_id}), but provisioning says "
        "that they have another object ID.",
        "Correct externalId in Microsoft Entra ID, or let them use the other account.",
    ),
    Reason.ALREADY_LINKED: Words(
        "{person} is connected with a Microsoft account already.",
        "Forget the Microsoft identity first.",
    ),
    Reason.NO_ACCOUNT: Words(
        "Nobody here has the object ID {object_id}, or the user name {account}.",
        "Assign them under Enterprise applications > Users and groups, and wait for "
        "the next provisioning cycle.",
    ),
    Reason.LOCAL_NAMESAKE: Words(
        "{account} ({object_id}) has the user name of the local account {person}, "
        "which is not connected with it.",
        "If they are one person, they sign in with the local password and connect "
        "Microsoft under My account. If not, press Rename on the local account.",
    ),
    Reason.EXTERNAL_ID_DIFFERS: Words(
        "{person} is provisioned with the externalId {external_id}, which is not the "
        "object ID {object_id} of {account}.",
        _MAP_OBJECT_ID,
    ),
    Reason.GUEST: Words(
        "{account} is a guest of the directory, and nobody here has the object ID "
        "{object_id}.",
        "Assign the guest under Enterprise applications > Users and groups; guests "
        "are matched by object ID alone.",
    ),
    Reason.DELETED: Words(
        "Provisioning deleted {account} ({object_id}), so a sign-in does not create "
        "them again.",
        "Assign them again in Microsoft Entra ID; or allow it under Settings > Users "
        "> Deleted people.",
    ),
    Reason.NAME_REFUSED: Words(
        "{account} could not be created: {more}",
        "Give the person another user name in Microsoft Entra ID.",
    ),
    Reason.DISABLED: Words(
        "Provisioning disabled {person}.",
        "Enable the account in Microsoft Entra ID.",
    ),
    Reason.BLOCKED: Words(
        "{account} is blocked here.",
        "Lift the block on the page of the person, or under Settings > Users > "
        "Deleted people.",
    ),
    Reason.DIRECTORY_CHANGED: Words(
        "The directory was changed in the meantime.",
        "Begin again.",
    ),
}
# What somebody reads who wanted to connect their own account.
TO_OWNER = {
    Reason.EMERGENCY_ACCESS: "This account has emergency access, so it stays local: it "
    "is for the day on which Microsoft does not work.",
    Reason.OWNED: "This Microsoft account belongs to another person here.",
    Reason.SHARED_OBJECT_ID: "This Microsoft account belongs to another person here.",
    Reason.UNCONFIRMED: "This Microsoft account belongs to another person here.",
    Reason.LINK_DISAGREES: "This Microsoft account belongs to another person here.",
    Reason.ALREADY_LINKED: "Your account is connected with Microsoft already.",
    Reason.OTHER_OBJECT_ID: "Provisioning says that you have another Microsoft "
    "account: choose that one, or ask an administrator.",
    Reason.BLOCKED: "This Microsoft account is blocked here: ask an administrator.",
    Reason.DIRECTORY_CHANGED: "The directory was changed in the meantime: begin again.",
}
