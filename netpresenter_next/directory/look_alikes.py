"""Warnings about names that look alike, for pages where administrators go by names.

Such names are not refused, because real names may look alike.  The cost of a query is
bounded, however many names look the same.
"""

from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, Connection, ScalarSelect, and_, select

from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import (
    ADMINISTRATOR,
    GROUPS,
    USERS,
    is_visible,
    is_visible_group,
)
from netpresenter_next.storage.sign_in_models import ROLE_MAPPINGS

_OTHER = USERS.alias("other")


def _select_similar_name(condition: ColumnElement[bool]) -> ScalarSelect[str]:
    alike = and_(
        _OTHER.c.name_skeleton == USERS.c.name_skeleton, _OTHER.c.id != USERS.c.id
    )
    query = select(_OTHER.c.user_name).where(alike, condition).limit(1)
    return query.correlate(USERS).scalar_subquery()


_PEOPLE = select(
    USERS.c.id,
    _select_similar_name(_OTHER.c.source == Source.LOCAL).label("local"),
    # No claimable account is an administrator's.
    _select_similar_name(
        and_(_OTHER.c.source == Source.PROVISIONED, _OTHER.c.role == ADMINISTRATOR)
    ).label("administrator"),
).where(is_visible())


def warn_about_people(
    connection: Connection, user_ids: Collection[str]
) -> Mapping[str, str]:
    """Return warnings by id for provisioned people with look-alike user names.

    Their names look like that of a local account or of an administrator.
    """
    rows = connection.execute(_PEOPLE.where(USERS.c.id.in_(list(user_ids))))
    return {
        row.id: _format_warning(_("%(local)s (a local account)", local=row.local))
        if row.local
        else _format_warning(
            _("%(administrator)s (an administrator)", administrator=row.administrator)
        )
        for row in rows
        if row.local or row.administrator
    }


def warn_about_groups(
    connection: Connection, group_ids: Collection[str]
) -> Mapping[str, str]:
    """Return warnings by id for groups that look like one with a role mapping."""
    mapped = connection.execute(
        select(
            *(GROUPS.c.id, GROUPS.c.display_name, GROUPS.c.display_name_key),
            GROUPS.c.name_skeleton,
        ).where(GROUPS.c.id.in_(select(ROLE_MAPPINGS.c.group_id)))
    ).all()
    if not mapped:
        return {}
    named = {each.name_skeleton: each for each in mapped}
    is_mapped = {each.id for each in mapped}
    query = select(GROUPS.c.id, GROUPS.c.display_name_key, GROUPS.c.name_skeleton)
    return {
        row.id: _format_warning(
            _(
                "%(display_name)s (a mapped group)",
                display_name=named[row.name_skeleton].display_name,
            ),
            is_same=named[row.name_skeleton].display_name_key == row.display_name_key,
        )
        for row in connection.execute(query.where(GROUPS.c.id.in_(list(group_ids))))
        if row.name_skeleton in named and row.id not in is_mapped
    }


def warn_about_group_name(connection: Connection, display_name_key: str) -> str:
    """Return a warning if another group looks like this provisioned one, else ""."""
    this = (
        select(GROUPS.c.id, GROUPS.c.display_name_key, GROUPS.c.name_skeleton)
        .where(GROUPS.c.display_name_key == display_name_key, is_visible_group())
        .subquery()
    )
    alike = and_(
        GROUPS.c.name_skeleton == this.c.name_skeleton, GROUPS.c.id != this.c.id
    )
    columns = select(
        GROUPS.c.display_name,
        GROUPS.c.is_local,
        (GROUPS.c.display_name_key == this.c.display_name_key).label("is_same"),
    )
    other = connection.execute(columns.where(alike).limit(1)).first()
    if other is None:
        return ""
    kind = "a local group" if other.is_local else "another group"
    return _format_warning(f"{other.display_name} ({kind})", is_same=other.is_same)


def _format_warning(other: str, *, is_same: bool = False) -> str:
    if is_same:
        return _(
            "Has the same name as %(other)s, but is a different group.", other=other
        )
    return _("Looks like %(other)s, but is a different name.", other=other)
