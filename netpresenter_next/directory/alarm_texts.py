"""The texts of messages about alarms, for e-mail and webhook."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from netpresenter_next.delivery.messages import Message
from netpresenter_next.directory.alarm_kinds import KINDS, Alarm
from netpresenter_next.directory.events import SCIM
from netpresenter_next.lib import fast_json, names
from netpresenter_next.lib.translation import format_number, marked
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import Channel

PRODUCT = "Netpresenter Next"
PAGE = "/settings/system/alarms"
TEST_TYPE = "alarm.test"
MOST_NAMES, LONGEST_NAME = 5, 80

_KINDS_OF_ACTORS = {
    "command line": marked("the command line"),
    "server": marked("the server"),
}

Payload = Mapping[str, str | list[str] | None]


def write(message_id: str, channel: Channel, alarm: Alarm, base_url: str) -> Message:
    """Return the message about an alarm.

    ``base_url`` is the public address of the server, or "": then there are no links.
    """
    details = KINDS[alarm.kind]
    label, advice = _(details.label), _(details.advice)
    subject = f"{PRODUCT}: {label}"
    if channel is Channel.WEBHOOK:
        data: Payload = {
            "title": label,
            "text": alarm.what,
            "advice": advice,
            "people": list(alarm.people[:MOST_NAMES]),
            "url": f"{base_url}{details.page}" if base_url else None,
        }
        body = _write_payload(f"alarm.{alarm.kind}", alarm.at, data)
        return Message(message_id, subject, body)
    time, page = f"{alarm.at:%Y-%m-%d %H:%M}", f"{base_url}{details.page}"
    lines = [
        alarm.what,
        "",
        _("When: %(time)s UTC", time=time),
        *([_("Where: %(link)s", link=page)] if base_url else []),
        "",
        _("What to do: %(advice)s", advice=advice),
        *_write_ending(base_url),
    ]
    return Message(message_id, subject, "\n".join(lines))


def write_test(
    message_id: str, channel: Channel, at: datetime, base_url: str
) -> Message:
    """Return a message that only shows that messages arrive."""
    text = _("This is a test message: alarms arrive here.")
    title = _("Test message")
    if channel is Channel.WEBHOOK:
        url = f"{base_url}{PAGE}" if base_url else None
        data: Payload = {
            "title": title,
            "text": text,
            "people": [],
            "url": url,
        }
        return Message(message_id, "", _write_payload(TEST_TYPE, at, data))
    subject = f"{PRODUCT}: {title}"
    return Message(
        message_id, subject, "\n".join([text, *_write_ending(base_url, is_test=True)])
    )


def _write_payload(type_: str, at: datetime, data: Payload) -> str:
    """Return the JSON of a webhook, in the form that Standard Webhooks recommends."""
    timestamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return fast_json.dumps_text({"type": type_, "timestamp": timestamp, "data": data})


def _write_ending(base_url: str, *, is_test: bool = False) -> list[str]:
    choose = _("Administrators choose what is sent under Settings > System > Alarms.")
    if base_url:
        choose = _(
            "Administrators choose what is sent under Settings > System > Alarms "
            "(%(link)s).",
            link=base_url + PAGE,
        )
    if is_test:
        return ["", choose]
    once = _("This kind of alarm is sent at most once a day.")
    return ["", f"{once} {choose}"]


def shorten_name(display_name: str | None, user_name: str) -> str:
    """Return the name of a person for a message, without an e-mail address."""
    name = names.clean_display_name(display_name or "") or user_name
    return names.to_one_line(name.partition("@")[0], LONGEST_NAME) or _("a person")


def name_actors(kind: str, actors: Sequence[str]) -> str:
    """Return who did something, for a message: without an e-mail address, too.

    Only tokens can be several.
    """
    if kind == SCIM and len(actors) > 1:
        return _("provisioning, with the tokens %(names)s", names=", ".join(actors))
    if kind == SCIM:
        return _("provisioning, with the token %(name)s", name=actors[0])
    if kind == "person":
        return shorten_name(None, actors[0])
    known = _KINDS_OF_ACTORS.get(kind)
    return _(known) if known else kind


def join_names(people: Sequence[str], number: int) -> str:
    """Write the first names, and how many of ``number`` people are left out."""
    shown = people[:MOST_NAMES]
    more = number - len(shown)
    names_shown = ", ".join(shown)
    if more <= 0:
        return names_shown
    return _(
        "%(names)s and %(number)s more", names=names_shown, number=format_number(more)
    )
