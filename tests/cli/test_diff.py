"""`mcpctl diff` of two files: each format as its reader sees it, the gate, mistakes on the line."""

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))
SCHEMA = json.loads((ROOT / "cli/render/schema/diff.schema.json").read_text(encoding="utf-8"))
OLD, NEW = "shop-1.json", "shop-2.json"
FORMATS = {"text": "shop.txt", "json": "shop.diff.json", "markdown": "shop.md",
           "sarif": "shop.sarif", "junit": "shop.xml", "github": "shop.github"}


def diff(*arguments, directory=HERE / "drift"):
    return subprocess.run([MCPCTL, "diff", *map(str, arguments)], cwd=directory,
                          env={"PATH": os.environ["PATH"], "HOME": "/nonexistent"},
                          capture_output=True, text=True, timeout=60)


def diff_json(*arguments, directory=HERE / "drift"):
    done = diff("-o", "json", *arguments, directory=directory)
    report = json.loads(done.stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(report)
    assert report["exit_code"] == done.returncode
    return report


def check_golden(text, name):
    golden = HERE / "drift" / name
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def found():
    """The changes of the two files by rule."""
    return {change["rule"]: change for change in diff_json(OLD, NEW)["changes"]}


def write(directory, name, value):
    path = directory / name
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


@pytest.mark.parametrize("output", FORMATS)
def test_each_format_of_a_breaking_diff(output):
    done = diff(OLD, NEW, "-o", output)
    assert (done.returncode, done.stderr) == (1, "")
    text = re.sub(r'("name": "mcpctl",\s+"version": )"[^"]+"', r'\1"…"', done.stdout)
    check_golden(text, FORMATS[output])


def test_the_schema_is_a_schema_and_refuses_what_is_no_diff():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema_version": 1, "verdict": "fine"}, SCHEMA)


def test_every_breaking_change_of_a_schema_has_a_witness(found):
    breaking = [change for change in found.values()
                if change["severity"] == "breaking" and change["direction"] in ("input", "output")]
    assert len(breaking) == 3
    assert all("witness" in change for change in breaking)


def test_equal_files_are_one_line_and_pass():
    done = diff(OLD, OLD)
    assert (done.returncode, done.stdout) == (0, f"NO CHANGE · {OLD} → {OLD}\n")
    assert diff_json(OLD, OLD)["verdict"] == "no change"


def test_what_a_bare_list_does_not_have_is_told_and_no_change(tmp_path):
    shop = json.loads((HERE / "drift" / OLD).read_text(encoding="utf-8"))
    bare = write(tmp_path, "tools.json", {"tools": shop["tools"]})
    report = diff_json(bare, OLD)
    assert (report["verdict"], report["changes"]) == ("no change", [])
    assert [each.split(",")[0] for each in report["not_compared"]] == [
        "The older snapshot is a list without a handshake",
        "The older snapshot has no list of prompts"]
    text = diff(bare, OLD).stdout
    assert text.startswith("NO CHANGE")
    assert text.count("\nnote ") == 2
    assert diff(bare, bare).stdout.count("\n") == 1


def test_neither_order_nor_format_of_the_json_is_a_breaking_change_or_moves_a_fingerprint(tmp_path):
    def reordered(value):
        if isinstance(value, dict):
            return {key: reordered(value[key]) for key in reversed(sorted(value))}
        return [reordered(each) for each in value] if isinstance(value, list) else value

    for name in (OLD, NEW):
        surface = json.loads((HERE / "drift" / name).read_text(encoding="utf-8"))
        write(tmp_path, name, json.dumps(reordered(surface), indent=7))
    assert diff_json(HERE / "drift" / OLD, tmp_path / OLD)["changes"] == []
    there = diff_json(tmp_path / OLD, tmp_path / NEW)["changes"]
    here = diff_json(OLD, NEW)["changes"]
    assert [each["fingerprint"] for each in there] == [each["fingerprint"] for each in here]


def test_sarif_has_what_the_format_requires():
    log = json.loads(diff(OLD, NEW, "-o", "sarif").stdout)
    assert log["version"] == "2.1.0"
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    levels = {"breaking": "error", "dangerous": "warning", "safe": "note"}
    changes = diff_json(OLD, NEW)["changes"]
    assert len(run["results"]) == len(changes)
    for result, change in zip(run["results"], changes):
        assert result["ruleId"] == rules[result["ruleIndex"]]["id"] == change["rule"]
        assert result["level"] == levels[change["severity"]]
        assert result["message"]["text"]
        [location] = result["locations"]
        [logical] = location["logicalLocations"]
        assert logical["fullyQualifiedName"] == change["pointer"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == NEW
        assert result["partialFingerprints"] == {"mcpctlChange/v1": change["fingerprint"]}


def test_junit_has_a_case_for_each_item_and_a_failure_for_what_fails():
    suites = ElementTree.fromstring(diff(OLD, NEW, "-o", "junit").stdout)
    cases = suites.findall("testsuite/testcase")
    failed = [case.get("name") for case in cases if case.find("failure") is not None]
    assert failed == ["tool buy", "tool search", "tool track", "prompt recommend"]
    assert suites.get("failures") == str(len(failed))
    assert suites.get("tests") == str(len(cases))
    assert "tool pay" in [case.get("name") for case in cases]


def test_github_annotates_what_fails_as_errors():
    lines = diff(OLD, NEW, "-o", "github").stdout.splitlines()
    assert all(re.match(r"::(notice|warning|error) ", line) for line in lines)
    counts = diff_json(OLD, NEW)["counts"]
    assert sum(line.startswith("::error ") for line in lines) == counts["breaking"]
    assert sum(line.startswith("::notice ") for line in lines) == 1


def test_what_a_server_says_cannot_deceive(tmp_path):
    surface = json.loads((HERE / "drift" / OLD).read_text(encoding="utf-8"))
    old = write(tmp_path, "old.json", surface)
    evil = "\x1b[31m\u202e\n::error::x <img> `x` | @octocat"
    surface["tools"][0]["description"] = evil
    surface["tools"].append({"name": evil, "inputSchema": {"type": "object"}})
    new = write(tmp_path, "new.json", surface)
    for output in FORMATS:
        text = diff(old, new, "-o", output, "--all").stdout
        assert "\x1b" not in text and "\u202e" not in text, output
        assert not re.search(r"^::error::x", text, re.MULTILINE), output
    comment = diff(old, new, "-o", "markdown").stdout
    prose = re.sub(r"^(```+).*?^\1$|<code>.*?</code>", "", comment, flags=re.DOTALL | re.MULTILINE)
    assert "@octocat" in comment and "@octocat" not in prose and "<img" not in prose


@pytest.mark.parametrize("fail_on, remaining, status", [
    ("breaking", "breaking", 1), ("breaking", "dangerous", 0), ("dangerous", "dangerous", 1),
    ("dangerous", "safe", 0), ("any", "safe", 1)])
def test_fail_on_says_from_which_severity_on_a_diff_fails(tmp_path, fail_on, remaining, status):
    rules = {change["rule"]: remaining for change in diff_json(OLD, NEW)["changes"]}
    file = write(tmp_path, "rules.yaml", {"rules": rules})
    report = diff_json(OLD, NEW, "--rules", file, "--fail-on", fail_on)
    assert report["exit_code"] == status
    assert report["counts"][remaining] == len(report["changes"])


def test_a_rule_that_is_off_is_not_reported(tmp_path, found):
    file = write(tmp_path, "rules.yaml", "rules:\n  tool-removed: off\n")
    rules = {change["rule"] for change in diff_json(OLD, NEW, "--rules", file)["changes"]}
    assert rules == set(found) - {"tool-removed"}


def approvals(directory, entries):
    return write(directory, "approvals.yaml", {"approvals": entries})


def test_approved_changes_do_not_fail_and_are_told(tmp_path, found):
    breaking = [change for change in found.values() if change["severity"] == "breaking"]
    file = approvals(tmp_path, [
        {"fingerprint": change["fingerprint"], "reason": "announced", "expires": "2999-12-31"}
        for change in breaking])
    report = diff_json(OLD, NEW, "--approvals", file)
    assert (report["exit_code"], report["passed"]) == (0, True)
    assert report["counts"]["approved"] == len(breaking)
    assert {each["state"] for each in report["approvals"]} == {"used"}
    text = diff(OLD, NEW, "--approvals", file).stdout
    assert text.startswith("DANGEROUS: ")
    assert text.count("announced") == len(breaking)
    log = json.loads(diff(OLD, NEW, "--approvals", file, "-o", "sarif").stdout)
    suppressed = [each for each in log["runs"][0]["results"] if "suppressions" in each]
    assert len(suppressed) == len(breaking)
    assert suppressed[0]["suppressions"][0]["kind"] == "external"


def test_expired_and_unused_approvals_are_reported(tmp_path, found):
    fingerprint = found["tool-removed"]["fingerprint"]
    file = approvals(tmp_path, [
        {"fingerprint": fingerprint, "reason": "announced", "expires": "2020-01-01"},
        {"fingerprint": "0" * 16, "reason": "for another day", "expires": "2999-01-01"}])
    done = diff(OLD, NEW, "--approvals", file)
    assert done.returncode == 1
    told = " ".join(done.stdout.split())
    assert f"approval {fingerprint} (announced) expired on 2020-01-01 and does not count" in told
    assert "(for another day) is not used: no change has this fingerprint" in told


def test_semver_says_what_the_changes_ask_for_and_what_the_server_did():
    report = diff_json(OLD, NEW, "--semver")
    assert report["semver"] == {
        "needed": "major", "older": "1.2.0", "newer": "1.3.0", "grew_enough": False,
        "reason": "Breaking changes ask for a new major version, but 1.2.0 → 1.3.0 is only a "
                  "minor one."}
    assert "version" in diff(OLD, NEW, "--semver").stdout.splitlines()[-1]


def test_safe_changes_are_counted_and_listed_on_demand():
    short = diff(OLD, NEW).stdout
    assert "tool pay" not in short and "1 tool-added" in short
    assert "tool pay" in diff(OLD, NEW, "--all").stdout
    assert "tool pay" in diff(OLD, NEW, "-v").stdout


def test_redacted_places_are_left_out(found):
    report = diff_json(OLD, NEW, "--redact", "/tools/*/description")
    rules = {change["rule"] for change in report["changes"]}
    assert rules == set(found) - {"tool-description-changed"}


def test_the_catalogue_can_be_listed():
    rules = json.loads(diff("--list-rules", "-o", "json").stdout)["rules"]
    text = diff("--list-rules").stdout
    assert len(rules) > 250
    assert text.count("\n") == len(rules) + 1
    assert {"id", "severity", "direction", "reason"} == set(rules[0])


@pytest.mark.parametrize("arguments, told", [
    ([], "diff: OLD and NEW are missing"),
    ([OLD], "diff: NEW is missing"),
    ([OLD, NEW, NEW], "diff: more than two sides were given"),
    ([OLD, NEW, "--fail-on", "bad"], '--fail-on: unknown severity "bad"'),
    ([OLD, NEW, "-o", "html"], '--output: unknown format "html"'),
    ([OLD, NEW, "--era", "modern"], '--era: unknown era "modern"'),
    ([OLD, "gone.json"], "gone.json"),
    ([OLD, NEW, "--rules", "gone.yaml"], "mcpctl: gone.yaml: No such file or directory"),
    ([OLD, NEW, "--redact", "tools"], "tools"),
])
def test_a_mistake_on_the_line_is_told(arguments, told):
    done = diff(*arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert told in done.stderr.splitlines()[0]


def test_a_mistake_in_a_file_is_told_with_its_line(tmp_path):
    file = write(tmp_path, "rules.yaml", "rules:\n  tool-remved: off\n")
    done = diff(OLD, NEW, "--rules", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (f'mcpctl: {file}:2: unknown rule "tool-remved"\n'
                           "  did you mean tool-removed?\n")


def test_a_side_that_cannot_be_reached_has_the_connections_exit_code():
    done = diff(OLD, "http://127.0.0.1:1/mcp", "--noproxy")
    assert (done.returncode, done.stdout) == (3, "")
