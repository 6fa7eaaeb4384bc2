"""The blueprints of all pages, in the order in which they are registered."""

from netpresenter_next.pages import (
    account,
    emergency_notice,
    first_run,
    home,
    microsoft,
    microsoft_sign_out,
    restoration_notice,
    sign_in,
)
from netpresenter_next.pages.settings import (
    alarms,
    conflict,
    conflicts,
    groups,
    health,
    logs,
    overview,
    person,
    system,
    users,
)
from netpresenter_next.pages.settings.entra import (
    certificate,
    checks,
    connection,
    roles,
    sign_in_options,
    tokens,
)

BLUEPRINTS = (
    first_run.blueprint,
    home.blueprint,
    sign_in.blueprint,
    microsoft.blueprint,
    microsoft_sign_out.blueprint,
    account.blueprint,
    emergency_notice.blueprint,
    restoration_notice.blueprint,
    overview.blueprint,
    users.blueprint,
    person.blueprint,
    groups.blueprint,
    conflicts.blueprint,
    conflict.blueprint,
    system.blueprint,
    health.blueprint,
    alarms.blueprint,
    logs.blueprint,
    tokens.blueprint,
    checks.blueprint,
    connection.blueprint,
    certificate.blueprint,
    sign_in_options.blueprint,
    roles.blueprint,
)
