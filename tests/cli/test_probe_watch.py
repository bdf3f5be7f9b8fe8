"""`mcpctl probe --watch`: a line a run, on the beat, until it is told to end."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))
SCHEMA = json.loads((ROOT / "cli/render/schema/probe.schema.json").read_text(encoding="utf-8"))
SLOW = 5 if os.environ.get("MCPCTL_SLOW_BUILD") else 1
LINE = re.compile(r"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)  (?P<verdict>[A-Z-]+) +(?P<total>[\d.]+ m?s)"
                  r"  (?P<drawing>.{20})  +(?P<share>[\d.]+ %) ok, (?P<state>up|down) since (?P<since>\S+Z)"
                  r"(  (?P<detail>.*))?")


@pytest.fixture
def environment(tmp_path):
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "no_proxy": "*"}


@pytest.fixture
def watch(environment):
    def run(*arguments):
        return subprocess.run([MCPCTL, "probe", *map(str, arguments)], env=environment,
                              capture_output=True, text=True, timeout=90)

    return run


def lines_of(text):
    matches = [LINE.fullmatch(line) for line in text.splitlines()]
    assert all(matches), text
    return matches


def test_a_line_a_run_with_uptime_and_a_summary(server, watch):
    done = watch(server(), "--watch", "50ms", "--count", "5")
    assert done.returncode == 0
    lines = lines_of(done.stdout)
    assert [line["verdict"] for line in lines] == ["OK"] * 5
    assert {line["share"] for line in lines} == {"100 %"}
    assert len({line["since"] for line in lines}) == 1
    assert [20 - line["drawing"].count(" ") for line in lines] == [1, 2, 3, 4, 5]
    assert re.fullmatch(r"mcpctl: 5 of 5 probes ok \(100 %\) in .*, up since .*Z; fastest .*, mean .*, "
                        r"slowest .*\n", done.stderr)


def test_a_server_that_fails_now_and_then_is_told_with_reason_and_worst_code(server, watch):
    url = server("--fault", "status:500@every=4")
    done = watch(url, "--watch", "20ms", "--count", "12", "--protocol", "modern")
    lines = lines_of(done.stdout)
    bad = [line for line in lines if line["verdict"] != "OK"]
    assert 0 < len(bad) < len(lines)
    assert done.returncode == 4
    assert all("500" in line["detail"] and line["state"] == "down" for line in bad)
    assert f"{len(lines) - len(bad)} of 12 probes ok" in done.stderr
    assert lines[-1]["drawing"].count("×") == len(bad)


def test_nobody_there_is_down_since_the_beginning(watch):
    done = watch("http://127.0.0.1:1/mcp", "--watch", "20ms", "--count", "3", "-q")
    assert done.returncode == 3 and done.stderr == ""
    lines = lines_of(done.stdout)
    assert {(line["verdict"], line["share"], line["state"]) for line in lines} == {
        ("UNREACHABLE", "0.0 %", "down")}
    assert lines[0]["since"] == lines[-1]["since"]


def test_json_lines_are_reports_of_the_published_schema(server, watch):
    done = watch(server(), "--watch", "20ms", "--count", "4", "-o", "json")
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(reports) == 4
    for report in reports:
        jsonschema.Draft202012Validator(SCHEMA).validate(report)
        assert report["verdict"] == "ok"


def test_runs_are_on_the_beat_however_long_each_takes(server, watch):
    begin = time.monotonic()
    done = watch(server("--fault", "delay:100ms"), "--watch", "1s", "--count", "4",
                 "--protocol", "modern", "--timeout", "20s")
    took = time.monotonic() - begin
    assert done.returncode == 0
    # Three intervals and one run; with drift it would be three runs more.
    runs = [float(line["total"].split()[0]) for line in lines_of(done.stdout) if " ms" in line["total"]]
    assert took >= 3
    if not SLOW > 1 and len(runs) == 4:
        assert took < 3 + 4 * 0.9 * max(runs) / 1000 + 1


def test_the_era_is_asked_for_once_and_remembered(server, watch, tmp_path):
    log = tmp_path / "eras.json"
    done = watch(server("--era", "legacy"), "--watch", "20ms", "--count", "3", "-o", "json",
                 "--era-cache", log)
    exchanges = [json.loads(line)["http"]["exchanges"] for line in done.stdout.splitlines()]
    assert exchanges[1] == exchanges[2] < exchanges[0]
    assert "legacy" in log.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_a_summary_and_130(server, environment, number):
    with subprocess.Popen([MCPCTL, "probe", server(), "--watch", "50ms"], env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        first = [process.stdout.readline() for _ in range(3)]
        process.send_signal(number)
        rest, err = process.communicate(timeout=30)
    assert process.returncode == 130
    count = len(lines_of("".join(first) + rest))
    assert f"{count} of {count} probes ok" in err


def test_a_signal_in_the_middle_of_a_probe_leaves_no_session_and_counts_no_run(server, environment):
    url = server("--era", "legacy", "--max-sessions", "1", "--fault", "delay:60s@method=tools/list")

    def has_room():
        """A server of one session takes one more only if none was left."""
        return subprocess.run([MCPCTL, "probe", "--no-era-cache", "--depth", "handshake", url],
                              env=environment, capture_output=True, timeout=60).returncode == 0

    def wait_until(expected):
        deadline = time.monotonic() + 20 * SLOW
        while has_room() != expected:
            assert time.monotonic() < deadline
            time.sleep(0.02)

    # It tries again when has_room holds the only session at that moment.
    with subprocess.Popen([MCPCTL, "probe", url, "--watch", "10s", "--timeout", "500s",
                           "--retries", "10"], text=True, env=environment,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        wait_until(False)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == "" and err == "mcpctl: no probe was finished\n"
    wait_until(True)


def test_a_stdio_server_is_started_and_ended_for_each_run(environment):
    done = subprocess.run(
        [MCPCTL, "probe", "--watch", "50ms", "--count", "3", "-o", "json", "--",
         MCPCTL, "testserver", "--stdio"],
        env=environment, capture_output=True, text=True, timeout=60)
    reports = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [report["transport"] for report in reports] == ["stdio"] * 3
    assert {phase["status"] for report in reports for phase in report["phases"]} == {"ok"}


def test_what_does_not_go_together_is_a_mistake_on_the_line(watch):
    target = "http://127.0.0.1:1/mcp"
    for arguments, words in [
        ([target, "--watch", "soon"], "--watch"), ([target, "--watch", "0"], "--watch"),
        ([target, "--count", "2"], "--count: needs --watch"),
        ([target, "--watch", "1s", "--count", "0"], "--count"),
        ([target, "--watch", "1s", "--count", "x"], "--count"),
        ([target, target, "--watch", "1s"], "takes one target"),
        ([target, "--watch", "1s", "-o", "junit"], "text or json"),
    ]:
        done = watch(*arguments)
        assert done.returncode == 2 and words in done.stderr, arguments
