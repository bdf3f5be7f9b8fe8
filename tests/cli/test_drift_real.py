"""`mcpctl diff` of real servers, old and new versions: read by a person when they change."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "drift"))
import real_servers  # noqa: E402

MCPCTL = os.environ.get("MCPCTL", str(HERE.parents[1] / "build/release/cli/mcpctl"))
SLOW = bool(os.environ.get("MCPCTL_SLOW_BUILD"))
pytestmark = pytest.mark.skipif(
    not real_servers.REAL.exists(),
    reason="no drift-real in ../shared; set MCPCTL_DRIFT_REAL to its folder")


@pytest.mark.parametrize("server, older, newer", real_servers.PAIRS)
def test_the_diff_of_a_real_server(tmp_path, server, older, newer):
    sides = real_servers.write_pair(tmp_path, server, older, newer)
    began = time.monotonic()
    done = subprocess.run([MCPCTL, "diff", *sides], cwd=tmp_path, capture_output=True, text=True,
                          timeout=60)
    took = time.monotonic() - began
    assert done.stderr == ""
    assert done.returncode == (1 if done.stdout.startswith("BREAKING") else 0)
    golden = HERE / "drift" / f"{server}-{newer}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(done.stdout, encoding="utf-8")
    assert done.stdout == golden.read_text(encoding="utf-8")
    # 100 ms on a machine of its own (tests/bench/drift.py); this one may be busy.
    assert SLOW or took < 1
