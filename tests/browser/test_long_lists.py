"""A list of more than one page is as accessible as the short ones of other tests."""

import re

import pytest
from playwright.sync_api import expect

from screens import check_page, sign_in

BACK = re.compile("^(Previous|Newest)$")


def show_next(page, url, path):
    """Show the page after the first one of a list."""
    page.goto(url + path)
    if path.startswith("/settings/groups"):
        page.get_by_role("row").get_by_role("link").first.click()
        page.get_by_role("link", name="Add people").click()
    turn = page.locator(".pager").get_by_text(re.compile("^(Next|Older)$"))
    turn.click()
    page.wait_for_load_state()


@pytest.mark.repeated
@pytest.mark.parametrize(
    "path",
    [
        "/settings/users",
        pytest.param("/people", marks=pytest.mark.long),
        pytest.param("/settings/groups?source=local", marks=pytest.mark.long),
        pytest.param("/settings/system/provisioning-log", marks=pytest.mark.long),
    ],
)
def test_the_second_page_of_a_list_is_accessible(page, site, path):
    sign_in(page, site)
    show_next(page, site, path)
    expect(page.locator(".pager").get_by_text(BACK)).to_be_visible()
    check_page(page)
