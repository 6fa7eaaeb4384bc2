"""Settings > Users > Import: a file is checked, shown line by line, and applied.

A request works for some seconds at most; the page then has a button to go on, which the
script presses.  Only the request that has the file stores all its lines, and checks
them in what is left of the time.
"""

import hashlib
import time
from collections.abc import Callable

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from netpresenter_next.directory import import_runs, people_imports, person_lines
from netpresenter_next.directory.import_runs import Worker
from netpresenter_next.directory.people_imports import AnotherImport
from netpresenter_next.lib import csv_text
from netpresenter_next.lib.csv_text import NotCsv
from netpresenter_next.lib.text import fold, parse_whole_number
from netpresenter_next.lib.translation import gettext as _
from netpresenter_next.lib.translation import marked
from netpresenter_next.pages.settings import import_reasons, import_report, people_csv
from netpresenter_next.storage import database
from netpresenter_next.storage.choices import ImportState, LineOutcome
from netpresenter_next.storage.import_models import Import
from netpresenter_next.web import (
    access_control,
    authorized,
    context,
    exports,
    signed_in,
    uploads,
)

blueprint = Blueprint("people_import", __name__, url_prefix="/settings/users/import")
PAGE_SIZE = 50
# Seconds that a request works, of which a thread of the server is taken.
LONGEST_WORK = 4.0
OUTCOMES = {each.value: each for each in LineOutcome}
NO_FILE = marked("Choose a file.")


@blueprint.get("")
@access_control.administrator
def show() -> ResponseReturnValue:
    """Show the import that is under way, line by line, or the form for a file."""
    return _render()


def _render(problem: str = "", status: int = 200) -> ResponseReturnValue:
    outcome = OUTCOMES.get(request.args.get("only", ""))
    last = people_csv.MOST_LINES
    after = parse_whole_number(request.args.get("after"), 0, last) or 0
    with database.read() as connection:
        current = people_imports.find_current(connection)
        lines = current and people_imports.list_lines(
            connection, current.id, outcome, after, PAGE_SIZE + 1
        )
        shown = (lines or ())[:PAGE_SIZE]
        ids = person_lines.find_ids(connection, [each.user_name for each in shown])
    page = render_template(
        "settings/people_import.html",
        current=current,
        state=current and current.state.value,
        is_under_way=current is not None and current.state in people_imports.UNDER_WAY,
        done=_count_done(current),
        lines=[(each, ids.get(fold(each.user_name))) for each in shown],
        only=outcome.value if outcome else "",
        after=shown[-1].number if len(lines or ()) > PAGE_SIZE else 0,
        is_first=not after,
        explain=import_reasons.translate,
        problem=problem,
        titles=list(people_csv.TITLES.values()),
        largest_mib=csv_text.LARGEST_FILE // 2**20,
        most_lines=last,
    )
    return page, status


def _count_done(current: Import | None) -> int:
    """Return the number of the last line that was checked, or applied."""
    if current is None:
        return 0
    is_checked = current.state is ImportState.CHECKING
    return current.checked_to if is_checked else current.applied_to


@blueprint.get("/report.csv")
@exports.export
def download_report() -> Response:
    """Send the lines of the import as CSV, of one outcome or of all."""
    with database.read() as connection:
        current = people_imports.find_current(connection)
    if current is None:
        abort(404)
    outcome = OUTCOMES.get(request.args.get("only", ""))
    lines = import_report.stream(current.id, outcome)
    name = f"import-{current.made_at:%Y-%m-%d}.csv"
    return exports.send(lines, csv_text.MEDIA_TYPE, name)


@blueprint.get("/example.csv")
@access_control.administrator
def download_example() -> Response:
    """Send a file with the columns and two people."""
    response = Response(people_csv.EXAMPLE, content_type=csv_text.MEDIA_TYPE)
    name = 'attachment; filename="people-example.csv"'
    response.headers["Content-Disposition"] = name
    return response


@blueprint.post("")
@access_control.administrator
@uploads.takes_file(csv_text.LARGEST_FILE)
def upload() -> ResponseReturnValue:
    """Store the lines of a file and check them; nobody is changed."""
    file = uploads.read_file("file", csv_text.LARGEST_FILE)
    if file is None:
        return _render(_(NO_FILE), 400)
    worker = _make_worker()
    try:
        lines = people_csv.read_file(file.content)
    except NotCsv as error:
        return _render(str(error), 400)
    digest = hashlib.sha256(file.content).hexdigest()
    try:
        import_id = import_runs.stage(worker, file.name, digest, lines)
    except AnotherImport as error:
        return _render(str(error), 409)
    return _work(worker, import_runs.check, import_id)


@blueprint.post("/check")
@access_control.administrator
def check() -> ResponseReturnValue:
    """Go on with checking the lines of a file."""
    return _work(_make_worker(), import_runs.check, request.form.get("import", ""))


@blueprint.post("/apply")
@access_control.administrator
@access_control.require_recent_authentication
def apply() -> ResponseReturnValue:
    """Create and change people as the file says, or go on with it."""
    return _work(_make_worker(), import_runs.apply, request.form.get("import", ""))


@blueprint.post("/discard")
@access_control.administrator
def discard() -> ResponseReturnValue:
    """Discard an import; what was applied stays."""
    import_runs.discard(_make_worker(), request.form.get("import", ""))
    flash(_("The import is discarded."))
    return redirect(url_for("people_import.show"), 303)


def _make_worker() -> Worker:
    end = time.monotonic() + LONGEST_WORK
    return Worker(
        authorized.write,
        signed_in.actor(),
        people_csv.make_describe(context.current().local_type),
        lambda: time.monotonic() > end,
    )


def _work(
    worker: Worker, function: Callable[[Worker, str], None], import_id: str
) -> ResponseReturnValue:
    """Do a part of the work, and show how far it is."""
    goes_on = 1
    try:
        function(worker, import_id)
    except database.Busy:
        flash(
            _("The database is busy with other work: press Continue in some seconds.")
        )
        goes_on = 0
    address = url_for("people_import.show", go=goes_on or None)
    return redirect(address, 303)
