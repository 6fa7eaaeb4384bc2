"""What administrators do on Settings > System > Microsoft Entra ID, and to people."""

import html
from datetime import timedelta

from sqlalchemy import select, update
from tenant import CLIENT, SECRET, TENANT

from netpresenter_next.lib.timestamps import now
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.models import SESSIONS
from netpresenter_next.storage.sign_in_models import SIGN_IN_SETTINGS
from visitors import hidden

PAGE = "/settings/system/microsoft-entra-id"


def save(client, **fields):
    values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET, **fields}
    return client.submit(f"{PAGE}/sign-in", page=f"{PAGE}/sign-in", **values)


def stored(rows):
    (row,) = rows(select(SIGN_IN_SETTINGS))
    return row


def text_of(answer):
    return " ".join(html.unescape(answer.text).split())


def switch(client, **fields):
    return client.submit(
        f"{PAGE}/sign-in-options", page=f"{PAGE}/sign-in-options", **fields
    )


def add_mapping(client, **fields):
    """Add a role mapping, and confirm whom it makes an administrator."""
    asked = client.submit(f"{PAGE}/roles", page=f"{PAGE}/roles", **fields)
    assert asked.status_code == 200, asked.text
    return client.post(f"{PAGE}/roles", data=hidden(asked.text))


def page_of(person):
    return f"/settings/users/{person.id}"


def press(browser, person, path, page=None, **fields):
    """Press a button about a person, on their page or on another."""
    shown = page or page_of(person)
    return browser.submit(f"{page_of(person)}/{path}", page=shown, **fields)


def actors_and_targets(rows, event):
    """Return actor and target of each event of one kind."""
    query = select(JOURNAL).where(JOURNAL.c.event == event)
    return [(each.actor_name, each.target_name) for each in rows(query)]


def expire_authentication(connection):
    """Make everybody's last authentication too old."""
    long_ago = now() - timedelta(minutes=11)
    connection.execute(update(SESSIONS).values(authenticated_at=long_ago))
