"""An administrator imports people in a browser, with the script and without."""

import re

import pytest
from playwright.sync_api import expect

from screens import sign_in

PAGE = "/settings/users/import"


def choose(page, url, content):
    page.goto(f"{url}/settings/users")
    page.get_by_role("link", name="Import").click()
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": content}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_people_are_imported_and_then_listed(open_page, site, script):
    page = open_page(java_script_enabled=script)
    sign_in(page, site)
    choose(page, site, b"userName,displayName\ngrace,Grace Hopper\n,x\n")
    main = page.get_by_role("main")
    expect(main).to_contain_text("nothing is changed yet")
    expect(page.get_by_role("row", name="grace")).to_contain_text("To be created")
    page.get_by_role("button", name="Apply").click()
    expect(main).to_contain_text("Applied, except 1 line that was refused.")
    page.get_by_role("link", name="Refused: 1").click()
    expect(page.get_by_role("row")).to_have_count(2)
    expect(main).to_contain_text("There is no userName.")
    page.goto(f"{site}/settings/users?q=grace")
    expect(page.get_by_role("row", name="Grace Hopper")).to_contain_text("Local")
    with page.expect_download() as download:
        page.get_by_role("link", name="for other programs").click()
    assert "grace,,,Grace Hopper," in download.value.path().read_text("utf-8")


def test_the_script_goes_on_with_long_work(page, site):
    sign_in(page, site)
    many = "".join(f"p{number},x\n" for number in range(3_000))
    choose(page, site, f"userName,title\n{many}".encode())
    expect(page.get_by_role("main")).to_contain_text(
        "nothing is changed yet", timeout=60_000
    )
    expect(page.get_by_role("link", name="To be created: 3,000")).to_be_visible()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("main")).to_contain_text("The import is discarded.")


@pytest.mark.parametrize("size", [4, 7])
def test_a_file_that_is_too_large_is_explained_in_a_browser(page, site, size):
    sign_in(page, site)
    choose(page, site, b"userName\n" + b"x\n" * size * 2**19)
    expect(page.get_by_role("heading", level=1)).to_have_text("That is too large")
    expect(page.get_by_role("main")).to_contain_text(re.compile("Split it"))
