"""The sentences about Force sign in with Microsoft: its conditions, and what to do."""

from netpresenter_next.directory.force_switch import CannotForce, Condition, Need

NEEDS = (
    "Force sign in with Microsoft needs a tested sign-in with Microsoft and an "
    "administrator with emergency access, so that nobody is locked out."
)
# What was done, and what to do while the condition does not hold.
_TEXTS = {
    Need.CONNECTION: (
        "Sign-in with Microsoft is set up, with a valid client secret or certificate.",
        "Set up sign-in with Microsoft, with a valid client secret or certificate, on "
        "the page Sign-in.",
    ),
    Need.TEST: (
        "A test sign-in with the current configuration succeeded.",
        "Press Test sign-in on the page Sign-in; it has to succeed with the current "
        "configuration.",
    ),
    Need.EMERGENCY_ACCESS: (
        "An administrator with emergency access has signed in with their current "
        "password.",
        "Let an administrator with emergency access sign in once with their current "
        "password. Emergency access is granted on the page of a local administrator.",
    ),
}


def describe_condition(condition: Condition) -> str:
    """Return what was done or, while the condition does not hold, what to do."""
    done, to_do = _TEXTS[condition.need]
    return done if condition.is_met else f"To do: {to_do}"


def explain_refusal(error: CannotForce) -> str:
    """Return why Force stays off, with every condition that does not hold."""
    missing = [describe_condition(each) for each in error.conditions if not each.is_met]
    return " ".join([NEEDS, *missing, "Nothing was changed."])
