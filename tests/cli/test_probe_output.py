"""`mcpctl probe` against the test server: each format as the program that reads it sees it."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))
SCHEMA = json.loads((ROOT / "cli/render/schema/probe.schema.json").read_text(encoding="utf-8"))
# A sanitizer build takes longer to start; limits of time are not for it.
SLOW = bool(os.environ.get("MCPCTL_SLOW_BUILD"))


@pytest.fixture
def probe(tmp_path):
    def run(*arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        return subprocess.run([MCPCTL, "probe", "--noproxy", *arguments], env=environment,
                              capture_output=True, text=True, timeout=60)

    return run


@pytest.fixture
def probe_json(probe):
    def run(*arguments):
        done = probe("-o", "json", *arguments)
        report = json.loads(done.stdout)
        jsonschema.Draft202012Validator(SCHEMA).validate(report)
        assert report["exit_code"] == done.returncode
        return report

    return run


def statuses(report):
    return {phase["name"]: phase["status"] for phase in report["phases"]}


def test_the_schema_is_a_schema_and_refuses_what_is_no_report():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"schema_version": 1, "verdict": "fine"}, SCHEMA)


def test_a_healthy_legacy_server_passes_all_phases_and_its_session_is_deleted(server, probe_json):
    report = probe_json(server(), "--protocol", "legacy")
    assert report["verdict"] == "ok" and report["exit_code"] == 0
    assert report["era"] == "legacy" and report["session"] == "removed"
    assert statuses(report) == dict.fromkeys(
        ["resolve", "connect", "handshake", "tools", "close"], "ok")
    assert report["http"]["connections"] == 1 and report["http"]["exchanges"] == 3
    assert sum(phase["millis"] for phase in report["phases"]) <= report["total_millis"]


def test_a_healthy_modern_server_leaves_no_session(server, probe_json):
    report = probe_json(server("--era", "modern"))
    assert (report["verdict"], report["era"], report["session"]) == ("ok", "modern", "none")


def test_a_stdio_server_is_spawned_and_ended(probe_json):
    report = probe_json("--", MCPCTL, "testserver", "--stdio")
    assert report["verdict"] == "ok" and report["transport"] == "stdio"
    assert statuses(report) == dict.fromkeys(["spawn", "handshake", "tools", "close"], "ok")
    assert report["session"] == "removed" and report["http"] is None


def test_an_http_sse_server_tells_its_connection_too(server, probe_json):
    url = server("--protocol", "2024-11-05").replace("/mcp", "/sse")
    report = probe_json(url, "--transport", "http-sse")
    assert (report["verdict"], report["transport"]) == ("ok", "http-sse")
    assert statuses(report)["connect"] == "ok" and report["http"]["peer_address"]


@pytest.mark.parametrize("fault, verdict, code, phase", [
    ("html", "broken", 4, "handshake"),
    ("status:503,retry-after=3", "broken", 4, "handshake"),
    ("stall:0", "unresponsive", 6, "handshake"),
    ("stall:0@method=tools/list", "unresponsive", 6, "tools"),
    ("rpc-error:-32603@method=tools/list", "broken", 4, "tools"),
])
def test_a_fault_fails_its_phase_with_its_class(server, probe_json, fault, verdict, code, phase):
    report = probe_json(server("--fault", fault), "--protocol", "legacy", "--timeout", "1s")
    assert (report["verdict"], report["exit_code"]) == (verdict, code)
    assert report["failure"]["phase"] == phase and statuses(report)[phase] == "failed"
    assert statuses(report)["connect"] == "ok"
    assert report["session"] == ("none" if phase == "handshake" else "removed")
    if not SLOW:
        assert report["total_millis"] < 1050


@pytest.mark.parametrize("fault, finding", [
    ("tools-empty", "tools.empty"), ("tools-duplicate", "tools.duplicate")])
def test_an_unhealthy_tool_list_is_a_finding(server, probe_json, fault, finding):
    report = probe_json(server("--fault", fault))
    assert (report["verdict"], report["exit_code"]) == ("unhealthy", 1)
    assert [each["id"] for each in report["findings"]] == [finding]


def test_a_protected_server_is_not_down(server, probe_json, probe, tmp_path):
    token = tmp_path / "token"
    token.write_text("s3cret\n")
    url = server("--auth-token-file", str(token))
    report = probe_json(url)
    assert (report["verdict"], report["exit_code"]) == ("protected", 5)
    assert report["resource_metadata"].startswith("http://")
    assert probe_json(url, "--token-file", str(token))["verdict"] == "ok"
    assert probe(url, "--allow-protected").returncode == 0
    token_of_another = tmp_path / "other"
    token_of_another.write_text("wr0ng\n")
    denied = probe(url, "--token-file", str(token_of_another))
    assert denied.returncode == 5 and denied.stdout.startswith("DENIED")
    assert "wr0ng" not in denied.stdout + denied.stderr


def test_a_tool_is_called_and_its_result_compared(server, probe):
    url = server()
    call = [url, "--call", "add", "--args", '{"a":2,"b":3}']
    assert probe(*call, "--expect-text", "^5$", "--expect", "/content/0/text=5").returncode == 0
    wrong = probe(*call, "--expect", "/content/0/text=6")
    assert wrong.returncode == 1
    assert wrong.stdout.splitlines()[0].endswith('/content/0/text: "5", expected 6')
    assert probe(url, "--call", "fail").returncode == 1


def test_depth_tcp_sends_nothing(server, probe_json):
    report = probe_json(server("--fault", "stall:0"), "--depth", "tcp")
    assert report["verdict"] == "ok"
    assert statuses(report) == {"resolve": "ok", "connect": "ok"}


def test_several_targets_are_probed_together_and_the_worst_counts(server, probe_json, probe):
    slow = [server("--fault", "stall:0") for _ in range(3)]
    began = time.monotonic()
    fleet = probe_json(server(), *slow, "--timeout", "1s")
    took = time.monotonic() - began
    assert [each["verdict"] for each in fleet["reports"]] == ["ok"] + ["unresponsive"] * 3
    assert fleet["exit_code"] == 6
    assert SLOW or took < 2
    assert probe(server(), server()).stdout.startswith("OK: all 2 targets\n")


def test_a_target_that_is_not_there_is_a_result_beside_others(server, probe_json):
    fleet = probe_json(server(), "@nobody")
    assert [each["verdict"] for each in fleet["reports"]] == ["ok", "misconfigured"]
    assert fleet["exit_code"] == 2


def test_junit_is_well_formed_and_counts_what_it_holds(server, probe):
    done = probe(server("--fault", "tools-empty"), "http://127.0.0.1:1/<&>", "-o", "junit")
    suites = ElementTree.fromstring(done.stdout)
    assert int(suites.get("tests")) == len(suites.findall(".//testcase"))
    assert int(suites.get("failures")) == len(suites.findall(".//failure")) == 2
    assert int(suites.get("skipped")) == len(suites.findall(".//skipped"))


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_output_passes_promtool(server, probe):
    for arguments in ([server()], [server("--fault", "html"), "http://127.0.0.1:1/", "@x\\y\"z"]):
        done = probe(*arguments, "-o", "prometheus")
        check = subprocess.run(["promtool", "check", "metrics"], input=done.stdout,
                               capture_output=True, text=True)
        assert (check.returncode, check.stderr) == (0, "")
        assert done.stdout.count("# TYPE probe_success gauge\n") == 1


def test_nagios_style_has_one_line_with_values_and_its_own_codes(server, probe):
    done = probe(server(), "--exit-style", "nagios", "--max-latency", "10s", "--min-tools", "2")
    assert done.returncode == 0
    perf = r"MCP OK - [^|\n]+ \| time=[\d.e-]+s;;10;0;5( time_[a-z]+=[\d.e-]+s;;;0)+ tools=\d+;;2:;0\n"
    assert re.fullmatch(perf, done.stdout)
    down = probe("http://127.0.0.1:1/", "--exit-style", "nagios")
    assert down.returncode == 2 and down.stdout.startswith("MCP CRITICAL - connect: ")
    unknown = probe("@nobody", "--exit-style", "nagios")
    assert unknown.returncode == 3 and unknown.stdout.startswith("MCP UNKNOWN - ")


def test_github_output_is_workflow_commands_only(server, probe):
    done = probe(server("--fault", "tools-empty"), "-o", "github")
    assert done.stdout and all(re.match(r"::(error|warning|notice) title=[^:]*::", line)
                               for line in done.stdout.splitlines())


@pytest.mark.parametrize("style", ["k8s", "docker"])
def test_exec_styles_are_short_and_answer_within_a_second(server, probe, style):
    url = server("--fault", "stall:0")
    began = time.monotonic()
    done = probe(url, "--exit-style", style)
    took = time.monotonic() - began
    assert done.returncode == 1 and len(done.stdout.encode()) < 4096
    assert done.stdout.startswith("UNRESPONSIVE ")
    assert SLOW or took < 1
    assert probe(server(), "--exit-style", style).returncode == 0


def test_grpc_style_has_the_codes_of_grpc_health_probe(server, probe):
    def code(*arguments):
        return probe(*arguments, "--exit-style", "grpc", "--timeout", "1s").returncode

    assert code(server()) == 0
    assert code("--no-such-option") == 1
    assert code("http://127.0.0.1:1/") == 2
    assert code(server("--fault", "stall:0")) == 3
    assert code(server("--fault", "tools-empty")) == 4


def test_retries_outlast_a_server_that_fails_at_first(server, probe_json):
    report = probe_json(server("--fault", "status:503@until=1"), "--protocol", "legacy",
                        "--retries", "3")
    assert (report["verdict"], report["attempts"]) == ("ok", 2)


def test_an_interrupt_ends_the_probe_cleans_up_and_still_reports(server, tmp_path):
    url = server("--fault", "stall:0@method=tools/list")
    running = subprocess.Popen(
        [MCPCTL, "probe", "--noproxy", url, "--protocol", "legacy", "--timeout", "30s"],
        stdout=subprocess.PIPE, text=True, env={"PATH": os.environ["PATH"], "HOME": str(tmp_path)})
    time.sleep(3 if SLOW else 1)  # it says nothing while it waits
    running.send_signal(signal.SIGINT)
    out, _ = running.communicate(timeout=10)
    assert running.returncode == 130
    assert out.startswith("INTERRUPTED ") and "session deleted" in out


@pytest.mark.parametrize("arguments, complaint", [
    (["--depth", "deep", "http://x/"], '--depth: unknown depth "deep"'),
    (["--min-tools", "few", "http://x/"], '--min-tools: "few" is not a number'),
    (["--require-tool", "a", "--depth", "tcp", "http://x/"], "need --depth tools"),
    (["--expect", "/a=1", "http://x/"], "need --call TOOL"),
    (["--call", "a", "--args", "[]", "http://x/"], "is not a JSON object"),
    (["--call", "a", "--expect", "a=1", "http://x/"], "is not JSONPOINTER=VALUE"),
    (["-o", "yaml", "http://x/"], '--output: unknown format "yaml"'),
    ([], "no target given"),
])
def test_a_mistake_on_the_line_is_told_with_exit_2(probe, arguments, complaint):
    done = probe(*arguments)
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr.startswith("mcpctl: ") and complaint in done.stderr


@pytest.mark.parametrize("output", ["text", "json", "junit", "prometheus", "nagios", "github"])
@pytest.mark.parametrize("works", [True, False], ids=["healthy", "no server"])
def test_no_format_shows_the_arguments_of_a_command(output, works):
    script = f"exec {MCPCTL} testserver --stdio" if works else "exit 1"
    run = subprocess.run(
        [MCPCTL, "probe", "-v", "--timeout", "5s", "-o", output,
         "--", "sh", "-c", script, "--key", "S3CRET"],
        capture_output=True, text=True, timeout=30,
    )
    assert (run.returncode == 0) == works
    assert output != "text" or "sh …" in run.stdout
    assert run.stdout and "S3CRET" not in run.stdout + run.stderr
