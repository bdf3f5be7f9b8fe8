"""Logs of latencies between our code and hdr-histogram-js 3.0.1, in both directions."""

import os
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent


@pytest.fixture(scope="module")
def ours(binary):
    return [str(Path(binary).parents[1] / "tests/integration/load_files/load_files")]


@pytest.fixture(scope="module")
def theirs(deps):
    return [str(deps / "bin/node"), str(HERE / "histogram_log.mjs")]


def run(program, deps, what, text=""):
    environment = os.environ | {"MCPCTL_REAL_DIR": str(deps)}
    done = subprocess.run(
        [*program, what], input=text, capture_output=True, text=True, timeout=60, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_hdr_histogram_js_reads_our_log_with_equal_percentiles(ours, theirs, deps):
    log = run(ours, deps, "write")
    read = run(theirs, deps, "read", log)
    assert len(read.splitlines()) == 40
    assert read == run(ours, deps, "read", log)


def test_we_read_the_log_of_hdr_histogram_js_with_equal_percentiles(ours, theirs, deps):
    log = run(theirs, deps, "write")
    assert "Tag=three" in log
    read = run(ours, deps, "read", log)
    assert len(read.splitlines()) == 40
    assert read == run(theirs, deps, "read", log)
