"""Settings: the overview of its pages."""

from flask import Blueprint, render_template
from sqlalchemy import func, select

from netpresenter_next.storage.database import db
from netpresenter_next.storage.models import Group, User
from netpresenter_next.web import access_control

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
@access_control.administrator
def overview() -> str:
    """Show a card for each page of Settings."""
    return render_template(
        "settings/overview.html", users=_count(User), groups=_count(Group)
    )


def _count(model: type[User] | type[Group]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0
