"""Opens the pages that need more steps than an address, each by a name."""

import re
import time

from playwright.sync_api import expect

ENTRA = "/settings/system/microsoft-entra-id"
ALARMS = "/settings/system/alarms"
LONG_NAME = "a.very.long.user.name.of.somebody@subdomain.of.an.example.org"

# The lists whose first row leads to a page.
LISTS = {
    "user": "/settings/users?q=person+7",
    "local user": "/settings/users?q=ada",
    "user with a password": "/settings/users?q=linus",
    "group": "/settings/groups?q=everybody",
    "local group": "/settings/groups?source=local",
    "colleague": "/people?q=person+7",
    "leaver": "/settings/leavers",
}
# The pages from which a link leads to a page, and the name of the link.
LINKS = {
    "add to group": ("local group", "Add people"),
    "empty group": ("local group", "Remove everybody from the group …"),
    "delete group": ("local group", "Delete this group …"),
    "group of colleagues": ("colleague", "Everybody"),
    "erase": ("user", "Erase"),
    "locked details": ("user", "All details, locked"),
    "confirm administrator": ("user", "Make an administrator"),
    "details": ("local user", "Edit the details"),
    "delete person": ("local user", "Delete …"),
    "confirm password": ("user with a password", "Generate a new password"),
}


def show(page, url, name):
    """Open a page of the server at ``url`` by its path, or by its name here."""
    if name.startswith("/"):
        page.goto(url + name)
    elif name in LISTS:
        page.goto(url + LISTS[name])
        page.get_by_role("row").get_by_role("link").first.click()
    elif name in LINKS:
        start, link = LINKS[name]
        show(page, url, start)
        page.get_by_role("link", name=link).click()
    else:
        STEPS[name](page, url)


# --------------------------------------------------------------- refused forms
def refuse_sign_in(page, url):
    page.goto(f"{url}/sign-in")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: Sign in"))


def refuse_password_change(page, url):
    page.goto(f"{url}/account")
    page.get_by_label("Current password").fill("wrong")
    page.get_by_label("New password", exact=True).fill("new")
    page.get_by_label("Confirm new password").fill("other")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_role("alert")).to_be_focused()


def refuse_to_set_password(page, url):
    show(page, url, "user")
    page.get_by_role("button", name="Make a one-time link").click()
    page.goto(page.get_by_role("textbox", name="One-time link").input_value())
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_role("alert")).to_be_focused()


def refuse_rename(page, url):
    show(page, url, "local user")
    page.get_by_label("New user name").fill("linus")
    page.get_by_role("button", name="Rename").click()
    expect(page).to_have_title(re.compile("^Error: ada"))
    field = page.get_by_label("New user name")
    expect(field).to_be_focused()
    expect(field).to_have_value("linus")
    expect(field).to_have_accessible_description(re.compile("Another account"))


def refuse_rename_in_conflict(page, url):
    show(page, url, "conflict")
    page.get_by_label("New user name").fill("ada")
    page.get_by_role("button", name="Rename").click()
    expect(page).to_have_title(re.compile("^Error: Conflict of linus"))
    expect(page.get_by_label("New user name")).to_be_focused()


def refuse_group_name(page, url):
    show(page, url, "local group")
    page.get_by_label("Name", exact=True).fill("Rea\u200bders")
    page.get_by_role("button", name="Rename").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()


def refuse_new_group(page, url):
    page.goto(f"{url}/settings/groups/new")
    page.get_by_label("Name").fill("Rea\u200bders")
    page.get_by_role("button", name="Make").click()
    expect(page).to_have_title(re.compile("^Error: Make a group"))
    expect(page.get_by_label("Name")).to_be_focused()


def refuse_new_person(page, url):
    _add_person(page, url, "ada")
    expect(page.get_by_role("alert")).to_be_focused()


def refuse_import(page, url):
    _open_import(page, url)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("alert")).to_be_focused()


def refuse_mail_server(page, url):
    page.goto(url + ALARMS)
    page.get_by_text("Set up e-mail").click()
    page.get_by_label("Mail server", exact=True).fill("mail.example.org")
    page.get_by_label("Encryption").select_option("none")
    page.get_by_role("button", name="Save the mail server").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("Encryption")).to_have_attribute("aria-invalid", "true")


