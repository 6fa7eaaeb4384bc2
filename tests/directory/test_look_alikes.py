"""Names that look like another name are marked wherever an administrator sees them."""

import html
import time

import pytest
from sqlalchemy import event, text

from factories import ENTRA
from netpresenter_next.directory import conflicts, look_alikes
from netpresenter_next.directory.conflicts import DetectedConflict
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import Reason
from visitors import hidden

A = "\u0430"  # a Cyrillic letter that looks like the Latin "a"
MAPPING = "/settings/system/microsoft-entra-id/roles"
QUEUE = "/settings/conflicts"
LIKE_ADA = "Looks like ada (a local account), but is a different name."
LIKE_FINANCE = "Looks like Finance (a mapped group), but is a different name."


@pytest.fixture
def read(administrator):
    """Returns the text of a page."""
    return lambda path: html.unescape(administrator.get(path).text)


@pytest.fixture
def false_ada(people):
    return people.provisioned(f"{A}d{A}")


@pytest.fixture
def finance(administrator, people):
    group = people.group("Finance")
    asked = administrator.submit(MAPPING, page=MAPPING, group="Finance")
    assert administrator.post(MAPPING, data=hidden(asked.text)).status_code == 303
    return group


def test_a_look_alike_of_a_local_account_is_marked_wherever_it_is_shown(
    read, people, false_ada
):
    group = f"/settings/groups/{people.group('Readers', false_ada).id}"
    for path in ("/settings/users", f"/settings/users/{false_ada.id}", group):
        assert read(path).count(LIKE_ADA) == 1, path


def test_a_look_alike_is_marked_but_not_the_administrator_it_looks_like(
    read, administrator, people
):
    jane = people.provisioned("jane@example.org")
    false_jane = people.provisioned(f"j{A}ne@example.org")
    words = "Looks like jane@example.org (an administrator), but is a different name."
    assert words not in read(f"/settings/users/{false_jane.id}")
    page = f"/settings/users/{jane.id}"
    administrator.submit(f"{page}/role", page=page, role="administrator")
    assert words in read(f"/settings/users/{false_jane.id}")
    assert "Looks like" not in read(page)


def test_names_that_look_different_are_not_marked(read, people):
    for name in ("adam", "eda", "ad", "ada@example.org"):
        people.provisioned(name)
    people.local("\u0430d\u0430")  # administrators choose the names of local accounts
    assert "Looks like" not in read("/settings/users")


def test_the_mark_changes_with_the_user_name(read, people, false_ada):
    people.change(false_ada, userName="someone")
    assert "Looks like" not in read("/settings/users")
    people.change(false_ada, userName="Ad\u0430")
    assert LIKE_ADA in read("/settings/users")


def test_a_look_alike_of_a_mapped_group_is_marked(read, people, finance):
    false_finance = people.group(f"Fin{A}nce")
    assert read("/settings/groups").count(LIKE_FINANCE) == 1
    assert LIKE_FINANCE in read(f"/settings/groups/{false_finance.id}")
    assert "Looks like" not in read(f"/settings/groups/{finance.id}")


def test_a_local_group_with_the_name_of_a_mapped_group_is_marked(
    read, administrator, people
):
    local = people.local_group("finance")
    finance = people.group("Finance")
    asked = administrator.submit(MAPPING, page=MAPPING, group="Finance")
    administrator.post(MAPPING, data=hidden(asked.text))
    same = "Has the same name as Finance (a mapped group), but is a different group."
    assert same in read(f"/settings/groups/{local.id}")
    assert "Has the same name" not in read(f"/settings/groups/{finance.id}")


def test_mapping_a_group_warns_about_one_that_looks_the_same(
    administrator, people, false_ada
):
    people.group("Finance")
    people.group(f"Fin{A}nce", false_ada)
    asked = administrator.submit(MAPPING, page=MAPPING, group=f"Fin{A}nce")
    page = html.unescape(asked.text)
    assert "Looks like Finance (another group), but is a different name." in page
    assert LIKE_ADA in page  # the mapping would make this person an administrator


def test_look_alikes_among_new_mapped_administrators_are_marked(
    read, people, finance, false_ada
):
    people.add(finance, false_ada)
    assert "New administrators from role mappings" in read(MAPPING)
    assert LIKE_ADA in read(MAPPING)


def test_a_look_alike_in_a_conflict_is_marked(read, app, people, false_ada):
    with app.app_context(), database.write() as connection:
        conflict = DetectedConflict(
            false_ada, Reason.DISABLE_REFUSED, "x", "refused", None
        )
        conflicts.open_(connection, conflict, ENTRA)
    assert LIKE_ADA in read(QUEUE)


def test_look_alikes_are_found_quickly_among_ten_thousand_similar_names(app, people):
    """Ten thousand names have one skeleton; the index finds the local account."""
    one = people.provisioned(f"ad{A}")
    with app.app_context(), database.write() as connection:
        connection.execute(
            text(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                "WHERE i < 10000) INSERT INTO users (id, document, version, created_at,"
                " modified_at, user_name, user_name_key, name_skeleton, shown_name_key,"
                " active, source) SELECT 'n' || i, '{}', 1, '2026-01-01',"
                " '2026-01-01', 'n' || i, 'n' || i, 'ada', 'n' || i, 1, 'provisioned'"
                " FROM n"
            )
        )
    try:
        _check_cost(app, one)
    finally:
        with app.app_context(), database.write() as connection:
            connection.execute(text("DELETE FROM users WHERE id LIKE 'n%'"))


def _check_cost(app, one):
    with app.app_context(), database.read() as connection:
        plans = []

        def explain(conn, cursor, statement, parameters, *_):
            if statement.startswith("SELECT"):
                cursor.execute("EXPLAIN QUERY PLAN " + statement, parameters)
                plans.extend(row[-1] for row in cursor.fetchall())

        event.listen(connection, "before_cursor_execute", explain)
        ids = [one.id, *(f"n{number}" for number in range(1, 50))]
        start = time.perf_counter()
        found = look_alikes.warn_about_people(connection, ids)
        seconds = time.perf_counter() - start
        event.remove(connection, "before_cursor_execute", explain)
        connection.execute(text("SELECT 1"))
    assert set(found) == set(ids)
    assert seconds < 0.1
    searches = [plan for plan in plans if "other" in plan]
    assert len(searches) == 2
    assert all("ix_users_name_skeleton" in plan for plan in searches)
