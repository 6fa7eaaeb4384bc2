"""Refused Microsoft sign-ins and provisioning conflicts: the sentences for each reason.

Their values are those of ``identity_sentences.Subject``.
"""

from typing import NamedTuple

from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.choices import Reason


class Explanation(NamedTuple):
    """What happened, and what an administrator can do."""

    what: str
    advice: str


MAP_OBJECT_ID = marked(
    "In Provisioning > Mappings of Microsoft Entra ID, map objectId to externalId."
)
EXPLANATIONS = {
    Reason.LOCAL_USER_NAME: Explanation(
        marked(
            "Provisioning wants to create %(account)s, but the local account "
            "%(person)s has that user name."
        ),
        marked(
            "Press Link if both are the same person; if not, press Rename or Keep "
            "apart. Microsoft Entra ID then tries again by itself."
        ),
    ),
    Reason.LOCAL_WORK_EMAIL: Explanation(
        marked(
            "Provisioning wants to create %(account)s with the work e-mail %(value)s, "
            "which the local account %(person)s already has."
        ),
        marked(
            "Press Link if both are the same person; if not, press Keep apart. "
            "Microsoft Entra ID then tries again by itself."
        ),
    ),
    Reason.LOCAL_OBJECT_ID: Explanation(
        marked(
            "Provisioning wants to give %(account)s the object ID %(object_id)s, but "
            "the local account %(person)s is connected with that Microsoft account."
        ),
        marked(
            "Press Link if both are the same person; if not, press Unlink the "
            "Microsoft account on the page of the local account. Microsoft Entra ID "
            "then tries again by itself."
        ),
    ),
    Reason.CLAIM_DISAGREES: Explanation(
        marked(
            "Provisioning sends the object ID %(object_id)s for %(person)s, who "
            "connected a different Microsoft account, %(value)s."
        ),
        marked(
            "Ask the person which account is theirs. If it is the one that "
            "provisioning sends, unlink the Microsoft account and let them connect the "
            "right one; if not, press Rename."
        ),
    ),
    Reason.SHARED_OBJECT_ID: Explanation(
        marked("%(person)s has the same object ID %(value)s as another person."),
        marked(
            "In Provisioning > Mappings of Microsoft Entra ID, map objectId to "
            "externalId. If it is mapped already, correct the externalId of one of the "
            "two. Until then, this Microsoft account can sign in only as the person it "
            "is linked with."
        ),
    ),
    Reason.LINK_DISAGREES: Explanation(
        marked(
            "Provisioning sends the object ID %(value)s for %(person)s, but a "
            "different Microsoft account is linked."
        ),
        marked(
            "If provisioning is right, press Confirm this object ID on the person's "
            "page; if not, correct externalId in Microsoft Entra ID."
        ),
    ),
    Reason.LINK_UNBACKED: Explanation(
        marked(
            "The externalId of %(person)s is no longer the object ID %(value)s of the "
            "linked Microsoft account, which can still sign in."
        ),
        marked(
            "In Provisioning > Mappings of Microsoft Entra ID, map objectId to "
            "externalId. If the account is no longer theirs, press Unlink the "
            "Microsoft account."
        ),
    ),
    Reason.LINK_CONTRADICTED: Explanation(
        marked(
            "Provisioning sends %(account)s (%(object_id)s) for %(person)s, whom an "
            "administrator linked with somebody else: %(value)s."
        ),
        marked(
            "Press Link if this one is meant; if not, correct the user name in "
            "Microsoft Entra ID, or press Take back the link on the person's page."
        ),
    ),
    Reason.DISABLE_REFUSED: Explanation(
        marked(
            "Provisioning tried to disable %(person)s, but the whole request was "
            "refused: %(account)s"
        ),
        marked("Correct the cause, or block the person here until it is corrected."),
    ),
    Reason.UNCONFIRMED: Explanation(
        marked(
            "%(account)s has the object ID %(object_id)s, which provisioning sends for "
            "the administrator %(person)s; no administrator has confirmed it yet."
        ),
        marked("If it is theirs, press Confirm this object ID on the person's page."),
    ),
    Reason.NAME_OF_ADMINISTRATOR: Explanation(
        marked(
            "%(account)s (%(object_id)s) has the user name of the administrator "
            "%(person)s, and administrators are never matched by name."
        ),
        MAP_OBJECT_ID,
    ),
    Reason.NAME_OF_LINKED: Explanation(
        marked(
            "%(account)s (%(object_id)s) has the user name of %(person)s, who is "
            "connected with another Microsoft account."
        ),
        marked(
            "If the person has a new Microsoft account, press Unlink the Microsoft "
            "account on their page."
        ),
    ),
    Reason.NAME_OF_OTHER_OBJECT_ID: Explanation(
        marked(
            "%(account)s (%(object_id)s) has the user name of %(person)s, whose "
            "externalId is another object ID."
        ),
        marked("Correct externalId, or the user name, in Microsoft Entra ID."),
    ),
    Reason.EMERGENCY_ACCESS: Explanation(
        marked("%(person)s has emergency access, so the account stays local."),
        marked(
            "Its owner signs in with the local password. If %(account)s is somebody "
            "else, press Rename on the page of the account."
        ),
    ),
    Reason.OWNED: Explanation(
        marked(
            "Somebody tried to connect the Microsoft account %(account)s, which "
            "belongs to %(person)s."
        ),
        marked(
            "If one person has two accounts here, keep the provisioned one and block "
            "the local one."
        ),
    ),
    Reason.OTHER_OBJECT_ID: Explanation(
        marked(
            "%(person)s tried to connect %(account)s (%(object_id)s), but provisioning "
            "sends a different object ID for them."
        ),
        marked(
            "Correct externalId in Microsoft Entra ID, or let them use the other "
            "account."
        ),
    ),
    Reason.ALREADY_LINKED: Explanation(
        marked("%(person)s is connected with a Microsoft account already."),
        marked("Unlink the Microsoft account first."),
    ),
    Reason.NO_ACCOUNT: Explanation(
        marked(
            "Nobody here has the object ID %(object_id)s, or the user name %(account)s."
        ),
        marked(
            "Assign them under Enterprise applications > Users and groups, and wait "
            "for the next provisioning cycle."
        ),
    ),
    Reason.LOCAL_NAMESAKE: Explanation(
        marked(
            "%(account)s (%(object_id)s) has the user name of the local account "
            "%(person)s, which is not connected with it."
        ),
        marked(
            "If both are the same person, they can sign in with the local password and "
            "connect Microsoft under My account. If not, press Rename on the page of "
            "the local account."
        ),
    ),
    Reason.EXTERNAL_ID_DIFFERS: Explanation(
        marked(
            "%(person)s is provisioned with the externalId %(external_id)s, which is "
            "not the object ID %(object_id)s of %(account)s."
        ),
        MAP_OBJECT_ID,
    ),
    Reason.GUEST: Explanation(
        marked(
            "%(account)s is a guest of the directory, and nobody here has the object "
            "ID %(object_id)s."
        ),
        marked(
            "Assign the guest under Enterprise applications > Users and groups; guests "
            "are matched by object ID alone."
        ),
    ),
    Reason.DELETED: Explanation(
        marked(
            "Provisioning deleted %(account)s (%(object_id)s), so a sign-in does not "
            "create them again."
        ),
        marked(
            "Assign them again in Microsoft Entra ID, or allow it under Settings > "
            "Users > Deleted people."
        ),
    ),
    Reason.NAME_REFUSED: Explanation(
        marked("%(account)s could not be created: %(more)s"),
        marked("Give the person another user name in Microsoft Entra ID."),
    ),
    Reason.DISABLED: Explanation(
        marked("Provisioning disabled %(person)s."),
        marked("Enable the account in Microsoft Entra ID."),
    ),
    Reason.BLOCKED: Explanation(
        marked("%(account)s is blocked."),
        marked(
            "Lift the block on the page of the person, or under Settings > Users > "
            "Deleted people."
        ),
    ),
    Reason.DIRECTORY_CHANGED: Explanation(
        marked("The directory was changed in the meantime."),
        marked("Begin again."),
    ),
}
_OF_SOMEBODY_ELSE = marked("This Microsoft account belongs to another person here.")
# Shown to people who tried to connect their own account.
MESSAGES_TO_OWNER = {
    Reason.EMERGENCY_ACCESS: marked(
        "This account has emergency access, so it stays local: "
        "it is for times when Microsoft does not work."
    ),
    Reason.OWNED: _OF_SOMEBODY_ELSE,
    Reason.SHARED_OBJECT_ID: _OF_SOMEBODY_ELSE,
    Reason.UNCONFIRMED: _OF_SOMEBODY_ELSE,
    Reason.LINK_DISAGREES: _OF_SOMEBODY_ELSE,
    Reason.ALREADY_LINKED: marked("Your account is connected with Microsoft already."),
    Reason.OTHER_OBJECT_ID: marked(
        "Your organisation lists a different Microsoft account "
        "for you: choose that one, or ask an administrator."
    ),
    Reason.BLOCKED: marked("This Microsoft account is blocked: ask an administrator."),
    Reason.DIRECTORY_CHANGED: marked(
        "The directory was changed in the meantime: start again."
    ),
}
