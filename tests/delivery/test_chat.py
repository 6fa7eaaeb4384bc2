"""Messages for chat applications, to a real receiver of webhooks."""

import json

import pytest

from netpresenter_next.delivery import sending, webhook
from netpresenter_next.delivery.messages import Message
from netpresenter_next.delivery.webhook import Webhook
from netpresenter_next.storage.choices import WebhookFormat
from receivers import Webhook as Receiver
from receivers import serve_webhook

TEAMS, SLACK = WebhookFormat.TEAMS, WebhookFormat.SLACK
LINK = "https://news.example.org/settings/users?status=disabled&q=1"
TEXT = "Disabled: <!channel>, [Ada](https://evil.example.org) & **Zoë**."
DATA = {"title": "Many people", "text": TEXT, "advice": "Look.", "people": ["Zoë"]}


def receive(webhook_format, **data):
    """Send a message to a receiver; return the headers and JSON that arrive."""
    payload = {"type": "alarm.test", "timestamp": "2026-11-27T03:31:00Z", "data": data}
    receiver = Receiver()
    with serve_webhook(receiver) as port:
        url = f"http://127.0.0.1:{port}/"
        sending.send(
            Webhook(url, "", webhook_format), Message("1", "", json.dumps(payload))
        )
    ((_, headers, body),) = receiver.requests
    return headers, json.loads(body)


def test_microsoft_teams_receives_an_adaptive_card():
    headers, message = receive(TEAMS, **DATA, url=LINK)
    assert headers["Content-Type"] == "application/json"
    assert message["type"] == "message"
    (attachment,) = message["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    texts = [
        run["text"]
        for block in card["body"]
        for run in block["inlines"]
        if (block["type"], run["type"]) == ("RichTextBlock", "TextRun")
    ]
    assert texts == ["Many people", TEXT, "Look.", "2026-11-27 03:31 UTC"]
    (action,) = card["actions"]
    assert (action["type"], action["url"]) == ("Action.OpenUrl", LINK)


def test_slack_receives_a_text_in_which_a_name_is_no_mention_and_no_markup():
    _, message = receive(SLACK, **DATA, url="https://news.example.org/settings")
    assert message == {
        "text": "Netpresenter Next: Many people\n"
        "Disabled: &lt;!channel&gt;, [Ada](https://evil.example.org) &amp; **Zoë**.\n"
        "Look.\nhttps://news.example.org/settings\n2026-11-27 03:31 UTC",
        "mrkdwn": False,
    }


@pytest.mark.parametrize("webhook_format", [TEAMS, SLACK])
def test_what_a_test_message_lacks_is_left_out(webhook_format):
    headers, message = receive(
        webhook_format, title="Test message", text="It arrives.", people=[], url=None
    )
    assert "null" not in json.dumps(message).replace('"contentUrl": null', "")
    assert "actions" not in json.dumps(message)
    assert "It arrives." in json.dumps(message)
    assert not [each for each in headers if each.lower().startswith("webhook-")]


def test_a_program_receives_the_message_as_it_is_and_signed():
    receiver, body = Receiver(), '{"type": "alarm.test"}'
    with serve_webhook(receiver) as port:
        chosen = Webhook(f"http://127.0.0.1:{port}/", webhook.make_secret())
        sending.send(chosen, Message("1", "", body))
    ((_, headers, received),) = receiver.requests
    assert received == body.encode()
    assert headers["webhook-signature"].startswith("v1,")
