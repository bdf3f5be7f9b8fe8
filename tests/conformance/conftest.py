"""Fixtures: the official runner (npm @modelcontextprotocol/conformance) and the binary."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "integration/real"))

import installed  # noqa: E402  (the same installation serves both)


@pytest.fixture(scope="session")
def runner():
    deps = installed.install()
    script = deps / "node_modules/@modelcontextprotocol/conformance/dist/index.js"
    return [str(deps / "bin/node"), str(script), "client", "--command", str(HERE / "client")]


@pytest.fixture(scope="session")
def binary():
    return installed.binary()


class Outcome:
    """One run of a scenario: the runner's verdict, its checks, and what the client printed."""

    def __init__(self, completed, results):
        self.passed, self.log = completed.returncode == 0, completed.stdout + completed.stderr
        folder = next(iter(results.iterdir()), None) if results.exists() else None
        self.checks = json.loads((folder / "checks.json").read_text()) if folder else []
        self.printed = (folder / "stdout.txt").read_text() if folder else ""
        self.errors = (folder / "stderr.txt").read_text() if folder else ""

    def succeeded(self):
        """The names of the checks that really ran: the runner counts a skipped one as passed."""
        return {name for check in self.checks if check["status"] == "SUCCESS"
                for name in (check["id"], check["name"])}

    def __str__(self):
        return f"{self.log}\n-- mcpctl calls\n{self.printed}\n-- stderr\n{self.errors}"


@pytest.fixture
def play(runner, binary, tmp_path):
    """Plays one scenario to its end with an empty home."""

    def run(scenario, version):
        wanted = ["--spec-version", version, "--force"] if version else []
        results = tmp_path / "results"
        completed = subprocess.run(
            [*runner, "--scenario", scenario, *wanted, "--output-dir", str(results)],
            capture_output=True, text=True, timeout=120,
            env=os.environ | {"MCPCTL": binary, "HOME": str(tmp_path), "NO_COLOR": "1",
                              "XDG_CACHE_HOME": str(tmp_path)})
        return Outcome(completed, results)

    return run
