"""The sentences of refused sign-ins with a local password."""

from collections.abc import Mapping

from netpresenter_next.directory.local_sign_in import Refusal

REASONS: Mapping[str, str] = {
    Refusal.BLOCKED: "the account is blocked",
    Refusal.DISABLED: "the account is disabled",
    Refusal.FORCED: "Force sign in with Microsoft is on",
}


def describe_wrong_password(target: str | None) -> str:
    """Return the sentence for a wrong password."""
    return f"Wrong password for {target or 'an unknown user name'}."


def describe_refused_password(target: str, *, refusal: str) -> str:
    """Return the sentence for the right password of somebody who may not sign in."""
    return f"Right password for {target}, but refused: {REASONS[refusal]}."
