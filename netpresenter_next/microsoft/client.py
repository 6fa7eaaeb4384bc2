"""The OpenID Connect client: code flow with PKCE, built on Authlib's Flask client.

Authlib's registry never updates a client, so one is created for each configuration.
Its defaults do not check the audience, take the algorithms from the metadata and keep
keys for ever; docs/design.md says what is pinned here, and why.
"""

import re
import time
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any
from urllib.parse import urlencode

from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from authlib.oauth2.claims import ClaimsOption
from authlib.oauth2.rfc7523 import PrivateKeyJWT, private_key_jwt_sign
from flask import session
from joserfc.jwk import RSAKey
from requests import Response

from netpresenter_next.lib import strict_json
from netpresenter_next.lib.certificates import sha256_thumbprint
from netpresenter_next.microsoft.app_registration import SCOPE, AppRegistration
from netpresenter_next.microsoft.attempts import (
    CLIENT_NAME,
    LIFETIME,
    PREFIX,
    Attempt,
    remove_oldest_attempts,
)
from netpresenter_next.microsoft.claims import LEEWAY, Claims, verify_claims
from netpresenter_next.microsoft.discovery import Provider
from netpresenter_next.microsoft.errors import SignInError, error_of_response
from netpresenter_next.microsoft.id_tokens import IdToken, convert_errors, decode
from netpresenter_next.microsoft.limited_session import LimitedSession
from netpresenter_next.microsoft.transport import QueueFull, Unreachable

ASSERTION_SECONDS = 300
# Header, payload and signature of a JWS; none of the three may be empty.
_JWS = re.compile(r"[\w-]+\.[\w-]+\.[\w-]+", re.ASCII)


class ClientAssertion(PrivateKeyJWT):
    """Client authentication by certificate (RFC 7523); expires after five minutes."""

    def sign(self, auth: Any, token_endpoint: str) -> str:
        """Sign an assertion for one request."""
        # A new dict each time: Authlib writes a jti into it, which must not be reused.
        signed = private_key_jwt_sign(
            RSAKey.import_key(auth.client_secret),
            client_id=auth.client_id,
            token_endpoint=token_endpoint,
            claims={"nbf": int(time.time())},
            header=dict(self.headers),
            alg=self.alg,
            expires_in=ASSERTION_SECONDS,
        )
        return str(signed)


class TokenSession(LimitedSession):
    """The token request; only the signed id_token of the response is used.

    Authlib returns every other member of the response as well, also one with the name
    ``userinfo``, under which it stores the claims of a verified id_token itself.
    """

    def parse_response_token(self, resp: Response) -> dict[str, str]:
        """Return only the id_token; raises SignInError, or OAuthError like Authlib."""
        try:
            answer = strict_json.loads(resp.content)
        except strict_json.InvalidJson as error:
            raise SignInError(
                "rejected", "the answer is not unambiguous JSON"
            ) from error
        if "error" in answer:
            raise OAuthError(answer["error"], answer.get("error_description"))
        id_token = answer.get("id_token")
        is_signed = isinstance(id_token, str) and _JWS.fullmatch(id_token)
        if resp.status_code != 200 or not is_signed:
            raise SignInError("rejected", "the answer has no signed id_token")
        return {"id_token": str(id_token)}


class AttemptStore(FlaskIntegration):
    """Authlib's store of attempts, in the session of the browser."""

    expires_in = LIFETIME


