"""SCIM tokens: made once, shown once, kept as a digest.

A token is a prefix that scanners know, 256 random bits in base62, and a CRC32 with
which a mistyped or cut one is told apart without asking the database.
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
from netpresenter_next.storage.rows import every, first

PREFIX = "npn_scim_"
# In base62: 256 random bits, and the 32 of the checksum.
_RANDOM_CHARACTERS, _CHECKSUM_CHARACTERS = 43, 6
LENGTH = len(PREFIX) + _RANDOM_CHARACTERS + _CHECKSUM_CHARACTERS
MOST_LIVE = 2
LONGEST_LABEL = 80
# A token's last use is written at most this often.
USE_INTERVAL = timedelta(minutes=1)

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FORM = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{LENGTH - len(PREFIX)}}}", re.ASCII)

# Looked up by digest: nothing about a wrong secret shows in the time it takes.
_FIND = select(
    SCIM_TOKENS.c.id,
    SCIM_TOKENS.c.label,
    SCIM_TOKENS.c.hint,
    SCIM_TOKENS.c.last_used_at,
).where(SCIM_TOKENS.c.digest == bindparam("digest"), SCIM_TOKENS.c.revoked_at.is_(None))
_IS_LIVE = select(SCIM_TOKENS.c.id).where(
    SCIM_TOKENS.c.id == bindparam("token_id"), SCIM_TOKENS.c.revoked_at.is_(None)
)
_LIVE_DIGESTS = select(SCIM_TOKENS.c.digest).where(SCIM_TOKENS.c.revoked_at.is_(None))


class Token:
    """What is read of a live token at each request."""

    id: str
    label: str
    hint: str
    last_used_at: datetime | None


class FaultCode(StrEnum):
    """Why a secret is no live token, as the journal keeps it."""

    MISSING = "missing"
    NOT_LIVE = "not_live"
    INCOMPLETE = "incomplete"
    MALFORMED = "malformed"


class Fault(NamedTuple):
    """Why a secret is no live token, and how much there is of one that was cut."""

    code: FaultCode
    length: int = 0


class TokenError(Exception):
    """A token cannot be made; the message says what to do."""


class AlreadyMade(TokenError):
    """This form was sent before; the token was shown then."""


class BadLabel(TokenError):
    """The label could pose as another one."""


class TooMany(TokenError):
    """Two tokens are live already."""


def _base62(number: int, width: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _ALPHABET[digit] + digits
    return digits.rjust(width, "0")


def _checksum(body: str) -> str:
    return _base62(zlib.crc32(body.encode("ascii")), _CHECKSUM_CHARACTERS)


def is_well_formed(secret: str) -> bool:
    """Is it a whole token of ours, by form and checksum?"""
    if not _FORM.fullmatch(secret):
        return False
    body, checksum = secret[:-_CHECKSUM_CHARACTERS], secret[-_CHECKSUM_CHARACTERS:]
    return _checksum(body) == checksum


def new_secret() -> str:
    """Return a secret that nobody has yet."""
    random = int.from_bytes(secrets.token_bytes(32))
    body = PREFIX + _base62(random, _RANDOM_CHARACTERS)
    return body + _checksum(body)


def digest(secret: str) -> bytes:
    """Return what is kept of a well-formed secret."""
    return hashlib.sha256(secret.encode("ascii")).digest()


def issue(connection: Connection, actor: Actor, label: str, form_nonce: str) -> str:
    """Make a token and return it; it cannot be had again.

    Raises AlreadyMade for a ``form_nonce`` used before and TooMany beside two live
    tokens (two, so that one can be replaced without a gap), and BadLabel; a token may
    go without a label.
    """
    if label and (problem := names.find_problem(label, LONGEST_LABEL)):
        raise BadLabel(f"The label {problem}.")
    same_form = select(SCIM_TOKENS.c.id).where(SCIM_TOKENS.c.form_nonce == form_nonce)
    if connection.scalar(same_form):
        raise AlreadyMade("This token was already generated and shown.")
    if len(list_live(connection)) >= MOST_LIVE:
        raise TooMany("There are two tokens already: revoke one first.")
    secret = new_secret()
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


def find(connection: Connection, secret: str) -> Token | None:
    """Find the live token with this secret."""
    if not is_well_formed(secret):
        return None
    return first(Token, connection.execute(_FIND, {"digest": digest(secret)}))


def diagnose(secret: str) -> Fault:
    """Return why a secret is no live token, without repeating any of it."""
    if not secret:
        return Fault(FaultCode.MISSING)
    if is_well_formed(secret):
        return Fault(FaultCode.NOT_LIVE)
    if secret.startswith(PREFIX) and len(secret) < LENGTH:
        return Fault(FaultCode.INCOMPLETE, len(secret))
    return Fault(FaultCode.MALFORMED)


def is_use_due(token: Token) -> bool:
    """Is it time to write down that the token is in use?"""
    return token.last_used_at is None or abs(now() - token.last_used_at) > USE_INTERVAL


def note_use(connection: Connection, token_id: str, address: str) -> None:
    """Write down that the token was just used from this address."""
    connection.execute(
        update(SCIM_TOKENS)
        .where(SCIM_TOKENS.c.id == token_id)
        .values(
            last_used_at=now(),
            last_used_from=names.to_one_line(address, names.LONGEST_ADDRESS),
        )
    )


def live_digests(connection: Connection) -> Sequence[bytes]:
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
