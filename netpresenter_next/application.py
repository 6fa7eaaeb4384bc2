"""The application factory, which puts the parts together."""

from collections.abc import Callable
from typing import Any

from flask import Flask

from netpresenter_next import error_handlers
from netpresenter_next.config.options import LARGEST_BODY, PACKAGE, Config
from netpresenter_next.directory import redaction, restorations
from netpresenter_next.lib import names
from netpresenter_next.pages.blueprints import BLUEPRINTS
from netpresenter_next.schema.building import make_local_type
from netpresenter_next.scim_http import endpoints
from netpresenter_next.storage import database, instances
from netpresenter_next.storage.installation import open_installation
from netpresenter_next.upkeep import migrating
from netpresenter_next.web import (
    access_control,
    context,
    language,
    microsoft_client,
    security,
    server_hints,
    token_warning,
)
from netpresenter_next.web.context import Context


class Application(Flask):
    """A Flask application without coroutines."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view or a hook, of which none is a coroutine.

        Flask would examine each of them again at every request.
        """
        return func


def create(config: Config) -> Flask:
    """Create the application; its instance is created or upgraded first.

    Raises ConfigError, DatabaseUnusable and InUse.
    """
    resource_types = endpoints.read_resource_types(config)
    app = Application(
        "netpresenter_next",
        instance_path=str(config.instance.absolute()),
        template_folder=web_folder("templates"),
        static_folder=web_folder("static"),
        static_url_path="/static",
    )
    database.init_app(app, config)
    identity = migrating.prepare(app, config)
    with app.app_context():
        watch = restorations.start_watch(config)
    secret_names = redaction.find_secret_names(resource_types.schemas)
    installation = open_installation(config)
    local_type = make_local_type(resource_types.user)
    context.put(app, Context(installation, identity, watch, secret_names, local_type))
    app.config.update(
        SECRET_KEY=instances.signing_key(config),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
    )
    # Invisible and bidirectional characters could hide or reorder what a page says.
    app.jinja_env.finalize = names.sanitize_for_page
    # The order of the checks of a request: host and origin, set-up, access control.
    security.init_app(app, config)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    for part in (language, microsoft_client, server_hints, token_warning):
        part.init_app(app)
    access_control.init_app(app)
    endpoints.init_app(app, resource_types)
    error_handlers.init_app(app)
    access_control.refuse_unmarked_views(app)
    security.serve_below_public_path(app, config)
    return app


def web_folder(name: str) -> str:
    """Return the path of ``templates`` or ``static``.

    They are in the installed package or, in a checkout, next to it.
    """
    installed = PACKAGE / name
    return str(installed if installed.is_dir() else PACKAGE.parent / name)
