"""Using pages with the keys alone: no mouse, and no focus that a script sets."""

from playwright.sync_api import expect

MOST_STOPS = 150
# The element has the focus, is in sight, is not covered, and looks focused.
IS_AT = """
(each) => {
  if (each !== document.activeElement) return "";
  const box = each.getClientRects()[0];
  const seen = document.elementFromPoint(
    box.x + Math.min(box.width / 2, 20), box.y + box.height / 2);
  const isSeen = seen && (each.contains(seen) || seen.contains(each));
  const isMarked = getComputedStyle(each).outlineStyle !== "none";
  return isSeen && isMarked ? "focused" : `isSeen ${isSeen}, isMarked ${isMarked}`;
}
"""
# How many times Tab has to be pressed from here, if the order is that of the page; from
# the top of the page into its main part, the skip link saves most of them.
COUNT_STOPS = """
(each) => {
  const names = "a, button, input, select, textarea, summary";
  const stops = [...document.querySelectorAll(names)]
    .filter((one) => one.checkVisibility() && !one.disabled && one.tabIndex >= 0);
  const isAtTop = document.activeElement === document.body;
  const isFar = isAtTop && !!each.closest("main");
  const start = isFar ? document.querySelector("main") : document.activeElement;
  const isAfter = (one, other) => !!(other.compareDocumentPosition(one) & 4);
  const between = stops.filter(
    (one) => isAfter(one, start) && (one === each || isAfter(each, one)));
  return [isFar, between.length];
}
"""


class Keyboard:
    """Whoever uses a page with the keys; elements are found by role and name."""

    def __init__(self, page):
        self.page = page

    def go_to(self, target):
        """Press Tab until the element has the focus; the skip link saves time."""
        expect(target).to_have_count(1)
        element = target.element_handle()
        is_far, number = element.evaluate(COUNT_STOPS)
        if is_far:
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
        for _ in range(number):
            self.page.keyboard.press("Tab")
        self._search(element, "Tab")

    def go_back_to(self, target):
        """Press Shift and Tab until the element has the focus."""
        self._search(target.element_handle(), "Shift+Tab")

    def _search(self, element, key):
        for _ in range(MOST_STOPS):
            if at := element.evaluate(IS_AT):
                assert at == "focused", f"{element}: {at}"
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{element} is not reached by {key}")

    def follow(self, name, within=None):
        """Open a link, and wait for the page."""
        link = (within or self.page).get_by_role("link", name=name)
        self._open(link, "Enter")

    def press(self, name, key="Enter"):
        """Press a button, and wait for the page."""
        self._open(self.page.get_by_role("button", name=name), key)

    def _open(self, target, key):
        self.go_to(target)
        self.leave_by(key)

    def leave_by(self, key):
        """Press a key that leads to another page, and wait for that page."""
        with self.page.expect_navigation():
            self.page.keyboard.press(key)

    def type(self, label, text):
        """Replace the text of a field."""
        self.go_to(self.page.get_by_label(label, exact=True))
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def choose(self, label, option):
        """Choose an option of a list by its first letters."""
        field = self.page.get_by_label(label, exact=True)
        self.go_to(field)
        self.page.keyboard.type(option)
        expect(field.locator("option:checked")).to_have_text(option)

    def turn(self, name, *, on):
        """Turn a switch on or off."""
        switch = self.page.get_by_role("switch", name=name)
        expect(switch).to_be_checked(checked=not on)
        self.go_to(switch)
        self.page.keyboard.press("Space")
        expect(switch).to_be_checked(checked=on)

    def expect_heading(self, words):
        """Expect the page with this heading."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(words)

    def expect_message(self, words):
        """Expect what the last form did."""
        expect(self.page.get_by_role("status").filter(has_text=words)).to_be_visible()

    def expect_alert(self, words):
        """Expect an error, and that it has the focus."""
        alert = self.page.get_by_role("alert")
        expect(alert).to_contain_text(words)
        expect(alert).to_be_focused()
