"""Why a person cannot sign in: the sentences of the causes, and what to do."""

from collections.abc import Mapping
from functools import partial

from netpresenter_next.directory.sign_in_causes import Cause
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages import absence_sentences, sign_in_words
from netpresenter_next.pages.identity_texts import MAP_OBJECT_ID
from netpresenter_next.pages.sign_in_texts import NEXT_CYCLE, Place, Text

_MAP = (MAP_OBJECT_ID, NEXT_CYCLE)
TEXTS: Mapping[Cause, Text] = {
    Cause.CAN_SIGN_IN: Text(marked("Sign-in"), sign_in_words.describe_success),
    Cause.CANNOT_SIGN_IN: Text(marked("Sign-in"), sign_in_words.describe_no_way),
    Cause.BLOCKED: Text(
        marked("Blocked"),
        partial(sign_in_words.describe_done, sign_in_words.BLOCKED),
        marked("Press Lift the block on the person's page."),
        Place.PERSON,
    ),
    Cause.DISABLED: Text(
        marked("Disabled"),
        sign_in_words.describe_disabled,
        (
            marked("Enable the account, or assign it again, in Microsoft Entra ID."),
            NEXT_CYCLE,
        ),
        Place.PERSON,
    ),
    Cause.DISABLED_HERE: Text(
        marked("Disabled"),
        partial(sign_in_words.describe_done, sign_in_words.DISABLED),
        marked("Press Enable on the person's page."),
        Place.PERSON,
    ),
    Cause.NO_METHOD: Text(
        marked("No way to sign in"),
        marked(
            "%(name)s is a local account without a password, and no Microsoft account "
            "is connected."
        ),
        marked("Set a password, or make a one-time link, on the person's page."),
        Place.PERSON,
    ),
    Cause.NOT_SET_UP: Text(
        marked("Microsoft"),
        marked("Sign-in with Microsoft is not set up here."),
        marked("Enter the app registration under Microsoft Entra ID > Sign-in."),
        Place.SIGN_IN,
    ),
    Cause.CREDENTIALS: Text(
        marked("Microsoft"),
        "%(text)s",
        marked("Do so under Microsoft Entra ID > Sign-in, then run a test sign-in."),
        Place.SIGN_IN,
    ),
    Cause.UNREACHABLE: Text(
        marked("Microsoft"),
        sign_in_words.describe_unreachable,
        marked(
            "Check that the firewall and proxy of this server allow https requests to "
            "Microsoft."
        ),
        Place.SIGN_IN,
    ),
    Cause.OTHER_OBJECT_ID: Text(
        marked("Another Microsoft account"),
        marked(
            "%(name)s is linked with the Microsoft account %(linked)s, but "
            "provisioning sends the object ID %(provisioned)s."
        ),
        marked(
            "If provisioning is right, press Confirm this object ID on the person's "
            "page; if not, correct externalId in Microsoft Entra ID."
        ),
        Place.PERSON,
    ),
    Cause.WAITS: Text(
        marked("Another Microsoft account"),
        marked(
            "Provisioning sends the object ID %(provisioned)s for the administrator "
            "%(name)s; only the linked Microsoft account %(linked)s can sign in."
        ),
        marked(
            "If the new object ID is theirs, press Confirm this object ID on the "
            "person's page."
        ),
        Place.PERSON,
    ),
    Cause.NO_OBJECT_ID: Text(
        marked("Mapping"), sign_in_words.describe_no_object_id, _MAP, Place.CHECKS
    ),
    Cause.OBJECT_ID_BLOCKED: Text(
        marked("Blocked object ID"),
        marked(
            "Somebody with the object ID %(object_id)s of %(name)s was blocked, and "
            "the block is still in force."
        ),
        marked(
            "Lift the block under Users > Deleted people, or on the page of whoever "
            "had this object ID."
        ),
        Place.DELETED,
    ),
    Cause.OBJECT_ID_TAKEN: Text(
        marked("Another person"),
        marked(
            "The Microsoft account %(object_id)s that provisioning sends for %(name)s "
            "is linked with %(owner)s."
        ),
        marked(
            "If it is not theirs, press Unlink the Microsoft account on the page of "
            "%(owner)s; if it is, correct externalId of %(name)s in Microsoft Entra ID."
        ),
        Place.CHECKS,
    ),
    Cause.OBJECT_ID_SHARED: Text(
        marked("Mapping"), sign_in_words.describe_shared, _MAP, Place.CHECKS
    ),
    Cause.UNCONFIRMED: Text(
        marked("Not confirmed"),
        marked(
            "%(name)s is an administrator, and no administrator has confirmed the "
            "object ID %(object_id)s that provisioning sends."
        ),
        marked("If it is theirs, press Confirm this object ID on the person's page."),
        Place.PERSON,
    ),
    Cause.FORCED: Text(
        marked("Force sign in with Microsoft"),
        marked(
            "Force sign in with Microsoft is on, so the local password of %(name)s is "
            "refused, even if it is right."
        ),
        marked(
            "Tell them to press Sign in with Microsoft, or switch Force off under Sign "
            "in options."
        ),
        Place.OPTIONS,
    ),
    Cause.SLOWED: Text(
        marked("Slowed"),
        sign_in_words.describe_slowed,
        marked(
            "Wait, or unlock the account with this command on the server. It prints a "
            "link; the browser in which the person opens it may try again at once."
        ),
        command=("user", "unlock"),
    ),
    Cause.WRONG_GUESSES: Text(
        marked("Wrong passwords"),
        sign_in_words.describe_wrong_guesses,
        marked(
            "If they forgot it, give them a new one, with this command on the server:"
        ),
        command=("user", "set-password"),
    ),
    Cause.NO_LOCAL_SIGN_IN: Text(
        marked("No local password"),
        sign_in_words.describe_guesses_in_vain,
        marked("Tell them to press Sign in with Microsoft."),
    ),
    Cause.PROVISIONING: Text(
        marked("Provisioning"),
        sign_in_words.describe_provisioning,
        marked(
            "Until that is corrected, no change made in Microsoft Entra ID arrives "
            "here. The page Microsoft Entra ID says what to do."
        ),
        Place.ENTRA,
    ),
    **absence_sentences.TEXTS,
}
