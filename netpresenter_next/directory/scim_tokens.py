"""SCIM bearer tokens: shown once, stored as a digest.

A token is a prefix for secret scanners, 256 random bits in base62, and a CRC32 checksum
that reveals mistyped or truncated tokens without a database query.
"""

import hashlib
import re
import secrets
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, insert, select, update

from netpresenter_next.directory import events
from netpresenter_next.directory.events import Actor, Event, Target
from netpresenter_next.lib import names
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import SCIM_TOKENS, ScimToken
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.scim_models import PROVISIONING_SETTINGS
from netpresenter_next.storage.statements import Statement

PREFIX = "npn_scim_"
# The characters in base62 for 256 random bits, and for the 32 bits of the checksum.
_RANDOM_CHARACTERS, _CHECKSUM_CHARACTERS = 43, 6
LENGTH = len(PREFIX) + _RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS
MOST_LIVE = 2
LONGEST_LABEL = 80
# The last use of a token is stored at most this often, except after a refusal.
USE_INTERVAL = timedelta(minutes=1)

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FORMAT = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{LENGTH - len(PREFIX)}}}", re.ASCII)

_IS_UNREVOKED = SCIM_TOKENS.c.revoked_at.is_(None)

SHOWN = marked(
    "This token was already generated and shown. If it was not copied, revoke it and "
    "generate another one."
)


class Token:
    """The columns of a live token that each request reads."""

    id: str
    label: str
    hint: str
    last_used_at: datetime | None
    expires_at: datetime | None
    # Are SCIM clients answered at all?
    is_enabled: bool


# Found by digest, so that response times reveal nothing about a secret.
_FIND = Statement(
    Token,
    select(
        SCIM_TOKENS.c.id,
        SCIM_TOKENS.c.label,
        SCIM_TOKENS.c.hint,
        SCIM_TOKENS.c.last_used_at,
        SCIM_TOKENS.c.expires_at,
        select(PROVISIONING_SETTINGS.c.is_enabled)
        .scalar_subquery()
        .label("is_enabled"),
    ).where(SCIM_TOKENS.c.digest == bindparam("digest"), _IS_UNREVOKED),
)


class TokenProblemCode(StrEnum):
    """Why a secret is not a live token, as stored in the event log."""

    MISSING = "missing"
    NOT_LIVE = "not_live"
    REVOKED = "revoked"
    EXPIRED = "expired"
    INCOMPLETE = "incomplete"
    MALFORMED = "malformed"


class TokenProblem(NamedTuple):
    """Why a secret is not a live token, and what is known about it."""

    code: TokenProblemCode
    # The length of a truncated token.
    length: int = 0
    # The token that was revoked or has expired, and when that was.
    target: Target | None = None
    ended_at: datetime | None = None


class TokenError(Exception):
    """A token cannot be issued; the message says what to do."""


class AlreadyIssued(TokenError):
    """The form was submitted before, and its token was shown then."""


class BadLabel(TokenError):
    """The label is too long or contains characters that are not allowed."""


class TooManyTokens(TokenError):
    """There are two live tokens already, or the token is being replaced already."""


class NoSuchToken(TokenError):
    """The token to replace is not active."""


def _to_base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits.rjust(width, "0")


def _compute_checksum(body: str) -> str:
    return _to_base62(zlib.crc32(body.encode("ascii")), _CHECKSUM_CHARACTERS)


def is_well_formed(secret: str) -> bool:
    """Does it have the format and the checksum of a SCIM token of this product?"""
    if not _FORMAT.fullmatch(secret):
        return False
    body, checksum = secret[:-_CHECKSUM_CHARACTERS], secret[-_CHECKSUM_CHARACTERS:]
    return _compute_checksum(body) == checksum


def make_secret() -> str:
    """Return a new random token."""
    random = int.from_bytes(secrets.token_bytes(32))
    body = PREFIX + _to_base62(random, _RANDOM_CHARACTERS)
    return body + _compute_checksum(body)


def digest(secret: str) -> bytes:
    """Return the SHA-256 digest that is stored of a well-formed secret."""
    return hashlib.sha256(secret.encode("ascii")).digest()


