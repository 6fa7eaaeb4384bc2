"""Searching people in the index, and those who are not in it yet."""

import unicodedata
from contextlib import closing, contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from factories import ENTRA
from netpresenter_next.directory import people as directory_people
from netpresenter_next.directory import search_index, search_words, searching
from netpresenter_next.lib.text import to_ascii
from netpresenter_next.storage import database, totals
from netpresenter_next.storage.choices import Source
from netpresenter_next.storage.models import USERS
from netpresenter_next.storage.search_models import ENTRIES, UNINDEXED


@pytest.fixture
def find(app):
    """Returns the user names of the people whom a search finds."""

    def names_of(text):
        with app.app_context(), database.read() as connection:
            found = searching.find_people(connection, text)
            return sorted(
                directory_people.find_by_id(connection, each).user_name
                for each in found.ids
            )

    return names_of


@pytest.fixture
def index(app):
    """Brings the index up to date."""

    def run():
        with app.app_context():
            search_index.index_everybody()

    return run


@contextmanager
def locked(app):
    """Hold the write lock of the database, as another process would."""
    with app.app_context():
        path = database.state().path
    with closing(database.SQLITE.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


def test_people_are_found_before_and_after_they_are_indexed(people, find, index):
    people.provisioned("jan", phoneNumbers=[{"value": "+31 6 12345678"}])
    assert find("0612345678") == ["jan"]
    index()
    assert find("0612345678") == ["jan"]


def test_people_are_found_by_what_they_have_now(people, find, index):
    jan, tom = people.provisioned("jan"), people.provisioned("tom")
    index()
    people.change(jan, displayName="Piet", userName="p")
    people.delete(tom)
    assert (find("piet"), find("jan"), find("tom")) == (["p"], [], [])
    index()
    assert (find("piet"), find("jan"), find("tom")) == (["p"], [], [])


def test_a_search_indexes_who_is_not_yet(app, people, administrator, rows):
    people.provisioned("jan")
    assert "jan" in administrator.get("/settings/users?q=jan").text
    assert rows(select(UNINDEXED)) == []


def test_a_search_does_not_wait_for_the_write_lock(people, administrator, rows, app):
    people.provisioned("jan")
    with locked(app):
        page = administrator.get("/settings/users?q=jan").text
    assert "jan" in page
    assert rows(select(UNINDEXED))


def test_at_most_a_thousand_are_found_and_the_page_says_so(
    people, administrator, monkeypatch
):
    monkeypatch.setattr(searching, "MOST_COUNTED", 2)
    for name in ("jan1", "jan2"):
        people.provisioned(name)
    assert "add another word" not in administrator.get("/settings/users?q=jan").text
    people.provisioned("jan3", active=False)
    for query in ("q=jan", "q=jan&status=blocked"):
        page = administrator.get(f"/settings/users?{query}").text
        assert "More than 2 people match: add another word." in page


@pytest.mark.parametrize("most", [1, 2, 3, 100])
def test_words_longer_than_the_prefixes_of_the_index_are_compared(
    people, find, index, monkeypatch, most
):
    """Also where more people have the same beginning than are compared."""
    monkeypatch.setattr(searching, "MOST_COMPARED", most)
    for number in range(5):
        people.provisioned(f"contractor-{number}", displayName="Jan")
    index()
    for number in range(5):
        assert find(f"jan contractor-{number}") == [f"contractor-{number}"]
        assert find(f"contractor{number} x") == []
    assert len(find("contractor")) == 5


def test_a_search_says_if_very_many_people_have_just_changed(
    app, people, administrator, monkeypatch, index
):
    monkeypatch.setattr(searching, "MOST_UNINDEXED", 2)
    index()
    for name in ("jan1", "jan2", "jan3"):
        people.provisioned(name)
    with locked(app):
        page = administrator.get("/settings/users?q=jan").text
    assert "some of them were not searched" in page
    assert ("jan1" in page, "jan2" in page, "jan3" in page) == (False, True, True)
    assert "not searched" not in administrator.get("/settings/users?q=jan").text


def test_the_index_is_read_in_order_of_its_rows(app, people, index):
    index()
    (search,) = search_words.read_search("a")
    with app.app_context(), database.read() as connection:
        details = plan_of(connection, searching._select_indexed(search))
    assert details[0].startswith("SCAN search_index VIRTUAL TABLE")
    assert not any("TEMP B-TREE" in each for each in details)
    assert not any(each.startswith("SCAN search_entries") for each in details)


def plan_of(connection, query):
    """Return the steps in which the database executes a query."""
    compiled = query.compile(connection)
    given = tuple(compiled.params[name] for name in compiled.positiontup)
    plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {compiled}", given)
    return [row.detail for row in plan]


# ----------------------------------------------------------- members of a group
@pytest.fixture
def few(monkeypatch):
    """Lets a search find two people, and a group of more than two be a large one."""
    for module in (searching, totals):
        monkeypatch.setattr(module, "MOST_COUNTED", 2)


@pytest.fixture
def find_members(app):
    """Returns the user names of the members whom a search finds, and its notices."""

    def names_of(group, text):
        with app.app_context(), database.read() as connection:
            found = searching.find_people(connection, text, group_id=group.id)
            names = [
                directory_people.find_by_id(connection, each).user_name
                for each in found.ids
            ]
            return sorted(names), found.notices

    return names_of


@pytest.fixture
def jans(people):
    """Ten people whose names begin with jan, by number."""
    return [
        people.provisioned(f"jan{number}", displayName=f"Contractor{number}")
        for number in range(10)
    ]


@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_member_is_found_however_many_others_have_the_words(
    people, jans, index, few, find_members, is_indexed
):
    people.group("Others", *jans)
    group = people.group("Some", jans[5], jans[9])
    if is_indexed:
        index()
    assert find_members(group, "jan") == (["jan5", "jan9"], [])
    assert find_members(group, "jan contractor9") == (["jan9"], [])
    assert find_members(group, "tom") == find_members(group, "jan4") == ([], [])


@pytest.mark.parametrize("is_indexed", [True, False])
def test_a_member_of_a_large_group_is_found_however_many_others_have_the_words(
    people, jans, index, few, find_members, is_indexed
):
    tom, tim = people.provisioned("tom"), people.provisioned("tim", title="jan")
    group = people.group("Many", tom, tim, jans[7], jans[9])
    if is_indexed:
        index()
    for text in ("jan", "contractor", "jan contractor", "contra jan"):
        assert find_members(group, text) == (["jan7", "jan9"], []), text
    assert find_members(group, "contractor9") == (["jan9"], [])
    assert find_members(group, "contractor4") == ([], [])


def test_a_search_in_a_large_group_says_where_it_stopped(
    people, jans, index, few, find_members, administrator, monkeypatch
):
    monkeypatch.setattr(searching, "MOST_WALKED", 5)
    group = people.group("Many", jans[4], jans[5], jans[6])
    stopped = "The search stopped before everybody was searched: add another word."
    index()
    for text in ("jan", "contractor"):
        assert find_members(group, text) == (["jan4"], [stopped]), text
    # Few have the whole word, so all of them were looked at.
    assert find_members(group, "contractor6") == (["jan6"], [])
    late = people.group("Late", jans[5], jans[6], jans[7])
    for path in (f"/settings/groups/{late.id}", f"/people/groups/{late.id}"):
        shown = administrator.get(path, query_string={"q": "contra"}).text
        assert stopped in shown
        assert "No member of this group matches." not in shown


def test_a_search_that_stopped_at_its_first_reading_says_so_after_the_second(
    people, index, few, find_members, monkeypatch
):
    monkeypatch.setattr(searching, "MOST_WALKED", 3)
    work = {"type": "work", "value": "123456"}
    numbers = [people.provisioned(f"u{n}", phoneNumbers=[work]) for n in range(7)]
    halls = [people.provisioned(f"h{n}", displayName="123 456 hall") for n in "ab"]
    group = people.group("Big", numbers[6], *halls)
    index()
    stopped = "The search stopped before everybody was searched: add another word."
    assert find_members(group, "123 456") == (["ha", "hb"], [stopped])


def test_the_page_says_if_more_members_match_than_it_lists(
    people, jans, index, few, administrator
):
    group = people.group("Many", *jans)
    index()
    for path in (f"/settings/groups/{group.id}", f"/people/groups/{group.id}"):
        shown = administrator.get(path, query_string={"q": "jan"}).text
        assert "More than 2 people match: add another word." in shown


def test_a_colleague_is_found_in_a_group_however_many_others_have_the_words(
    people, jans, index, few, administrator
):
    group = people.group("Some", jans[9])
    index()
    shown = administrator.get(f"/people/groups/{group.id}?q=contra").text
    assert "Contractor9" in shown
    assert "Contractor1" not in shown


def test_members_are_looked_up_one_by_one(app, people, jans, index):
    group = people.group("Some", *jans)
    index()
    (search,) = search_words.read_search("jan")
    walked = searching._select_indexed(search).where(
        searching._is_in(group.id, ENTRIES.c.user_id)
    )
    with app.app_context(), database.read() as connection:
        few = plan_of(connection, searching._select_words(group.id))
        many = plan_of(connection, walked)
    assert few[0].startswith("SEARCH memberships USING PRIMARY KEY (group_id=?)")
    assert few[1].startswith("SEARCH search_entries USING")
    assert "SCAN search_index VIRTUAL TABLE INDEX 0:=" in few
    assert many[0].startswith("SCAN search_index VIRTUAL TABLE")
    assert many[1].startswith("SEARCH search_entries USING INTEGER PRIMARY KEY")
    assert any(
        each.startswith("SEARCH memberships") and "(group_id=? AND user_id=?)" in each
        for each in many
    )
    assert not any("TEMP B-TREE" in each for each in many)


# ------------------------------------------------------------------- properties
CHARACTERS = st.sampled_from("aáeéèlłoøzżßAÁŁ0123456789李小김иИм.-_@'’+()")
WORDS = st.text(CHARACTERS, min_size=1, max_size=8)
TEXTS = st.lists(WORDS, min_size=1, max_size=3).map(" ".join)
NUMBERS = st.text("0123456789 ()-", min_size=1, max_size=15).map("+{}".format)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "displayName": TEXTS,
        "name": st.fixed_dictionaries(
            {}, optional={"givenName": TEXTS, "familyName": TEXTS, "formatted": TEXTS}
        ),
        "emails": st.lists(st.fixed_dictionaries({"value": WORDS}), max_size=2),
        "phoneNumbers": st.lists(st.fixed_dictionaries({"value": NUMBERS}), max_size=2),
    },
)
UNSPACED = "李小김"


