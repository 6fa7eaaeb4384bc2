"""What administrators do on Settings > System > Microsoft Entra ID."""

import html

from sqlalchemy import select
from tenant import CLIENT, SECRET, TENANT

from netpresenter_next.sign_in_models import SIGN_IN_SETTINGS

PAGE = "/settings/system/microsoft-entra-id"


def save(client, **fields):
    values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET, **fields}
    return client.submit(f"{PAGE}/sign-in", page=PAGE, **values)


def stored(rows):
    (row,) = rows(select(SIGN_IN_SETTINGS))
    return row


def text_of(answer):
    return " ".join(html.unescape(answer.text).split())


def switch(client, **fields):
    return client.submit(f"{PAGE}/sign-in-options", page=PAGE, **fields)
