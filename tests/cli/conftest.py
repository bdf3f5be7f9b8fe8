"""What several files of tests start."""

import os
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))


@pytest.fixture
def server(tmp_path):
    """Starts test servers: server("--fault", "html") is a URL."""
    running = []

    def start(*arguments):
        ready = tmp_path / f"ready-{len(running)}"
        running.append(subprocess.Popen(
            [MCPCTL, "testserver", "--ready-file", ready, *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        deadline = time.monotonic() + 20
        while not (ready.exists() and ready.read_text()):
            assert running[-1].poll() is None, "the test server ended"
            assert time.monotonic() < deadline, "the test server does not listen"
            time.sleep(0.01)
        return ready.read_text().strip()

    yield start
    for process in running:
        process.terminate()
    for process in running:
        process.wait(timeout=10)
