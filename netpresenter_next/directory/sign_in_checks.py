"""Why a person cannot sign in: an ordered table of checks, each a function.

A check only looks at the facts.  It returns causes, and which ways to sign in they
close; ``diagnose`` decides which ways are left.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from netpresenter_next.directory import identity_rules
from netpresenter_next.directory.identity_rules import LinkState
from netpresenter_next.directory.provisioning_status import State, Status
from netpresenter_next.directory.sign_in_causes import Cause, Found, Value, Way
from netpresenter_next.directory.sign_in_facts import SignInFacts
from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.choices import Reason, SignInMethod, Source
from netpresenter_next.storage.event_models import JournalEntry
from netpresenter_next.storage.findings import Severity
from netpresenter_next.storage.identity_models import Block
from netpresenter_next.storage.models import Person, User

# Failed sign-ins of nobody in particular are reported for so long, and refused ones.
FAILURE_AGE, REFUSAL_AGE = timedelta(days=1), timedelta(days=30)


class Diagnosis(NamedTuple):
    """The causes in the order of the table, and the ways that are left."""

    found: Sequence[Found]
    left: frozenset[Way]

    def severity_of(self, found: Found) -> Severity:
        """Return how bad one cause is, given which ways are left."""
        if found.cause in (Cause.CANNOT_SIGN_IN, Cause.NO_METHOD):
            return Severity.ERROR
        if found.closes and not self.left:
            return Severity.ERROR
        is_good = found.cause is Cause.CAN_SIGN_IN
        return Severity.OK if is_good else Severity.WARNING


Check = Callable[[SignInFacts], Iterator[Found]]
BOTH = frozenset(Way)
LOCAL, MICROSOFT = frozenset([Way.LOCAL]), frozenset([Way.MICROSOFT])
# A conflict for one of these reasons is what another check reports.
_REPORTED = (Reason.SHARED_OBJECT_ID, Reason.LINK_DISAGREES, Reason.UNCONFIRMED)
WORKING = (State.CONNECTED, State.QUIET)


def list_ways(facts: SignInFacts) -> frozenset[Way]:
    """Return the ways to sign in that a person has, open or closed."""
    person = facts.person
    is_seen = identity_rules.is_visible_to_scim(person.source)
    has_account = facts.identity.linked is not None or is_seen
    local = LOCAL if person.password_hash else frozenset()
    return local | (
        MICROSOFT if has_account and not person.is_emergency else frozenset()
    )


def diagnose(facts: SignInFacts) -> Diagnosis:
    """Return all causes in the order of the table, after a summary."""
    found = [each for check in CHECKS for each in check(facts)]
    left = list_ways(facts).difference(*(each.closes for each in found))
    summary = Found(
        Cause.CAN_SIGN_IN if left else Cause.CANNOT_SIGN_IN,
        values={
            "ways": sorted(left),
            "last_at": facts.person.last_sign_in_at,
            "last_method": facts.person.last_sign_in_method,
        },
    )
    return Diagnosis([summary, *found], left)


# ------------------------------------------------------------- the whole account
def _check_block(facts: SignInFacts) -> Iterator[Found]:
    return report_block(facts.person, facts.block)


def report_block(person: Person | User, block: Block | None) -> Iterator[Found]:
    """Report that a person is blocked, with when and by whom if it is known."""
    if person.is_blocked:
        values = {
            "at": block.blocked_at if block else None,
            "by": block.blocked_by if block else None,
        }
        yield Found(Cause.BLOCKED, BOTH, values)


def _check_disabled(facts: SignInFacts) -> Iterator[Found]:
    return report_disabling(facts.person, facts.disabled)


def report_disabling(
    person: Person | User, row: JournalEntry | None
) -> Iterator[Found]:
    """Report that a person is disabled, here or by provisioning.

    With when and by whom, as far as the log has it.
    """
    if not person.active:
        is_here = person.source is not Source.PROVISIONED
        cause = Cause.DISABLED_HERE if is_here else Cause.DISABLED
        at = row.at if row else person.disabled_at
        yield Found(cause, BOTH, {"at": at, "by": row.actor_name if row else None})


def _check_methods(facts: SignInFacts) -> Iterator[Found]:
    if not list_ways(facts):
        yield Found(Cause.NO_METHOD)


# ------------------------------------------------------------- with Microsoft
def _check_microsoft(facts: SignInFacts) -> Iterator[Found]:
    if Way.MICROSOFT not in list_ways(facts):
        return
    microsoft = facts.microsoft
    registration = microsoft.registration
    if not registration.is_complete and not registration.is_unreadable:
        yield Found(Cause.NOT_SET_UP, MICROSOFT)
    elif registration.has_unusable_credentials and registration.warning is not None:
        yield Found(Cause.CREDENTIALS, MICROSOFT, {"text": registration.warning.text})
    elif microsoft.problem:
        yield Found(Cause.UNREACHABLE, MICROSOFT, {"problem": microsoft.problem})


def _check_link(facts: SignInFacts) -> Iterator[Found]:
    state = identity_rules.link_state_of(facts.identity)
    values = {"linked": facts.identity.linked, "provisioned": facts.person.object_id}
    if state is LinkState.DISAGREES:
        yield Found(Cause.OTHER_OBJECT_ID, MICROSOFT, values)
    if state is LinkState.WAITS:
        yield Found(Cause.WAITS, values=values)


def _check_object_id(facts: SignInFacts) -> Iterator[Found]:
    """Check whether a first sign-in finds a person by their object ID."""
    identity, others = facts.identity, facts.object_id
    if identity.linked is not None or Way.MICROSOFT not in list_ways(facts):
        return
    values: dict[str, Value] = {"object_id": identity.provisioned}
    if identity.provisioned is None:
        yield from _check_name(facts)
    elif others.owner is not None:
        values["owner"] = others.owner
        yield Found(Cause.OBJECT_ID_TAKEN, MICROSOFT, values)
    elif others.is_blocked:
        # The person's own block, which was reported before, has their object ID too.
        if not facts.person.is_blocked:
            yield Found(Cause.OBJECT_ID_BLOCKED, MICROSOFT, values)
    elif others.sharing:
        values["others"] = others.sharing
        yield Found(Cause.OBJECT_ID_SHARED, MICROSOFT, values)
    elif identity_rules.check_link_by_external_id(identity, identity.provisioned):
        yield Found(Cause.UNCONFIRMED, MICROSOFT, values)


def _check_name(facts: SignInFacts) -> Iterator[Found]:
    """Check whether a first sign-in finds a person without an object ID."""
    may_match = facts.microsoft.may_match_user_names
    if not may_match or identity_rules.check_link_by_user_name(facts.identity):
        values = {"external_id": facts.person.external_id}
        yield Found(Cause.NO_OBJECT_ID, MICROSOFT, values)


# ------------------------------------------------------------- with a local password
def _check_force(facts: SignInFacts) -> Iterator[Found]:
    if facts.is_forced and facts.person.password_hash:
        yield Found(Cause.FORCED, LOCAL)


def _check_wrong_passwords(facts: SignInFacts) -> Iterator[Found]:
    if facts.slowed is not None:
        yield Found(
            Cause.SLOWED,
            values={"until": facts.slowed.until, "is_known": facts.slowed.is_known},
        )
    row = facts.wrong_password
    if row is None or not _is_news(facts, row):
        return
    values: dict[str, Value] = {"times": row.times, "at": _last_time_of(row)}
    has_password = bool(facts.person.password_hash)
    cause = Cause.WRONG_GUESSES if has_password else Cause.NO_LOCAL_SIGN_IN
    yield Found(cause, values=values)


# ------------------------------------------------------------- what happened
def _check_conflicts(facts: SignInFacts) -> Iterator[Found]:
    for row in facts.conflicts:
        if row.reason not in _REPORTED:
            yield Found(Cause.CONFLICT, conflict=row)


def _check_refusal(facts: SignInFacts) -> Iterator[Found]:
    row = facts.refusal
    if row is None or now() - _last_time_of(row) > REFUSAL_AGE:
        return
    # Who signs in with a password may be in the way of somebody at Microsoft.
    if facts.person.last_sign_in_method is SignInMethod.LOCAL or _is_news(facts, row):
        yield Found(Cause.REFUSED, entry=row)


def _check_failure(facts: SignInFacts) -> Iterator[Found]:
    row = facts.microsoft.failure
    if (
        row is not None
        and Way.MICROSOFT in list_ways(facts)
        and now() - _last_time_of(row) < FAILURE_AGE
        and _is_news(facts, row)
    ):
        yield Found(Cause.FAILED, entry=row)


def _check_provisioning(facts: SignInFacts) -> Iterator[Found]:
    if identity_rules.is_visible_to_scim(facts.person.source):
        yield from report_provisioning(facts.provisioning)


def _is_news(facts: SignInFacts, row: JournalEntry) -> bool:
    """Did it happen after the person's last sign-in?"""
    last = facts.person.last_sign_in_at
    return last is None or _last_time_of(row) > last


def _last_time_of(row: JournalEntry) -> datetime:
    return row.last_at or row.at


def report_provisioning(status: Status) -> Iterator[Found]:
    """Report that changes in Microsoft Entra ID do not arrive, if that is so."""
    if status.state not in WORKING:
        values = {
            "state": status.state,
            "since": status.refused_since,
            "last_contact": status.facts.last_contact,
        }
        yield Found(Cause.PROVISIONING, values=values)


CHECKS: Sequence[Check] = (
    _check_block,
    _check_disabled,
    _check_methods,
    _check_microsoft,
    _check_link,
    _check_object_id,
    _check_force,
    _check_wrong_passwords,
    _check_conflicts,
    _check_refusal,
    _check_failure,
    _check_provisioning,
)
