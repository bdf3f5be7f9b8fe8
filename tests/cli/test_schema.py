"""`mcpctl schema` on recorded cases, judged by what is not ours: witnesses by python's jsonschema,
instances by the official suite."""

import decimal
import json
import os
import re
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))
SLOW = bool(os.environ.get("MCPCTL_SLOW_BUILD"))


def shared_data(name, variable):
    """A folder beside the project, or where the variable says."""
    places = [os.environ.get(variable), ROOT / "../shared" / name, ROOT / "../../shared" / name]
    return next((Path(place) for place in places if place and Path(place).exists()), None)


CASES = shared_data("drift-cases", "MCPCTL_DRIFT_CASES")
SUITE = shared_data("json-schema-test-suite", "MCPCTL_JSON_SCHEMA_SUITE")
needs_cases = pytest.mark.skipif(
    CASES is None, reason="no drift-cases in ../shared, and MCPCTL_DRIFT_CASES is not set")
needs_suite = pytest.mark.skipif(
    SUITE is None,
    reason="no json-schema-test-suite in ../shared, and MCPCTL_JSON_SCHEMA_SUITE is not set")

# Where python's jsonschema is no judge of a witness, and why.
NO_JUDGE = {
    "jsoncompat/recursive_allof_enum_not_empty/deserializer": "a reference that leads back to itself",
    "containment/draft7/nonvalid/optional/ecmascript-regex#15": "its \\s does not know U+FEFF",
    "containment/draft2020-12/nonvalid/optional/ecmascript-regex#15": "its \\s does not know U+FEFF",
    "containment/draft2020-12/unsatisfiable/ref#12": "it would fetch a schema that is embedded",
    "containment/draft2020-12/valid/dynamicRef#18": "it has one dynamic scope for several ways",
}


def exact(text):
    number = decimal.Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def loads(text):
    return json.loads(text, parse_float=exact)


def as_text(value):
    """JSON with every digit of its numbers, which json.dumps would round."""
    if isinstance(value, dict):
        return "{%s}" % ",".join(f"{json.dumps(k)}:{as_text(v)}" for k, v in value.items())
    if isinstance(value, list):
        return "[%s]" % ",".join(map(as_text, value))
    return str(value) if isinstance(value, decimal.Decimal) else json.dumps(value)


def lines_of(text):
    return [line for line in text.split("\n") if line]


def schema(*arguments, lines=None):
    return subprocess.run([MCPCTL, "schema", *arguments], input=lines, capture_output=True,
                          text=True, timeout=300)


def batch(action, text, *arguments):
    done = schema(action, "--batch", "-", *arguments, lines=text)
    return done.returncode, [loads(line) for line in lines_of(done.stdout)]


@pytest.fixture(scope="module")
def cases():
    text = (CASES / "cases.jsonl").read_text(encoding="utf-8")
    return {case["id"]: case for case in map(loads, lines_of(text))}


@pytest.fixture(scope="module")
def verdicts(cases):
    start = time.monotonic()
    done = schema("compare", "--batch", CASES / "cases.jsonl")
    seconds = time.monotonic() - start
    answers = [loads(line) for line in lines_of(done.stdout)]
    assert done.returncode == 0 and [each["id"] for each in answers] == list(cases)
    if not SLOW:
        assert seconds < 10
    return {each["id"]: each for each in answers}


def true_labels(cases):
    """The labels, without those that a recorded instance refutes."""
    labels = {name: case["expected"] for name, case in cases.items()}
    wrong = (ROOT / "tests/unit/schema/wrong_labels.jsonl").read_text(encoding="utf-8")
    for line in lines_of(wrong):
        name = json.loads(line)["id"]
        labels[name] = "breaking" if labels[name] == "safe" else "safe"
    return labels


@needs_cases
def test_no_breaking_case_is_called_safe_and_few_safe_ones_are_not(cases, verdicts):
    labels = true_labels(cases)
    said = {name: each["verdict"] for name, each in verdicts.items()}
    safe = [name for name, label in labels.items() if label == "safe"]
    assert [name for name in said if said[name] == "safe" and labels[name] != "safe"] == []
    assert sum(said[name] == "breaking" for name in safe) * 100 <= len(safe)
    assert sum(verdict == "undecided" for verdict in said.values()) * 100 <= len(said)


@needs_cases
def test_the_wrong_labels_are_refuted_by_an_independent_validator(cases):
    wrong = (ROOT / "tests/unit/schema/wrong_labels.jsonl").read_text(encoding="utf-8")
    for entry in map(loads, lines_of(wrong)):
        if entry["id"] in NO_JUDGE:
            continue
        case = cases[entry["id"]]
        assert accepts(case, "original", entry["instance"]), entry["id"]
        accepted = accepts(case, "updated", entry["instance"])
        assert accepted != (case["expected"] == "safe"), entry["id"]


