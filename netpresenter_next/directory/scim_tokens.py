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
from netpresenter_next.storage.ids import new_id
from netpresenter_next.storage.models import SCIM_TOKENS, ScimToken
from netpresenter_next.storage.rows import every
from netpresenter_next.storage.statements import Statement

PREFIX = "npn_scim_"
# The characters in base62 for 256 random bits, and for the 32 bits of the checksum.
_RANDOM_CHARACTERS, _CHECKSUM_CHARACTERS = 43, 6
LENGTH = len(PREFIX) + _RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS
MOST_LIVE = 2
LONGEST_LABEL = 80
# The last use of a token is stored at most this often.
USE_INTERVAL = timedelta(minutes=1)

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FORMAT = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{LENGTH - len(PREFIX)}}}", re.ASCII)

_LIVE_DIGESTS = select(SCIM_TOKENS.c.digest).where(SCIM_TOKENS.c.revoked_at.is_(None))


class Token:
    """The columns of a live token that each request reads."""

    id: str
    label: str
    hint: str
    last_used_at: datetime | None


# Found by digest, so that response times reveal nothing about a secret.
_FIND = Statement(
    Token,
    select(
        SCIM_TOKENS.c.id,
        SCIM_TOKENS.c.label,
        SCIM_TOKENS.c.hint,
        SCIM_TOKENS.c.last_used_at,
    ).where(
        SCIM_TOKENS.c.digest == bindparam("digest"), SCIM_TOKENS.c.revoked_at.is_(None)
    ),
)


class TokenProblemCode(StrEnum):
    """Why a secret is not a live token, as stored in the event log."""

    MISSING = "missing"
    NOT_LIVE = "not_live"
    INCOMPLETE = "incomplete"
    MALFORMED = "malformed"


class TokenProblem(NamedTuple):
    """Why a secret is not a live token, and the length of a truncated one."""

    code: TokenProblemCode
    length: int = 0


class TokenError(Exception):
    """A token cannot be issued; the message says what to do."""


class AlreadyIssued(TokenError):
    """The form was submitted before, and its token was shown then."""


class BadLabel(TokenError):
    """The label is too long or contains characters that are not allowed."""


class TooManyTokens(TokenError):
    """There are two live tokens already."""


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


def issue(connection: Connection, actor: Actor, label: str, form_nonce: str) -> str:
    """Issue a token and return it; it cannot be read again.  The label may be empty.

    Raises BadLabel, AlreadyIssued for a ``form_nonce`` that was used before, and
    TooManyTokens if there are two live tokens (two, so that one can be replaced without
    a gap).
    """
    if label and (problem := names.find_problem(label, LONGEST_LABEL)):
        raise BadLabel(f"The label {problem}.")
    same_form = select(SCIM_TOKENS.c.id).where(SCIM_TOKENS.c.form_nonce == form_nonce)
    if connection.scalar(same_form):
        raise AlreadyIssued("This token was already generated and shown.")
    if len(list_live(connection)) >= MOST_LIVE:
        raise TooManyTokens("There are two tokens already: revoke one first.")
    secret = make_secret()
    hint = f"{secret[: len(PREFIX) + 4]}…{secret[-3:]}"
    token_id = new_id()
    connection.execute(
        insert(SCIM_TOKENS),
        {
            "id": token_id,
            "digest": digest(secret),
            "hint": hint,
            "label": label,
            "form_nonce": form_nonce,
            "created_at": now(),
            "created_by": actor.name,
        },
    )
    target = Target("Token", token_id, hint)
    events.record(connection, actor, Event.TOKEN_ISSUED, target)
    return secret


def find(connection: Connection, secret_digest: bytes) -> Token | None:
    """Find the live token with this digest of its secret, if there is one."""
    return _FIND.first(connection, digest=secret_digest)


def diagnose(secret: str) -> TokenProblem:
    """Return why a secret is not a live token, without any part of the secret."""
    if not secret:
        return TokenProblem(TokenProblemCode.MISSING)
    if is_well_formed(secret):
        return TokenProblem(TokenProblemCode.NOT_LIVE)
    if secret.startswith(PREFIX) and len(secret) < LENGTH:
        return TokenProblem(TokenProblemCode.INCOMPLETE, len(secret))
    return TokenProblem(TokenProblemCode.MALFORMED)


def is_use_due(token: Token) -> bool:
    """Is it time to store again when the token was used?"""
    return token.last_used_at is None or abs(now() - token.last_used_at) > USE_INTERVAL


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


def list_live_digests(connection: Connection) -> Sequence[bytes]:
    """Return the digests of the live tokens."""
    return connection.scalars(_LIVE_DIGESTS).all()


def list_live(connection: Connection) -> Sequence[ScimToken]:
    """Return the live tokens, oldest first."""
    query = select(SCIM_TOKENS).where(SCIM_TOKENS.c.revoked_at.is_(None))
    return every(ScimToken, connection.execute(query.order_by(SCIM_TOKENS.c.id)))


def revoke(connection: Connection, actor: Actor, token_id: str) -> bool:
    """Revoke a token at once; False when there is no such live token."""
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
