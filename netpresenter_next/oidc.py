"""The protocol: code flow with PKCE, on Authlib's Flask client, with its gaps closed.

Authlib's registry never updates a client, so one is built for each configuration.  Its
defaults check no audience, take the algorithms from the other side and keep keys for
ever; what is pinned here and why is in docs/design.md.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from flask import session
from joserfc.errors import ClaimError, ExpiredTokenError, JoseError

from netpresenter_next.certificates import thumbprint
from netpresenter_next.entra import CONSUMERS, Registration
from netpresenter_next.provider import Http, Provider
from netpresenter_next.recognition import Claims
from netpresenter_next.texts import as_guid

NAME = "microsoft"
SCOPE = "openid profile email"
LEEWAY = 60
MOST_ATTEMPTS = 4
LONGEST_HINT = 500
_PREFIX = f"_state_{NAME}_"


class Fault(Exception):
    """A sign-in that failed: ``kind`` names the words, ``detail`` is for the log."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(detail)
        self.kind = kind
        self.detail = detail


@dataclass(frozen=True)
class Attempt:
    """What a browser began, kept in its cookie until it comes back."""

    purpose: str
    next: str
    who: str


class Client(FlaskOAuth2App):
    """Authlib's client for one registration."""

    client_cls = Http

    def __init__(self, registration: Registration, provider: Provider) -> None:
        self.registration = registration
        self.provider = provider
        options = {"scope": SCOPE, "code_challenge_method": "S256"}
        more: dict[str, Any] = {}
        method = "client_secret_post"
        if registration.certificate:
            method = PrivateKeyJWT.name
            headers = {"typ": "JWT", "x5t#S256": thumbprint(registration.certificate)}
            more["client_auth_methods"] = [PrivateKeyJWT(headers=headers, alg="PS256")]
            # Authlib leaves it out of the body, where Microsoft wants it.
            more["access_token_params"] = {"client_id": registration.client_id}
        super().__init__(
            FlaskIntegration(NAME),
            NAME,
            client_id=registration.client_id,
            client_secret=registration.secret,
            client_kwargs={**options, "token_endpoint_auth_method": method},
            **more,
        )

    def load_server_metadata(self) -> dict[str, Any]:
        """Return the endpoints, and the one algorithm that is accepted."""
        metadata = self.provider.metadata()
        return {**metadata, "id_token_signing_alg_values_supported": ["RS256"]}

    def fetch_jwk_set(self, force: bool = False) -> dict[str, Any]:
        """Return the signing keys; ``force`` says that one is missing."""
        return self.provider.keys(look_again=force)

    def begin(self, attempt: Attempt, redirect_uri: str, **hints: str) -> str:
        """Remember an attempt and return the address at Microsoft to go to."""
        begun = self.create_authorization_url(
            redirect_uri, response_mode="query", **hints
        )
        _make_room()
        kept = {
            "nonce": begun["nonce"],
            "code_verifier": begun["code_verifier"],
            "redirect_uri": redirect_uri,
            "purpose": attempt.purpose,
            "next": attempt.next,
            "who": attempt.who,
        }
        self.framework.set_state_data(session, begun["state"], kept)
        return str(begun["url"])

    def finish(self) -> Claims:
        """Redeem the code and check who signed in; raises Fault and Unreachable."""
        try:
            # A fresh dictionary: Authlib takes it apart at its first use.
            token = self.authorize_access_token(
                leeway=LEEWAY, claims_options=self._expected()
            )
        except JoseError as error:
            raise _token_fault(error) from error
        except AuthlibBaseError as error:
            raise of_error(error.error, error.description) from error
        except (ValueError, TypeError, KeyError, AttributeError, RuntimeError) as error:
            raise Fault("rejected", f"{type(error).__name__} in the answer") from error
        return read_claims(token, self.registration)

    def _expected(self) -> dict[str, dict[str, Any]]:
        known = self.registration
        return {
            "iss": {"essential": True, "value": known.issuer},
            "aud": {"essential": True, "value": known.client_id},
            "exp": {"essential": True},
            "nonce": {"essential": True},
            "tid": {"essential": True},
            "oid": {"essential": True},
            "ver": {"essential": True, "value": "2.0"},
        }


