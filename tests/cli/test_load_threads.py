"""`mcpctl load run` in four threads, as the thread sanitizer is to see it: it exits with 66 where two
threads meet without asking."""

import json
import os
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))


def run(url, *arguments):
    return subprocess.Popen(
        [MCPCTL, "load", "run", url, "--threads", "4", "--agents", "8", "--call", "echo", "--args",
         '{"text":"${agent.id}"}', "-o", "json", *arguments],
        text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_four_threads_drive_and_their_recordings_are_merged(server):
    process = run(server(), "--burst", "20/1s", "--idle", "300ms", "--duration", "3s")
    out, err = process.communicate(timeout=120)
    # A busy machine may miss the rate.
    assert process.returncode in (0, 1) and "ThreadSanitizer" not in err, err
    summary = json.loads(out)["summary"]
    assert summary["threads"] == 4
    assert (summary["sessions"]["opened"], summary["sessions"]["closed"]) == (8, 8)
    assert summary["all"]["failed"] == 0


def test_four_threads_hear_of_ctrl_c(server):
    process = run(server(), "--rate", "40/s", "--duration", "5m")
    assert "8 agents" in process.stderr.readline()
    time.sleep(1)  # whatever they do then
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode in (130, 1) and "ThreadSanitizer" not in err, err
    sessions = json.loads(out)["summary"]["sessions"]
    assert sessions["opened"] == sessions["closed"]
