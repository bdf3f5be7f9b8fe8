#!/usr/bin/env python3
"""How exactly `mcpctl load` keeps its times, and what it says of a server that froze, beside wrk
and (with --strict) hey.

    MCPCTL=build/release/cli/mcpctl python3 tests/bench/load_pace.py [--strict]

First an open loop against nginx: the error of the start, actual minus intended. Then a test server
is stopped (SIGSTOP) for three tenths of the run: whoever waits for an answer before the next request
sees one slow answer a connection, and calls the rest of the time fast. `--strict` takes longer runs
and checks the limits of the design; it wants an idle machine.
"""

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from load_clients import BODY, FIELDS, is_there
from load_run import LoadRun
from load_server import CLIENT_CORE, StaticServer, TestServer, on_core, require

STRICT = "--strict" in sys.argv
PACE_SECONDS = 10 if STRICT else 2
LAG_MICROS = 150 if STRICT else 20_000
FREEZE_SECONDS = 10 if STRICT else 4  # the whole run; three tenths of it the server is stopped
# Of all requests three tenths wait, the unluckiest tenth more than two thirds of the stop.
P90_SECONDS = FREEZE_SECONDS * (0.2 if STRICT else 0.15)
AGENTS, RATE = 50, 500
OTHERS = ("wrk", "hey") if STRICT else ("wrk",)
CALL = ["--call", "echo", "--args", '{"text":"hello"}', "--protocol", "legacy", "--threads", "1"]
missed = []


def check(kept: bool, what: str) -> str:
    if not kept:
        missed.append(what)
    return "" if kept else " MISSED"


def keep_pace(folder: Path, server: StaticServer, rate: int) -> None:
    run = LoadRun(folder, "steady", server.url(), "--agents", AGENTS, "--rate", f"{rate}/s",
                  "--duration", f"{PACE_SECONDS}s", *CALL)
    summary = run.finish()["summary"]
    lag, share = summary["lag_micros"], summary["rate"]["share"]
    kept = lag["p99"] < LAG_MICROS and share > 0.99 and not summary["all"]["failed"]
    print(f"{rate:>8}/s  {share * 100:>11.2f} %  {lag['p50']:>7} us  {lag['p99']:>7} us"
          f"  {lag['max']:>7} us  under {LAG_MICROS} us{check(kept, f'pace {rate}')}", flush=True)


def freeze(server: TestServer) -> None:
    """In the middle of a run that has just begun."""
    time.sleep(FREEZE_SECONDS * 0.3)
    server.process.send_signal(signal.SIGSTOP)
    try:
        time.sleep(FREEZE_SECONDS * 0.3)
    finally:
        server.process.send_signal(signal.SIGCONT)


def frozen_mcpctl(folder: Path, server: TestServer) -> str:
    run = LoadRun(folder, "steady", server.url, "--agents", AGENTS, "--rate", f"{RATE}/s",
                  "--duration", f"{FREEZE_SECONDS}s", *CALL)
    freeze(server)
    results = run.finish()
    summary = results["summary"]
    called = next(step for step in summary["steps"] if step["name"].startswith("tools/call"))
    p90 = called["latency_micros"]["p90"] / 1e6
    slots = results["recording"]["timeline"]["slots"][:FREEZE_SECONDS]
    worst = min(slots, key=lambda slot: slot.get("answered", 0) / max(1, slot.get("intended", 0)))
    shown = worst.get("answered", 0) < 0.5 * worst["intended"]
    missing = check(p90 > P90_SECONDS, "p90 of mcpctl") or check(shown, "missed rate of mcpctl")
    return (f"{'mcpctl':10}  {p90:>8.3f} s  {called['requests'] - called['failed']:>9} of {RATE * FREEZE_SECONDS}  "
            f"{worst.get('answered', 0)} of {worst['intended']} in its worst second  "
            f"over {P90_SECONDS:g} s{missing}")


def new_session(url: str) -> str:
    """For programs that do not begin one themselves."""
    initialize = json.dumps({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "bench", "version": "1"}},
    })
    fields = {name: FIELDS[name] for name in ("Content-Type", "Accept")}
    with urllib.request.urlopen(urllib.request.Request(url, initialize.encode(), fields), timeout=10) as answer:
        return answer.headers["Mcp-Session-Id"]


def frozen_other(folder: Path, server: TestServer, name: str) -> str:
    fields = {**FIELDS, "Mcp-Session-Id": new_session(server.url)}
    script = folder / "call.lua"
    lines = "\n".join(f'wrk.headers["{key}"] = "{value}"' for key, value in fields.items())
    script.write_text(f"wrk.method = 'POST'\nwrk.body = '{BODY}'\n{lines}\n")
    (folder / "call.json").write_text(BODY)
    if name == "wrk":
        command = ["wrk", "-t1", f"-c{AGENTS}", f"-d{FREEZE_SECONDS}s", "--latency", "--timeout", "30s",
                   "-s", script, server.url]
        p90_line, count_line = r" 90% +([0-9.]+)(us|ms|s)", r"(\d+) requests in"
    else:
        given = [word for key, value in fields.items() for word in ("-H", f"{key}: {value}")]
        command = ["hey", "-cpus", "1", "-z", f"{FREEZE_SECONDS}s", "-c", AGENTS, "-q", RATE // AGENTS,
                   "-m", "POST", "-D", folder / "call.json", *given, server.url]
        p90_line, count_line = r"90% in ([0-9.]+) (secs)", r"\[200\]\s+(\d+) responses"
    client = subprocess.Popen(on_core(CLIENT_CORE, command), stdout=subprocess.PIPE, text=True)
    freeze(server)
    text = client.communicate(timeout=FREEZE_SECONDS + 60)[0]
    found, count = re.search(p90_line, text), re.search(count_line, text)
    if not found or not count:
        raise SystemExit(f"bench: {name} said something unknown:\n{text[-2000:]}")
    p90 = float(found[1]) * {"us": 1e-6, "ms": 1e-3, "s": 1, "secs": 1}[found[2]]
    wanted = f"of {RATE * FREEZE_SECONDS}" if name == "hey" else "as fast as it can"
    return f"{name:10}  {p90:>8.3f} s  {count[1]:>9} {wanted}"


def main() -> int:
    require("nginx", "wrk", "openssl", "taskset")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chmod(folder, 0o755)  # nginx drops its rights, and must still reach its files
        print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
        print(f"{'intended':>10}  {'answered':>13}  {'p50 lag':>10}  {'p99 lag':>10}  {'worst':>10}")
        with StaticServer(folder) as server:
            for rate in (1000, 10_000):
                keep_pace(folder, server, rate)
        print(f"\na server stopped for {FREEZE_SECONDS * 0.3:g} s of {FREEZE_SECONDS} s\n"
              f"{'program':10}  {'p90':>10}  answered")
        with TestServer() as server:
            print(frozen_mcpctl(folder, server), flush=True)
        for other in OTHERS:
            if not is_there(other):
                print(f"{other:10}  not compared, since it is not installed")
                continue
            with TestServer() as server:
                print(frozen_other(folder, server, other), flush=True)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
