"""Administrators import people from a file: checked line by line, then applied."""

import csv
import html
import io
import re
from contextlib import contextmanager
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import event, func, select, update

from helpers import Instance
from netpresenter_next.directory import (
    erasures,
    import_runs,
    people_exports,
    people_imports,
)
from netpresenter_next.directory.erasure_texts import ERASED
from netpresenter_next.directory.events import COMMAND_LINE, Actor, Event
from netpresenter_next.directory.people_filters import Filter
from netpresenter_next.lib import csv_text
from netpresenter_next.lib.timestamps import now
from netpresenter_next.pages import person_details
from netpresenter_next.pages.event_sentences import describe
from netpresenter_next.pages.settings import (
    import_reasons,
    import_report,
    people_csv,
    people_import,
)
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import ImportState, LineOutcome
from netpresenter_next.storage.event_models import JOURNAL
from netpresenter_next.storage.import_models import IMPORT_LINES, IMPORTS
from netpresenter_next.storage.models import ADMINISTRATOR, SESSIONS, USERS
from netpresenter_next.upkeep import erasing, retention
from netpresenter_next.web import context
from visitors import hidden, signed_in

PAGE = "/settings/users/import"
PART = "--x\r\nContent-Disposition: form-data"
GUID = "0f5c8a52-6c0a-4b0f-9d6e-000000000001"
HEADER = "userName,givenName,familyName,displayName,email,title,active\n"


def upload(browser, text, name="people.csv"):
    """Send a file; returns the response."""
    content = text if isinstance(text, bytes) else text.encode()
    token = hidden(browser.get(PAGE).text)["csrf_token"]
    # The test client would put a large form into a temporary file.
    field = f'{PART}; name="csrf_token"\r\n\r\n{token}\r\n'
    head = f'{field}{PART}; name="file"; filename="{name}"\r\n\r\n'
    body = head.encode() + content + b"\r\n--x--\r\n"
    media_type = "multipart/form-data; boundary=x"
    return browser.post(PAGE, data=body, content_type=media_type)


def press(browser, what):
    """Press a button of the page, as the import of the page needs."""
    return browser.submit(f"{PAGE}/{what}", page=PAGE)


def shown(browser, **query):
    return html.unescape(browser.get(PAGE, query_string=query).text)


@pytest.fixture
def report(rows):
    """Returns the outcome and the reason of each line, in order."""

    def read():
        columns = IMPORT_LINES.c.outcome, IMPORT_LINES.c.reason
        current = select(IMPORTS.c.id).where(IMPORTS.c.state != ImportState.DISCARDED)
        theirs = IMPORT_LINES.c.import_id.in_(current)
        lines = select(*columns).where(theirs).order_by(IMPORT_LINES.c.number)
        return [(str(outcome), reason or "") for outcome, reason in rows(lines)]

    return read


@pytest.fixture
def everybody(rows):
    """Returns what is stored about all people."""
    return partial(rows, select(USERS).order_by(USERS.c.id))


@pytest.fixture
def at_once(monkeypatch):
    """Handles so few lines at a time that a short file has several parts."""
    monkeypatch.setattr(import_runs, "AT_ONCE", 2)


@contextmanager
def stopped_after(monkeypatch, parts):
    """Let a request end after some parts of its work."""
    left = [parts]

    def is_over(*_):
        left[0] -= 1
        return left[0] < 0

    make = people_import._make_worker
    with monkeypatch.context() as patch:
        patch.setattr(
            people_import, "_make_worker", lambda: make()._replace(is_over=is_over)
        )
        yield


# ------------------------------------------------------------------ what a line does
def nobody(people):
    """There is nobody with the user name."""


def linus(people):
    person = people.local("linus")
    people.change(person, displayName="Linus", title="Student")


def disabled(people):
    person = people.local("linus")
    people.change(person, displayName="Linus", active=False)


def blocked(people):
    people.block(people.local("linus"))


def provisioned(people):
    people.provisioned("linus", displayName="Linus", externalId=GUID)


def administrator_too(people):
    people.local("linus", role=ADMINISTRATOR)


