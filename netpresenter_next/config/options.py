"""Settings from the environment: one table of options, read once at start.

Every option can be set as ``NETPRESENTER_<NAME>`` or, from the content of a file, as
``NETPRESENTER_<NAME>_FILE``.  ``docs/settings.md`` describes the same table for
administrators; a test compares the two.
"""

import difflib
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import Field, dataclass, field, fields
from datetime import date
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from netpresenter_next.lib import certificates
from netpresenter_next.lib.certificates import Pair
from netpresenter_next.lib.text import as_guid

PREFIX = "NETPRESENTER_"
LARGEST_BODY = 4 * 1024 * 1024  # bytes: enough to replace a group of 30,000 members
PACKAGE = Path(__file__).resolve().parent.parent
_URL_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/%\[\]-]+")
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}

SHORTEST_KEY, FEWEST_DISTINCT = 32, 8  # characters; hexadecimal has 16 distinct ones
# Words of example keys, which are publicly known.
EXAMPLE_WORDS = ("changeme", "replaceme", "secret", "password", "example")


class ConfigError(Exception):
    """A setting cannot be used; the message says which and what to type instead."""


def default_instance_folder() -> Path:
    """Return the default data folder: beside a checkout, else in the environment."""
    checkout = PACKAGE.parent
    if (checkout / "wsgi.py").is_file():
        return checkout / "instance"
    return Path(sys.prefix) / "var" / "netpresenter_next-instance"


def _parse_folder(text: str) -> Path:
    return Path(text).expanduser().resolve()


def _parse_base_url(text: str) -> str:
    url = urlsplit(text.strip())
    if url.scheme not in ("http", "https") or not url.hostname:
        raise ValueError("give it as https://news.example.org, with the scheme")
    if url.query or url.fragment or url.username or url.password:
        raise ValueError("give only scheme, host and path, without ? or # or a user")
    if not _URL_CHARACTERS.fullmatch(url.netloc + url.path) or url.port == 0:
        raise ValueError("it contains characters that are not allowed in an address")
    return f"{url.scheme}://{url.netloc.lower()}{url.path.rstrip('/')}"


def _parse_database_url(text: str) -> str:
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("give it as sqlite:////path/to/file.db") from None
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        raise ValueError("only a file of SQLite is supported: sqlite:////path/to/file")
    return text


def _parse_address(text: str) -> str:
    return str(ip_address(text.strip()))


def _parse_names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())


def parse_secret_key(text: str) -> str:
    """Return a key that signs cookies; raises ValueError for a guessable one."""
    letters = re.sub("[^a-z]", "", text.lower())
    is_guessable = (
        len(text) < SHORTEST_KEY
        or len(set(text)) < FEWEST_DISTINCT
        or text in (text + text)[1:-1]  # a pattern that is repeated
        or any(word in letters for word in EXAMPLE_WORDS)
    )
    if is_guessable:
        raise ValueError(
            f"use at least {SHORTEST_KEY} random characters, or leave it out; to make "
            'one, type: python3 -c "import secrets; print(secrets.token_hex(32))"'
        )
    return text


def _parse_guid(text: str) -> str:
    guid = as_guid(text)
    if guid is None:
        raise ValueError("give it as 00000000-0000-0000-0000-000000000000")
    return guid


def _parse_authority(text: str) -> str:
    url = urlsplit(text.strip())
    is_safe = url.scheme == "https" or (
        url.scheme == "http" and url.hostname in LOOPBACK_NAMES
    )
    if not is_safe or not url.hostname or url.path.strip("/") or url.query:
        raise ValueError("give it as https://login.microsoftonline.com, without a path")
    return f"{url.scheme}://{url.netloc.lower()}"


def _parse_day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError("give it as 2027-11-30, year first") from None


def option(
    description: str,
    default: Any,
    parse: Callable[[str], Any] = str,
    *,
    secret: bool = False,
) -> Any:
    """Declare one row of the table; ``secret`` values are never printed."""
    metadata = {"help": description, "parse": parse, "secret": secret}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, kw_only=True)