class Rollback(Exception):
    """Rolls back a transaction."""


@contextmanager
def rolled_back(app):
    """Run the block in a write transaction that leaves nothing behind."""
    with app.app_context(), suppress(Rollback), database.write() as connection:
        yield connection
        raise Rollback


def has_beginning(value, wanted):
    """Does a word of a text, or a part of one, begin with this?"""
    for word in unicodedata.normalize("NFC", value).split():
        plain = [to_ascii(each) for each in word]
        for start, letters in enumerate(plain):
            is_start = start == 0 or not plain[start - 1].isalnum()
            if letters.isalnum() and (is_start or word[start] in UNSPACED):
                rest = "".join(each for each in plain[start:] if each.isalnum())
                if rest.startswith(wanted):
                    return True
    return False


def has_end(number, wanted):
    """Is this in a telephone number, at the beginning or before its last three?"""
    digits = "".join(each for each in number.replace("(0)", "") if each.isdigit())
    last = max(len(digits) - 4, 0)
    return digits != "" and any(
        digits[start:].startswith(wanted) for start in range(last + 1)
    )


def would_find(document, words):
    """Compare all that a person has with each word, without an index."""
    name = document.get("name", {})
    texts = [document["userName"], document.get("displayName", ""), *name.values()]
    texts += [each["value"] for each in document.get("emails", ())]
    numbers = [each["value"] for each in document.get("phoneNumbers", ())]
    return all(
        any(
            any(has_beginning(each, spelling) for each in texts)
            or any(has_end(each, spelling) for each in numbers)
            for spelling in word
        )
        for word in words
    )


