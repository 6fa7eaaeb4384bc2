"""All modules that declare tables: importing them fills the metadata of ``Base``.

``schema.tables``, above this package, adds the columns of ``indexed`` attributes;
``tests/make_migration.py`` imports it with the application.
"""

from sqlalchemy import MetaData

from netpresenter_next.storage import (
    alarm_models,
    colleague_models,
    erasure_models,
    event_models,
    identity_models,
    import_models,
    link_models,
    models,
    scim_models,
    search_models,
    sign_in_models,
    throttle_models,
    totals,
    upkeep_models,
)
from netpresenter_next.storage.database import Base

MODULES = (
    models,
    identity_models,
    sign_in_models,
    throttle_models,
    event_models,
    upkeep_models,
    totals,
    search_models,
    scim_models,
    erasure_models,
    alarm_models,
    colleague_models,
    link_models,
    import_models,
)
METADATA: MetaData = Base.metadata