class Config:
    """All settings from the environment, typed and validated."""

    instance: Path = option(
        "Folder of the database, the secret key and the lock files.",
        default_instance_folder,
        _parse_folder,
    )
    base_url: str = option(
        "Public address, https://news.example.org: the only source of every absolute "
        "URL shown or sent.",
        "",
        _parse_base_url,
    )
    database_url: str = option(
        "SQLAlchemy URL of the database; SQLite in the instance folder by default.",
        "",
        _parse_database_url,
        secret=True,
    )
    secret_key: str = option(
        "Key that signs cookies; made once in the instance folder by default.",
        "",
        parse_secret_key,
        secret=True,
    )
    scim_required: frozenset[str] = option(
        "Attributes without which SCIM refuses a person, besides userName.",
        frozenset({"externalId", "emails"}),
        _parse_names,
    )
    scim_extensions: Path | None = option(
        "File (TOML or JSON) that declares extension schemas of your own.",
        None,
        _parse_folder,
    )
    trusted_proxy: str = option(
        "IP address of the reverse proxy whose X-Forwarded-For is believed.",
        "",
        _parse_address,
    )
    entra_authority: str = option(
        "Where people sign in to Microsoft; by default the cloud chosen on the page.",
        "",
        _parse_authority,
    )
    entra_tenant_id: str = option("Directory (tenant) ID, a GUID.", "", _parse_guid)
    entra_client_id: str = option("Application (client) ID, a GUID.", "", _parse_guid)
    entra_client_secret: str = option("Client secret: its value.", "", secret=True)
    entra_client_secret_expires_on: date | None = option(
        "Day on which the client secret expires, 2027-11-30: warns in time.",
        None,
        _parse_day,
    )
    entra_certificate: Pair | None = option(
        "In place of a client secret: certificate and private key, both as PEM.",
        None,
        certificates.read,
        secret=True,
    )


def _read_option(option_field: Field[Any], environment: Mapping[str, str]) -> Any:
    """Return one option's parsed value, or None where it is not set."""
    name = PREFIX + option_field.name.upper()
    text = environment.get(name)
    file_name = environment.get(name + "_FILE")
    if text is not None and file_name:
        raise ConfigError(f"Set {name} or {name}_FILE, not both.")
    if file_name:
        try:
            text = Path(file_name).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{name}_FILE cannot be read: {error}") from error
    if text is None:
        return None
    parse = option_field.metadata["parse"]
    # An empty list is a value of its own ("require nothing"); an empty text is not.
    if text == "" and parse is not _parse_names:
        return None
    try:
        return parse(text)
    except ValueError as error:
        raise ConfigError(f"{name}: {error}.") from error


def _refuse_unknown(environment: Mapping[str, str]) -> None:
    known = [PREFIX + each.name.upper() for each in fields(Config)]
    known += [name + "_FILE" for name in known]
    for name in environment:
        if name.startswith(PREFIX) and name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f"did you mean {close[0]}?" if close else "see docs/settings.md."
            raise ConfigError(f"{name} is not a setting; {hint}")


def load(environment: Mapping[str, str] | None = None, **overrides: Any) -> Config:
    """Read the settings; ``overrides`` (from tests) take precedence.

    Raises ConfigError for an invalid value and for an unknown name, because a misspelt
    setting would otherwise be ignored silently.
    """
    environment = os.environ if environment is None else environment
    _refuse_unknown(environment)
    values = {each.name: _read_option(each, environment) for each in fields(Config)}
    values = {name: value for name, value in values.items() if value is not None}
    if "entra_client_secret" in values and "entra_certificate" in values:
        first, second = f"{PREFIX}ENTRA_CLIENT_SECRET", f"{PREFIX}ENTRA_CERTIFICATE"
        raise ConfigError(f"Set {first} or {second}, not both.")
    return Config(**{**values, **overrides})
