"""mcpctl sidecar: how many sessions its server has, and drains that wait for them."""

import contextlib
import json
import re
import signal
import socket
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from running_servers import MCPCTL
from running_sidecars import ERAS, FAST, OPENER, era_of, run, running_sidecars, sessions_held


@pytest.fixture
def sidecar():
    with running_sidecars() as start:
        yield start


def test_a_drain_keeps_readyz_and_says_how_it_ended(sidecar, server):
    url = server()
    beside = sidecar(url, *FAST)
    beside.wait_for("/readyz", 200)
    code, text = beside.ask("/drain?wait=1s")
    assert code == 200
    assert set(json.loads(text)) == {"drained", "cut", "active", "source", "took_seconds"}
    assert beside.status()["state"] == "draining"
    assert beside.ask("/readyz")[0] == 200
    assert beside.ask("/drain?wait=later")[0] == 400
    failing = sidecar(url, *FAST, "--drain-readyz", "fail")
    failing.wait_for("/readyz", 200)
    assert failing.ask("/drain", "POST")[0] == 202
    assert failing.ask("/readyz")[0] == 503
    assert failing.ask("/livez")[0] == 200
    for each in (beside, failing):
        assert each.stop() == 0
    assert sessions_held(url) == 0


@contextlib.contextmanager
def listener(url, *how):
    """A client that holds a session open; its handshake is done."""
    process = subprocess.Popen([MCPCTL, "listen", url, *how], stdout=subprocess.DEVNULL,
                               stderr=subprocess.PIPE)
    try:
        assert b"listening to" in process.stderr.readline()
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.mark.parametrize("how", ERAS)
def test_the_proxy_counts_sessions_and_a_drain_waits_for_the_last_one(sidecar, server, how):
    url = era_of(server(), how)
    beside = sidecar(url, *FAST, "--proxy", "127.0.0.1:0", "--session-idle", "1m", *how)
    beside.wait_for("/readyz", 200)
    through = beside.proxied(url)
    assert beside.sessions() == {"active": 0, "source": "proxy", "upper_bound": False}
    with listener(through, *how) as client, ThreadPoolExecutor() as pool:
        beside.wait_until(lambda: beside.sessions()["active"] == 1, "the session is not counted")
        drained = pool.submit(beside.ask, "/drain?wait=40s", "POST")
        beside.wait_until(lambda: beside.status()["state"] == "draining", "it does not drain")
        refused = subprocess.run([MCPCTL, "list", "tools", through, *how], capture_output=True,
                                 text=True, timeout=60)
        if "modern" not in how:  # which has no sessions: its requests are served to the end
            assert refused.returncode != 0
            assert "503" in refused.stderr
        assert not drained.done()
        assert client.poll() is None
        client.terminate()
        code, text = drained.result(60)
    assert code == 200
    result = json.loads(text)
    assert {**result, "took_seconds": 0} == {"drained": True, "cut": 0, "active": 0,
                                             "source": "proxy", "took_seconds": 0}
    assert beside.stop() == 0
    assert sessions_held(url) == 0


def test_a_drain_without_sessions_takes_its_least_time(sidecar, server):
    beside = sidecar(server(), *FAST, "--proxy", "127.0.0.1:0", "--drain-least", "600ms")
    beside.wait_for("/readyz", 200)
    drained = json.loads(beside.ask("/drain?wait=30s")[1])
    assert (drained["drained"], drained["active"]) == (True, 0)
    assert 0.6 <= drained["took_seconds"] < 20
    # The least time is over: SIGTERM has nothing to wait for.
    assert beside.stop() == 0


def test_sigterm_drains_and_says_how_many_sessions_were_cut(sidecar, server):
    url = server()
    beside = sidecar(url, *FAST, "--proxy", "127.0.0.1:0", "--drain-timeout", "1s")
    beside.wait_for("/readyz", 200)
    with listener(beside.proxied(url)):
        beside.wait_until(lambda: beside.sessions()["active"] == 1, "the session is not counted")
        begin = time.monotonic()
        assert beside.stop() == 0
        assert time.monotonic() - begin >= 1
    assert any(re.search(r"drain ended after 1.* s: 1 session cut$", line) for line in beside.lines)


def test_the_second_signal_does_not_wait_for_the_drain(sidecar, server):
    url = server()
    beside = sidecar(url, *FAST, "--proxy", "127.0.0.1:0", "--drain-timeout", "1h")
    beside.wait_for("/readyz", 200)
    with listener(beside.proxied(url)):
        beside.wait_until(lambda: beside.sessions()["active"] == 1, "the session is not counted")
        beside.process.send_signal(signal.SIGINT)
        beside.wait_until(lambda: beside.status()["state"] == "draining", "it does not drain")
        # A shell's background jobs ignore SIGINT, and so do their children once it is not watched.
        assert beside.stop(signal.SIGTERM) == -signal.SIGTERM


def test_sessions_are_scraped_from_the_server_or_else_bounded_by_its_connections(sidecar, server):
    url = server("--era", "legacy")
    page = re.match(r"(https?://[^/]+)", url)[1] + "/metrics"
    with OPENER.open(page, timeout=10) as answer:
        name = re.search(r"^(\S+_sessions) ", answer.read().decode(), re.MULTILINE)[1]
    scraping = sidecar(url, *FAST, "--scrape", page, "--scrape-metric", name)
    counting = sidecar(url, *FAST)
    scraping.wait_for("/readyz", 200)
    scraping.wait_until(lambda: (scraping.sessions()["active"] or 0) >= 2, "the canaries are two")
    assert scraping.sessions()["source"] == "scrape"
    with listener(url):
        counting.wait_until(lambda: (counting.sessions()["active"] or 0) >= 1, "no connection")
        found = counting.sessions()
        assert (found["source"], found["upper_bound"]) == ("sockets", True)
        metric = 'mcpctl_sidecar_active_sessions{source="sockets"}'
        counting.wait_until(lambda: counting.metrics().get(metric, 0) >= 1, "no metric")
    missing = sidecar(url, *FAST, "--scrape", page, "--scrape-metric", "no_such_metric")
    missing.wait_until(lambda: missing.sessions()["source"] == "sockets", "no fallback")
    assert "no_such_metric" in missing.sessions()["problem"]


def test_what_a_proxy_cannot_do_is_told(sidecar, server):
    done = run("https://127.0.0.1:1/mcp", "--proxy", "127.0.0.1:0")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        2, "mcpctl: --proxy: needs a target with an http:// URL")
    done = run("http://127.0.0.1:1/mcp", "--scrape", "http://127.0.0.1:1/metrics")
    assert (done.returncode, done.stderr) == (
        2, "mcpctl: --scrape and --scrape-metric belong together\n")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("http://127.0.0.1:1/mcp", "--listen", "127.0.0.1:0",
                   environment={"MCPCTL_PROXY": address})
    assert done.returncode == 2
    assert done.stderr.startswith(f"mcpctl: MCPCTL_PROXY: cannot listen on {address}: ")
