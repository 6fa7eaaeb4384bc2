"""What the service says about itself (RFC 7644, 4)."""

import pytest
from wire import USER, Scim


@pytest.mark.parametrize(
    "path", ["/ResourceTypes", "/ResourceTypes/User", "/Schemas", f"/Schemas/{USER}"]
)
def test_a_filter_is_refused_and_not_ignored(scim: Scim, path: str) -> None:
    assert scim.get(path, filter='name eq "User"').refusal == (403, None)
