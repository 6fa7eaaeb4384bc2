"""The floor: Flask, waitress and SQLite with one statement a request, and no more.

``python -m benchmarks.bare FOLDER`` serves it on a free port and prints the port.
"""

import json
import sys
import uuid
from pathlib import Path
from typing import Any

from flask import Flask, Response, request
from waitress import create_server

from netpresenter_next.storage.connections import PRAGMAS
from netpresenter_next.storage.database import SQLITE, THREADS

ROWS = 1_000
BODY = json.dumps({"userName": "ada", "filler": "x" * 600})


def make_app(path: Path) -> Flask:
    """Build the application on a table of a thousand rows with an indexed name."""
    app = Flask(__name__)
    connections: dict[int, Any] = {}

    def connection() -> Any:
        import threading

        thread = threading.get_ident()
        if thread not in connections:
            connections[thread] = SQLITE.connect(path, isolation_level=None)
            for pragma in PRAGMAS:
                connections[thread].execute(f"PRAGMA {pragma}")
        return connections[thread]

    connection().execute(
        "CREATE TABLE t (id TEXT PRIMARY KEY, name TEXT UNIQUE, body TEXT)"
    )
    connection().execute("BEGIN IMMEDIATE")
    for number in range(ROWS):
        row = (str(uuid.uuid4()), f"name{number}", BODY)
        connection().execute("INSERT OR IGNORE INTO t VALUES (?, ?, ?)", row)
    connection().execute("COMMIT")

    @app.get("/select")
    def select() -> Response:
        query = "SELECT body FROM t WHERE name = ?"
        found = connection().execute(query, (request.args["name"],)).fetchone()
        return Response(found[0], content_type="application/json")

    @app.post("/insert")
    def insert() -> Response:
        body = request.get_json()
        row = (str(uuid.uuid4()), body["userName"], json.dumps(body))
        connection().execute("BEGIN IMMEDIATE")
        connection().execute("INSERT INTO t VALUES (?, ?, ?)", row)
        connection().execute("COMMIT")
        return Response(row[2], 201, content_type="application/json")

    return app


if __name__ == "__main__":
    server = create_server(
        make_app(Path(sys.argv[1]) / "bare.db"),
        listen="127.0.0.1:0",
        threads=THREADS,
        asyncore_use_poll=True,
    )
    print(f"Listening on http://127.0.0.1:{server.effective_port}", flush=True)  # type: ignore[union-attr]
    server.run()
