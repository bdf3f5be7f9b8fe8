"""The results file of `mcpctl load` against its published schema."""

import copy
import json
import os
import subprocess
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = Path(os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl")))
LOAD_FILES = MCPCTL.parents[1] / "tests/integration/load_files/load_files"
SCHEMA = json.loads((ROOT / "cli/render/schema/load.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
)


@pytest.fixture(scope="module")
def results():
    done = subprocess.run([LOAD_FILES, "results"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def objects(value, path=()):
    """Every object within the value, with the way to it."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from objects(inner, (*path, key))
    if isinstance(value, list):
        for index, inner in enumerate(value):
            yield from objects(inner, (*path, index))


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_a_results_file_is_what_the_schema_says(results):
    errors = [f"{list(error.absolute_path)}: {error.message}" for error in VALIDATOR.iter_errors(results)]
    assert errors == []


def test_the_simulated_run_has_every_part_of_a_recording(results):
    recording = results["recording"]
    assert recording["incidents"]["first"] and recording["agents"] and recording["statuses"]
    assert {judged["verdict"] for judged in results["thresholds"]} == {"met", "missed", "not_judged"}


def test_every_object_is_closed(results):
    """A member that the schema does not know is an error wherever it stands."""
    seen = set()
    for path, _ in objects(results):
        shape = tuple(key for key in path if isinstance(key, str))
        if shape in seen:
            continue
        seen.add(shape)
        changed = copy.deepcopy(results)
        inner = changed
        for key in path:
            inner = inner[key]
        inner["surprise"] = 1
        assert not VALIDATOR.is_valid(changed), f"{path} takes any member"
    assert len(seen) > 15
