"""The sentences about Force sign in with Microsoft: its conditions, and what to do."""

from netpresenter_next.directory.force_switch import CannotForce, Condition, Need

NEEDS = (
    "Force sign in with Microsoft needs a tested sign-in with Microsoft and an "
    "administrator with emergency access, so that nobody is locked out."
)
# The condition, and what to do while it does not hold.
_TEXTS = {
    Need.CONNECTION: (
        "Sign-in with Microsoft set up, with a valid client secret or certificate",
        "enter the app registration above.",
    ),
    Need.TEST: (
        "A successful test sign-in with the current configuration",
        "press Test sign-in.",
    ),
    Need.EMERGENCY_ACCESS: (
        "An administrator with emergency access who has signed in with their current "
        "password",
        "one of them has to sign in with it once. Grant emergency access on the page "
        "of a local administrator.",
    ),
}


def describe_condition(condition: Condition) -> str:
    """Return the condition and, while it does not hold, what to do."""
    text, advice = _TEXTS[condition.need]
    return f"{text}." if condition.is_met else f"{text}: {advice}"


def explain_refusal(error: CannotForce) -> str:
    """Return why Force stays off, with every condition that does not hold."""
    missing = [describe_condition(each) for each in error.conditions if not each.is_met]
    return " ".join([NEEDS, *missing, "Nothing was changed."])
