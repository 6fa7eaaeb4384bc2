"""Screenshots of a filled instance can be taken at any time."""

import pytest

from helpers import ROOT
from make_screenshots import DOCUMENTED, take


@pytest.mark.long
def test_pages_are_shown_in_every_form(chromium, tmp_path):
    take(chromium, tmp_path, ["/", "/settings/users"])
    taken = sorted(file.stem for file in tmp_path.iterdir())
    assert taken == [
        f"{number}-{form}"
        for number in ("00", "01")
        for form in ("dark", "desktop", "phone")
    ]


def test_the_documentation_has_every_screenshot():
    kept = {file.stem for file in (ROOT / "docs" / "images").iterdir()}
    assert kept == {name for name, *_ in DOCUMENTED}
