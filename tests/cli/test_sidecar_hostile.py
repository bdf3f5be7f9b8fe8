"""mcpctl sidecar under clients that mean no good: its answers come in time, and nothing is lost."""

import contextlib
import datetime
import http.client
import json
import os
import re
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import threading
import time
import types

import pytest

from running_sidecars import SLOW, running_sidecars

# Sanitizers and their neighbours make everything late, and so no latency is judged there.
RELEASE = not SLOW
BOUND = 0.05 if RELEASE else 5
FAST = ["--interval", "200ms", "--timeout", "2s"]
WANTED = 5000
MAX_RESIDENT_KIB = 16 * 1024
# It gives back two seconds after its start what only that needed.
SETTLED_SECONDS = 2.2
REQUEST = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@pytest.fixture
def sidecar():
    with running_sidecars() as start:
        yield start


def connect(sidecar):
    connection = socket.create_connection(("127.0.0.1", sidecar.port), timeout=20)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def answer_of(connection):
    """The status, when the server has closed; None where it closed without an answer."""
    text = b""
    with contextlib.suppress(ConnectionError):
        while part := connection.recv(65536):
            text += part
    found = re.match(rb"HTTP/1.1 (\d+) ", text)
    return int(found[1]) if found else None


def readyz(sidecar):
    """Seconds from the first packet to the whole answer, as a kubelet sees it."""
    begin = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=20)
    connection.request("GET", "/readyz", headers={"Connection": "close"})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert (answer.status, body) == (200, b"ok\n")
    return time.perf_counter() - begin


