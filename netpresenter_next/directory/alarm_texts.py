"""The texts of messages about alarms, for e-mail and webhook."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from netpresenter_next.delivery.messages import Message
from netpresenter_next.directory.alarm_kinds import KINDS, Alarm
from netpresenter_next.directory.events import SCIM
from netpresenter_next.lib import fast_json, names
from netpresenter_next.storage.choices import Channel

PRODUCT = "Netpresenter Next"
PAGE = "/settings/system/alarms"
TEST_TYPE = "alarm.test"
MOST_NAMES, LONGEST_NAME = 5, 80

Payload = Mapping[str, str | list[str] | None]


def write(message_id: str, channel: Channel, alarm: Alarm, base_url: str) -> Message:
    """Return the message about an alarm.

    ``base_url`` is the public address of the server, or "": then there are no links.
    """
    details = KINDS[alarm.kind]
    subject = f"{PRODUCT}: {details.label}"
    if channel is Channel.WEBHOOK:
        data: Payload = {
            "title": details.label,
            "text": alarm.what,
            "advice": details.advice,
            "people": list(alarm.people[:MOST_NAMES]),
            "url": f"{base_url}{details.page}" if base_url else None,
        }
        body = _write_payload(f"alarm.{alarm.kind}", alarm.at, data)
        return Message(message_id, subject, body)
    lines = [
        alarm.what,
        "",
        f"When: {alarm.at:%Y-%m-%d %H:%M} UTC",
        *([f"Where: {base_url}{details.page}"] if base_url else []),
        "",
        f"What to do: {details.advice}",
        *_write_ending(base_url),
    ]
    return Message(message_id, subject, "\n".join(lines))


def write_test(
    message_id: str, channel: Channel, at: datetime, base_url: str
) -> Message:
    """Return a message that only shows that messages arrive."""
    text = "This is a test message: alarms arrive here."
    if channel is Channel.WEBHOOK:
        url = f"{base_url}{PAGE}" if base_url else None
        data: Payload = {
            "title": "Test message",
            "text": text,
            "people": [],
            "url": url,
        }
        return Message(message_id, "", _write_payload(TEST_TYPE, at, data))
    subject = f"{PRODUCT}: Test message"
    return Message(
        message_id, subject, "\n".join([text, *_write_ending(base_url, is_test=True)])
    )


def _write_payload(type_: str, at: datetime, data: Payload) -> str:
    """Return the JSON of a webhook, in the form that Standard Webhooks recommends."""
    timestamp = f"{at:%Y-%m-%dT%H:%M:%SZ}"
    return fast_json.dumps_text({"type": type_, "timestamp": timestamp, "data": data})


def _write_ending(base_url: str, *, is_test: bool = False) -> list[str]:
    once = "" if is_test else "This kind of alarm is sent at most once a day. "
    where = f" ({base_url}{PAGE})" if base_url else ""
    choose = "Administrators choose what is sent under Settings > System > Alarms"
    return ["", f"{once}{choose}{where}."]


def shorten_name(display_name: str | None, user_name: str) -> str:
    """Return the name of a person for a message, without an e-mail address."""
    name = names.clean_display_name(display_name or "") or user_name
    return names.to_one_line(name.partition("@")[0], LONGEST_NAME) or "a person"


def name_actor(kind: str, name: str) -> str:
    """Return who did something, for a message: without an e-mail address, too."""
    if kind == SCIM:
        return f"provisioning, with the token {name}"
    if kind == "person":
        return shorten_name(None, name)
    return f"the {kind}"


def join_names(people: Sequence[str], number: int) -> str:
    """Write the first names, and how many of ``number`` people are left out."""
    shown = people[:MOST_NAMES]
    more = number - len(shown)
    return ", ".join(shown) + (f" and {more:,} more" if more > 0 else "")
