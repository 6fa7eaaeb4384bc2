"""Why nobody here has a name: the sentences, and what to do."""

from collections.abc import Mapping
from datetime import datetime

from netpresenter_next.directory.sign_in_causes import Cause
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked, write_time
from netpresenter_next.pages.sign_in_texts import NEXT_CYCLE, Place, Text


def _describe_deleted(name: str, at: datetime, by: str) -> str:
    return _(
        "%(name)s was deleted on %(time)s by %(by)s.",
        name=name,
        time=write_time(at),
        by=by,
    )


def _describe_refused_creation(name: str, at: datetime, reason: str) -> str:
    return _(
        "Microsoft Entra ID sent %(name)s on %(time)s, and was refused: %(reason)s",
        name=name,
        time=write_time(at),
        reason=reason,
    )


TEXTS: Mapping[Cause, Text] = {
    Cause.NOT_HERE: Text(
        marked("Not here"),
        marked(
            "Nobody here has %(name)s as a name, user name, e-mail address or phone "
            "number."
        ),
        (
            marked(
                "This was searched as typed: check the spelling, or enter a part of "
                "the name. If it is right, the person is not provisioned: assign them "
                "in the Entra admin center, Enterprise apps > your application > Users "
                "and groups."
            ),
            NEXT_CYCLE,
            marked(
                "Somebody who is not in Microsoft Entra ID is added under Users, Add a "
                "person."
            ),
        ),
        Place.ENTRA,
    ),
    Cause.DELETED: Text(
        marked("Deleted"),
        _describe_deleted,
        marked(
            "Assign them again in Microsoft Entra ID, or press Allow under Users > "
            "Deleted people, if people are created at their first sign-in."
        ),
        Place.DELETED,
    ),
    Cause.DELETED_LOCAL: Text(
        marked("Deleted"),
        _describe_deleted,
        marked(
            "They had no Microsoft account. If they should be here, add them again "
            "under Users > Add a person, or assign them in Microsoft Entra ID."
        ),
        Place.NEW_PERSON,
    ),
    Cause.DELETED_AND_BLOCKED: Text(
        marked("Deleted and blocked"),
        lambda **values: (
            f"{_describe_deleted(**values)} {_('They are still blocked.')}"
        ),
        marked("Press Lift block under Users > Deleted people."),
        Place.DELETED,
    ),
    Cause.CREATION_REFUSED: Text(
        marked("Creation refused"),
        _describe_refused_creation,
        marked(
            "Correct what the answer names; Microsoft Entra ID tries again by itself."
        ),
        Place.LOG,
    ),
    Cause.NO_SUCH_REFERENCE: Text(
        marked("Reference"),
        marked("No refused sign-in has this reference."),
        marked(
            "Check it letter by letter, or ask the person to try again: a reference "
            "belongs to one day."
        ),
    ),
}