def samples_of(sidecar, seconds):
    """The same again and again, in a process of its own: this one is busy being hostile."""
    code = ("import sys; sys.path.insert(0, sys.argv[1]); import test_sidecar_hostile as here; "
            "here.print_samples(int(sys.argv[2]), float(sys.argv[3]))")
    done = subprocess.run(
        [sys.executable, "-c", code, os.path.dirname(__file__), str(sidecar.port), str(seconds)],
        capture_output=True, text=True, timeout=seconds + 60, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def print_samples(port, seconds):
    samples = []
    begin = time.monotonic()
    while time.monotonic() - begin < seconds:
        samples.append(readyz(types.SimpleNamespace(port=port)))
        time.sleep(0.01)
    print(json.dumps(samples))


def resident_kib(sidecar):
    text = open(f"/proc/{sidecar.process.pid}/status", encoding="ascii").read()
    return int(re.search(r"VmRSS:\s+(\d+)", text)[1])


def age_seconds(sidecar):
    status = sidecar.status()
    started, now = (datetime.datetime.fromisoformat(status[name]) for name in ("started", "time"))
    return (now - started).total_seconds()


def open_files(sidecar):
    return len(os.listdir(f"/proc/{sidecar.process.pid}/fd"))


def settled(sidecar):
    """Ready, and the pages of its start are given back: from here on its memory is judged."""
    sidecar.wait_for("/readyz", 200)
    if RELEASE:
        sidecar.wait_until(lambda: age_seconds(sidecar) > SETTLED_SECONDS, "it has no age")


def judge(sidecar, samples, what):
    """Half of the answers within the bound: single ones may wait for another process of this
    machine. No probe may have failed meanwhile, and the memory is bounded."""
    times = sorted(samples)
    told = (f"{what}: /readyz median {statistics.median(times) * 1000:.2f} ms, 90th percentile "
            f"{times[len(times) * 9 // 10] * 1000:.2f} ms, worst {times[-1] * 1000:.2f} ms; "
            f"resident {resident_kib(sidecar)} KiB")
    print(told)
    assert statistics.median(times) < BOUND, told
    assert not RELEASE or resident_kib(sidecar) < MAX_RESIDENT_KIB, told
    signs = {each["sign"] for each in sidecar.status()["recent"]}
    assert signs == {"good"}, sidecar.status()["recent"]


def test_garbage_and_huge_headers_are_refused_and_delay_nobody(sidecar, server):
    beside = sidecar(server(), *FAST)
    beside.wait_for("/readyz", 200)
    refused = {
        b"GET /readyz HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n": 431,
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n": 431,
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20: 400,
        b"\x00" * 2000: 400,
        b"EHLO example.com\r\n\r\n": 400,
        b"GET /readyz HTTP/1.1\r\nHost: x\r\nContent-Length: banana\r\n\r\n": 400,
        b"POST /drain?wait=x HTTP/1.1\r\nHost: x\r\nContent-Length: 999999\r\n\r\n": 413,
    }
    samples = []
    for _ in range(5):
        for bytes_sent, status in refused.items():
            with connect(beside) as connection:
                with contextlib.suppress(ConnectionError):
                    connection.sendall(bytes_sent)
                assert answer_of(connection) == status, bytes_sent[:60]
            samples.append(readyz(beside))
    # Whoever goes away in the middle of a request, or half closes, is nobody's trouble either.
    for cut in range(0, len(REQUEST), 7):
        with connect(beside) as connection:
            connection.sendall(REQUEST[:cut])
            connection.shutdown(socket.SHUT_WR)
            assert answer_of(connection) in (400, None)
        samples.append(readyz(beside))
    judge(beside, samples, "garbage")
    assert beside.status()["state"] == "ready"


def test_a_slow_request_is_answered_and_one_that_never_ends_is_cut(sidecar, server):
    beside = sidecar(server(), *FAST)
    beside.wait_for("/readyz", 200)
    with connect(beside) as slow, connect(beside) as endless, connect(beside) as silent:
        begin = time.monotonic()
        endless.sendall(REQUEST[:30])
        for at in range(len(REQUEST)):
            slow.sendall(REQUEST[at:at + 1])
            time.sleep(0.005)
        assert answer_of(slow) == 200
        assert answer_of(endless) == 408
        assert answer_of(silent) is None
        assert time.monotonic() - begin < (8 if RELEASE else 30)


def test_who_does_not_read_answers_is_cut(sidecar, server):
    beside = sidecar(server(), *FAST)
    settled(beside)
    before = open_files(beside)
    with contextlib.ExitStack() as stack:
        for _ in range(20):
            deaf = stack.enter_context(socket.socket())
            deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            deaf.connect(("127.0.0.1", beside.port))
            deaf.setblocking(False)
            with contextlib.suppress(BlockingIOError, ConnectionError):
                for _ in range(200):
                    deaf.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
        samples = samples_of(beside, 1)
        judge(beside, samples, "deaf clients")
        # A probe may have a connection open just then.
        beside.wait_until(lambda: open_files(beside) <= before + 2, "they are not cut", 60)


class Crowd:
    """Connections that keep the server waiting: silent ones, slow senders, and idle ones."""

    def __init__(self, sidecar, count):
        self.sidecar = sidecar
        self.connections = []
        self.slow = []
        self.ended = threading.Event()
        for number in range(count):
            connection = connect(sidecar)
            self.connections.append(connection)
            if number % 3 == 1:
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 900)
                self.slow.append(connection)
            if number % 3 == 2:
                connection.sendall(REQUEST.replace(b"close", b"keep-alive"))
        self.thread = threading.Thread(target=self.send_slowly)
        self.thread.start()

    def send_slowly(self):
        while not self.ended.wait(0.5):
            for connection in self.slow:
                with contextlib.suppress(OSError):
                    connection.send(b"a")

    def received(self, connections):
        """What came on those where something came."""
        with selectors.DefaultSelector() as waiting:
            for connection in connections:
                waiting.register(connection, selectors.EVENT_READ)
            return [key.fileobj.recv(65536) for key, _ in waiting.select(1)]

    def answers(self):
        """How many of the whole requests have their answer."""
        idle = self.connections[2::3]
        return sum(each.startswith(b"HTTP/1.1 200 ") for each in self.received(idle)), len(idle)

    def refusals(self):
        """How many of the slow ones were turned away for want of room; 408 is in order."""
        return sum(each.startswith(b"HTTP/1.1 503 ") for each in self.received(self.slow))

    def close(self):
        self.ended.set()
        self.thread.join()
        for connection in self.connections:
            connection.close()


@contextlib.contextmanager
def many_files(count):
    """May this process open so many? The sidecar raises its own limit, and inherits the low one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < count + 500:
        pytest.skip(f"{hard} open files are too few for a crowd of {count}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_unfinished_requests_take_bounded_memory_however_many_they_are(sidecar, server):
    beside = sidecar(server(), *FAST)
    settled(beside)
    with many_files(7000), contextlib.ExitStack() as stack:
        for _ in range(7000):
            connection = stack.enter_context(connect(beside))
            with contextlib.suppress(ConnectionError):  # it may have had to make room already
                connection.sendall(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nX-A: " + b"a" * 7500)
        judge(beside, samples_of(beside, 1), "7000 unfinished requests")
    judge(beside, samples_of(beside, 1), "after them")
    assert beside.stop() == 0


def test_five_thousand_connections_delay_no_answer_and_lose_none(sidecar, server):
    beside = sidecar(server(), *FAST)
    settled(beside)
    judge(beside, samples_of(beside, 1), "before them")
    with many_files(WANTED), contextlib.closing(Crowd(beside, WANTED)) as crowd:
        samples = samples_of(beside, 3)  # two more, and the first of them are cut
        judge(beside, samples, f"{WANTED} connections")
        answered, asked = crowd.answers()
        assert answered == asked
        assert crowd.refusals() == 0
    judge(beside, samples_of(beside, 1), "after them")
    assert beside.stop() == 0