# The page locks the switch of Force, so a form of another page sends it.
FORGE = """(form, path) => {
  form.action = path;
  form.elements.label.name = "force";
  form.elements.force.value = "on";
}"""


def refuse_sign_in_options(page, url):
    page.goto(url + ENTRA)
    form = page.locator("form.inline").first
    form.evaluate(FORGE, f"{ENTRA}/sign-in-options")
    page.get_by_role("button", name="Generate Token").click()


# --------------------------------------------------------------- people
def add_person(page, url):
    _add_person(page, url, f"new{time.time_ns()}")
    expect(page.get_by_role("textbox", name="Password")).to_be_visible()


def _add_person(page, url, name):
    page.goto(f"{url}/settings/users/new")
    page.get_by_label("User name").fill(name)
    page.get_by_role("button", name="Add").click()


def choose_to_disable(page, url):
    page.goto(f"{url}/settings/users?source=local")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Disable the chosen people").click()
    expect(page.get_by_role("button", name="Disable now")).to_be_visible()


def choose_to_delete(page, url):
    page.goto(f"{url}/settings/leavers/clean-up?days=1")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Delete the chosen people").click()


def check_import(page, url):
    _open_import(page, url)
    text = f"userName,title\n{LONG_NAME},x\nada,Boss\n,x\n"
    file = {"name": "people.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File", exact=True).set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("button", name="Apply")).to_be_visible()


def _open_import(page, url):
    page.goto(f"{url}/settings/users/import")
    if page.get_by_role("button", name="Discard").is_visible():
        page.get_by_role("button", name="Discard").click()


def open_conflict(page, url):
    _open_conflict_of(page, url, "linus")


def open_conflict_of_administrator(page, url):
    _open_conflict_of(page, url, "boss")


def _open_conflict_of(page, url, user_name):
    page.goto(f"{url}/settings/conflicts?kind=provisioning")
    link = f"Open the conflict of {user_name}"
    page.get_by_role("link", name=link).last.click()


# --------------------------------------------------------------- secrets
def generate_token(page, url):
    page.goto(url + ENTRA)
    if page.get_by_role("link", name="Revoke").count() == 2:  # the most there can be
        page.get_by_role("link", name="Revoke").first.click()
        page.get_by_role("button", name="Revoke").click()
    page.get_by_role("button", name="Generate Token").click()
    expect(page.get_by_role("textbox", name="Token")).to_be_visible()


def ask_to_revoke(page, url):
    generate_token(page, url)
    page.get_by_role("link", name="Revoke").first.click()


def generate_secret_of_webhook(page, url):
    page.goto(url + ALARMS)
    page.get_by_text(re.compile("(Set up|Change) the webhook")).click()
    page.get_by_label("URL").fill("https://alarms.example.org/")
    page.get_by_role("button", name="Save the webhook").click()
    secret = page.get_by_role("button", name=re.compile("secret of the webhook"))
    if not secret.is_visible():
        page.get_by_text("Change the webhook").click()
    secret.click()
    expect(page.get_by_role("textbox", name="Secret")).to_be_visible()


STEPS = {
    "bad sign-in": refuse_sign_in,
    "bad password change": refuse_password_change,
    "set password": refuse_to_set_password,
    "bad rename": refuse_rename,
    "bad rename in a conflict": refuse_rename_in_conflict,
    "bad group name": refuse_group_name,
    "bad new group": refuse_new_group,
    "bad new person": refuse_new_person,
    "bad import": refuse_import,
    "bad mail server": refuse_mail_server,
    "bad sign-in options": refuse_sign_in_options,
    "secret": add_person,
    "disable people": choose_to_disable,
    "delete leavers": choose_to_delete,
    "import": check_import,
    "conflict": open_conflict,
    "conflict of an administrator": open_conflict_of_administrator,
    "token": generate_token,
    "revoke": ask_to_revoke,
    "webhook secret": generate_secret_of_webhook,
}
