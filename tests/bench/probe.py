#!/usr/bin/env python3
"""What a probe costs, beside curl: prints the figures and checks them against generous limits.

    MCPCTL=build/release/cli/mcpctl python3 tests/bench/probe.py [--strict]

One probe (initialize, initialized, tools/list, DELETE) against the test server is measured beside
one curl process that sends the same four requests on one connection, in turns, so that both meet
the same machine. `--strict` checks the limits of the design instead: 1.3 times curl, 16 MiB, 10 ms.
"""

import json
import os
import statistics
import subprocess
import sys
import urllib.request
from pathlib import Path

MCPCTL = Path(os.environ.get("MCPCTL", "build/release/cli/mcpctl")).resolve()
MEASURE = MCPCTL.parents[1] / "tests/bench/measure"
ROUNDS, RUNS = 12, 10
STRICT = "--strict" in sys.argv
# ratio, MiB, ms: other work on a shared machine may disturb what is only a report.
LIMITS = (1.3, 16, 10) if STRICT else (2.0, 24, 40)

INITIALIZE = {
    "jsonrpc": "2.0", "id": 1, "method": "initialize",
    "params": {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": {"name": "bench", "version": "1"},
    },
}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}
LIST = {"jsonrpc": "2.0", "id": 2, "method": "tools/list"}
FIELDS = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}


def start_server() -> tuple[subprocess.Popen, str]:
    server = subprocess.Popen(
        [MCPCTL, "testserver"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    for line in server.stdout:
        url = next((word for word in line.split() if word.startswith("http://")), None)
        if url:
            return server, url.rstrip(",.")
    raise SystemExit("bench: the test server told no URL")


def new_session(url: str) -> str:
    request = urllib.request.Request(url, json.dumps(INITIALIZE).encode(), FIELDS)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return answer.headers["Mcp-Session-Id"]


def curl_command(url: str, sessions: list[str]) -> list[str]:
    """curl cannot take the session id out of an answer, so each run is given a ready session: its
    initialize makes another one, which is the same work for both sides."""
    session = sessions.pop()
    quiet = ["-q", "-s", "-f", "-o", "/dev/null"]
    fields = [word for name, value in FIELDS.items() for word in ("-H", f"{name}: {value}")]
    held = [*fields, "-H", f"Mcp-Session-Id: {session}", "-H", "MCP-Protocol-Version: 2025-11-25"]
    requests = [
        [*fields, "-d", json.dumps(INITIALIZE), url],
        [*held, "-d", json.dumps(INITIALIZED), url],
        [*held, "-d", json.dumps(LIST), url],
        [*held, "-X", "DELETE", url],
    ]
    command = ["curl"]
    for index, request in enumerate(requests):
        command += (["--next"] if index else []) + quiet[1 if index else 0:] + request
    return command


def measure(count: int, command: list[str]) -> list[tuple[int, int]]:
    done = subprocess.run([MEASURE, str(count), *map(str, command)], capture_output=True, text=True, check=True)
    runs = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    failed = [status for _, _, status in runs if status]
    if failed:
        raise SystemExit(f"bench: {command[0]} exited with {failed[0]}")
    return [(wall, peak) for wall, peak, _ in runs]


def main() -> None:
    server, url = start_server()
    try:
        probe = [MCPCTL, "probe", url, "--protocol", "legacy", "--no-era-cache", "--noproxy"]
        probes, curls, versions = [], [], []
        for _ in range(ROUNDS):
            sessions = [new_session(url) for _ in range(RUNS)]
            probes += measure(RUNS, probe)
            for _ in range(RUNS):
                curls += measure(1, curl_command(url, sessions))
            versions += measure(RUNS, [MCPCTL, "version"])
    finally:
        server.terminate()
        server.wait(timeout=10)

    median = {
        name: statistics.median(wall for wall, _ in runs) / 1000
        for name, runs in (("probe", probes), ("curl", curls))
    }
    figures = (
        (f"probe {median['probe']:.2f} ms, curl {median['curl']:.2f} ms: ratio",
         median["probe"] / median["curl"], LIMITS[0], ""),
        ("peak memory of a probe", max(peak for _, peak in probes) / 1024, LIMITS[1], " MiB"),
        ("mcpctl version, the best run", min(wall for wall, _ in versions) / 1000, LIMITS[2], " ms"),
    )
    missed = 0
    for what, value, limit, unit in figures:
        missed += value > limit
        print(f"{what} {value:.2f}{unit} (limit {limit:g}{unit}){' MISSED' if value > limit else ''}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
