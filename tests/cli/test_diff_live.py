"""`mcpctl diff` against servers that run, and the demo that shows it."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))


@pytest.fixture
def mcpctl(tmp_path):
    def run(*arguments, **options):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "NO_PROXY": "*"}
        return subprocess.run([MCPCTL, *map(str, arguments)], cwd=tmp_path, env=environment,
                              capture_output=True, text=True, timeout=60, **options)

    return run


@pytest.fixture
def surface(tmp_path):
    """The test server's own surface, in a file that can be changed."""
    def write(change=None):
        found = subprocess.run([MCPCTL, "snapshot", "--", MCPCTL, "testserver", "--stdio"],
                               capture_output=True, text=True, timeout=60, check=True)
        document = json.loads(found.stdout)
        if change:
            change(document)
        path = tmp_path / "surface.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return path

    return write


def lower_size(document):
    document["tools"]["big"]["inputSchema"]["properties"]["size"]["maximum"] = 70000000


def test_a_file_and_the_server_that_it_was_taken_of_are_the_same(mcpctl, server, surface):
    file = surface()
    for new in ([server()], ["--", MCPCTL, "testserver", "--stdio"]):
        done = mcpctl("diff", file, *new)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith("NO CHANGE · ")


def test_a_server_that_accepts_less_than_the_file_says_breaks_its_callers(mcpctl, server, surface):
    done = mcpctl("diff", surface(lower_size), server(), "-o", "json")
    assert done.returncode == 1
    [change] = [each for each in json.loads(done.stdout)["changes"]
                if each["severity"] == "breaking"]
    assert change["rule"] == "input-maximum-decreased"
    assert 67108864 < change["witness"]["value"]["size"] <= 70000000
    assert change["witness"]["pointer"] == "/size"


def test_standard_input_is_a_side_too(mcpctl, server, surface):
    done = mcpctl("diff", "-", server(), input=surface().read_text(encoding="utf-8"))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("NO CHANGE · standard input → ")


def test_the_two_eras_of_one_server_are_compared(mcpctl, server):
    url = server()
    done = mcpctl("diff", "--era", "both", url)
    assert (done.returncode, done.stdout) == (0, f"NO CHANGE · {url} (legacy) → {url} (modern)\n")


def test_verbose_tells_how_long_it_took(mcpctl, server, surface):
    done = mcpctl("diff", "-v", surface(), server())
    assert done.returncode == 0
    assert "compared in " in done.stderr


@pytest.mark.parametrize("fault, status", [
    ("status:500", 4), ("status:401", 5), ("html", 4), ("stall:0", 6)])
def test_a_side_that_fails_has_the_exit_code_of_its_failure(mcpctl, server, surface, fault, status):
    done = mcpctl("diff", surface(), server("--fault", fault), "--timeout", "1s")
    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith("mcpctl: ")


def test_the_demo_shows_a_load_with_its_report_and_a_drift_with_its_witness(mcpctl):
    done = mcpctl("demo")
    assert done.returncode == 0, done.stdout + done.stderr
    load, drift = done.stdout.split("--call echo …`\n\n")[1].split("\nA new version of it says")
    # A busy machine may miss the rate.
    assert load.startswith(("PASSED bursts http://", "MISSED bursts http://", "SATURATED bursts"))
    assert "\n  tools/call:echo " in load and " 10 opened, 10 closed, 0 lost\n" in load
    assert "Each agent had its session, and none is left." in load
    assert drift.startswith(" that the tool add takes whole numbers.")
    assert "\nBREAKING: 2 breaking, 1 safe · old → new\n" in done.stdout
    assert 'witness {"a":0.1,"b":0}' in done.stdout
    assert done.stdout.endswith("A gate in CI would have failed here, with exit code 1.\n")
