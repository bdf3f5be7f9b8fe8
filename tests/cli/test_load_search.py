"""mcpctl load run idle-cut, capacity and rollout: what they print, and what they refuse."""

import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import jsonschema
import pytest

MCPCTL = os.environ["MCPCTL"]
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "cli/render/schema/load.schema.json").read_text(encoding="utf-8"))
RELEASE = not os.environ.get("MCPCTL_SLOW_BUILD")
NOBODY = "http://127.0.0.1:9/mcp"


@pytest.fixture
def spawn(tmp_path):
    def start(*arguments):
        return subprocess.Popen([MCPCTL, "load", *arguments], cwd=tmp_path, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True,
                                env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})

    return start


@pytest.fixture
def run(spawn):
    def start(*arguments):
        process = spawn(*arguments)
        process.out, process.err = process.communicate(timeout=120)
        return process

    return start


def sessions_held(url):
    base = re.match(r"(https?://[^/]+)", url)[1]
    text = urllib.request.urlopen(base + "/metrics", timeout=10).read().decode()
    return int(re.search(r"^mcp_testserver_sessions (\d+)$", text, re.MULTILINE)[1])


def valid(text):
    document = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


def lines(text):
    return [line.strip() for line in text.splitlines()]


def test_idle_cut_tells_what_is_cut_and_by_whom_and_the_results_file_says_the_same(
        run, server, tmp_path):
    url = server("--era", "legacy", "--session-ttl", "3s", "--idle-timeout", "5s", "--keep-alive",
                 "1s")
    done = run("run", "idle-cut", url, "--set", "longest=8s", "--results", "a.json")
    assert done.returncode == 0, done.out + done.err
    told = lines(done.out)
    assert told[0].startswith(f"FOUND idle-cut {url}: idle ")
    assert any(re.match(r"sessions: lost after \S+ s \(±0\.\d s\) idle, by the server, which no "
                        r"longer knows it: HTTP 404$", line) for line in told), done.out
    assert any(re.match(r"connections: cut after \S+ s \(±0\.\d s\) idle, by FIN", line)
               for line in told), done.out
    results = valid((tmp_path / "a.json").read_text())
    found = {each["subject"]: each for each in results["search"]["idle"]}
    assert abs(found["session"]["seconds"] - 3) <= 0.75
    assert abs(found["connection"]["seconds"] - 5) <= 0.75
    # The comments keep a stream alive, and the session with it, or they do not; they are told.
    assert found["stream"]["keep_alive_seen"]
    report = run("report", "a.json")
    assert (report.returncode, report.out) == (0, done.out)
    assert sessions_held(url) == 0


def test_the_modern_era_has_no_sessions_to_lose(run, server):
    url = server("--era", "modern", "--idle-timeout", "2s")
    done = run("run", "idle-cut", url, "--set", "longest=4s", "-o", "json")
    assert done.returncode == 0, done.out + done.err
    found = {each["subject"]: each for each in valid(done.out)["search"]["idle"]}
    assert found["session"]["absent"] == "the modern protocol has none"
    assert abs(found["connection"]["seconds"] - 2) <= 0.75


def test_ctrl_c_tells_what_is_known_and_leaves_nothing_behind(spawn, server):
    url = server("--era", "legacy")
    process = spawn("run", "idle-cut", url, "-o", "json")
    deadline = time.monotonic() + 20
    while sessions_held(url) < 24:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(4)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130, out + err
    search = valid(out)["search"]
    assert search["end"] == "interrupted"
    for finding in search["idle"]:
        assert finding["verdict"] == "searching"
        assert finding["survived_nanos"] >= 3_500_000_000
    assert sessions_held(url) == 0


def test_the_time_of_a_search_is_bounded(run, server):
    begun = time.monotonic()
    done = run("run", "idle-cut", server(), "--duration", "3s")
    assert time.monotonic() - begun < 15
    assert done.returncode == 1
    assert done.out.startswith("OUT OF TIME idle-cut ")


class Slow(BaseHTTPRequestHandler):
    """An MCP server that answers one request after the other, each in ten milliseconds."""

    protocol_version = "HTTP/1.1"
    turn = threading.Lock()

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "id" not in request:
            return self.answer(202, b"")
        result = {"tools": []}
        if request["method"] == "initialize":
            result = {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                      "serverInfo": {"name": "slow", "version": "1"}}
        else:
            with self.turn:
                time.sleep(0.01)
        text = json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": result})
        return self.answer(200, text.encode())

    def do_DELETE(self):
        self.answer(405, b"")

    do_GET = do_DELETE

    def answer(self, status, body):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def slow():
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), Slow)
    httpd.daemon_threads = True
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_address[1]}/mcp"
    httpd.shutdown()
    thread.join()
    httpd.server_close()


