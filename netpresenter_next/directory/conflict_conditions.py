"""When a conflict still holds: if its condition is not met, it is closed."""

from collections.abc import Callable

from netpresenter_next.directory import identity_rules
from netpresenter_next.directory.identity_rules import IdentityFacts, LinkState
from netpresenter_next.lib.text import fold
from netpresenter_next.storage.choices import Reason, Source
from netpresenter_next.storage.identity_models import Conflict
from netpresenter_next.storage.models import Person

Condition = Callable[[Person, IdentityFacts, Conflict], bool]
_DISAGREEING_STATES = (LinkState.DISAGREES, LinkState.WAITS)


def _still_has_name(person: Person, facts: IdentityFacts, row: Conflict) -> bool:
    is_same_name = fold(row.claimant) == person.user_name_key
    return (
        bool(is_same_name)
        and identity_rules.check_link_by_user_name(facts) == row.reason
    )


# A conflict is closed when this no longer holds for its person.
STILL_HOLDS: dict[Reason, Condition] = {
    Reason.LOCAL_USER_NAME: lambda person, facts, row: (
        facts.source is Source.LOCAL and person.user_name_key == row.value
    ),
    Reason.LOCAL_WORK_EMAIL: lambda person, facts, row: (
        facts.source is Source.LOCAL and person.work_email_key == row.value
    ),
    Reason.LOCAL_OBJECT_ID: lambda _, facts, row: (
        facts.source is Source.LOCAL and facts.linked == row.value
    ),
    Reason.CLAIM_DISAGREES: lambda _, facts, row: (
        facts.source is Source.CLAIMABLE and facts.linked == row.value
    ),
    # ``update_shared_object_id`` checks everybody who has the object ID.
    Reason.SHARED_OBJECT_ID: lambda _, facts, row: facts.provisioned == row.value,
    Reason.LINK_DISAGREES: lambda _, facts, row: (
        identity_rules.link_state_of(facts) in _DISAGREEING_STATES
        and facts.provisioned == row.value
    ),
    Reason.LINK_UNBACKED: lambda _, facts, row: (
        facts.linked == row.value and facts.provisioned is None
    ),
    Reason.LINK_CONTRADICTED: lambda person, _, row: (
        person.awaited_claimant == row.value
    ),
    Reason.DISABLE_REFUSED: lambda person, _, row: bool(person.active),
    Reason.UNCONFIRMED: lambda _, facts, row: (
        facts.provisioned == row.value
        and identity_rules.check_link_by_external_id(facts, row.value) == row.reason
    ),
    Reason.NAME_OF_ADMINISTRATOR: _still_has_name,
    Reason.NAME_OF_LINKED: _still_has_name,
    Reason.NAME_OF_OTHER_OBJECT_ID: _still_has_name,
    Reason.EMERGENCY_ACCESS: lambda person, _, row: bool(person.is_emergency),
    Reason.OWNED: lambda _, facts, row: row.value in (facts.linked, facts.provisioned),
    Reason.OTHER_OBJECT_ID: lambda _, facts, row: (
        facts.linked is None and facts.provisioned not in (None, row.value)
    ),
}
