"""The pages of an administrator's session."""

import html
import re
from collections.abc import Sequence
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from benchmarks.filling import ADMINISTRATOR_NAME, Directory, Installation
from benchmarks.servers import CannotMeasure, Server

_SETTINGS, _SYSTEM = "/settings", "/settings/system"
_HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


def list_paths(directory: Directory) -> dict[str, str]:
    """Return the address of every page by name."""
    person = next(iter(directory.people.values()))
    return {
        "Home": "/",
        "Account": "/account",
        "Settings": _SETTINGS,
        "Users, first page": f"{_SETTINGS}/users",
        "Users, last page": f"{_SETTINGS}/users?last",
        "Users, search that finds some": f"{_SETTINGS}/users?q=person77",
        "Users, search that finds many": f"{_SETTINGS}/users?q=person",
        "Users, search that finds nobody": f"{_SETTINGS}/users?q=nobody",
        "Users, local accounts": f"{_SETTINGS}/users?source=local",
        "Users, disabled": f"{_SETTINGS}/users?status=disabled",
        "A person": f"{_SETTINGS}/users/{person}",
        "Deleted people": f"{_SETTINGS}/users/deleted",
        "Groups": f"{_SETTINGS}/groups",
        "Groups, search": f"{_SETTINGS}/groups?q=team",
        **{
            f"A group of {each:,}": f"{_SETTINGS}/groups/{group_id}"
            for each, group_id in directory.groups.items()
        },
        "System": _SYSTEM,
        "Health": f"{_SYSTEM}/health",
        "Microsoft Entra ID": f"{_SYSTEM}/microsoft-entra-id",
    }


def sign_in(server: Server, installation: Installation) -> Server:
    """Return the same server with the session of the administrator.

    Raises CannotMeasure if the password is refused.
    """
    browser = Server(server.pid, server.host, server.port, _make_headers([]))
    connection = browser.client.connection
    connection.request("GET", "/sign-in", headers=browser.headers)
    response = connection.getresponse()
    fields = _read_hidden_fields(response.read().decode())
    browser.headers = _make_headers(response.headers.get_all("Set-Cookie", []))
    fields |= {"user_name": ADMINISTRATOR_NAME, "password": installation.password}
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    connection.request("POST", "/sign-in", urlencode(fields), browser.headers | form)
    response = connection.getresponse()
    response.read()
    if response.status != 303:
        raise CannotMeasure(f"The administrator cannot sign in: {response.status}.")
    headers = _make_headers(response.headers.get_all("Set-Cookie", []))
    return Server(server.pid, server.host, server.port, headers)


def _make_headers(set_cookies: Sequence[str]) -> dict[str, str]:
    cookies = SimpleCookie()
    for each in set_cookies:
        cookies.load(each)
    pairs = "; ".join(f"{name}={each.value}" for name, each in cookies.items())
    return {"Sec-Fetch-Site": "same-origin", **({"Cookie": pairs} if pairs else {})}


def _read_hidden_fields(page: str) -> dict[str, str]:
    found = (dict(_ATTRIBUTE.findall(tag)) for tag in _HIDDEN.findall(page))
    return {each["name"]: html.unescape(each.get("value", "")) for each in found}