CAPACITY = ["--protocol", "legacy", "--agents", "5", "--set", "from=10/s", "--set", "step=2s"]


@pytest.mark.skipif(not RELEASE, reason="judges latencies")
def test_capacity_finds_the_rate_at_which_a_slow_server_breaks(run, slow):
    done = run("run", "capacity", slow, *CAPACITY, "--set", "top=640/s", "--results", "a.json",
               "-o", "json")
    results = valid(done.out)
    capacity = results["search"]["capacity"]
    if capacity["verdict"] == "saturated":  # this machine is too busy, and that must be told
        assert done.returncode == 1
        assert run("report", "a.json").out.startswith("SATURATED capacity ")
        return
    assert done.returncode == 0, done.err
    assert capacity["verdict"] == "found"
    # It can do a hundred, and a step of two seconds lets a queue of half a second build up.
    assert 40 <= capacity["kept"]["per_second"] <= 160
    assert capacity["kept"]["per_second"] < capacity["broken"]["per_second"] <= 320
    assert "was wanted" in capacity["reason"]
    # A step that a busy machine spoilt is tried again.
    rates = list(dict.fromkeys(step["rate"]["per_second"] for step in capacity["steps"]))
    assert rates[:3] == [10, 20, 40]
    text = run("report", "a.json").out
    assert re.match(r"FOUND capacity \S+: keeps \S+/s, breaks at \S+/s: ", text)
    assert re.search(r"^  10/s +\S+/s +.* kept", text, re.MULTILINE)


def test_a_server_that_breaks_at_the_lowest_rate_has_no_capacity(run, slow):
    done = run("run", "capacity", slow, *CAPACITY, "--threshold", "requests >= 1000000")
    assert done.returncode == 1
    # Unless this machine is so busy that nothing can be said of the server.
    assert re.match(r"(NOT FOUND capacity \S+: breaks at 10/s already|SATURATED )", done.out), done.out


def test_a_generator_that_cannot_keep_the_pace_does_not_blame_the_server(spawn, server):
    process = spawn("run", "capacity", server(), *CAPACITY, "--set", "top=20/s", "-o", "json")
    while process.poll() is None:  # the program itself is held up
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.1)
        process.send_signal(signal.SIGCONT)
        time.sleep(0.1)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 1, err
    capacity = valid(out)["search"]["capacity"]
    assert capacity["verdict"] == "saturated"
    assert "broken" not in capacity
    assert "itself was too slow" in capacity["text"]


def test_rollout_tells_of_each_session_that_a_restart_lost(spawn, run, server, tmp_path):
    url = server("--era", "legacy")
    address = re.match(r"http://([^/]+)", url)[1]
    process = spawn("run", "rollout", url, "--agents", "6", "--set", "every=300ms", "--duration",
                    "10s", "--results", "a.json")
    deadline = time.monotonic() + 20
    while sessions_held(url) < 6:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    server.processes[0].kill()
    server.processes[0].wait()
    server("--era", "legacy", "--listen", address)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, out + err
    followed = valid((tmp_path / "a.json").read_text())["recording"]["followed"]
    assert sorted(each["agent"] for each in followed["losses"]) == [1, 2, 3, 4, 5, 6]
    assert (followed["sessions"], followed["lost"], followed["unsure"]) == (12, 6, 0)
    assert "followed     12 sessions, 6 lost, each agent came back" in out
    assert len(re.findall(r"unknown to the server \(404\) +\S+ m?s before", out)) == 6
    assert sessions_held(url) == 0


@pytest.mark.parametrize(
    ("line", "says"),
    [(["idle-cut", NOBODY, "--agents", "5"], "--agents"),
     (["idle-cut", NOBODY, "--threads", "2"], "--threads"),
     (["idle-cut", NOBODY, "--rate", "5/s"], "--rate"),
     (["idle-cut", NOBODY, "--call", "echo"], "--call"),
     (["idle-cut", NOBODY, "--hlog", "a"], "--hlog"),
     (["idle-cut", NOBODY, "--shard", "1/2"], "--shard"),
     (["idle-cut", "--", MCPCTL, "testserver", "--stdio"], "no connections"),
     (["idle-cut", NOBODY, "--set", "shortest=20m"], "from must be shorter than to"),
     (["capacity", NOBODY, "--shard", "1/2"], "--shard"),
     (["capacity", NOBODY, "--start-at", "2026-11-21T07:00:00Z"], "--start-at"),
     (["capacity", NOBODY, "--set", "top=1/s"], "below to")])
def test_what_a_search_would_ignore_is_refused(run, line, says):
    done = run("run", *line)
    assert done.returncode == 2, done.out + done.err
    assert says in done.err


def test_a_search_that_reaches_nobody_says_so(run):
    assert run("run", "idle-cut", NOBODY).returncode == 3
    assert run("run", "capacity", NOBODY).returncode == 3
