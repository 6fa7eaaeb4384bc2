"""Who cannot sign in, with sign-in with Microsoft set up: list, export and command."""

import html
import re

import pytest

from helpers import Instance
from netpresenter_next.directory.people_filters import Filter, Mark
from netpresenter_next.web import context

OBJECT_IDS = [f"0f5c8a52-6c0a-4b0f-9d6e-{n:012}" for n in range(2)]
QUERY = "only=cannot-sign-in&source=entra"
USER_NAMES = re.compile(r"^([^,\r\n]+@example\.org),", re.MULTILINE)


@pytest.mark.parametrize("search", ["", "example"])
def test_list_export_and_command_agree_who_cannot_sign_in(
    app, configured, administrator, people, search
):
    people.provisioned("can@example.org", externalId=OBJECT_IDS[0])
    people.provisioned("without@example.org")
    people.block(people.provisioned("blocked@example.org", externalId=OBJECT_IDS[1]))
    wanted = {"without@example.org", "blocked@example.org"}
    page = administrator.get(f"/settings/users?{QUERY}&q={search}").text
    plain = html.unescape(page.replace("<wbr>", ""))
    assert set(re.findall(r"\w+@example\.org", plain)) == wanted
    exported = administrator.get(f"/settings/users/export.csv?{QUERY}&q={search}").text
    assert set(USER_NAMES.findall(exported)) == wanted
    options = ["--only", "cannot-sign-in", "--source", "entra", "--search", search]
    instance = Instance(context.of(app).config.instance)
    assert instance.output("user", "export", *options) == exported.replace("\r", "")


def test_a_filter_for_who_cannot_sign_in_needs_the_rules():
    with pytest.raises(ValueError, match="needs the rules"):
        Filter(mark=Mark.CANNOT_SIGN_IN)
