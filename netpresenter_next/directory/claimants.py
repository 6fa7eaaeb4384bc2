"""Claimants: whom provisioning sends when a local account is in the way.

A conflict keeps what was sent for each claimant, as short texts: an administrator
compares it with the account, and can link only what they have seen.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from netpresenter_next.lib import names
from netpresenter_next.lib.text import as_guid, fold
from netpresenter_next.schema.tables import ENTERPRISE_SCHEMA

LONGEST_TEXT, LONGEST_EXTERNAL_ID = 200, 500
# Further claimants of one conflict are refused like these, but not kept.
MOST_CLAIMANTS = 5


@dataclass(frozen=True)
class Claimant:
    """What provisioning sent for one person; texts that it did not send are empty."""

    user_name: str
    external_id: str = ""
    display_name: str = ""
    work_email: str = ""
    title: str = ""
    department: str = ""
    # Set if provisioning changed this person; empty if it wanted to create one.
    person_id: str = ""

    @property
    def object_id(self) -> str | None:
        """Return the externalId in the spelling used for comparisons, if a GUID."""
        return as_guid(self.external_id)

    @property
    def key(self) -> str:
        """Return the text that identifies the claimant; see ``make_key``."""
        return make_key(self.external_id, fold(self.user_name))

    @property
    def fingerprint(self) -> str:
        """Return a digest, so that what is decided about is what was shown."""
        text = json.dumps(asdict(self), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def make_key(external_id: str | None, user_name_key: str) -> str:
    """Return the text that identifies a claimant: externalId, or else the user name.

    The spelling of a GUID makes no difference.
    """
    if external_id:
        return f"externalId {as_guid(external_id) or external_id}"
    return f"userName {user_name_key}"


def extract(columns: Mapping[str, Any], person_id: str = "") -> Claimant | None:
    """Return what identifies and describes a person in a SCIM request.

    ``columns`` are the document and its derived columns.  None if the externalId is too
    long to keep: a part of it would identify somebody else.
    """
    document = columns["document"]
    external_id = columns["external_id"] or ""
    if len(external_id) > LONGEST_EXTERNAL_ID:
        return None
    department = document.get(ENTERPRISE_SCHEMA, {}).get("department")
    return Claimant(
        columns["user_name"],
        external_id,
        _shorten(columns["display_name"]),
        _shorten(columns["work_email"]),
        _shorten(document.get("title")),
        _shorten(department),
        person_id,
    )


def _shorten(text: str | None) -> str:
    return names.to_one_line(text or "", LONGEST_TEXT)


def read(stored: Sequence[Mapping[str, str]]) -> list[Claimant]:
    """Return the claimants of a conflict."""
    return [Claimant(**each) for each in stored]


def merge(
    stored: Sequence[Mapping[str, str]], claimant: Claimant
) -> list[dict[str, str]]:
    """Return what to store after a claimant was refused (again)."""
    kept = {each.key: each for each in read(stored)}
    if claimant.key in kept or len(kept) < MOST_CLAIMANTS:
        kept[claimant.key] = claimant
    return [asdict(each) for each in kept.values()]


def find(stored: Sequence[Mapping[str, str]], fingerprint: str) -> Claimant | None:
    """Return the claimant with a fingerprint, if what was sent is still the same."""
    found = (each for each in read(stored) if each.fingerprint == fingerprint)
    return next(found, None)
