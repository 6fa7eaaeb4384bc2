"""The steps by which a user connects their Microsoft account."""

CONNECT = "/account/microsoft/connect"


def to_confirmation(client, at_microsoft):
    """Go from the account page to Microsoft and back to the confirmation page."""
    page = client.submit("/account/microsoft", page="/account")
    assert "Continue to Microsoft" in page.text
    return client.get(at_microsoft(client, "/account/microsoft/start"))
