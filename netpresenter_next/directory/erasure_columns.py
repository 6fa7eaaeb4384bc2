"""The columns of other tables that may name a person who is erased."""

from netpresenter_next.storage.alarm_models import ALARM_MESSAGES
from netpresenter_next.storage.identity_models import (
    BLOCKS,
    CONFLICTS,
    DELETED_PEOPLE,
    KEPT_APART,
)
from netpresenter_next.storage.import_models import IMPORTS
from netpresenter_next.storage.models import SCIM_TOKENS
from netpresenter_next.storage.scim_models import ARRIVED
from netpresenter_next.storage.sign_in_models import IDENTITIES, SIGN_IN_SETTINGS
from netpresenter_next.storage.upkeep_models import RESTORATIONS

# Columns with the names of people who did something.
DONE_BY = (
    SCIM_TOKENS.c.created_by,
    IDENTITIES.c.linked_by,
    BLOCKS.c.blocked_by,
    DELETED_PEOPLE.c.deleted_by,
    SIGN_IN_SETTINGS.c.tested_by,
    RESTORATIONS.c.ended_by,
    KEPT_APART.c.decided_by,
    IMPORTS.c.made_by,
)
# Columns of small tables whose texts may name anybody.
WITH_TEXTS = (
    CONFLICTS.c.claimant,
    CONFLICTS.c.sent,
    KEPT_APART.c.claimant,
    KEPT_APART.c.sent,
    ARRIVED.c.last_value,
    RESTORATIONS.c.facts,
    ALARM_MESSAGES.c.subject,
    ALARM_MESSAGES.c.body,
    IMPORTS.c.file_name,
)
