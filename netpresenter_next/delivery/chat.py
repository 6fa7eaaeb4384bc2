"""Messages for chat applications: the JSON that their webhooks take.

Names of people are texts of others, so nothing of a message is read as a mention or as
formatting: a text run of a card has no Markdown, and Slack's characters are escaped.
Slack may still make a link of a name that is an address.
"""

from collections.abc import Mapping
from typing import Any

from netpresenter_next.lib import fast_json
from netpresenter_next.storage.choices import WebhookFormat

PRODUCT = "Netpresenter Next"
CARD_TYPE = "application/vnd.microsoft.card.adaptive"
CARD_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
# The latest version of cards that Microsoft Teams shows on all devices.
CARD_VERSION = "1.4"
# All that Slack asks to escape.
_ESCAPED = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"))


def rewrite(webhook_format: WebhookFormat, body: str) -> str:
    """Return the body in the form that a webhook takes, from the JSON of a message."""
    if webhook_format is WebhookFormat.SIGNED_JSON:
        return body
    payload = fast_json.loads(body)
    write = _write_card if webhook_format is WebhookFormat.TEAMS else _write_for_slack
    return fast_json.dumps_text(write(payload["data"], payload["timestamp"]))


def _write_card(data: Mapping[str, Any], timestamp: str) -> Mapping[str, Any]:
    """Return a message with an Adaptive Card, as a workflow of Teams takes it."""
    texts = (data["text"], data.get("advice"), _write_time(timestamp))
    title = {"text": data["title"], "weight": "Bolder", "size": "Medium"}
    card: dict[str, Any] = {
        "$schema": CARD_SCHEMA,
        "type": "AdaptiveCard",
        "version": CARD_VERSION,
        "body": [
            _write_run(title),
            *(_write_run({"text": each}) for each in texts if each),
        ],
    }
    if data["url"]:
        link = {"type": "Action.OpenUrl", "title": PRODUCT, "url": data["url"]}
        card["actions"] = [link]
    attachment = {"contentType": CARD_TYPE, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _write_run(run: Mapping[str, str]) -> Mapping[str, Any]:
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run}]}


def _write_for_slack(data: Mapping[str, Any], timestamp: str) -> Mapping[str, Any]:
    """Return a message of plain text, as an incoming webhook of Slack takes it."""
    title = f"{PRODUCT}: {data['title']}"
    lines = [title, data["text"], data.get("advice"), data["url"]]
    text = "\n".join(each for each in [*lines, _write_time(timestamp)] if each)
    for character, escaped in _ESCAPED:
        text = text.replace(character, escaped)
    return {"text": text, "mrkdwn": False}


def _write_time(timestamp: str) -> str:
    """Write a time of the JSON in words that every language has."""
    return f"{timestamp[:10]} {timestamp[11:16]} UTC"
