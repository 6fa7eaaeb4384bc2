"""A stand-in for Microsoft Entra ID, over HTTP on this machine.

Its attributes say what goes wrong; ``requests`` holds what was asked.
"""

import base64
import hashlib
import re
import secrets
import threading
import time
from urllib.parse import urlencode

from flask import Flask, Response, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import RSAKey
from tenant import CLIENT, JANE, SECRET, TENANT
from werkzeug.serving import make_server

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
KEYS = [RSAKey.generate_key(2048, {"kid": f"key{number}"}) for number in range(2)]
FOREIGN = RSAKey.generate_key(2048, {"kid": "key0"})


class StandIn:
    """The directory, with one user at its sign-in page."""

    def __init__(self):
        self.app = Flask("stand_in")
        self.server = make_server("127.0.0.1", 0, self.app, threaded=True)
        self.authority = f"http://127.0.0.1:{self.server.server_port}"
        self.app.add_url_rule(
            "/<tenant>/v2.0/.well-known/openid-configuration", view_func=self.metadata
        )
        self.app.add_url_rule("/<tenant>/discovery/v2.0/keys", view_func=self.keys)
        self.app.add_url_rule("/<tenant>/oauth2/v2.0/authorize", view_func=self.ask)
        self.app.add_url_rule(
            "/<tenant>/oauth2/v2.0/token", view_func=self.token, methods=["POST"]
        )
        self.app.add_url_rule("/<tenant>/oauth2/v2.0/logout", view_func=self.logout)
        self.app.add_url_rule("/frame", view_func=self.frame)
        self.app.before_request(self.note)
        self.stopped = threading.Event()
        self.reset()
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self):
        """Behave as Microsoft does."""
        self.stopped.set()  # ends requests that hang
        self.stopped = threading.Event()
        self.requests, self.codes = [], {}
        self.claims, self.without = {}, set()
        self.signing, self.header, self.published = KEYS[0], {}, list(KEYS)
        self.more_metadata, self.key_members = {}, {}
        self.answer = self.broken = self.hangs = self.error = None
        self.hanging = threading.Semaphore(0)  # one for each request that hangs
        # Makes another token response, of the usual one and the authorization request.
        self.altered = None
        self.secret, self.verified, self.down = SECRET, None, False
        self.assertion = None
        self.unknown, self.latency = set(), 0.0
        # Whether auth_time is configured; when the user last authenticated.
        self.sends_auth_time, self.asked_at = False, None

    def wait_until_it_hangs(self):
        """Wait for one more request that is not answered."""
        assert self.hanging.acquire(timeout=30)

    def answer_again(self):
        """Answer the requests that hang, and all others."""
        self.hangs = None
        self.stopped.set()

    def stop(self):
        self.stopped.set()
        self.server.shutdown()
        self.server.server_close()

    def note(self):
        self.requests.append((request.method, request.full_path))
        if self.hangs and self.hangs in request.path:
            self.hanging.release()
            self.stopped.wait(30)
        if self.latency:
            time.sleep(self.latency)
        if self.down:
            return Response("<h1>Bad gateway</h1>", 502)
        if self.broken and self.broken[0] in request.path:
            return Response(self.broken[1], self.broken[2], mimetype="text/html")
        return None

    def asked(self, part):
        return [path for _, path in self.requests if part in path]

    def issuer(self):
        return f"{self.authority}/{TENANT}/v2.0"

    def metadata(self, tenant):
        if tenant in self.unknown:
            return self.refuse("invalid_tenant", "AADSTS90002: Tenant not found.")
        base = f"{self.authority}/{TENANT}"
        query = f"?appid={request.args['appid']}" if "appid" in request.args else ""
        is_template = tenant in ("common", "organizations")
        known = tenant if GUID.fullmatch(tenant) else TENANT
        named = "{tenantid}" if is_template else known
        issuer = f"{self.authority}/{named}/v2.0"
        return jsonify(
            {
                "issuer": issuer,
                "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
                "token_endpoint": f"{base}/oauth2/v2.0/token",
                "end_session_endpoint": f"{base}/oauth2/v2.0/logout",
                "jwks_uri": f"{base}/discovery/v2.0/keys{query}",
                "id_token_signing_alg_values_supported": ["RS256"],
                **self.more_metadata,
            }
        )

    def keys(self, tenant):
        keys = [
            {**key.as_dict(private=False), "use": "sig", **self.key_members}
            for key in self.published
        ]
        return jsonify({"keys": [{"kty": "EC", "kid": "odd"}, *keys]})

    def ask(self, tenant):
        """The user consents at once, or the answer is ``error``."""
        sent = request.args
        assert sent["response_type"] == "code"
        assert sent["code_challenge_method"] == "S256"
        assert sent["response_mode"] == "query"
        if self.error:
            query = {**self.error, "state": sent["state"]}
            return redirect(f"{sent['redirect_uri']}?{urlencode(query)}")
        code = secrets.token_urlsafe(16)
        self.codes[code] = {**sent, "auth_time": self.authenticate(sent)}
        query = {"code": code, "state": sent["state"], "session_state": "x"}
        return redirect(f"{sent['redirect_uri']}?{urlencode(query)}")

    def authenticate(self, sent):
        """Authenticate the user if required; return when that was last done."""
        now = int(time.time())
        oldest = now - int(sent.get("max_age", now))
        is_due = self.asked_at is None or self.asked_at < oldest
        if is_due or sent.get("prompt") == "login":
            self.asked_at = now
        return self.asked_at

    def token(self, tenant):
        if self.answer is not None:
            return self.answer
        sent = request.form
        asked = self.codes.pop(sent.get("code"), None)
        challenge = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        encoded = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if asked is None:
            return self.refuse("invalid_grant", "AADSTS54005: Code already redeemed.")
        if encoded != asked["code_challenge"]:
            return self.refuse("invalid_grant", "AADSTS501481: Code_Verifier differs.")
        if asked["redirect_uri"] != sent.get("redirect_uri"):
            return self.refuse("invalid_grant", "AADSTS50011: redirect URI differs.")
        if sent.get("client_id") != CLIENT:
            return self.refuse("invalid_request", "AADSTS900144: no client_id.")
        self.assertion = sent.get("client_assertion")
        if not self.assertion and sent.get("client_secret") != self.secret:
            return self.refuse("invalid_client", "AADSTS7000215: Invalid secret.")
        answer = {
            "token_type": "Bearer",
            "access_token": "opaque",
            "expires_in": 3600,
            "id_token": self.id_token(asked),
        }
        return self.altered(answer, asked) if self.altered else jsonify(answer)

    def refuse(self, error, description):
        return jsonify({"error": error, "error_description": description}), 400

    def id_token(self, asked):
        now = int(time.time())
        claims = {
            "iss": self.issuer(),
            "aud": CLIENT,
            # With max_age, Microsoft counts from the authentication.
            "exp": asked["auth_time"] + int(asked["max_age"])
            if "max_age" in asked
            else now + 3600,
            "iat": now - 300,
            "nbf": now - 300,
            "nonce": asked["nonce"],
            "ver": "2.0",
            "tid": TENANT,
            "oid": JANE,
            "sub": "pairwise",
            "preferred_username": "jane@example.org",
            "name": "Jane Bakker",
            "sid": "session-at-microsoft-1",
            "login_hint": "opaque-hint",
            **({"auth_time": asked["auth_time"]} if self.sends_auth_time else {}),
            **self.claims,
        }
        claims = {key: each for key, each in claims.items() if key not in self.without}
        key = self.signing
        if callable(key):
            return key(claims)
        header = {"alg": "RS256", "kid": key.kid, "typ": "JWT", **self.header}
        algorithms = ["RS256", "RS512", "HS256", "ES256"]
        return jwt.encode(header, claims, key, algorithms=algorithms)

    def logout(self, tenant):
        return "<h1>You signed out of your account</h1>"

    def frame(self):
        """The page on which Microsoft signs a user out of applications."""
        source = request.args["src"]
        return f'<h1>Signing out</h1><iframe src="{source}"></iframe>'
