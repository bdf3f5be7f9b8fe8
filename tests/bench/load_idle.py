#!/usr/bin/env python3
"""What thousands of sessions cost `mcpctl load` that hold their stream open and say nothing.

    MCPCTL=build/release/cli/mcpctl python3 tests/bench/load_idle.py [--strict]

The library's scenario many-idle against `mcpctl testserver`. `--strict` holds 10,000 of them and
checks the limits of the design, then 19,000 (or as many as the limit of files allows) from several
loopback addresses in one process; without it 2,000, with generous limits.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from load_run import LoadRun, connections_by_source
from load_server import MCPCTL, TestServer, require

STRICT = "--strict" in sys.argv
ERAS = ("legacy", "modern") if STRICT else ("legacy",)
SESSIONS, QUIET = (10_000, 25) if STRICT else (2000, 4)  # seconds of silence that are measured
PEAK_MIB, CPU_PERCENT = (96, 2.0) if STRICT else (120, 10.0)
MANY, SOURCES = 19_000, [f"127.0.0.{last}" for last in range(2, 6)]
SPARE_FILES = 500
missed = []


def judge(what: str, value: float, unit: str, kept: bool, limit: str) -> None:
    if not kept:
        missed.append(what)
    print(f"{what}: {value:.{1 if unit else 0}f}{unit} ({limit}){'' if kept else ' MISSED'}", flush=True)


def hold(folder: Path, sessions: int, quiet: float, *options: str) -> dict:
    """Holds them for that time, and says what that cost."""
    arrive = max(4, sessions // 1000)
    with TestServer() as server:
        run = LoadRun(folder, "many-idle", server.url, "--agents", sessions, "--set", f"arrive={arrive}s",
                      "--duration", f"{arrive + quiet + 120:.0f}s", *options)
        try:
            there = run.wait_for_sockets(sessions, arrive + 60)
            time.sleep(arrive / 2)  # the last streams open
            sources = connections_by_source(int(server.url.split(":")[2].split("/")[0]))
            before, began = run.cpu_seconds(), time.monotonic()
            time.sleep(quiet)
            percent = (run.cpu_seconds() - before) / (time.monotonic() - began) * 100
            results = run.finish(interrupt=True)
        except BaseException:
            run.process.kill()
            raise
    summary = results["summary"]
    streams = next((step for step in summary["steps"] if "listen" in step["name"]), None)
    return {
        "sockets": there, "sources": sources, "cpu": percent, "peak": results["peak_mib"],
        "opened": summary["sessions"]["opened"], "lost": summary["sessions"]["lost"],
        "streams": streams["requests"] - streams["failed"] if streams else 0,
        "cut": summary["connections"]["streams_cut"],
    }


def judge_held(what: str, sessions: int, held: dict) -> None:
    judge(f"{what}, streams open", held["streams"], "", held["streams"] == sessions, f"all {sessions}")
    broken = held["lost"] + held["cut"]
    judge(f"{what}, sessions lost and streams cut", broken, "", broken == 0, "none")


def has_sources() -> bool:
    text = subprocess.run([MCPCTL, "load", "run", "--help"], capture_output=True, text=True, check=False)
    return "--source " in text.stdout


def main() -> int:
    require("taskset")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for era in ERAS:
            hold_era(folder, era)
        if STRICT:
            hold_many(folder)
    return 1 if missed else 0


def hold_era(folder: Path, era: str) -> None:
    held = hold(folder, SESSIONS, QUIET, "--protocol", era)
    what = f"{SESSIONS} idle sessions, {era}"
    judge_held(what, SESSIONS, held)
    judge(f"{what}, peak memory", held["peak"], " MiB", held["peak"] < PEAK_MIB, f"under {PEAK_MIB} MiB")
    judge(f"{what}, CPU over {QUIET} s", held["cpu"], " % of a core", held["cpu"] < CPU_PERCENT,
          f"under {CPU_PERCENT:g} %")


def hold_many(folder: Path) -> None:
    allowed = resource.getrlimit(resource.RLIMIT_NOFILE)[1] - SPARE_FILES
    sessions = min(MANY, allowed)
    if sessions < MANY:
        print(f"the limit of files allows {sessions} sessions here, not {MANY}", flush=True)
    what = f"{sessions} idle sessions of one process"
    if not has_sources():
        missed.append(what)
        print(f"{what}: this mcpctl has no --source MISSED", flush=True)
        return
    held = hold(folder, sessions, QUIET, "--protocol", "legacy", "--source", ",".join(SOURCES))
    judge_held(what, sessions, held)
    used = {source: held["sources"][source] for source in SOURCES}
    even = min(used.values()) > sessions / len(SOURCES) / 2
    judge(f"{what}, loopback addresses in use", len([count for count in used.values() if count]), "", even,
          f"all of {', '.join(f'{source}: {count}' for source, count in used.items())}")
    print(f"{what}: {held['peak']:.1f} MiB, {held['cpu']:.2f} % of a core", flush=True)


if __name__ == "__main__":
    sys.exit(main())
