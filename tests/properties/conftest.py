"""The applications and resources that the properties are tested with."""

from collections.abc import Iterator

import pytest
from worlds import World, make_world

from helpers import close


@pytest.fixture(scope="package")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[World]]:
    """Three worlds, the last two with extensions; tests must not change them."""
    made = [
        make_world(tmp_path_factory.mktemp("world"), seed, extended=seed > 0)
        for seed in range(3)
    ]
    yield made
    for world in made:
        close(world.app)
