"""The floor: Flask, waitress and SQLite with at most one statement a request.

``python -m benchmarks.bare FOLDER`` serves it on a free port and prints the port.
"""

import json
import logging
import sys
import threading
import uuid
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from waitress.server import BaseWSGIServer, create_server

from netpresenter_next.storage.connections import PRAGMAS
from netpresenter_next.storage.database import SQLITE, THREADS

ROWS = 1_000
BODY = json.dumps({"userName": "ada", "filler": "x" * 600})
NOTHING = json.dumps({"totalResults": 0, "Resources": []})


class Connections:
    """One connection for each thread, opened like those of the product."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._by_thread: dict[int, Any] = {}

    def execute(self, statement: str, parameters: tuple[str, ...] = ()) -> Any:
        """Execute a statement on the connection of this thread."""
        thread = threading.get_ident()
        if thread not in self._by_thread:
            connection = SQLITE.connect(self._path, isolation_level=None)
            for pragma in PRAGMAS:
                connection.execute(f"PRAGMA {pragma}")
            self._by_thread[thread] = connection
        return self._by_thread[thread].execute(statement, parameters)


def _fill(database: Connections) -> None:
    """Create a table of a thousand rows with an indexed name."""
    database.execute(
        "CREATE TABLE t (id TEXT PRIMARY KEY, name TEXT UNIQUE, body TEXT)"
    )
    database.execute("BEGIN IMMEDIATE")
    for number in range(ROWS):
        row = (str(uuid.uuid4()), f"name{number}", BODY)
        database.execute("INSERT INTO t VALUES (?, ?, ?)", row)
    database.execute("COMMIT")


def make_app(path: Path) -> Flask:
    """Build the application on a new database."""
    app = Flask(__name__)
    database = Connections(path)
    _fill(database)

    @app.route("/echo", methods=["GET", "POST"])
    def echo() -> Response:
        return _respond(json.dumps(request.get_json()) if request.data else BODY)

    @app.get("/select")
    def select() -> Response:
        query = "SELECT body FROM t WHERE name = ?"
        found = database.execute(query, (request.args["name"],)).fetchone()
        return _respond(found[0] if found else NOTHING)

    @app.post("/insert")
    def insert() -> Response:
        body = request.get_json()
        row = (str(uuid.uuid4()), body["userName"], json.dumps(body))
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO t VALUES (?, ?, ?)", row)
        database.execute("COMMIT")
        return _respond(row[2], 201)

    return app


def _respond(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="application/json")


def main() -> None:
    """Serve until the process is stopped."""
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    server = create_server(
        make_app(Path(sys.argv[1]) / "bare.db"),
        listen="127.0.0.1:0",
        threads=THREADS,
        asyncore_use_poll=True,
    )
    assert isinstance(server, BaseWSGIServer)
    print(f"Listening on http://127.0.0.1:{server.getsockname()[1]}", flush=True)
    server.run()


if __name__ == "__main__":
    main()
