"""Rows have types: the type checker refuses a column that does not exist."""

import re
import subprocess
import sys

import pytest

from helpers import ROOT

# Expressions that read a row, and a column that the row has.
READERS = {
    "people.find_by_id(c, '')": "is_emergency",
    "people.find_by_name(c, '')": "user_name",
    "identity_matching.list_with_object_id(c, '')[0]": "object_id",
    "account_linking.accept_sign_in(c, claims, actor, tenant_id='')": "is_blocked",
    "identity_matching.find_identity(c, '')": "tenant_id",
    "groups.create(c, {}, actor)": "display_name",
    "groups.add_members(c, group, [], actor)": "external_id",
    "scim_tokens.find(c, b'')": "label",
    "scim_tokens.list_live(c)[0]": "created_by",
    "sessions.list_for_person(c, '')[0]": "user_agent",
    "conflict_lists.list_for_person(c, '')[0]": "claimant",
    "deletions.list_newest(c)[0]": "is_blocked",
    "role_mappings.list_mappings(c)[0]": "app_role",
    "new_administrators.list_unseen(c)[0]": "role",
    "emergency.list_unseen(c, '', '')[0]": "may_close",
    "ignored_attributes.list_all(c)[0]": "last_at",
    "journal.read(c, journal.Filter(), None, 1).rows[0]": "target_name",
    "settings.read_settings(c)": "backups_kept",
    "sign_in_settings.read_settings(c)": "is_forced",
}
PLANTED = """
from sqlalchemy import Connection
from netpresenter_next.directory import (
    account_linking, conflict_lists, deletions, emergency, groups,
    identity_matching, ignored_attributes, journal, new_administrators, people,
    role_mappings,
    scim_tokens, sessions, sign_in_settings,
)
from netpresenter_next.directory.events import Actor
from netpresenter_next.microsoft.claims import Claims
from netpresenter_next.storage.models import Group
from netpresenter_next.upkeep import settings

def read(c: Connection, claims: Claims, actor: Actor, group: Group) -> None:
"""


@pytest.fixture(scope="module")
def mypy_result(tmp_path_factory):
    """The lines and columns that mypy refuses: correct columns first, then misspelt."""
    lines = [f"    print({reader}.{column})" for reader, column in READERS.items()]
    lines += [f"    print({reader}.{column}_)" for reader, column in READERS.items()]
    file = tmp_path_factory.mktemp("planted") / "planted.py"
    file.write_text(PLANTED + "\n".join(lines))
    first = PLANTED.count("\n") + 1
    command = [sys.executable, "-m", "mypy", "--no-error-summary", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    found = re.findall(
        r'planted\.py:(\d+): error: (?!Item "None").* has no attribute "(\w+)"',
        done.stdout,
    )
    return {(int(line) - first, column) for line, column in found}, done


def test_mypy_knows_every_column_and_refuses_a_misspelt_one(mypy_result):
    refused, done = mypy_result
    misspelt = enumerate(READERS.values(), start=len(READERS))
    assert refused == {(line, f"{column}_") for line, column in misspelt}, done.stdout
