"""Starts commands of the product as forks of a process that has imported it.

The imports take longer than most commands do, and the tests start hundreds of commands.
A command still is a process of its own, with its own files, environment and signals.
Tests of the start itself use ``subprocess``.
"""

import atexit
import ctypes
import functools
import gc
import importlib
import inspect
import json
import os
import pkgutil
import runpy
import socket
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_MESSAGE = 2**16
# Would hide that a command does not flush its output in time.
UNBUFFERED = "PYTHONUNBUFFERED"
_PR_SET_CHILD_SUBREAPER = 36
# Modules that a command imports only when it needs them.
LATE_IMPORTS = (
    *("alembic.command", "alembic.runtime.migration", "sqlalchemy.dialects.sqlite"),
    *("netpresenter_next.application", "netpresenter_next.server"),
)


class Command(subprocess.Popen):
    """A process that runs a module or Python code; see ``subprocess.Popen``.

    Only arguments, folder, environment and the standard streams can be given.
    """

    def _execute_child(self, *arguments):
        signature = inspect.signature(subprocess.Popen._execute_child)
        given = signature.bind(self, *arguments).arguments
        pipes = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
        files = [given["p2cread"], given["c2pwrite"], given["errwrite"]]
        question = {name: given[name] for name in ("args", "cwd", "env")}
        self.pid = _fork_server().start(question, files)
        self._child_created = True
        self._close_pipe_fds(*(given[name] for name in pipes))


def start(arguments, environment, **streams):
    """Start Python with these arguments in the folder of the project.

    Only Linux can do it without loading the product anew, and only with the options
    for Python that the tests themselves have.
    """
    can_fork = sys.platform == "linux" and _options(environment) == _options(os.environ)
    program = Command if can_fork else subprocess.Popen
    words = [sys.executable, *arguments]
    return program(words, cwd=ROOT, env=environment, text=True, **streams)


def _options(environment):
    prefixes = ("PYTHON", "LANG", "LC_")
    return {
        name: value
        for name, value in environment.items()
        if name.startswith(prefixes) and name != UNBUFFERED
    }


@functools.cache
def _fork_server():
    return ForkServer()


class ForkServer:
    """The process that forks, and the connection to it."""

    def __init__(self):
        # The parent of a command ends at once, and its next ancestor takes its place.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, __file__, str(theirs.fileno())]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], cwd=ROOT, env=environment
        )
        theirs.close()
        atexit.register(self.close)

    def close(self):
        """End the process; commands go on."""
        self._ours.close()
        self._process.kill()
        self._process.wait()

    def start(self, question, files):
        """Start a command with these three standard streams; returns its id."""
        asked = json.dumps(question, default=str).encode()
        socket.send_fds(self._ours, [asked], files)
        return int(self._ours.recv(LONGEST_MESSAGE))


# ------------------------------------------------------------- the process that forks
def serve(channel):
    """Fork for each question; returns in the process of a command, with its words."""
    while True:
        asked, files, _, _ = socket.recv_fds(channel, LONGEST_MESSAGE, 3)
        if not asked:
            sys.exit()
        question, (read, write) = json.loads(asked), os.pipe()
        middle = os.fork()
        if middle == 0:
            _fork_again(write)
            channel.close()
            return become(question, files)
        os.close(write)
        os.waitpid(middle, 0)
        channel.send(os.read(read, 100))
        for each in (read, *files):
            os.close(each)


def _fork_again(write):
    """Continue in a child whose parent has ended."""
    pid = os.fork()
    if pid:
        os.write(write, str(pid).encode())
        os._exit(0)


def become(question, files):
    """Take the files, folder, environment and arguments of a command."""
    for number, each in enumerate(files):
        os.dup2(each, number)
    os.closerange(3, 1_000)
    # New objects, as the old ones remember what kind of file they had.
    sys.stdin = open(0)  # noqa: SIM115 - until the end
    sys.stdout = open(1, "w")  # noqa: SIM115
    sys.stderr = open(2, "w", buffering=1, errors="backslashreplace")  # noqa: SIM115
    os.chdir(question["cwd"] or ".")
    os.environ.clear()
    os.environ.update(question["env"])
    return question["args"]


def run(words):
    """Run the module or the code of a command."""
    program, option, what, *rest = words
    assert program == sys.executable, words
    sys.argv = [option, *rest]
    if option == "-c":
        exec(what, {"__name__": "__main__"})
    else:
        runpy.run_module(what, run_name="__main__", alter_sys=True)


def main():
    """Import the product, and start commands until the tests end."""
    commands = importlib.import_module("netpresenter_next.cli")
    for module in pkgutil.iter_modules(commands.__path__, f"{commands.__name__}."):
        importlib.import_module(module.name)
    for name in LATE_IMPORTS:
        importlib.import_module(name)
    gc.freeze()  # otherwise each command copies all the memory
    run(serve(socket.socket(fileno=int(sys.argv[1]))))


if __name__ == "__main__":
    main()
