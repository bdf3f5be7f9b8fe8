"""`mcpctl load compare`: the gate before a rollout, on the results of simulated runs."""

import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = Path(os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl")))
LOAD_FILES = MCPCTL.parents[1] / "tests/integration/load_files/load_files"
SCHEMA = json.loads(
    (ROOT / "cli/render/schema/load-compare.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """before.json and same.json of a server that works 5 ms a request, slower.json of one of 7 ms."""
    path = tmp_path_factory.mktemp("compare")
    for name, arguments in {"before": ["1"], "same": ["3"], "slower": ["2", "7000"]}.items():
        done = subprocess.run([LOAD_FILES, "queue", *arguments], capture_output=True, text=True,
                              timeout=60, check=True)
        (path / f"{name}.json").write_text(done.stdout)
    return path


@pytest.fixture
def compare(folder):
    def start(*arguments):
        return subprocess.run([MCPCTL, "load", "compare", *arguments], cwd=folder,
                              capture_output=True, text=True, timeout=60)

    return start


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize(("after", "code", "verdict"),
                         [("same.json", 0, "ok"), ("slower.json", 1, "worse")])
def test_json_is_what_the_schema_says(compare, after, code, verdict):
    done = compare("before.json", after, "-o", "json")
    assert done.returncode == code, done.stdout + done.stderr
    document = json.loads(done.stdout)
    VALIDATOR.validate(document)
    assert (document["exit_code"], document["verdict"]) == (code, verdict)
    assert document["before"]["file"] == "before.json" and document["after"]["file"] == after
    worse = [metric for metric in document["metrics"] if metric["verdict"] == "worse"]
    assert bool(worse) == (code == 1)
    for metric in worse:
        assert metric["lowest"] <= metric["change"] <= metric["highest"]


def test_every_object_of_the_json_is_closed(compare):
    document = json.loads(compare("before.json", "slower.json", "-o", "json").stdout)
    for inner in (document, document["before"], document["metrics"][0]):
        inner["surprise"] = 1
        assert not VALIDATOR.is_valid(document)
        del inner["surprise"]
    assert VALIDATOR.is_valid(document)


@pytest.mark.parametrize(("format", "starts"),
                         [("text", "WORSE: B is worse than A beyond noise in "),
                          ("markdown", "<!-- mcpctl load compare -->\n### ❌ MCP load: "),
                          ("github", "::error title=MCP load%3A worse::before.json → slower.json: ")])
def test_each_format_tells_the_verdict_first(compare, format, starts):
    done = compare("before.json", "slower.json", "-o", format)
    assert done.returncode == 1
    assert done.stdout.startswith(starts)
    assert "p50(tools/call" in done.stdout


def test_an_unknown_format_and_a_file_that_is_no_result_are_usage(compare, folder):
    done = compare("before.json", "same.json", "-o", "sarif")
    assert (done.returncode, done.stdout) == (2, "")
    assert "choose text, json, markdown or github" in done.stderr
    (folder / "other.json").write_text("{}")
    assert compare("before.json", "other.json").returncode == 2