TABLE = {
    "somebody new": (nobody, "linus,Linus,T,,l@x.org,,", "created", ""),
    "somebody new, disabled": (nobody, "linus,,,,,,false", "created", ""),
    "another title": (linus, "linus,,,Linus,,Master,", "changed", ""),
    "another case of the name": (linus, "LINUS,,,Linus,,Student,", "unchanged", ""),
    "a value removed": (linus, "linus,,,Linus,,,", "changed", ""),
    "as it was": (linus, "linus,,,Linus,,Student,TRUE", "unchanged", ""),
    "spaces around a value": (linus, "linus,,, Linus ,,Student,", "unchanged", ""),
    "disabled": (linus, "linus,,,Linus,,Student,no", "changed", ""),
    "enabled": (disabled, "linus,,,Linus,,,yes", "changed", ""),
    "stays disabled": (disabled, "linus,,,Linus,,,", "unchanged", ""),
    "blocked": (blocked, "linus,,,Linus,,,", "changed", ""),
    "of Entra": (
        provisioned,
        "linus,,,Tux,,,",
        "refused",
        "Microsoft Entra ID manages",
    ),
    "of Entra, disabled": (
        provisioned,
        "linus,,,Linus,,,0",
        "refused",
        "Entra ID manages",
    ),
    "of Entra, as it was": (provisioned, "linus,,,Linus,,,1", "unchanged", ""),
    "an administrator": (administrator_too, "linus,,,,,Boss,", "changed", ""),
    "oneself disabled": (
        nobody,
        "ada,,,,,,false",
        "refused",
        "disable yourself",
    ),
    "no user name": (nobody, ",A,B,,,,", "refused", "There is no userName."),
    "an invisible character": (nobody, "li\u200bnus,,,,,,", "refused", "U+200B"),
    "a long user name": (nobody, f"{'x' * 321},,,,,,", "refused", "longer than 320"),
    "a long title": (
        nobody,
        f"linus,,,,,{'x' * 10_001},",
        "refused",
        "title: Enter at most 10,000 characters.",
    ),
    "active is nonsense": (linus, "linus,,,,,,perhaps", "refused", "true or false"),
    "too few values": (
        nobody,
        "linus,x",
        "refused",
        "It has 2 values, but",
    ),
    "too many values": (nobody, "linus,,,,,,,8", "refused", "It has 8 values"),
    "a NUL character": (linus, "linus,,,Li\0nus,,,", "refused", "NUL character"),
    "empty values at the end": (nobody, "linus,,,,,,,,,", "created", ""),
}


@pytest.mark.parametrize("name", TABLE)
def test_the_check_says_what_applying_then_does(
    administrator, people, everybody, report, name
):
    prepare, line, outcome, reason = TABLE[name]
    prepare(people)
    before = everybody()
    assert upload(administrator, f"{HEADER}{line}\n").location.startswith(PAGE)
    ((checked, said),) = report()
    assert (checked, reason in said) == (outcome, True), said
    assert everybody() == before
    assert press(administrator, "apply").location.startswith(PAGE)
    assert report() == [(checked, said)]
    assert (everybody() != before) == (outcome in ("created", "changed"))


