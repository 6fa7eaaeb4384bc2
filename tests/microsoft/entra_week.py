"""An application during a week with Entra, and what its pages say, as people read them.

The clock is set to each time of the week.  Everything is sent, pressed and read over
HTTP; the scheduled jobs, which a server runs every 15 seconds, are called.
"""

import json
import re
import time
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from html import unescape
from itertools import groupby

from entra_client import DOMAIN, Entra
from settings_page import PAGE
from tenant import CLIENT, SECRET, TENANT

from helpers import PASSWORD
from netpresenter_next.directory.alarm_kinds import AlarmKind
from netpresenter_next.storage.choices import Channel
from netpresenter_next.upkeep.alarm_job import AlarmJob
from netpresenter_next.upkeep.alarm_sender import Sender
from netpresenter_next.web import context
from visitors import hidden, signed_in

MONDAY = datetime(2027, 1, 4, tzinfo=UTC)
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
LOG, ALARMS = "/settings/system/provisioning-log", "/settings/system/alarms"
PROBLEMS, QUEUE = "/settings/sign-in-problems", "/settings/conflicts"
# A heading, or what happened to whom.
LINE = re.compile(
    r'<th scope="rowgroup" colspan="5"><span>(.+?)</span></th>'
    r'|<td data-label="What happened"><div>(.+?)<details>'
    r'.+?<td data-label="Who"[^>]*>(.+?)</td>',
    re.S,
)
HELP = re.compile('<p class="help">.+?</p>', re.S)
TICK = re.compile(
    r'class="vh">(Done|To do): </span>\s*<details.*?<summary>(.+?)</summary>', re.S
)
LENGTH = re.compile(r"lasted (less than a second|\d+ (seconds?|minutes)), ")
USER_NAME = re.compile(r"\b[a-z]+\.[a-z-]+\b")
# More lines in a row that differ only in the person become their number.
MOST_ALIKE = 5


