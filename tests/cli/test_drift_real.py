"""`mcpctl diff` of real servers, old and new versions: read by a person when they change."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import jsonschema
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


def accepts(schema, value):
    kind = jsonschema.validators.validator_for(schema, default=jsonschema.Draft202012Validator)
    return kind(schema).is_valid(value)


@pytest.mark.parametrize("server, older, newer", real_servers.PAIRS)
def test_another_validator_confirms_each_witness_and_the_lists_agree(tmp_path, server, older, newer):
    sides = real_servers.write_pair(tmp_path, server, older, newer)
    done = subprocess.run([MCPCTL, "diff", *sides, "-o", "json"], cwd=tmp_path,
                          capture_output=True, text=True, timeout=60)
    changes = json.loads(done.stdout)["changes"]
    old, new = ({tool["name"]: tool for tool in real_servers.surface(server, version)["tools"]}
                for version in (older, newer))
    for change in changes:
        if change["severity"] == "breaking" and change["direction"] in ("input", "output"):
            witness = change["witness"]
            schema = "inputSchema" if change["direction"] == "input" else "outputSchema"
            accepted = [accepts(side[change["name"]][schema], witness["value"])
                        for side in (old, new)]
            assert accepted == [witness["accepted_by"] == "older",
                                witness["accepted_by"] == "newer"], change

    def named(*rules):
        return {change["name"] for change in changes if change["rule"] in rules}

    assert named("tool-removed", "tool-renamed", "tool-name-case-changed") == set(old) - set(new)
    assert named("tool-description-changed") == {
        name for name in old
        if name in new and old[name].get("description") != new[name].get("description")}