def ecma_pattern(validator, pattern, instance, _schema):
    """As ECMA-262 reads it, where Python's expressions differ: \\cX, and digits are ASCII."""
    translated = re.sub(r"\\c([A-Za-z])", lambda m: f"\\x{ord(m[1]) % 32:02x}", pattern)
    if "[" not in pattern:
        translated = translated.replace("\\d", "[0-9]").replace("\\D", "[^0-9]")
    if validator.is_type(instance, "string") and not re.search(translated, instance):
        yield jsonschema.ValidationError("no match")


def refuse_to_fetch(uri):
    raise LookupError(f"{uri}: schemas are not fetched")


def accepts(case, side, instance):
    validators = {"draft4": jsonschema.Draft4Validator, "draft7": jsonschema.Draft7Validator,
                  "2020-12": jsonschema.Draft202012Validator}
    made = jsonschema.validators.validator_for(case[side], validators[case["dialect"]])
    made = jsonschema.validators.extend(made, {"pattern": ecma_pattern})
    resolver = jsonschema.RefResolver.from_schema(
        case[side], id_of=made.ID_OF, handlers={"http": refuse_to_fetch, "https": refuse_to_fetch})
    with decimal.localcontext() as context:
        context.prec = 700
        return made(case[side], resolver=resolver).is_valid(instance)


@needs_cases
def test_each_witness_is_one_for_an_independent_validator(cases, verdicts):
    differ = {}
    breaking = [each for each in verdicts.values() if each["verdict"] == "breaking"]
    for each in breaking:
        case = cases[each["id"]]
        try:
            answer = tuple(accepts(case, side, each["witness"]) for side in ("original", "updated"))
        except (RecursionError, jsonschema.RefResolutionError) as problem:
            answer = type(problem).__name__
        if answer != (True, False):
            differ[each["id"]] = answer
    print(f"{len(breaking)} witnesses, {len(differ)} without a judge: {NO_JUDGE}")
    assert len(breaking) > 1000
    assert differ.keys() == NO_JUDGE.keys(), differ


@needs_cases
def test_the_swapped_pair_in_the_other_direction_has_the_same_verdict(cases, verdicts):
    swapped = "".join(
        as_text({"id": name, "dialect": case["dialect"], "original": case["updated"],
                 "updated": case["original"]}) + "\n" for name, case in cases.items())
    status, answers = batch("compare", swapped, "--direction", "output")
    assert status == 0
    assert {each["id"]: each["verdict"] for each in answers} == {
        name: each["verdict"] for name, each in verdicts.items()}


@needs_suite
@pytest.mark.parametrize("draft", ["draft2020-12", "draft7"])
def test_the_official_suite_is_answered_as_it_says(draft):
    lines, expected, remote = [], {}, set()
    for path in sorted((SUITE / "tests" / draft).glob("*.json")):
        for group in loads(path.read_text(encoding="utf-8")):
            for test in group["tests"]:
                name = f"{path.name}: {group['description']}: {test['description']}"
                lines.append(as_text({"id": name, "schema": group["schema"],
                                      "instance": test["data"], "dialect": draft}))
                expected[name] = test["valid"]
                # The command takes no documents besides; unit_schema has these tests with them.
                if "localhost:1234" in as_text(group["schema"]):
                    remote.add(name)
    _, answers = batch("validate", "\n".join(lines) + "\n")
    assert len(answers) == len(lines)
    unanswered = {each["id"] for each in answers if "error" in each}
    assert unanswered <= remote and len(unanswered) < len(expected) / 10
    assert [each["id"] for each in answers
            if "error" not in each and each["valid"] != expected[each["id"]]] == []


def test_a_batch_goes_on_after_a_case_that_cannot_be_read():
    status, answers = batch("compare", 'nonsense\n{"id": 7, "original": {}, "updated": {}}\n')
    assert status == 2
    assert [(each["id"], each["verdict"]) for each in answers] == [(None, "undecided"), (7, "safe")]


def test_lines_come_one_by_one():
    with subprocess.Popen([MCPCTL, "schema", "validate", "--batch", "-"], text=True, bufsize=1,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for number in range(3):
            process.stdin.write(f'{{"id": {number}, "schema": {{}}, "instance": 1}}\n')
            process.stdin.flush()
            assert process.stdout.readline() == f'{{"id":{number},"valid":true}}\n'
        process.stdin.close()
        assert process.wait(timeout=10) == 0
