"""Netpresenter Next: people and groups from Microsoft Entra ID, by SCIM."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from netpresenter_next.config.options import Config


def create_app(config: "Config | None" = None) -> "Flask":
    """Create the application; its instance is created or upgraded first.

    ``config`` defaults to the settings from the environment.  Raises ConfigError,
    DatabaseUnusable and InUse.
    """
    # Here, because every module of the package imports this one first: the help of the
    # command line would wait for Flask and SQLAlchemy.
    from netpresenter_next import application
    from netpresenter_next.config.options import load

    return application.create(config or load())
