"""The claims of a verified id_token, checked once more by type and value."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from netpresenter_next.lib import names
from netpresenter_next.lib.text import as_guid
from netpresenter_next.microsoft.app_registration import CONSUMERS, AppRegistration
from netpresenter_next.microsoft.errors import SignInError

LEEWAY = 60
LONGEST_CLAIM = 500
LONGEST_APP_ROLE = 120
MOST_APP_ROLES = 200


@dataclass(frozen=True)
class Claims:
    """The checked claims about the person who signed in at Microsoft."""

    tenant_id: str
    object_id: str
    subject: str
    user_name: str
    name: str = ""
    app_roles: tuple[str, ...] = ()
    is_guest: bool = False
    oidc_session: str | None = None
    login_hint: str | None = None
    authenticated_at: datetime | None = None

    @property
    def account_name(self) -> str:
        """Return the name by which the person recognises the account."""
        return self.user_name or self.name or self.object_id


def verify_claims(
    claims: Mapping[str, Any], registration: AppRegistration, nonce: str
) -> Claims:
    """Check type and value of the claims of a verified id_token; raises SignInError.

    Tenant ID and object ID must be in lower case, as Microsoft writes them.
    """
    object_id, subject = claims.get("oid"), claims.get("sub")
    expiry = claims.get("exp", 0)
    authenticated_at = _read_numeric_date(claims.get("auth_time"))
    checks = {
        "iss": claims.get("iss") == registration.issuer,
        "aud": claims.get("aud") == registration.client_id,
        "ver": claims.get("ver") == "2.0",
        "tid": claims.get("tid") == registration.tenant_id != CONSUMERS,
        "oid": isinstance(object_id, str) and as_guid(object_id) == object_id,
        "sub": isinstance(subject, str),
        "exp": type(expiry) in (int, float) and expiry > time.time() - LEEWAY,
        "nonce": nonce != "" and claims.get("nonce") == nonce,
        "auth_time": authenticated_at is not None or claims.get("auth_time") is None,
    }
    wrong = [name for name, holds in checks.items() if not holds]
    if wrong:
        raise SignInError("rejected", f"wrong claims: {', '.join(wrong)}")
    return Claims(
        tenant_id=registration.tenant_id,
        object_id=str(object_id),
        subject=str(subject),
        user_name=_read_text(claims, "preferred_username") or "",
        name=_read_text(claims, "name") or "",
        app_roles=_read_app_roles(claims),
        is_guest=_is_guest(claims),
        oidc_session=_read_text(claims, "sid"),
        login_hint=_read_text(claims, "login_hint"),
        authenticated_at=authenticated_at,
    )


def _read_app_roles(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the app roles that a role mapping can name."""
    listed = claims.get("roles")
    roles = listed[:MOST_APP_ROLES] if isinstance(listed, list) else []
    return tuple(
        each
        for each in roles
        if isinstance(each, str) and not names.find_problem(each, LONGEST_APP_ROLE)
    )


def _is_guest(claims: Mapping[str, Any]) -> bool:
    provider = claims.get("idp")
    is_from_other_provider = provider is not None and provider != claims["iss"]
    return is_from_other_provider or str(claims.get("acct")) == "1"


def _read_text(claims: Mapping[str, Any], name: str) -> str | None:
    """Return a claim as safe text on one line: users can choose some values."""
    value = claims.get(name)
    if not isinstance(value, str) or len(value) > LONGEST_CLAIM:
        return None
    return names.to_one_line(value, LONGEST_CLAIM)


def _read_numeric_date(value: Any) -> datetime | None:
    """Read a NumericDate (RFC 7519, section 2); None if invalid or in the future."""
    if type(value) not in (int, float) or not 0 < value < time.time() + LEEWAY:
        return None
    return datetime.fromtimestamp(value, UTC)
