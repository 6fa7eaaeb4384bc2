"""The forms of Settings > System > Alarms."""

from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    PasswordField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, Length

from netpresenter_next.directory import (
    alarm_settings,
    alarm_webhook,
)
from netpresenter_next.directory.alarm_settings import MailChoices
from netpresenter_next.lib.translation import lazy_gettext as _l
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages.fields import NumberField
from netpresenter_next.storage.choices import Language, MailSecurity, WebhookFormat

SECURITY = {
    MailSecurity.STARTTLS: marked("STARTTLS (usually port 587)"),
    MailSecurity.TLS: marked("TLS (usually port 465)"),
    MailSecurity.NONE: marked("None (only a mail server on this machine)"),
}


WEBHOOK_FORMATS = {
    WebhookFormat.SIGNED_JSON: marked("Signed JSON, for a program"),
    WebhookFormat.TEAMS: marked("Microsoft Teams (a workflow)"),
    WebhookFormat.SLACK: marked("Slack (an incoming webhook)"),
}


class KindsForm(FlaskForm):
    """Whether alarms are sent; the chosen kinds are check boxes of one name."""

    is_on = BooleanField(_l("Send alarms"))
    language = StringField(
        _l("Language of the messages"), [AnyOf([each.value for each in Language])]
    )


class MailForm(FlaskForm):
    """The mail server, and who sends and receives the messages."""

    host = StringField(
        _l("Mail server"),
        [Length(max=alarm_settings.LONGEST_HOST)],
        description=_l("For example smtp.example.org. Leave empty to send no e-mail."),
    )
    port = NumberField(
        _l("Port"),
        1,
        65_535,
        description=_l(
            "Usually 587 with STARTTLS, or 465 with TLS. Port 25 is for mail "
            "between servers, and many providers block it."
        ),
    )
    security = StringField(_l("Encryption"), [AnyOf([each.value for each in SECURITY])])
    user = StringField(
        _l("User name at the mail server"),
        [Length(max=alarm_settings.LONGEST_ADDRESS)],
        description=_l("Leave empty if the server does not ask for one."),
    )
    password = PasswordField(
        _l("Password at the mail server"),
        [Length(max=alarm_settings.LONGEST_PASSWORD)],
        description=_l("It is never shown; leave empty to keep the current one."),
    )
    sender = StringField(_l("Sender"), description=_l("One e-mail address."))
    recipients = TextAreaField(
        _l("Recipients"),
        [Length(max=5_000)],
        description=_l("E-mail addresses, one on each line."),
    )

    def read(self) -> MailChoices:
        """Return what was entered."""
        return MailChoices(
            (self.host.data or "").strip(),
            self.port.data or 0,
            MailSecurity(str(self.security.data)),
            (self.user.data or "").strip(),
            self.password.data or "",
            (self.sender.data or "").strip(),
            (self.recipients.data or "").replace(",", " ").split(),
        )


class WebhookForm(FlaskForm):
    """The URL that receives the messages, and what it takes."""

    format = StringField(
        _l("Format of the messages"), [AnyOf([each.value for each in WEBHOOK_FORMATS])]
    )

    url = StringField(
        "URL",
        [Length(max=alarm_webhook.LONGEST_URL)],
        description=_l("Starts with https. Leave empty to send nothing by webhook."),
    )