def issue(
    connection: Connection,
    actor: Actor,
    label: str,
    form_nonce: str,
    *,
    expires_at: datetime | None = None,
    replaces_id: str | None = None,
) -> str:
    """Issue a token and return it; it cannot be read again.  The label may be empty.

    ``replaces_id`` is the id of the token that it replaces.  Both are accepted until
    an administrator revokes that one.

    Raises BadLabel, AlreadyIssued for a ``form_nonce`` that was used before,
    TooManyTokens, and NoSuchToken if there is no active token to replace.
    """
    if label and (problem := names.find_problem(label, LONGEST_LABEL)):
        raise BadLabel(_("The label %(problem)s.", problem=problem))
    same_form = select(SCIM_TOKENS.c.id).where(SCIM_TOKENS.c.form_nonce == form_nonce)
    if connection.scalar(same_form):
        raise AlreadyIssued(_(SHOWN))
    _check_room(list_live(connection), replaces_id)
    secret, token_id = make_secret(), new_id()
    target = Target("Token", token_id, f"{secret[: len(PREFIX) + 4]}…{secret[-3:]}")
    row = {
        "id": token_id,
        "digest": digest(secret),
        "hint": target.name,
        "label": label,
        "form_nonce": form_nonce,
        "created_at": now(),
        "created_by": actor.name,
        "expires_at": expires_at,
        "replaces_id": replaces_id,
    }
    connection.execute(insert(SCIM_TOKENS), row)
    events.record(connection, actor, Event.TOKEN_ISSUED, target)
    return secret


def _check_room(live: Sequence[ScimToken], replaces_id: str | None) -> None:
    """Raise an error if there may not be another token, or not this replacement.

    Tokens that are being replaced do not count, so there are at most four live ones.
    """
    replaced = {each.replaces_id for each in live}
    if replaces_id is None:
        if sum(each.id not in replaced for each in live) >= MOST_LIVE:
            raise TooManyTokens(_("There are two tokens already: revoke one first."))
        return
    by_id = {each.id: each for each in live}
    if replaces_id not in by_id:
        raise NoSuchToken(_("The token to replace is not active any more."))
    if replaces_id in replaced or by_id[replaces_id].replaces_id in by_id:
        raise TooManyTokens(
            _("This token is being replaced already: revoke the old one first.")
        )


def find(connection: Connection, secret_digest: bytes) -> Token | None:
    """Find the live token with this digest of its secret, if there is one."""
    token = _FIND.first(connection, digest=secret_digest)
    return None if token is None or has_expired(token) else token


def has_expired(token: Token | ScimToken) -> bool:
    """Has the time passed at which a token expires?"""
    return token.expires_at is not None and token.expires_at <= now()


def diagnose(secret: str) -> TokenProblem:
    """Return why a secret is not a live token, without any part of the secret."""
    if not secret:
        return TokenProblem(TokenProblemCode.MISSING)
    if is_well_formed(secret):
        return TokenProblem(TokenProblemCode.NOT_LIVE)
    if secret.startswith(PREFIX) and len(secret) < LENGTH:
        return TokenProblem(TokenProblemCode.INCOMPLETE, len(secret))
    return TokenProblem(TokenProblemCode.MALFORMED)


class UseWatch:
    """When the use of a token is stored: once a minute, and after each refusal.

    Whether tokens work shows from whether a former one was refused after the last use.
    So the first use after a refusal counts at once, even in the same minute.  That is
    only in memory: after a restart, it takes up to a minute.
    """

    def __init__(self) -> None:
        self._refused_at: datetime | None = None

    def note_refusal(self) -> None:
        """Note that the refusal of a former token was just stored."""
        self._refused_at = now()

    def is_due(self, token: Token) -> bool:
        """Is it time to store again when the token was used?"""
        last, refused_at, present = token.last_used_at, self._refused_at, now()
        if last is None or abs(present - last) > USE_INTERVAL:
            return True
        return refused_at is not None and last <= refused_at <= present


def note_use(connection: Connection, token_id: str, address: str) -> None:
    """Store that the token was just used from this address."""
    connection.execute(
        update(SCIM_TOKENS)
        .where(SCIM_TOKENS.c.id == token_id)
        .values(
            last_used_at=now(),
            last_used_from=names.to_one_line(address, names.LONGEST_ADDRESS),
        )
    )


def list_unrevoked(connection: Connection) -> Sequence[ScimToken]:
    """Return the tokens that were not revoked, oldest first, also expired ones."""
    query = select(SCIM_TOKENS).where(_IS_UNREVOKED).order_by(SCIM_TOKENS.c.id)
    return every(ScimToken, connection.execute(query))


def list_live(connection: Connection) -> Sequence[ScimToken]:
    """Return the tokens with which requests are accepted, oldest first."""
    return [each for each in list_unrevoked(connection) if not has_expired(each)]


def revoke(connection: Connection, actor: Actor, token_id: str) -> bool:
    """Revoke a token at once; False when there is none that is not revoked yet."""
    revoked = connection.execute(
        update(SCIM_TOKENS)
        .where(SCIM_TOKENS.c.id == token_id, SCIM_TOKENS.c.revoked_at.is_(None))
        .values(revoked_at=now())
        .returning(SCIM_TOKENS.c.hint)
    ).first()
    if revoked is None:
        return False
    target = Target("Token", token_id, revoked.hint)
    events.record(connection, actor, Event.TOKEN_REVOKED, target)
    return True
