"""Netpresenter Next: the application factory, the one module that knows every part."""

import os
import secrets
from pathlib import Path

from flask import Flask

from netpresenter_next import (
    database,
    faults,
    first_run,
    local,
    login,
    pages,
    protection,
    settings,
    system,
)
from netpresenter_next.config import LARGEST_BODY, PACKAGE, Config, ConfigError, load
from netpresenter_next.scim import views as scim


def create_app(config: Config | None = None) -> Flask:
    """Build the application on its database, which is brought up to date first."""
    config = config or load()
    app = Flask(
        __name__,
        instance_path=str(config.instance.absolute()),
        template_folder=web_folder("templates"),
        static_folder=web_folder("static"),
        static_url_path="/static",
    )
    app.extensions["netpresenter_config"] = config
    app.config.update(
        SECRET_KEY=config.secret_key or _kept_secret_key(config.instance),
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_PARTS=100,
    )
    database.init_app(app, config)
    database.migrate(app, config)
    # In this order they look at a request: is it ours, is set-up done, who may.
    protection.init_app(app, config)
    for blueprint in (first_run, pages, local, settings, system):
        app.register_blueprint(blueprint.blueprint)
    login.init_app(app)
    scim.init_app(app, config)
    faults.init_app(app)
    login.refuse_unmarked_views(app)
    return app


def web_folder(name: str) -> str:
    """Find ``templates`` or ``static``: in the package or, in a checkout, beside it."""
    installed = PACKAGE / name
    return str(installed if installed.is_dir() else PACKAGE.parent / name)


def _kept_secret_key(instance: Path) -> str:
    """Return the key that signs cookies, made at the first start."""
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        draft = instance / f"secret_key.{os.getpid()}"
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
        draft.replace(path)
    key = path.read_text(encoding="ascii").strip()
    if len(key) < 32:
        raise ConfigError(f"{path} holds no key: delete it, a new one will be made.")
    return key