class Client(FlaskOAuth2App):
    """Authlib's client for one app registration."""

    client_cls = TokenSession

    def __init__(self, registration: AppRegistration, provider: Provider) -> None:
        self.registration = registration
        self.provider = provider
        options = {"scope": SCOPE, "code_challenge_method": "S256"}
        extra: dict[str, Any] = {}
        method = "client_secret_post"
        if registration.certificate:
            method = ClientAssertion.name
            headers = {
                "typ": "JWT",
                "x5t#S256": sha256_thumbprint(registration.certificate),
            }
            extra["client_auth_methods"] = [
                ClientAssertion(headers=headers, alg="PS256")
            ]
            # Authlib leaves client_id out of the body, where Microsoft requires it.
            extra["access_token_params"] = {"client_id": registration.client_id}
        super().__init__(
            AttemptStore(CLIENT_NAME),
            CLIENT_NAME,
            client_id=registration.client_id,
            client_secret=registration.secret,
            client_kwargs={**options, "token_endpoint_auth_method": method},
            **extra,
        )

    def load_server_metadata(self) -> dict[str, Any]:
        """Return the checked endpoints, for Authlib; raises Unreachable."""
        return self.provider.load_metadata()

    def begin(self, attempt: Attempt, redirect_uri: str, **hints: str) -> str:
        """Store an attempt and return its authorization URL; raises SignInError.

        ``hints`` are further parameters of the request.
        """
        try:
            request = self.create_authorization_url(
                redirect_uri, response_mode="query", **hints
            )
        except Unreachable as error:
            raise SignInError("unreachable", str(error)) from error
        remove_oldest_attempts()
        state_data = {
            "nonce": request["nonce"],
            "code_verifier": request["code_verifier"],
            "redirect_uri": redirect_uri,
            **asdict(attempt),
        }
        self.framework.set_state_data(session, request["state"], state_data)
        return str(request["url"])

    def finish(self, state: str, code: str | None) -> Claims:
        """Redeem the code and return the checked claims; raises SignInError.

        Raises QueueFull if the code was not sent to Microsoft: it can be tried again.
        """
        key = f"{PREFIX}{state}"
        stored = session.pop(key)
        try:
            return self._redeem(stored["data"], code)
        except QueueFull:
            session[key] = stored
            raise
        except Unreachable as error:
            raise SignInError("unreachable", str(error)) from error

    def _redeem(self, state_data: Mapping[str, Any], code: str | None) -> Claims:
        """Exchange a code for an id_token, and return its verified claims.

        Authlib's ``authorize_access_token`` is not used: it verifies an id_token only
        if there is one, and does not fail if there is none.
        """
        nonce = state_data["nonce"]
        try:
            token = self.fetch_access_token(
                state_data["redirect_uri"],
                code=code,
                code_verifier=state_data["code_verifier"],
            )
        except AuthlibBaseError as error:
            sign_in_error = error_of_response(error.error, error.description)
            if sign_in_error.kind == "credentials":
                sign_in_error.refused_fingerprint = self.registration.fingerprint
            raise sign_in_error from error
        claims = self._verify_id_token(token["id_token"], nonce)
        return verify_claims(claims, self.registration, nonce)

    def _verify_id_token(self, id_token: str, nonce: str) -> IdToken:
        """Verify an id_token and return its claims; raises SignInError.

        Authlib's ``parse_id_token`` is not used: it fetches keys as well, so an
        exception from it could be an error of our own.
        """
        token = decode(id_token, self.provider.load_keys())
        if token is None:
            token = decode(id_token, self.provider.load_keys(refresh=True))
        if token is None:
            raise SignInError("rejected", "no published key signed the id_token")
        params = {"nonce": nonce, "client_id": self.registration.client_id}
        claims = IdToken(
            token.claims, token.header, self._make_claims_options(nonce), params
        )
        with convert_errors():
            claims.validate(leeway=LEEWAY)
        return claims

    def make_sign_out_url(self, redirect_uri: str, login_hint: str) -> str:
        """Return the URL that signs a person out at Microsoft; raises SignInError."""
        try:
            endpoint = self.provider.load_metadata()["end_session_endpoint"]
        except Unreachable as error:
            raise SignInError("unreachable", str(error)) from error
        query = {"post_logout_redirect_uri": redirect_uri}
        if login_hint:
            query["logout_hint"] = login_hint
        return f"{endpoint}?{urlencode(query)}"

    def _make_claims_options(self, nonce: str) -> dict[str, ClaimsOption]:
        registration = self.registration
        return {
            "iss": {"essential": True, "value": registration.issuer},
            "aud": {"essential": True, "value": registration.client_id},
            "exp": {"essential": True},
            "nonce": {"essential": True, "value": nonce},
            "tid": {"essential": True},
            "oid": {"essential": True},
            "ver": {"essential": True, "value": "2.0"},
        }
