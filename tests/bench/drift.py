#!/usr/bin/env python3
"""What a diff of real servers costs, with the start of the process: prints the figures, and fails
when one takes too long.

    MCPCTL=build/release/cli/mcpctl python3 tests/bench/drift.py [--strict]

`--strict` checks the limit of 100 ms; without it other work on the machine may disturb what is only
a report. The servers' surfaces are those of tests/cli/drift/real_servers.py.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli/drift"))
import real_servers  # noqa: E402

MCPCTL = Path(os.environ.get("MCPCTL", ROOT / "build/release/cli/mcpctl")).resolve()
RUNS = 20
LIMIT = 0.1 if "--strict" in sys.argv else 1.0


def measure(sides, directory):
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        done = subprocess.run([MCPCTL, "diff", *sides], cwd=directory, capture_output=True)
        times.append(time.perf_counter() - began)
        assert done.returncode in (0, 1), done.stderr
    return times


def main() -> int:
    if not real_servers.REAL.exists():
        print("bench: skipped: no drift-real in ../shared; set MCPCTL_DRIFT_REAL to its folder")
        return 0
    slow = 0
    with tempfile.TemporaryDirectory() as directory:
        for server, older, newer in real_servers.PAIRS:
            sides = real_servers.write_pair(Path(directory), server, older, newer)
            size = sum((Path(directory) / side).stat().st_size for side in sides)
            times = measure(sides, directory)
            median = statistics.median(times)
            slow += median > LIMIT
            print(f"{server:22} {older:>10} → {newer:10} {size / 1024:6.0f} KiB"
                  f"  median {median * 1000:6.1f} ms  worst {max(times) * 1000:6.1f} ms")
    print(f"limit {LIMIT * 1000:.0f} ms: {'failed' if slow else 'kept'}")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