class Week:
    """The application, Entra, an administrator, and the receivers of alarms."""

    def __init__(self, app, clock, mailbox, webhook):
        self.app, self._clock = app, clock
        self._mailbox, self._webhook = mailbox, webhook
        self.entra = Entra(app.test_client())
        installation = context.of(app).installation
        self._alarms = AlarmJob(installation.config)
        self._senders = [Sender(app, installation, channel) for channel in Channel]
        self.browser = app.test_client()

    # ------------------------------------------------------------- time and jobs
    def at(self, when):
        """Set the clock, for example to "Tue 09:00"."""
        day, hour = when.split()
        hours, minutes = map(int, hour.split(":"))
        since = timedelta(days=DAYS.index(day), hours=hours, minutes=minutes)
        self._clock.step((MONDAY + since).timestamp() - time.time())

    def run_jobs(self):
        """Run what the threads of a server run every 15 seconds."""
        with self.app.app_context():
            context.of(self.app).activity.store()
            self._alarms.run(lambda _seconds: None)
        for sender in self._senders:
            sender.tick()

    # ------------------------------------------------------------- an administrator
    def sign_in(self, user_name):
        """Let an administrator sign in with a password, and read pages from now on."""
        self.browser = signed_in(self.app, user_name)

    def press(self, path, page, **fields):
        """Press a button on a page, and enter the password again if asked to."""
        answer = self.browser.submit(path, page=page, **fields)
        if answer.status_code == 403:
            again = {**hidden(answer.text), "password_again": PASSWORD}
            answer = self.browser.post(path, data=again)
        assert answer.status_code in (200, 303), answer.text
        return answer

    def send_alarms_to(self, mail_port, hook_port):
        """Send all alarms by e-mail and to a webhook, on these ports."""
        server = {"host": "localhost", "port": mail_port, "security": "none"}
        mail = {"sender": "npn@contoso.example", "recipients": "it@contoso.example"}
        self.press(f"{ALARMS}/e-mail", ALARMS, **server, **mail)
        url = f"http://127.0.0.1:{hook_port}/alarms"
        self.press(f"{ALARMS}/webhook", ALARMS, url=url, format="signed_json")
        self.press(f"{ALARMS}/webhook/secret", ALARMS)
        # Those that are chosen at first.
        kinds = [each for each in AlarmKind if each is not AlarmKind.NO_CONTACT]
        self.press(f"{ALARMS}/kinds", ALARMS, is_on="y", language="en", kinds=kinds)

    def connect_microsoft(self, visit):
        """Set up sign-in with Microsoft, and test it; ``visit`` goes to Microsoft."""
        values = {"tenant_id": TENANT, "client_id": CLIENT, "secret": SECRET}
        self.press(f"{PAGE}/sign-in", f"{PAGE}/sign-in", **values)
        back = visit(self.browser, "/sign-in/microsoft/test")
        assert self.browser.get(back).status_code in (200, 303)

    def generate_token(self, label, replaces=""):
        """Generate a token; returns the secret."""
        fields = {"label": label, "replaces_id": replaces, "expires": "0"}
        shown = self.press(f"{PAGE}/token", PAGE, **fields).text
        return re.search(r"npn_scim_\w{49,}", shown)[0]

    def find_token(self):
        """Return the path at which the first token on the page is revoked."""
        return re.search(rf"{PAGE}/token/[\w-]+/revoke", self.browser.get(PAGE).text)[0]

    def find_conflict(self):
        """Return the path of the first conflict in the queue."""
        return re.search(rf"{QUEUE}/[0-9a-f-]{{36}}", self.browser.get(QUEUE).text)[0]

    # ------------------------------------------------------------- what pages say
    def read_log(self, day):
        """Return the lines of a day in the order of time: cycles, and what happened."""
        date = f"{MONDAY + timedelta(days=DAYS.index(day)):%Y-%m-%d}"
        page = self.browser.get(LOG, query_string={"from": date, "to": date}).text
        found = LINE.findall(page)
        while older := re.search(r'rel="next" href="([^"]+)"', page):
            page = self.browser.get(unescape(older[1])).text
            found += LINE.findall(page)
        return _arrange(found)

    def read_state(self):
        """Return the state of provisioning in a word."""
        card = self.browser.get(f"{PAGE}/status").text
        return _text(re.search(r'<h2 id="status">(.+?)</h2>', card)[1])

    def read_ticks(self):
        """Return the steps of the set-up list that are done, with their times."""
        steps = TICK.findall(self.browser.get(PAGE).text)
        assert len(steps) == 6
        return [_text(title) for done, title in steps if done == "Done"]

    def read_conflicts(self):
        """Return the sentence of each conflict in the queue, and who waits there."""
        page = self.browser.get(QUEUE).text
        waiting = page.partition('<h2 id="to-confirm">')[2].partition("</section>")[0]
        people = _texts("<li>.+?</li>", waiting)
        return [
            *_texts('<td data-label="Conflict">(.+?)</td>', page),
            *(f"Administrators to confirm: {each}" for each in people),
        ]

    def read_findings(self, name):
        """Return why somebody cannot sign in, and what to do."""
        page = self.browser.get(PROBLEMS, query_string={"q": name}).text
        findings = re.findall('<li class="note .+?</li>', page, re.S)
        return [_text(re.sub("<a .+?</a>", "", each)) for each in findings]

    def read_evidence(self, user_id):
        """Return since when somebody has no access, and what ended their sessions.

        Without the milliseconds, and in minutes.
        """
        page = self.browser.get(f"/settings/leavers/{user_id}").text
        facts = re.findall("<dt>(.+?)</dt><dd>(.+?)</dd>", page, re.S)
        lines = _texts('<p class="note.+?</p>', page)
        lines += [f"{_text(name)}: {_text(value)}" for name, value in facts]
        hidden_lines = ("id:", "Time until")
        return [
            re.sub(r"(\d\d:\d\d):\d\d", r"\1", each)
            for each in lines
            if not each.startswith(hidden_lines)
        ]

    def read_alarms(self):
        """Return subject and first line of each e-mail since the last look.

        The webhook received the same.
        """
        envelopes, requests = self._mailbox.envelopes, self._webhook.requests
        mails = [
            message_from_bytes(each.content, policy=policy.default)
            for each in envelopes
        ]
        posts = [json.loads(body)["data"] for _path, _headers, body in requests]
        envelopes.clear()
        requests.clear()
        product = "Netpresenter Next: "
        told = [
            (each["Subject"].removeprefix(product), each.get_content().splitlines()[0])
            for each in mails
        ]
        assert sorted(told) == sorted((each["title"], each["text"]) for each in posts)
        return told


def _text(page):
    """Return what a part of a page says, without the domain, which all people share."""
    text = unescape(" ".join(re.sub("<[^>]+>", "", page).split()))
    return text.replace(f"@{DOMAIN}", "")


def _texts(pattern, page):
    return [_text(each) for each in re.findall(pattern, page, re.S)]


# ------------------------------------------------------------- the lines of a log
def _arrange(found):
    """Return the lines, newest first on the pages, in the order of time."""
    groups = []
    for heading, sentence, who in found:
        if heading:
            title = LENGTH.sub("", _text(heading))
            if not groups or groups[-1][0] != title:  # the next page repeats it
                groups.append((title, []))
        else:
            groups[-1][1].append(_describe(sentence, _text(who)))
    return [
        line
        for title, lines in reversed(groups)
        for line in (title, *_shorten(lines[::-1]))
    ]


def _describe(sentence, who):
    """Return what happened, without what to do, and to whom."""
    text = _text(HELP.sub("", sentence))
    return text if who in (*text.split(), "–") or who in text else f"{who}: {text}"


def _shorten(lines):
    """Keep the first and the last of many lines that differ only in the person."""
    for _, group in groupby(lines, key=lambda line: USER_NAME.sub("", line)):
        alike = list(group)
        if len(alike) <= MOST_ALIKE:
            yield from alike
        else:
            yield alike[0]
            yield f"... {len(alike) - 2} more ..."
            yield alike[-1]
