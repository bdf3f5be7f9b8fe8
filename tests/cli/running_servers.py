"""Test servers for tests that share one: in a module of its own, because pytest has many conftests."""

import contextlib
import os
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))


@contextlib.contextmanager
def running_servers(folder):
    """What starts test servers, and has them as `processes`; at its end all of them end."""
    running = []

    def start(*arguments):
        ready = folder / f"ready-{len(running)}"
        running.append(subprocess.Popen(
            [MCPCTL, "testserver", "--ready-file", ready, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        deadline = time.monotonic() + 20
        while not (ready.exists() and ready.read_text()):
            assert running[-1].poll() is None, "the test server ended"
            assert time.monotonic() < deadline, "the test server does not listen"
            time.sleep(0.01)
        return ready.read_text().strip()

    start.processes = running
    try:
        yield start
    finally:
        for process in running:
            process.send_signal(signal.SIGCONT)  # a test may have stopped it
            process.terminate()
        for process in running:
            process.wait(timeout=10)
