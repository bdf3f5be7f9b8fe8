#!/usr/bin/env python3
"""What the proxy of `mcpctl sidecar` costs: the latency that it adds, and the memory of idle streams.

    MCPCTL=build/release/cli/mcpctl python3 tests/bench/sidecar_proxy.py [--strict]

The same load on the same test server, in turns directly and through the proxy, so that both meet the
same machine. Then streams that are open and say nothing: 10,000 with `--strict`, or as many as the
limit of open files allows (each takes two), from two loopback addresses; 2,000 without it.
"""

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from load_run import LoadRun
from load_server import MCPCTL, SERVER_CORE, TestServer, end, free_ports, on_core, require

STRICT = "--strict" in sys.argv
ROUNDS, SECONDS = (9, 5) if STRICT else (5, 3)
ADDED_MS, RSS_MIB = (0.3, 512) if STRICT else (1.0, 512)
STREAMS = 10_000 if STRICT else 2_000
# Of the limit of open files the proxy leaves some for the rest of the sidecar.
SPARE_FILES, ARRIVING = 500, 250
SOURCES = "127.0.0.2,127.0.0.3"
missed = []


def judge(what: str, text: str, kept: bool, limit: str) -> None:
    if not kept:
        missed.append(what)
    print(f"{what}: {text} ({limit}){'' if kept else ' MISSED'}", flush=True)


class Sidecar:
    """A sidecar with its proxy before a server."""

    def __init__(self, url: str):
        self.port, proxy = free_ports(2)
        self.url = f"http://127.0.0.1:{proxy}/mcp"
        self.process = subprocess.Popen(on_core(SERVER_CORE, [
            MCPCTL, "sidecar", url, "--noproxy", "--quiet", "--listen", f"127.0.0.1:{self.port}",
            "--proxy", f"127.0.0.1:{proxy}"]))
        deadline = time.monotonic() + 20
        while not self.answers():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise SystemExit("bench: the sidecar does not become ready")
            time.sleep(0.05)

    def answers(self) -> bool:
        try:
            return self.get("/readyz") == b"ok\n"
        except OSError:
            return False

    def get(self, path: str) -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return answer.read()

    def active(self) -> int:
        return json.loads(self.get("/sessions"))["active"]

    def rss_mib(self) -> float:
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

    def slowest_readyz_ms(self, times: int = 50) -> float:
        took = []
        for _ in range(times):
            began = time.monotonic()
            self.get("/readyz")
            took.append((time.monotonic() - began) * 1000)
        return max(took)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        end(self.process)


def median_ms(folder: Path, url: str) -> float:
    """Of calls at a rate that leaves the machine idle in between."""
    run = LoadRun(folder, url, "--protocol", "legacy", "--agents", 10, "--rate", "200/s", "--duration",
                  f"{SECONDS}s", "--call", "echo", "--args", '{"text":"hello"}', "--threads", 1)
    steps = run.finish()["summary"]["steps"]
    step = next(each for each in steps if each["name"] == "tools/call:echo")
    if step["failed"]:
        raise SystemExit(f"bench: {step['failed']} calls of {url} failed")
    return step["latency_from_start_micros"]["p50"] / 1000


def measure_latency(folder: Path) -> None:
    pairs = []
    with TestServer() as server, Sidecar(server.url) as sidecar:
        for _ in range(ROUNDS):
            pairs.append((median_ms(folder, server.url), median_ms(folder, sidecar.url)))
    added = statistics.median(through - direct for direct, through in pairs)
    direct, through = (statistics.median(each) for each in zip(*pairs))
    judge("latency added at the median", f"{added:.3f} ms (directly {direct:.3f} ms, through the proxy "
          f"{through:.3f} ms, median of {ROUNDS} pairs)", added < ADDED_MS, f"under {ADDED_MS} ms")


def measure_streams(folder: Path) -> None:
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    streams = min(STREAMS, (files - SPARE_FILES) // 2 - ARRIVING)
    if streams < STREAMS:
        print(f"the limit of open files, {files}, allows {streams} streams here, not {STREAMS}", flush=True)
    arrive = max(4, streams // 600)
    with TestServer() as server, Sidecar(server.url) as sidecar:
        empty = sidecar.rss_mib()
        run = LoadRun(folder, "many-idle", sidecar.url, "--protocol", "legacy", "--agents", streams, "--set",
                      f"arrive={arrive}s", "--duration", f"{arrive + 120}s", "--source", SOURCES)
        try:
            run.wait_for_sockets(streams, arrive + 60)
            deadline = time.monotonic() + 30
            while (active := sidecar.active()) < streams and time.monotonic() < deadline:
                time.sleep(0.2)
            slowest, rss = sidecar.slowest_readyz_ms(), sidecar.rss_mib()
            summary = run.finish(interrupt=True)["summary"]
        except BaseException:
            run.process.kill()
            raise
    what = f"{streams} idle streams"
    judge(f"{what}, counted as sessions", str(active), active == streams, f"all {streams}")
    broken = summary["sessions"]["lost"] + summary["connections"]["streams_cut"]
    judge(f"{what}, sessions lost and streams cut", str(broken), broken == 0, "none")
    judge(f"{what}, memory", f"{rss:.1f} MiB ({empty:.1f} MiB without any; that is "
          f"{empty + (rss - empty) * 10_000 / streams:.0f} MiB for 10,000)", rss < RSS_MIB,
          f"under {RSS_MIB} MiB")
    judge(f"{what}, the slowest of 50 /readyz", f"{slowest:.1f} ms", slowest < 50, "under 50 ms")


def main() -> int:
    require("taskset")
    with tempfile.TemporaryDirectory() as name:
        measure_latency(Path(name))
        measure_streams(Path(name))
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
