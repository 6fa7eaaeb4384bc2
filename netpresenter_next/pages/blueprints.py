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
    groups,
    health,
    logs,
    overview,
    person,
    system,
    users,
)
from netpresenter_next.pages.settings.entra import connection, options, tokens

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
    system.blueprint,
    health.blueprint,
    logs.blueprint,
    tokens.blueprint,
    connection.blueprint,
    options.blueprint,
)