def test_a_new_person_has_the_values_and_no_password_and_no_role(administrator, people):
    text = "user name;Given name;Family name;Work e-mail;Job title;role;externalId\n"
    text += f'jan;Jan;\'t Hart;jan@x.org;"Porter;\nnights";administrator;{GUID}\n'
    upload(administrator, b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    press(administrator, "apply")
    jan = people.find("jan")
    assert jan.password_hash is None
    assert jan.external_id is None
    assert (jan.role.value, jan.source.value, jan.active) == ("user", "local", True)
    values = person_details.read(jan.document)
    assert {name: value for name, value in values.items() if value} == {
        "given_name": "Jan",
        "family_name": "'t Hart",
        "email": "jan@x.org",
        "title": "Porter;\r\nnights",
    }
    assert "one-time link" in shown(administrator)


def test_columns_that_are_left_out_stay_as_they_are(administrator, people):
    linus(people)
    upload(administrator, "userName,department\nlinus,Kernel\n")
    press(administrator, "apply")
    person = people.find("linus")
    assert person.document["title"] == "Student"
    assert person_details.read(person.document)["department"] == "Kernel"
    assert person.user_name == "linus"


def test_the_sessions_of_who_is_disabled_end(app, administrator, people, rows):
    linus(people)
    browser = signed_in(app, "linus")
    assert browser.is_in()
    upload(administrator, "userName,active\nlinus,false\n")
    assert browser.is_in()
    press(administrator, "apply")
    assert not browser.is_in()
    theirs = SESSIONS.c.user_id == people.find("linus").id
    assert rows(select(SESSIONS).where(theirs)) == []


def test_lines_are_numbered_as_in_the_file_in_all_that_the_page_says(administrator):
    upload(administrator, "userName\nlinus\nLINUS\n")
    page = shown(administrator)
    assert re.findall(r'<td data-label="Line">(\d+)', page) == ["2", "3"]
    assert "Line 2 has the same userName." in page
    assert "without the titles" not in page


def test_the_second_line_with_a_user_name_is_refused(administrator, report):
    upload(administrator, "userName,title\ngrace,1\nlin,1\n\nGRACE,2\n")
    assert [outcome for outcome, _ in report()] == ["created", "created", "refused"]
    assert report()[-1][1] == "Line 2 has the same userName."


def test_who_changed_since_the_check_is_compared_again(administrator, people, report):
    linus(people)
    upload(administrator, "userName,title\nlinus,Master\ngrace,Admiral\n")
    assert report() == [("changed", ""), ("created", "")]
    people.change(people.find("linus"), title="Master")
    people.provisioned("grace", title="Captain")
    press(administrator, "apply")
    first, second = report()
    assert first == ("unchanged", "")
    assert second[0] == "refused"
    assert "Microsoft Entra ID manages grace" in second[1]
    assert people.find("grace").document["title"] == "Captain"


def test_the_last_administrators_stay_whoever_is_first_in_the_file(
    app, people, report, rows
):
    people.local("boss", role=ADMINISTRATOR)
    browser = signed_in(app, "boss")
    upload(browser, "userName,active\nada,false\nboss,false\n")
    assert [outcome for outcome, _ in report()] == ["refused", "refused"]
    press(browser, "apply")
    assert people.find("ada").active
    assert people.find("boss").active


# ------------------------------------------------------------------ files
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf", "The file is empty."),
        (b"userName,title\n", "nobody below it"),
        (b"name,title\nada,x\n", "'name', which is not known"),
        (b"givenName,title\nada,x\n", "needs a column userName"),
        (b"userName,title,Title\nada,x,y\n", "the column title twice"),
        (b"userName,password\nada,x\n", "'password', which is not known"),
        (b"userName\ttitle\nada\tx\n", "separated by tabs"),
        (b"PK\x03\x04zip", "workbook"),
        ("userName\nzoë\n".encode("latin-1"), "Line 2 is not UTF-8"),
        ("userName\nada\n".encode("utf-16"), "UTF-16"),
        ("userName\n".encode("utf-16-le"), "contains a NUL character"),
        (b'userName,title\nada,"x\n', "begins in line 2 is not CSV"),
        (b"userName\n" + b"x\n" * 50_001, "more than 50,000 lines"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_the_remedy(
    administrator, rows, content, said
):
    answer = upload(administrator, content)
    assert answer.status_code == 400
    assert said in html.unescape(answer.text)
    assert rows(select(IMPORTS)) == []


def test_without_a_file_the_page_says_so(administrator):
    page = administrator.get(PAGE)
    for more in ({}, {"file": (io.BytesIO(b""), "")}, {"file": "userName\nx\n"}):
        fields = {**hidden(page.text), **more}
        media_type = "multipart/form-data" if more else None
        answer = administrator.post(PAGE, data=fields, content_type=media_type)
        assert answer.status_code == 400
        assert "Choose a file." in answer.text


def test_the_example_can_be_imported(administrator, report):
    upload(administrator, administrator.get(f"{PAGE}/example.csv").data)
    assert report() == [("created", "")] * 2


@pytest.mark.parametrize("size", [csv_text.LARGEST_FILE + 1, 6 * 2**20])
@pytest.mark.parametrize("unit", [b"xx", b"x\n", b"\r\n"])
def test_a_file_that_is_too_large_is_explained(administrator, rows, size, unit):
    answer = upload(administrator, b"userName\n" + unit * (size // 2))
    assert answer.status_code == 413
    assert "That is too large" in answer.text
    assert "larger than 4.0 MiB. Split it" in answer.text
    assert rows(select(IMPORTS)) == []


def test_a_file_of_four_mebibytes_is_read(administrator, report):
    line = b"grace," + b"x" * 99_000 + b"\n"
    content = b"userName,title\n" + line * 42
    upload(administrator, content.ljust(csv_text.LARGEST_FILE, b"\n"))
    assert len(report()) == 42


def test_a_name_of_a_file_is_text(administrator):
    upload(administrator, "userName\ngrace\n", "../<b>\u202e.csv")
    page = administrator.get(PAGE).text
    assert "<b>" not in page
    assert "\u202e" not in page
    assert "&lt;b&gt;" in page


# ------------------------------------------------------------------ who may do it
def test_only_administrators_import(app, linus, client, rows):
    for browser, status in ((linus, 403), (client, 303)):
        fields = hidden(
            browser.get("/account" if browser is linus else "/sign-in").text
        )
        assert browser.get(PAGE).status_code == status
        data = {**fields, "file": (io.BytesIO(b"userName\nx\n"), "x.csv")}
        assert browser.post(PAGE, data=data).status_code == status
        for what in ("check", "apply", "discard"):
            assert browser.post(f"{PAGE}/{what}", data=fields).status_code == status
    assert rows(select(IMPORTS)) == []


def test_a_form_with_a_file_needs_the_token_and_the_origin(administrator, rows):
    fields = hidden(administrator.get(PAGE).text)
    for token in ("", "x" + fields["csrf_token"]):
        file = (io.BytesIO(b"userName\nx\n"), "x.csv")
        data = {"csrf_token": token, "file": file}
        assert administrator.post(PAGE, data=data).status_code == 403
    data = {**fields, "file": (io.BytesIO(b"userName\nx\n"), "x.csv")}
    other = {"Sec-Fetch-Site": "cross-site"}
    assert administrator.post(PAGE, data=data, headers=other).status_code == 403
    assert rows(select(IMPORTS)) == []


def test_only_the_upload_takes_a_form_with_a_file(app, administrator):
    fields = hidden(administrator.get(PAGE).text)
    taken = set()
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and not rule.endpoint.startswith("scim"):
            path = rule.build(dict.fromkeys(rule.arguments, GUID))[1]
            data = {**fields, "file": (io.BytesIO(b"x"), "x.csv")}
            if administrator.post(path, data=data).status_code != 415:
                taken.add(rule.endpoint)
    assert taken == {"people_import.upload"}


@pytest.mark.parametrize(
    "body",
    [
        b"--x",
        b"--x\r\n\r\n",
        b"--x\r\nContent-Disposition: form-data\r\n\r\na\r\n--x--",
        b"--x\r\nContent-Disposition: form-data; name=file; filename=a\r\n\r\n--x--",
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\n" + b"y" * 100_000,
        b"--x\r\nContent-Disposition: form-data; name=a\r\n\r\ny\r\n" * 50 + b"--x--",
    ],
)
def test_a_hostile_form_with_a_file_causes_no_server_error(administrator, body):
    token = hidden(administrator.get(PAGE).text)["csrf_token"]
    for media_type in ("multipart/form-data; boundary=x", "multipart/form-data"):
        answer = administrator.post(
            PAGE, data=body, content_type=media_type, headers={"X-CSRFToken": token}
        )
        assert answer.status_code in (400, 413)
    compressed = administrator.post(
        PAGE,
        data=body,
        content_type="multipart/form-data; boundary=x",
        headers={"X-CSRFToken": token, "Content-Encoding": "gzip"},
    )
    assert compressed.status_code == 415


def test_applying_requires_recent_authentication(app, administrator, everybody, report):
    upload(administrator, "userName\ngrace\n")
    before = everybody()
    long_ago = now() - timedelta(hours=1)
    with app.app_context(), database.write() as connection:
        connection.execute(update(SESSIONS).values(authenticated_at=long_ago))
    assert press(administrator, "apply").status_code == 403
    assert everybody() == before


def test_the_report_links_the_people_and_says_what_was_refused(
    app, administrator, people
):
    assert administrator.get(f"{PAGE}/report.csv").status_code == 404
    upload(administrator, HEADER + "eve,,,=1+1,,,\nmal,,,,no address,,\n")
    press(administrator, "apply")
    page = shown(administrator)
    assert "Applied, except 1 line that was refused." in page
    assert "Applied completely" not in page
    assert f'<a href="/settings/users/{people.find("eve").id}">eve</a>' in page
    report = administrator.get(f"{PAGE}/report.csv")
    assert report.headers["Content-Disposition"].startswith("attachment")
    lines = report.text.removeprefix(csv_text.BYTE_ORDER_MARK).splitlines()
    assert lines[0] == "line,userName,outcome,reason,attributes"
    assert lines[1] == "2,eve,created,,"
    assert lines[2].startswith('3,mal,refused,"email: Enter one e-mail address,')
    refused = administrator.get(f"{PAGE}/report.csv?only=refused").text.splitlines()
    assert refused[1:] == lines[2:]


def test_a_long_report_is_read_in_pieces(administrator, monkeypatch):
    upload(administrator, MANY)
    for most in (3, 7):
        monkeypatch.setattr(import_report, "CHUNK", most)
        lines = administrator.get(f"{PAGE}/report.csv").text.splitlines()
        assert [each.split(",")[1] for each in lines[1:]] == [f"p{n}" for n in range(7)]


# ------------------------------------------------------------------ in parts
MANY = HEADER + "".join(f"p{n},,,,,,\n" for n in range(7))


def test_work_that_was_stopped_is_continued_where_it_was(
    administrator, people, report, monkeypatch, at_once
):
    with stopped_after(monkeypatch, 1):
        upload(administrator, MANY)
    assert "Checked 2 of 7 lines" in shown(administrator)
    assert "data-go-on" in administrator.get(PAGE, query_string={"go": 1}).text
    assert press(administrator, "apply").status_code == 303  # not before it is checked
    assert "Checked 2 of 7 lines" in shown(administrator)
    press(administrator, "check")
    assert "nothing is changed yet" in shown(administrator)
    with stopped_after(monkeypatch, 2):
        press(administrator, "apply")
    assert "Applied 4 of 7 lines" in shown(administrator)
    assert people.find("p3")
    press(administrator, "apply")
    assert "Applied completely" in shown(administrator)
    assert report() == [("created", "")] * 7
    press(administrator, "apply")
    assert report() == [("created", "")] * 7


def test_the_request_with_the_file_stores_all_lines_whatever_time_is_left(
    administrator, report, monkeypatch
):
    monkeypatch.setattr(people_import, "LONGEST_WORK", 0.0)
    monkeypatch.setattr(import_runs, "STORED_AT_ONCE", 2)
    text = "userName\n" + "".join(f"p{number}\n" for number in range(5))
    answer = upload(administrator, text)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}?go=1")
    assert report() == [("None", "")] * 5
    assert "Checked 0 of 5 lines. Nothing is changed yet." in shown(administrator)


def test_two_administrators_share_the_work_of_an_import(
    app, administrator, people, report, monkeypatch, at_once, rows
):
    people.local("boss", role=ADMINISTRATOR)
    boss = signed_in(app, "boss")
    upload(administrator, MANY)
    for browser in (administrator, boss, administrator, boss):
        with stopped_after(monkeypatch, 1):
            press(browser, "apply")
    assert report() == [("created", "")] * 7
    made = select(JOURNAL.c.actor_name).where(JOURNAL.c.event == Event.PERSON_CREATED)
    named = [name for (name,) in rows(made.where(JOURNAL.c.target_name.like("p_")))]
    assert sorted(named) == ["ada"] * 4 + ["boss"] * 3


def test_there_is_one_import_at_a_time(app, administrator, people, report):
    people.local("boss", role=ADMINISTRATOR)
    boss = signed_in(app, "boss")
    upload(boss, "userName\ngrace\n", "first.csv")
    answer = upload(administrator, "userName\nlin\n")
    assert answer.status_code == 409
    assert "The import of first.csv by boss is not complete" in answer.text
    assert report() == [("created", "")]
    press(administrator, "discard")
    upload(administrator, "userName\nlin\nlan\n")
    assert report() == [("created", "")] * 2


def test_a_dry_run_of_an_uploaded_file_leaves_the_upload_as_it_is(
    administrator, people, report, everybody, rows, tmp_path
):
    text = "userName,title\ngrace,Admiral\nGRACE,x\nada,\n"
    upload(administrator, text)
    before = everybody(), report(), rows(select(IMPORTS))
    file = tmp_path / "people.csv"
    file.write_text(text, encoding="utf-8")
    command = Instance(tmp_path / "instance").run
    done = command("user", "import", str(file), "--dry-run")
    assert done.stdout == "Line 3 (GRACE): Line 2 has the same userName.\n"
    assert "1 created, 0 changed, 1 unchanged, 1 refused. Nothing is" in done.stderr
    assert (everybody(), report(), rows(select(IMPORTS))) == before
    press(administrator, "apply")
    assert people.find("grace").document["title"] == "Admiral"


def test_what_was_applied_stays_when_the_rest_is_discarded(
    administrator, people, rows, monkeypatch, at_once
):
    upload(administrator, MANY)
    with stopped_after(monkeypatch, 1):
        press(administrator, "apply")
    assert press(administrator, "discard").status_code == 303
    assert people.find("p1")
    assert rows(select(IMPORT_LINES)) == []
    assert rows(select(IMPORTS)) == []
    assert "Choose a file" in shown(administrator)
    made = select(JOURNAL).where(JOURNAL.c.event == Event.IMPORT_DISCARDED)
    (row,) = rows(made)
    assert row.facts == {"lines": 7, "applied_to": 2}
    assert press(administrator, "discard").status_code == 303


def test_while_others_write_the_page_offers_to_continue(
    app, administrator, monkeypatch
):
    upload(administrator, MANY)

    def is_busy(*_):
        raise database.Busy

    with monkeypatch.context() as patch:
        patch.setattr(import_runs, "apply", is_busy)
        answer = press(administrator, "apply")
    assert answer.location == PAGE
    assert "The database is busy with other work" in shown(administrator)


# ------------------------------------------------------------------ the report
def test_the_report_is_filtered_by_outcome_and_paged_by_key(
    administrator, people, monkeypatch
):
    monkeypatch.setattr(people_import, "PAGE_SIZE", 3)
    people.provisioned("p2", title="x")
    upload(administrator, MANY)
    page = shown(administrator)
    assert "To be created: 6" in page
    assert "Refused: 1" in page
    assert re.findall(r"<div>(?:<a [^>]+>)?(p\d)<", page) == ["p0", "p1", "p2"]
    after = re.search(r'rel="next" href="([^"]+)"', page)[1]
    page = html.unescape(administrator.get(after).text)
    assert re.findall(r"<div>(?:<a [^>]+>)?(p\d)<", page) == ["p3", "p4", "p5"]
    page = shown(administrator, only="refused")
    assert re.findall(r"<div>(?:<a [^>]+>)?(p\d)<", page) == ["p2"]
    assert "Microsoft Entra ID manages p2" in page
    assert "There is no such line." in shown(administrator, only="changed")
    for nonsense in ({"only": "x"}, {"after": "x"}, {"after": "9" * 400}):
        assert administrator.get(PAGE, query_string=nonsense).status_code == 200


def test_a_page_of_the_report_is_read_from_an_index(app, administrator):
    upload(administrator, MANY)
    plans = []
    with app.app_context(), database.read() as connection:

        def explain(_c, _cursor, statement, given, *_):
            if statement.startswith("SELECT"):
                plan = f"EXPLAIN QUERY PLAN {statement}"
                raw = connection.connection.dbapi_connection
                plans.extend(row[3] for row in raw.execute(plan, given))

        event.listen(connection, "before_cursor_execute", explain)
        current = people_imports.find_current(connection)
        for outcome in (None, LineOutcome.REFUSED):
            people_imports.list_lines(connection, current.id, outcome, 3, 2)
    by_key = [each for each in plans if "import_lines" in each]
    assert all(each.startswith("SEARCH import_lines USING") for each in by_key), plans
    assert "(import_id=? AND number>?)" in by_key[0]
    assert "(import_id=? AND outcome=? AND number>?)" in by_key[1]
    assert not any("TEMP B-TREE" in each for each in plans[1:])


def test_every_change_is_in_the_log_as_by_hand_with_the_import(
    administrator, people, rows
):
    linus(people)
    upload(administrator, "userName,title\nlinus,Master\ngrace,x\nada,\n,\n", "new.csv")
    press(administrator, "apply")
    query = select(JOURNAL).where(JOURNAL.c.actor_name == "ada")
    made = {row.event: row for row in rows(query.order_by(JOURNAL.c.id))}
    assert made[Event.PERSON_CREATED].facts == {"is_active": True, "imported": True}
    assert made[Event.PERSON_CHANGED].facts["imported"] is True
    assert made[Event.IMPORT_STARTED].facts == {"lines": 3}
    counts = {"created": 1, "changed": 1, "unchanged": 1, "refused": 0}
    assert made[Event.IMPORT_ENDED].facts == counts
    log = html.unescape(administrator.get("/settings/system/audit-log").text)
    assert "Created grace. By an import." in log
    assert "Imported new.csv: 1 created, 1 changed, 1 unchanged, 0 refused." in log


# ------------------------------------------------------------------ what is kept
def nothing(_seconds):
    """Do not wait between batches."""


def test_old_imports_and_remains_of_discarded_ones_are_deleted(
    app, administrator, rows, monkeypatch
):
    upload(administrator, MANY)
    with app.app_context():
        retention.prune(nothing)
        assert len(rows(select(IMPORT_LINES))) == 7
        past = now() - people_imports.KEPT_FOR - timedelta(minutes=1)
        with database.write() as connection:
            connection.execute(update(IMPORTS).values(changed_at=past))
        assert "Rows of imports deleted: 8." in retention.prune(nothing)
    assert rows(select(IMPORTS)) == []
    upload(administrator, MANY)
    with stopped_after(monkeypatch, 0):
        press(administrator, "discard")
    assert "Choose a file" in shown(administrator)
    with app.app_context(), database.write() as connection:
        past = now() - timedelta(hours=2)
        connection.execute(update(IMPORTS).values(changed_at=past))
    with app.app_context():
        retention.prune(nothing)
    assert rows(select(func.count()).select_from(IMPORT_LINES)) == [(0,)]


def test_a_file_whose_storing_was_interrupted_is_never_seen(
    app, administrator, rows, monkeypatch
):
    def fail(*_):
        raise database.Busy

    with monkeypatch.context() as patch:
        patch.setattr(people_imports, "show", fail)
        assert upload(administrator, MANY).status_code == 503
    assert "Choose a file" in shown(administrator)
    upload(administrator, MANY)
    assert "nothing is changed yet" in shown(administrator)


def test_an_erased_person_is_in_no_line_of_an_import(app, administrator, people, rows):
    linus(people)
    text = "userName,title\nlinus,Master\ngrace,Admiral\n"
    upload(administrator, text, "linus")
    person = people.find("linus")
    exported = administrator.submit(
        f"/settings/users/{person.id}/export", page=f"/settings/users/{person.id}"
    )
    fields = {"user_name": "linus", "title": "Master"}
    assert [each["fields"] for each in exported.json["import_lines"]] == [fields]
    with app.app_context():
        key, prepared = context.current().encryption_key, erasures.prepare(person.id)
        with database.write() as connection:
            who = (person.id, COMMAND_LINE)
            erasures.erase(connection, key, *who, prepared=prepared)
        assert rows(select(IMPORT_LINES.c.user_name)) == [("grace",)]
        erasing.complete_erasures(nothing)
    assert rows(select(IMPORTS.c.file_name)) == [(ERASED,)]
    press(administrator, "apply")
    assert people.find("grace")
    assert "Applied completely" in shown(administrator)


def test_lines_with_another_user_name_stay_when_a_person_is_erased_as_the_page_says(
    app, administrator, people, rows
):
    linus(people)
    upload(administrator, "userName,title\ngrace,Deputy of linus\n")
    person = people.find("linus")
    page = f"/settings/users/{person.id}/erase"
    said = html.unescape(administrator.get(page).text)
    assert "for a week at most, lines of an import with another user name" in said
    administrator.submit(page)
    with app.app_context():
        erasing.complete_erasures(nothing)
    ((fields,),) = rows(select(IMPORT_LINES.c.fields))
    assert fields == {"user_name": "grace", "title": "Deputy of linus"}


def test_outcomes_of_lines_are_words_of_the_page(administrator, people):
    linus(people)
    provisioned_too = people.provisioned("tux")
    assert provisioned_too
    lines = "linus,Master\ngrace,x\nada,\ntux,x\n"
    upload(administrator, f"userName,title\n{lines}")
    page = shown(administrator)
    words = {
        LineOutcome.CREATED: "To be created",
        LineOutcome.CHANGED: "To be changed",
        LineOutcome.UNCHANGED: "Unchanged",
        LineOutcome.REFUSED: "Refused",
    }
    for outcome in LineOutcome:
        assert f'data-label="Outcome">{words[outcome]}<' in page
    assert 'data-label="Details">title<' in page


def test_what_was_exported_for_spreadsheets_is_restored(administrator, people, report):
    person = people.local("linus")
    people.change(person, displayName="=1+1", title="'=1", nickName="x")
    exported = administrator.get("/settings/users/export.csv?spreadsheet=1").data
    assert b",'=1+1," in exported
    assert b",''=1," in exported
    upload(administrator, exported)
    assert report() == [("unchanged", "")] * 2
    assert csv_text.restore("''=1") == "'=1"


def test_an_exported_value_is_imported_however_long_it_is(
    administrator, people, report
):
    people.provisioned("jane@example.org", title="x" * 200_000)
    exported = administrator.get("/settings/users/export.csv").data
    assert len(exported) > 200_000
    upload(administrator, exported)
    assert report() == [("unchanged", "")] * 2


def test_each_export_is_recorded_with_its_filters_and_without_names(
    administrator, people, rows
):
    for name in ("linus", "grace"):
        people.local(name)
    people.provisioned("jane@example.org")
    path = "/settings/users/export.csv"
    for query in ("", "?source=local&status=active", "?q=linus&only=nonsense"):
        assert "userName" in administrator.get(f"{path}{query}").text
    assert administrator.head(path).status_code == 200
    recorded = select(JOURNAL).where(JOURNAL.c.event == Event.PEOPLE_EXPORTED)
    exported = rows(recorded.order_by(JOURNAL.c.id))
    said = [describe(each) for each in exported]
    begin = "from the list of users as CSV"
    assert said == [
        f"Exported 4 people {begin}.",
        f"Exported 3 people {begin} (source: local, status: active).",
        f"Exported 1 person {begin} (found by a search).",
    ]
    assert {(row.log, row.actor_name, row.succeeded) for row in exported} == {
        ("audit", "ada", True)
    }
    page = administrator.get("/settings/system/audit-log?kind=access").text
    assert "Exported 1 person" in page


def test_equal_exports_are_counted_in_one_entry(app, administrator, rows):
    other = signed_in(app, "ada")
    for browser in (administrator, other, administrator):
        browser.get("/settings/users/export.csv").get_data()
    exported = rows(select(JOURNAL).where(JOURNAL.c.event == Event.PEOPLE_EXPORTED))
    assert sum(row.times for row in exported) == 3
    assert len(exported) <= 2  # the quarter of an hour may end meanwhile
    assert " times until " in describe(exported[0]) or len(exported) == 2


def test_an_export_that_is_not_sent_to_its_end_is_recorded_as_such(app, people, rows):
    people.local("linus")
    actor = Actor("person", "ada", id=people.ada.id)
    with app.app_context():
        with database.write() as connection:
            entry_id = people_exports.begin(connection, actor, [])
        end = partial(people_exports.end, entry_id)
        parts = people_csv.stream(Filter(), for_spreadsheets=False, end=end)
        next(parts)
        parts.close()
    (entry,) = rows(select(JOURNAL).where(JOURNAL.c.event == Event.PEOPLE_EXPORTED))
    assert describe(entry).endswith("as CSV. It was not sent to its end.")


def test_reasons_are_stored_in_english_whatever_the_language(administrator, report):
    administrator.submit("/account/language", page="/account", language="nl")
    lines = ["ada,,,,,,false", "li\u200bnus,,,,,,", "bob,,,,no address,,", ",A,,,,,"]
    lines += ["x,y", "eve,,,,,,", "eve,,,,,,"]
    upload(administrator, HEADER + "\n".join(lines) + "\n")
    expected = [
        ("refused", "You cannot disable yourself."),
        ("refused", "The userName contains the invisible character U+200B."),
        ("refused", "email: Enter one e-mail address, such as jan@example.org."),
        ("refused", "There is no userName."),
        ("refused", "It has 2 values, but the number of titles is 7."),
        ("created", ""),
        ("refused", "Line 7 has the same userName."),
    ]
    assert report() == expected
    press(administrator, "apply")
    assert report() == expected
    page, own = shown(administrator), administrator.get(f"{PAGE}/report.csv").text
    for outcome, reason in expected:
        if outcome == "refused":
            assert reason not in page, reason
            assert reason in own
    for words in (
        "U kunt uzelf niet uitschakelen.",
        "U+200B",
        "email: Voer één e-mailadres in, zoals jan@example.org.",
        "userName",
    ):
        assert words in page, words


def test_every_reason_that_an_import_can_store_is_shown_in_dutch(
    app, administrator, people
):
    people.local("boss", role=ADMINISTRATOR)
    people.provisioned("linus", displayName="Linus", externalId=GUID)
    lines = [
        "linus,,,Other,,,",
        "x y ,,,,,,maybe",
        "a@x.org,,,,a@b,c,,,true",
        "z,\0,,,,,",
    ]
    lines += ["one", f"{'x' * 321},,,,,,", "grace,,,,no address,,", "Grace,,,,,,"]
    upload(administrator, HEADER + "\n".join(lines) + "\n")
    stored = list(
        administrator.get(f"{PAGE}/report.csv?only=refused").text.splitlines()
    )
    assert len(stored) == len(lines) + 1
    with app.test_request_context(headers={"Accept-Language": "nl"}):
        for line in csv.DictReader(stored):
            assert import_reasons.translate(line["reason"]) != line["reason"], line
        assert import_reasons.translate("Something else.") == "Something else."
        two = "email: Enter one e-mail address, such as jan@example.org. "
        two += "workPhone: Enter a telephone number, such as +31 20 123 45 67."
        said = import_reasons.translate(two)
        assert said.startswith("email: Voer")
        assert " workPhone: Voer een telefoonnummer in" in said


def test_a_name_that_reads_like_another_reason_breaks_no_page(app, people):
    name = "It has x values, but the number of titles is 5"
    reason = (
        f"{name} is the last administrator with emergency access: grant it to another "
        "one first."
    )
    with app.test_request_context("/", headers={"Accept-Language": "nl"}):
        assert import_reasons.translate(reason).startswith(f"{name} is de laatste")
