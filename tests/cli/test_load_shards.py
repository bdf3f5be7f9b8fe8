"""One run shared by four machines: `load run --shard I/4 --start-at TIME`, then `load merge`."""

import datetime
import json
import os
import subprocess
from pathlib import Path

import jsonschema

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = Path(os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl")))
SCHEMA = json.loads((ROOT / "cli/render/schema/load.schema.json").read_text(encoding="utf-8"))
SCENARIO = """
name: shared
agents: {count: 10, arrive: {over: 300ms}}
settle: 200ms
seed: 7
phases: [steady: {rate: 60/s, for: 2s}]
requests:
  - {call: echo, weight: 3, arguments: {text: "${agent.id} ${iteration}"}}
  - ping
"""


def load(*arguments, cwd):
    return subprocess.Popen([MCPCTL, "load", *arguments], cwd=cwd, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish(process):
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0, out + err
    return out


def counts(path):
    """Requests by step, sessions, and what the schedule wanted."""
    results = json.loads(path.read_text())
    jsonschema.Draft202012Validator(SCHEMA).validate(results)
    summary = results["summary"]
    steps = {step["name"]: (step["requests"], step["failed"]) for step in summary["steps"]}
    return steps, summary["sessions"], summary["rate"]["intended"]


def test_four_shards_at_the_same_time_are_one_run(server, tmp_path):
    url = server()
    (tmp_path / "shared.yaml").write_text(SCENARIO)
    now = datetime.datetime.now(datetime.timezone.utc)
    start = (now + datetime.timedelta(seconds=4)).strftime("%Y-%m-%dT%H:%M:%SZ")
    shards = [load("run", "shared.yaml", url, "--shard", f"{index}/4", "--start-at", start,
                   "--threads", "2", "--results", f"{index}.json", cwd=tmp_path)
              for index in (1, 2, 3, 4)]
    for shard in shards:
        finish(shard)
    finish(load("merge", "4.json", "2.json", "1.json", "3.json", "-o", "whole.json", cwd=tmp_path))
    finish(load("run", "shared.yaml", url, "--results", "one.json", cwd=tmp_path))

    whole = counts(tmp_path / "whole.json")
    assert whole == counts(tmp_path / "one.json")
    steps, sessions, intended = whole
    # Ten handshakes; of the 120 requests the seed makes so many calls.
    assert intended == 130
    assert steps["connect"] == (10, 0)
    assert steps["tools/call:echo"][0] + steps["ping"][0] == 120
    assert (sessions["opened"], sessions["closed"], sessions["lost"]) == (10, 10, 0)
    merged = json.loads((tmp_path / "whole.json").read_text())
    assert (merged["shards"], merged["shards_of"]) == ([1, 2, 3, 4], 4)
    assert merged["start"].startswith(start[:-1])
    # As many agents as the scenario has, each in one of the files.
    parts = [counts(tmp_path / f"{index}.json")[0]["connect"][0] for index in (1, 2, 3, 4)]
    assert parts == [3, 3, 2, 2]


def test_a_start_that_is_over_is_refused(server, tmp_path):
    process = load("run", server(), "--rate", "5/s", "--duration", "1s", "--shard", "1/1",
                   "--start-at", "2020-01-01T00:00:00Z", cwd=tmp_path)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "is over" in err


def test_shards_that_are_missing_or_from_another_time_are_told(server, tmp_path):
    url = server()
    (tmp_path / "shared.yaml").write_text(SCENARIO)
    for index in (1, 2):  # one after the other
        finish(load("run", "shared.yaml", url, "--shard", f"{index}/3", "--results",
                    f"{index}.json", cwd=tmp_path))
    merge = load("merge", "1.json", "2.json", "-o", "whole.json", cwd=tmp_path)
    _, err = merge.communicate(timeout=60)
    assert merge.returncode == 0
    assert "1 of 3 shards are missing" in err
    assert "the same --start-at" in err
    merged = json.loads((tmp_path / "whole.json").read_text())
    assert (merged["shards"], merged["shards_of"]) == ([1, 2], 3)
