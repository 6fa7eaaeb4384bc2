"""Settings > System > Alarms: what is sent, by which mail server and webhook."""

import threading
from contextlib import suppress

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from netpresenter_next.delivery import problem_texts, sending
from netpresenter_next.delivery.messages import DeliveryFailed
from netpresenter_next.directory import (
    alarm_queue,
    alarm_settings,
    alarm_tests,
    alarm_texts,
    alarm_webhook,
    own_language,
)
from netpresenter_next.directory.alarm_kinds import KINDS, AlarmKind
from netpresenter_next.directory.events import Actor
from netpresenter_next.lib.timestamps import now
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import in_language
from netpresenter_next.pages import changes
from netpresenter_next.pages.changes import Done
from netpresenter_next.pages.settings.alarm_forms import (
    SECURITY,
    WEBHOOK_FORMATS,
    KindsForm,
    MailForm,
    WebhookForm,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.alarm_models import AlarmMessage, AlarmSettings
from netpresenter_next.storage.choices import Channel, Language, WebhookFormat
from netpresenter_next.storage.ids import new_id
from netpresenter_next.web import access_control, authorized, context, signed_in

PAGE = "alarms.page"
# One test at a time, because a receiver that hangs keeps a thread of the server busy.
_testing = threading.Lock()

blueprint = Blueprint("alarms", __name__, url_prefix="/settings/system/alarms")


# --------------------------------------------------------------- the page
@blueprint.get("")
@access_control.administrator
def page() -> str:
    """Show the settings and the last messages."""
    return _render()


def _render(
    *,
    kinds_form: KindsForm | None = None,
    mail_form: MailForm | None = None,
    webhook_form: WebhookForm | None = None,
    secret: str = "",
    problems: dict[Channel, str] | None = None,
) -> str:
    """Render the page, with a form just sent, a new secret, or a failed test."""
    with database.read() as connection:
        row = alarm_settings.read(connection)
        messages = alarm_queue.list_latest(connection)
        failing = alarm_tests.list_failing(connection)
    return render_template(
        "settings/alarms.html",
        kinds_form=kinds_form or KindsForm(formdata=None, obj=row),
        mail_form=mail_form or _fill_mail_form(row),
        webhook_form=webhook_form or _fill_webhook_form(row),
        settings=row,
        kinds=KINDS,
        securities=SECURITY,
        formats=WEBHOOK_FORMATS,
        lacks_secret=alarm_settings.lacks_secret(row),
        languages=own_language.NAMES,
        channels=alarm_settings.list_channels(row),
        messages=messages,
        failing={str(each.channel): each.what for each in failing},
        label_of=_get_label,
        read_problem=problem_texts.read,
        secret=secret,
        problems={str(each): text for each, text in (problems or {}).items()},
    )


def _get_label(message: AlarmMessage) -> str:
    """Return the label of a kind; that of a later version has none here."""
    known = {kind.value: _(details.label) for kind, details in KINDS.items()}
    return known.get(message.kind, message.subject)


def _fill_mail_form(row: AlarmSettings) -> MailForm:
    return MailForm(
        formdata=None,
        host=row.mail_host,
        port=row.mail_port,
        security=row.mail_security.value,
        user=row.mail_user,
        sender=row.mail_from,
        recipients="\n".join(row.mail_to),
    )


def _fill_webhook_form(row: AlarmSettings) -> WebhookForm:
    chosen = {"url": row.webhook_url, "format": row.webhook_format.value}
    return WebhookForm(formdata=None, **chosen)


def _redirect_to_page() -> ResponseReturnValue:
    return redirect(url_for(PAGE), 303)


# --------------------------------------------------------------- changes
@blueprint.post("/kinds")
@access_control.administrator
@access_control.require_recent_authentication
def change_kinds() -> ResponseReturnValue:
    """Switch alarms on or off, and choose their kinds."""
    form = KindsForm()
    if not form.validate_on_submit():
        return _render(kinds_form=form), 400
    chosen = request.form.getlist("kinds")
    kinds = [kind for kind in AlarmKind if kind.value in chosen]

    def change(connection: Connection, actor: Actor) -> Done:
        alarm_settings.choose(
            connection,
            actor,
            is_on=form.is_on.data,
            kinds=kinds,
            language=Language(str(form.language.data)),
        )
        return Done(_("Saved."), url_for(PAGE))

    return changes.make(change)


@blueprint.post("/e-mail")
@access_control.administrator
@access_control.require_recent_authentication
def change_mail() -> ResponseReturnValue:
    """Change the mail server, the sender and the recipients."""
    form = MailForm()
    if not form.validate_on_submit():
        return _render(mail_form=form), 400
    chosen = form.read()
    with authorized.write() as connection:
        row = alarm_settings.read(connection)
        problems = alarm_settings.find_mail_problems(row, chosen)
        if not problems:
            key = context.current().encryption_key
            alarm_settings.set_mail(connection, key, signed_in.actor(), chosen)
    if problems:
        for name, problem in problems.items():
            form[name].errors = [problem]
        return _render(mail_form=form), 400
    flash(
        _("Saved. Send a test to check that messages arrive.")
        if chosen.host
        else _("Saved.")
    )
    return _redirect_to_page()


@blueprint.post("/webhook")
@access_control.administrator
@access_control.require_recent_authentication
def change_webhook() -> ResponseReturnValue:
    """Change the URL of the webhook, and the format of what is sent to it."""
    form = WebhookForm()
    if not form.validate_on_submit():
        return _render(webhook_form=form), 400
    url = (form.url.data or "").strip()
    if url and (problem := alarm_webhook.find_url_problem(url)):
        form.url.errors = [problem]
        return _render(webhook_form=form), 400

    def change(connection: Connection, actor: Actor) -> Done:
        chosen = WebhookFormat(str(form.format.data))
        alarm_webhook.change(connection, actor, url, chosen)
        message = _("Saved. Send a test to check that messages arrive.")
        if not url:
            message = _("Saved.")
        elif alarm_settings.lacks_secret(alarm_settings.read(connection)):
            message = _("Saved. Nothing is sent until you generate a secret below.")
        return Done(message, url_for(PAGE))

    return changes.make(change)


@blueprint.post("/webhook/secret")
@access_control.administrator
@access_control.require_recent_authentication
def replace_secret() -> ResponseReturnValue:
    """Make a new secret of the webhook, and show it in this response only."""
    with authorized.write() as connection:
        row = alarm_settings.read(connection)
        if not row.webhook_url or row.webhook_format is not WebhookFormat.SIGNED_JSON:
            abort(404)
        secret = alarm_webhook.replace_secret(
            connection, context.current().encryption_key, signed_in.actor()
        )
    return _render(secret=secret)


# --------------------------------------------------------------- tests
@blueprint.post("/<channel>/test")
@access_control.administrator
@access_control.require_recent_authentication
def send_test(channel: str) -> ResponseReturnValue:
    """Send a test message now, and say what came of it."""
    if channel not in [each.value for each in Channel]:
        abort(404)
    chosen = Channel(channel)
    if not _testing.acquire(blocking=False):
        problem = _("Another test is running: try again in 20 seconds.")
        return _render(problems={chosen: problem}), 409
    try:
        note, is_on = _send_test(chosen)
    except DeliveryFailed as error:
        if not isinstance(error, alarm_settings.NotSetUp):
            _note_failure(chosen, error.stored)
        problem = _("The test failed. %(error)s", error=error)
        return _render(problems={chosen: problem}), 409
    finally:
        _testing.release()
    sent = _("The test message was sent by %(channel)s.", channel=chosen)
    if not is_on:
        note += " " + _(
            "Alarms are off: nothing else is sent until you switch them on."
        )
    flash(f"{sent} {note}".strip())
    return _redirect_to_page()


def _note_failure(channel: Channel, reason: str) -> None:
    # The response says it in any case.
    with suppress(*database.WRITE_FAILURES), authorized.write() as connection:
        alarm_tests.note_failure(connection, signed_in.actor(), channel, reason)


def _send_test(channel: Channel) -> tuple[str, bool]:
    """Send a test message, and return whether alarms are on.

    Raises NotSetUp and DeliveryFailed.
    """
    installation = context.current().installation
    with authorized.write() as connection:
        row = alarm_settings.read(connection)
        alarm_tests.note_start(connection, signed_in.actor(), channel)
    receiver = alarm_settings.open_receiver(row, channel, installation.encryption_key)
    base_url = installation.config.base_url
    with in_language(row.language):
        message = alarm_texts.write_test(new_id(), channel, now(), base_url)
    return problem_texts.read(sending.send(receiver, message)), row.is_on