def searches_of(documents):
    """Return a strategy for searches, most of them of parts of what people have."""
    found = [
        part
        for document in documents
        for key in search_words.list_keys(document).split()
        for part in (key, key[:3], key[1:])
        if part
    ]
    own = st.lists(st.sampled_from(found or ["a"]), min_size=1, max_size=3)
    return st.one_of(own.map(" ".join), TEXTS, NUMBERS)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    documents=st.lists(DOCUMENTS, min_size=1, max_size=4),
    indexed=st.integers(0, 5),
    data=st.data(),
)
def test_a_search_finds_exactly_the_people_who_have_its_words(
    app, documents, indexed, data
):
    documents = [
        {**each, "userName": f"a{number}é@ł.o", "active": True}
        for number, each in enumerate(documents)
    ]
    search = data.draw(searches_of(documents))
    order = data.draw(st.permutations(search.split()))
    with rolled_back(app) as connection:
        for each in documents:
            directory_people.create(connection, each, ENTRA, source=Source.PROVISIONED)
        search_index.index_some(connection, indexed)
        found = searching.find_people(connection, search)
        everybody = connection.execute(select(USERS.c.id, USERS.c.document)).all()
        wanted = set()
        for words in search_words.read_search(search):
            wanted = wanted or {
                row.id for row in everybody if would_find(row.document, words)
            }
        assert set(found.ids) == wanted
        if not any(word.isdigit() for word in map(search_of_one, order)):
            again = searching.find_people(connection, " ".join(order))
            assert set(again.ids) == set(found.ids)


def search_of_one(word):
    """Return a word as it is searched; words of digits may belong together."""
    return "".join(each for each in to_ascii(word) if each.isalnum())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(text=st.text(max_size=210) | st.text('"*^(){}:+-~ \0ANDORTNEAR1,', max_size=40))
def test_any_text_can_be_searched(app, people, text):
    with app.app_context(), database.write() as connection:
        search_index.index_some(connection, 10)
        assert searching.find_people(connection, text).ids is not None


@pytest.mark.parametrize(
    "text",
    ["\0", '"', "*", "NEAR(a b)", "a OR b", "-a", "words:a", *("🦊" * 200, "李" * 200)],
)  # fmt: skip
def test_a_page_shows_the_result_of_any_search(administrator, text):
    answer = administrator.get("/settings/users", query_string={"q": text})
    assert answer.status_code == (400 if text == "\0" else 200)
