"""A simple browser over a real connection."""

from contextlib import AbstractContextManager

import httpx

from visitors import hidden


class Browser(AbstractContextManager["Browser"]):
    """Keeps cookies, follows no redirects, and sends forms with their hidden fields."""

    def __init__(self, origin: str) -> None:
        same_origin = {"Sec-Fetch-Site": "same-origin"}
        # Plain HTTP: reading the certificates of the machine would take 50 ms.
        self.http = httpx.Client(base_url=origin, headers=same_origin, verify=False)

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def sign_in(self, user_name: str, password: str) -> httpx.Response:
        """Fill in the sign-in form and send it."""
        page = self.http.get("/sign-in")
        fields = {"user_name": user_name, "password": password}
        return self.http.post("/sign-in", data={**hidden(page.text), **fields})

    def is_in(self) -> bool:
        """Tell whether somebody is signed in."""
        answer = self.http.get("/account")
        assert answer.status_code in (200, 302, 303), answer.text
        return answer.status_code == 200

    def is_administrator(self) -> bool:
        """Tell whether the signed-in user may open the settings."""
        return self.http.get("/settings/users").status_code == 200
