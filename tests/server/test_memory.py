"""The server uses one heap for all its threads."""

import subprocess
import sys

import pytest

from helpers import ROOT

# Allocates in threads at the same time, without the lock of the interpreter.
COUNT_HEAPS = """if True:
    import ctypes, hashlib, os, re, tempfile, threading
    from netpresenter_next.server.memory import use_one_heap
    {call}
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    begin = threading.Barrier(8)
    def allocate():
        begin.wait()
        for _ in range(100):
            libc.malloc(5_000)
        begin.wait()
    threads = [threading.Thread(target=allocate) for _ in range(8)]
    for each in threads: each.start()
    for each in threads: each.join()
    libc.fopen.restype = ctypes.c_void_p
    with tempfile.NamedTemporaryFile() as file:
        written = ctypes.c_void_p(libc.fopen(file.name.encode(), b"w"))
        libc.malloc_info(0, written)
        libc.fclose(written)
        print(file.read().count(b"<heap nr="))
"""


@pytest.mark.parametrize(("call", "is_one"), [("use_one_heap()", True), ("", False)])
def test_threads_allocate_from_one_heap(call, is_one):
    if sys.platform != "linux":
        pytest.skip("only glibc has a heap for each thread")
    command = [sys.executable, "-c", COUNT_HEAPS.format(call=call)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert (int(done.stdout) == 1) == is_one