def _make_room() -> None:
    """Forget the oldest attempts: the cookie must stay small."""
    pending = [key for key in session if key.startswith(_PREFIX)]
    pending.sort(key=lambda key: session[key].get("exp", 0))
    for key in pending[: max(0, len(pending) - MOST_ATTEMPTS + 1)]:
        session.pop(key)


def attempt_of(state: str | None) -> Attempt | None:
    """Return the attempt that this browser began with that state."""
    kept = session.get(f"{_PREFIX}{state}") if state else None
    if not isinstance(kept, Mapping) or kept.get("exp", 0) < time.time():
        return None
    data = kept["data"]
    return Attempt(data["purpose"], data["next"], data["who"])


def forget(state: str | None) -> None:
    """Let an attempt end, whatever came of it."""
    session.pop(f"{_PREFIX}{state}", None)


# --------------------------------------------------------------- the token
def read_claims(token: Any, known: Registration) -> Claims:
    """Check once more, by type and value, what everything rests on; raises Fault."""
    claims = token.get("userinfo") if isinstance(token, Mapping) else None
    if not isinstance(claims, Mapping):
        raise Fault("rejected", "the answer has no id_token")
    tenant_id, object_id = as_guid(claims.get("tid")), as_guid(claims.get("oid"))
    subject = claims.get("sub")
    exact = {
        "iss": claims.get("iss") == known.issuer,
        "aud": claims.get("aud") == known.client_id,
        "ver": claims.get("ver") == "2.0",
        "tid": tenant_id == known.tenant_id != CONSUMERS,
        "oid": object_id is not None,
        "sub": isinstance(subject, str),
        "exp": type(claims.get("exp")) in (int, float),
    }
    wrong = [name for name, holds in exact.items() if not holds]
    if wrong:
        raise Fault("rejected", f"wrong claims: {', '.join(wrong)}")
    listed = claims.get("roles")
    roles = listed if isinstance(listed, list) else []
    return Claims(
        tenant_id=str(tenant_id),
        object_id=str(object_id),
        subject=str(subject),
        user_name=_text(claims, "preferred_username") or "",
        name=_text(claims, "name") or "",
        app_roles=tuple(each for each in roles if isinstance(each, str))[:200],
        is_guest=_is_guest(claims),
        oidc_session=_text(claims, "sid"),
        login_hint=_text(claims, "login_hint"),
        authenticated_at=_number(claims.get("auth_time")),
    )


def _is_guest(claims: Mapping[str, Any]) -> bool:
    home = claims.get("idp")
    is_from_elsewhere = home is not None and home != claims["iss"]
    return is_from_elsewhere or str(claims.get("acct")) == "1"


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and len(value) <= LONGEST_HINT else None


def _number(value: Any) -> int | None:
    return int(value) if type(value) in (int, float) else None


# --------------------------------------------------------------- what went wrong
def _token_fault(error: JoseError) -> Fault:
    name = getattr(error, "claim", "") if isinstance(error, ClaimError) else ""
    detail = f"{type(error).__name__} {name}".strip()
    is_time = isinstance(error, ExpiredTokenError) or name in ("nbf", "iat")
    return Fault("clock" if is_time else "rejected", detail)


# Microsoft: decide by ``error``; its numbers only choose the words.
NUMBERS = {
    "50105": "not_assigned",
    "65004": "cancelled",
    "65001": "consent",
    "90094": "consent",
    "90095": "consent",
    "53003": "policy",
    "530032": "policy",
    "50131": "policy",
    "50158": "policy",
}
ERRORS = {
    "access_denied": "cancelled",
    "consent_required": "consent",
    "interaction_required": "policy",
    "login_required": "expired",
    "invalid_client": "credentials",
    "unauthorized_client": "credentials",
    "invalid_grant": "too_slow",
    "mismatching_state": "expired",
    "missing_code": "rejected",
    "temporarily_unavailable": "unreachable",
    "server_error": "unreachable",
}


def of_error(error: object, description: object) -> Fault:
    """Turn an OAuth error into a fault; its text goes to the log alone."""
    text = str(description or "")[:300]
    number = next((each for each in NUMBERS if f"AADSTS{each}:" in text), None)
    kind = NUMBERS[number] if number else ERRORS.get(str(error), "rejected")
    return Fault(kind, f"{str(error)[:60]}: {text}")
