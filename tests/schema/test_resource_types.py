"""Resource types are found by their endpoints."""

import pytest

from netpresenter_next.schema import building

RESOURCE_TYPES = building.build_resource_types(())


@pytest.mark.parametrize(("name", "found"), [("Users", "User"), ("Groups", "Group")])
def test_a_resource_type_is_found_by_its_endpoint(name, found):
    assert RESOURCE_TYPES.by_endpoint(name).name == found


@pytest.mark.parametrize("name", ["", "users", "/Users", "Schemas", "Devices"])
def test_another_endpoint_has_no_resource_type(name):
    with pytest.raises(LookupError, match="No resource type"):
        RESOURCE_TYPES.by_endpoint(name)
