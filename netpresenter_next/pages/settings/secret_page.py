"""A page with a secret for a person, which is shown once: in the answer to a form.

It is never redirected to, because the cookie of a session can be read.
"""

from flask import render_template

from netpresenter_next.storage.models import Person


def render_password(person: Person, password: str) -> str:
    """Show the new password of a person to the administrator who set it."""
    return render_template(
        "settings/secret.html",
        person=person,
        title=f"Password of {person.user_name}",
        label="Password",
        secret=password,
        advice="Give it to the person, for example by telephone. They can change it "
        "under My account.",
    )
