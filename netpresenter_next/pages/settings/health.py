"""Settings > System > Health: findings, scheduled jobs, and their settings."""

from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError
from wtforms import StringField
from wtforms.validators import ValidationError

from netpresenter_next.backups import chosen_folder
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.pages import changes, health_findings
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.fields import NumberField
from netpresenter_next.storage import database
from netpresenter_next.storage.upkeep_models import UpkeepSettings
from netpresenter_next.upkeep import (
    alarm_findings,
    examination,
    settings,
)
from netpresenter_next.upkeep.settings import Run
from netpresenter_next.web import access_control

PAGE = "health.page"
# The pages of the areas that have one.
_PLACES = {
    examination.PROVISIONING: "tokens.microsoft_entra_id",
    examination.TOKENS: "tokens.microsoft_entra_id",
    examination.MICROSOFT: "microsoft_connection.show",
    alarm_findings.SUBJECT: "alarms.page",
}
blueprint = Blueprint("health", __name__, url_prefix="/settings/system/health")


class JournalForm(FlaskForm):
    """Log retention, in days."""

    provisioning_days = NumberField(_l("Days the provisioning log is kept"), 7, 3_650)
    audit_days = NumberField(_l("Days the audit log is kept"), 90, 3_650)


class BackupsForm(FlaskForm):
    """Folder, hour and number of the nightly backups."""

    backup_folder = StringField(
        _l("Folder"),
        description=_l(
            "On another disk, and never where a web server serves files. "
            "Leave empty to use the folder backups of the instance."
        ),
    )
    backup_hour = NumberField(
        _l("Hour of the night"),
        0,
        23,
        description=_l("In the time zone of the server."),
    )
    backups_kept = NumberField(
        _l("Number kept"),
        0,
        365,
        description=_l("The oldest is deleted. With 0, no backups are made."),
    )

    def validate_backup_folder(self, field: StringField) -> None:
        """Accept an existing folder that the web server does not serve."""
        field.data = (field.data or "").strip()
        if not field.data:
            return
        if problem := chosen_folder.find_problem(field.data):
            raise ValidationError(problem)
        public = Path(str(current_app.static_folder))
        if chosen_folder.is_within(Path(field.data), public):
            raise ValidationError(
                _("The web server serves the files in this folder to everybody.")
            )


@blueprint.get("")
@access_control.administrator
def page() -> str:
    """Show the findings and the settings."""
    return _render()


@blueprint.post("/journal")
@access_control.administrator
@access_control.require_recent_authentication
def change_journal() -> ResponseReturnValue:
    """Change log retention."""
    form = JournalForm()
    if not form.validate_on_submit():
        return _render(journal_form=form), 400
    return _save_settings(settings.JOURNAL, form)


@blueprint.post("/backups")
@access_control.administrator
@access_control.require_recent_authentication
def change_backups() -> ResponseReturnValue:
    """Change the folder, hour and number of the nightly backups."""
    form = BackupsForm()
    if not form.validate_on_submit():
        return _render(backups_form=form), 400
    return _save_settings(settings.BACKUPS, form)


def _save_settings(part: str, form: FlaskForm) -> ResponseReturnValue:
    values = {name: each for name, each in form.data.items() if name != "csrf_token"}

    def change(connection: Connection, actor: Actor) -> Done:
        settings.change_settings(connection, actor, part, values)
        return Done(_("Saved."), url_for(PAGE))

    return changes.make(change)


def _read_settings() -> tuple[UpkeepSettings | None, Mapping[str, Run]]:
    """Return the settings and the last runs; none while the database is unreadable."""
    try:
        with database.read() as connection:
            return settings.read_settings(connection), settings.read_runs(connection)
    except DBAPIError:  # the findings on the same page say why
        return None, {}


def _render(
    journal_form: JournalForm | None = None, backups_form: BackupsForm | None = None
) -> str:
    row, runs = _read_settings()
    return render_template(
        "settings/health.html",
        findings=health_findings.find_all(),
        places=_PLACES,
        runs=[(_(settings.JOBS.get(name, name)), each) for name, each in runs.items()],
        is_readable=row is not None,
        journal_form=journal_form or JournalForm(formdata=None, obj=row),
        backups_form=backups_form or BackupsForm(formdata=None, obj=row),
    )
