"""A full, read-only or faulty disk is reported with its cause, and does no damage."""

import contextlib
import html
import itertools
import signal
import subprocess
import sys

import httpx
import pytest
from sqlalchemy import event

from helpers import PASSWORD, Instance, close
from netpresenter_next.storage import database, errors
from netpresenter_next.storage.errors import Kind
from visitors import hidden, signed_in

# Drops the capabilities by which root may write in spite of permissions.
DROP_CAPABILITIES = """
import ctypes
header = (ctypes.c_uint32 * 2)(0x20080522, 0)
sets = (ctypes.c_uint32 * 6)()
libc = ctypes.CDLL(None)
assert libc.capget(header, sets) == 0
for each in (0, 1, 2):
    sets[each] &= ~0b111  # CAP_CHOWN, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
assert libc.capset(header, sets) == 0
"""
LIMIT_FILE_SIZE = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1_300_000, 1_300_000))
"""
SERVE = """
from netpresenter_next import create_app
from netpresenter_next.config import options
from netpresenter_next.server import process
settings = options.load()
process.serve(create_app(settings), settings, "127.0.0.1", 0)
"""
on_linux = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="capabilities and tmpfs are Linux's"
)


class GrowthLimit:
    """Limits the size of the database of an application, in pages."""

    def __init__(self, app):
        self.app = app
        with app.app_context():
            event.listen(database.db.engine, "connect", self._limit)
        self.pages = 1_000_000

    def _limit(self, connection, _record):
        connection.execute(f"PRAGMA max_page_count = {self.pages}")

    def limit(self, pages):
        self.pages = pages
        close(self.app)


def test_a_full_disk_refuses_writes_until_there_is_space_again(faulty, caplog):
    disk = GrowthLimit(faulty.app)
    disk.limit(1)  # SQLite takes this as the present size
    answers = [faulty.create(f"person-{number}") for number in range(60)]
    refused = [each for each in answers if each.status_code != 201]
    assert refused
    for each in refused:
        assert (each.status_code, each.headers["Retry-After"]) == (503, "60")
        assert each.json["detail"].startswith("The server's disk is full.")
    assert faulty.scim("GET", "/Users").status_code == 200
    with faulty.app.app_context():
        assert database.state().fault.kind is Kind.FULL
    # Logged once, however many requests fail.
    assert caplog.text.count("The server's disk is full.") == 1
    disk.limit(1_000_000)
    assert faulty.create("room").status_code == 201
    with faulty.app.app_context():
        assert database.state().fault is None


def test_reading_does_not_clear_a_write_fault(faulty):
    with faulty.app.app_context():
        known = database.state()
        known._note_temporary_fault(Kind.FULL, "disk")
        with database.write() as connection:
            connection.exec_driver_sql("SELECT 1")
        assert known.fault is not None


def test_pages_show_a_write_fault_until_a_write_succeeds(faulty):
    ada = signed_in(faulty.app, "ada")
    with faulty.app.app_context():
        database.state()._note_temporary_fault(Kind.READ_ONLY_DISK, "disk I/O error")
    assert "The disk of the database is read-only." in ada.get("/settings").text
    assert faulty.create().status_code == 201
    assert "is read-only" not in ada.get("/settings").text


CASES = list(itertools.product((False, True), repeat=6))


@pytest.mark.parametrize("case", CASES, ids=lambda case: "".join("01"[x] for x in case))
def test_the_reported_cause_is_the_first_that_applies(case, monkeypatch, tmp_path):
    gone, full, read_only, at_limit, file, folder = case
    seen = errors._FileStatus(
        exists=not gone,
        free=0 if full else 10**9,
        is_disk_read_only=read_only,
        is_at_limit=at_limit,
        may_write_file=not file,
        may_write_folder=not folder,
    )
    monkeypatch.setattr(errors, "_examine", lambda path: seen)
    kinds = (
        Kind.MISSING,
        Kind.FULL,
        Kind.READ_ONLY_DISK,
        Kind.TOO_LARGE,
        Kind.READ_ONLY_FILE,
        Kind.READ_ONLY_FOLDER,
    )
    wanted = next(
        (kind for kind, holds in zip(kinds, case, strict=True) if holds), None
    )
    assert errors.find_cause(tmp_path / "file") is wanted


# ------------------------------------------------------------------ real processes
@pytest.fixture
def instance(faulty):
    """The instance of the application, which no process has open."""
    close(faulty.app)
    return Instance(faulty.file.parent)


def browser(server):
    headers = {"Sec-Fetch-Site": "same-origin"}
    return httpx.Client(base_url=server.url, headers=headers, timeout=30)


def sign_in(client, user_name):
    form = hidden(client.get("/sign-in").text)
    fields = {**form, "user_name": user_name, "password": PASSWORD}
    return client.post("/sign-in", data=fields)


def create(server, token, name="grace"):
    person = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": name,
        "emails": [{"type": "work", "value": f"{name}@example.org"}],
    }
    url = f"{server.url}/scim/v2/Users"
    return httpx.post(url, json=person, headers=bearer(token), timeout=30)


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def check_served(server, token, sentence):
    """Writes are refused with the reason, and only an administrator can sign in."""
    refused = create(server, token)
    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "60"
    assert refused.json()["detail"].startswith(sentence)
    with browser(server) as ada:
        assert sign_in(ada, "ada").status_code == 303
        page = html.unescape(ada.get("/settings").text)
    assert sentence in page
    assert "Your session is read-only" in page
    with browser(server) as linus:
        assert sign_in(linus, "linus").status_code == 503


@on_linux
def test_a_server_with_a_read_only_file_recovers(instance, faulty):
    faulty.file.chmod(0o400)
    with instance.served(code=DROP_CAPABILITIES + SERVE) as server:
        check_served(
            server,
            faulty.token,
            "The server has no permission to write to its database.",
        )
        # The log has the permissions of the database.
        for each in instance.folder.glob("netpresenter.db*"):
            each.chmod(0o600)
        assert create(server, faulty.token).status_code == 201
        assert server.stop(signal.SIGTERM) == 0


@on_linux
def test_a_server_with_a_read_only_folder_recovers(instance, faulty):
    folder = instance.folder
    folder.chmod(0o500)
    try:
        with instance.served(code=DROP_CAPABILITIES + SERVE) as server:
            sentence = (
                "The server has no permission to write to the folder of its database."
            )
            check_served(server, faulty.token, sentence)
            folder.chmod(0o700)
            assert create(server, faulty.token).status_code == 201
            assert server.stop(signal.SIGTERM) == 0
    finally:
        folder.chmod(0o700)


@on_linux
def test_a_file_size_limit_is_reported(instance, faulty):
    with instance.served(code=LIMIT_FILE_SIZE + SERVE) as server:
        names = (f"person-{number}" for number in itertools.count())
        refused = next(
            answer
            for name in names
            if (answer := create(server, faulty.token, name)).status_code != 201
        )
        assert refused.status_code == 503
        sentence = "The database has reached the largest file size"
        assert refused.json()["detail"].startswith(sentence)
        url, headers = f"{server.url}/scim/v2/Users", bearer(faulty.token)
        assert httpx.get(url, headers=headers, timeout=30).status_code == 200


def fill(ballast):
    """Write to a file until the disk is full."""
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while True:
            file.write(b"\0" * 4096)


@pytest.fixture
def small_disk(tmp_path):
    """A disk of three megabytes; skips the test if this process may not mount one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    done = subprocess.run(mount, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"needs the right to mount a disk: {done.stderr}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@on_linux
def test_a_server_started_on_a_full_disk_recovers(instance, faulty, small_disk):
    (small_disk / "instance").mkdir(mode=0o700)
    for each in instance.folder.iterdir():
        (small_disk / "instance" / each.name).write_bytes(each.read_bytes())
    moved, ballast = Instance(small_disk / "instance"), small_disk / "ballast"
    fill(ballast)
    with moved.served() as server:
        check_served(server, faulty.token, "The server's disk is full.")
        ballast.unlink()
        assert create(server, faulty.token).status_code == 201
        assert server.stop(signal.SIGTERM) == 0


def test_nothing_is_written_to_a_database_that_was_moved_away(faulty):
    assert faulty.create("before").status_code == 201  # its file is open
    away = faulty.file.with_name("elsewhere")
    faulty.file.rename(away)
    refused = faulty.create()
    assert refused.status_code == 503
    assert refused.json["detail"].startswith("The database file is missing.")
    faulty.file.write_bytes(away.read_bytes())
    refused = faulty.create()
    assert refused.status_code == 503
    assert "replaced by another file" in refused.json["detail"]
    away.rename(faulty.file)
    assert faulty.create().status_code == 201


def test_a_missing_database_is_not_made_again(faulty):
    close(faulty.app)
    away = faulty.file.with_name("elsewhere")
    faulty.file.rename(away)
    refused = faulty.create()
    assert refused.status_code == 503
    assert refused.json["detail"].startswith("The database file is missing.")
    assert faulty.app.test_client().get("/readyz").status_code == 503
    assert not faulty.file.exists()
    away.rename(faulty.file)
    assert faulty.create().status_code == 201
