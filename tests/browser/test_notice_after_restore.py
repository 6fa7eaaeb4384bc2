"""The notice after a restore, in a real browser."""

import pytest
from playwright.sync_api import expect

from helpers import copy_of
from netpresenter_next.backups import making, restoring
from netpresenter_next.config.options import load
from screens import check_page, sign_in


@pytest.mark.repeated
def test_the_restore_notice_is_accessible_and_can_be_dismissed(page, seeded, tmp_path):
    instance = copy_of(seeded, tmp_path / "instance")
    config = load({}, instance=instance.folder)
    restoring.restore(config, making.make(config, tmp_path).path)
    with instance.served() as server:
        sign_in(page, server.url)
        for path in ("/account", "/settings/users"):
            page.goto(server.url + path)
            expect(page.get_by_text("Restart provisioning in Entra.")).to_be_visible()
            check_page(page)
        page.get_by_role("button", name="Dismiss the notice").click()
        expect(page).to_have_url(f"{server.url}/settings/users")
        expect(page.get_by_text("Restart provisioning")).to_have_count(0)
