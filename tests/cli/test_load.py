"""mcpctl load: scenarios, flags, exit codes and results of short runs against the test server."""

import json
import os
import re
import signal
import subprocess
import time
import urllib.request
from pathlib import Path

import jsonschema
import pytest

MCPCTL = os.environ["MCPCTL"]
ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads((ROOT / "cli/render/schema/load.schema.json").read_text(encoding="utf-8"))
ECHO = ["--call", "echo", "--args", '{"text":"hello ${agent.id}"}']
# Sanitizers and their neighbours make everything late, and so no latency is judged there.
RELEASE = not os.environ.get("MCPCTL_SLOW_BUILD")


@pytest.fixture
def run(tmp_path):
    def start(*arguments):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
        return subprocess.run([MCPCTL, "load", *arguments], env=environment, cwd=tmp_path,
                              capture_output=True, text=True, timeout=120)

    return start


def metrics(url):
    """name{labels} → value of what the test server counts."""
    base = re.match(r"(https?://[^/]+)", url)[1]
    text = urllib.request.urlopen(base + "/metrics", timeout=10).read().decode()
    return {name: float(value) for name, value in re.findall(r"^(\S+?) (\S+)$", text, re.MULTILINE)}


def sessions_held(url):
    return next(value for name, value in metrics(url).items() if name.endswith("_sessions"))


def valid(text):
    document = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    return document


@pytest.mark.parametrize("how", [["--protocol", "legacy"], ["--protocol", "modern"],
                                 ["--transport", "http-sse"]])
def test_agents_burst_and_idle_over_each_era_and_leave_nothing_behind(run, server, how):
    url = server()
    if "http-sse" in how:
        url = url.replace("/mcp", "/sse")
    done = run("run", url, "--agents", "5", "--burst", "10/500ms", "--idle", "300ms", "--duration",
               "2s", "--threads", "2", *ECHO, *how, "-o", "json")
    assert done.returncode == 0, done.stdout + done.stderr
    results = valid(done.stdout)
    summary = results["summary"]
    assert summary["threads"] == 2
    assert summary["all"]["failed"] == 0
    assert summary["sessions"] == {**summary["sessions"], "opened": 5, "closed": 5, "lost": 0}
    # Bursts begin every 0.8 s or so: three of ten calls each, by five agents.
    calls = next(step for step in summary["steps"] if step["name"] == "tools/call:echo")
    assert 100 <= calls["requests"] <= 150
    assert sessions_held(url) == 0


def test_a_stdio_server_is_started_for_each_agent(run):
    done = run("run", "--rate", "40/s", "--duration", "1s", "--agents", "4", *ECHO, "-o", "json",
               "--", MCPCTL, "testserver", "--stdio")
    assert done.returncode == 0, done.stdout + done.stderr
    assert valid(done.stdout)["summary"]["rate"]["intended"] == 44  # and four handshakes


def test_the_text_tells_the_verdict_and_the_files_hold_the_same_run(run, server, tmp_path):
    url = server()
    done = run("run", "steady", url, "--rate", "50/s", "--duration", "1s", "--agents", "3", *ECHO,
               "--threshold", "requests >= 50", "--results", "a.json", "--hlog", "a.hlog")
    assert done.returncode == 0, done.stdout + done.stderr
    # A busy machine may say SATURATED; no latency is judged here.
    assert re.match(rf"(PASSED|SATURATED) steady {re.escape(url)}: ", done.stdout)
    assert done.stdout.count("  met ") == 4
    assert "mcpctl: steady: 3 agents" in done.stderr
    valid((tmp_path / "a.json").read_text())
    assert (tmp_path / "a.hlog").read_text().startswith("#")
    report = run("report", "a.json")
    assert (report.returncode, report.stdout) == (0, done.stdout)


def test_a_missed_threshold_is_exit_code_1(run, server):
    url = server()
    done = run("run", url, "--rate", "20/s", "--duration", "1s", "--call", "no-such-tool", "--args",
               "{}", "-q")
    assert done.returncode == 1
    assert done.stdout.startswith("MISSED rate ")
    assert "missed error_rate < 0.1%" in done.stdout
    assert done.stderr == ""


@pytest.mark.skipif(not RELEASE, reason="judges latencies")
def test_a_server_that_freezes_shows_in_the_latencies_and_the_rate(run, server):
    url = server()
    process = subprocess.Popen(
        [MCPCTL, "load", "run", url, "--rate", "50/s", "--duration", "8s", "--agents", "5", *ECHO,
         "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(6.3)  # frozen in the last three seconds of the schedule
    server.processes[0].send_signal(signal.SIGSTOP)
    time.sleep(3.3)
    server.processes[0].send_signal(signal.SIGCONT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    results = valid(out)
    call = next(step for step in results["summary"]["steps"] if step["name"].startswith("tools/call"))
    assert call["latency_micros"]["p90"] > 2_000_000
    assert results["summary"]["rate"]["share"] < 0.8
    assert {each["text"]: each["verdict"] for each in results["thresholds"]}["rate >= 95%"] == "missed"


def test_sessions_that_a_restart_loses_are_counted(run, server, tmp_path):
    url = server("--era", "legacy")
    address = re.match(r"http://([^/]+)", url)[1]
    process = subprocess.Popen(
        [MCPCTL, "load", "run", url, "--burst", "10/1s", "--agents", "3", "--duration", "4s", *ECHO,
         "-o", "json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    server.processes[0].kill()
    server.processes[0].wait()
    server("--era", "legacy", "--listen", address)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    results = valid(out)
    sessions = results["summary"]["sessions"]
    assert (sessions["opened"], sessions["lost"], sessions["reinitialised"]) == (3, 3, 3)
    losses = {(each["subject"], each["cause"]): each["count"] for each in results["losses"]}
    # A connection that the kill met in the middle of a request is a reset of that request, and so is
    # one that the dying server's backlog still took.
    resets = results["summary"]["all"]["failures"].get("reset", 0)
    idle = losses.pop(("connection", "restart"), 0)
    assert idle <= 3 <= idle + resets, results["losses"]
    assert losses == {("session", "restart"): 3}
    assert "restart" in results["losses"][0]["conclusion"]
    assert sessions_held(url) == 0


def test_sessions_that_end_when_idle_are_told_from_a_restart(run, server):
    url = server("--era", "legacy", "--session-ttl", "500ms")
    done = run("run", url, "--burst", "4/200ms", "--idle", "1500ms", "--agents", "3", "--duration",
               "5s", *ECHO, "-o", "json")
    assert done.returncode == 1, done.stderr
    results = valid(done.stdout)
    # Three bursts of each agent: the second and the third find no session.
    assert results["summary"]["sessions"]["lost"] == 6
    assert [(each["cause"], each["count"]) for each in results["losses"]] == [("idle_limit", 6)]
    assert "a session TTL" in results["losses"][0]["conclusion"]


def test_ctrl_c_drains_reports_and_leaves_nothing_behind(server, tmp_path):
    url = server()
    process = subprocess.Popen(
        [MCPCTL, "load", "run", url, "--burst", "20/1s", "--idle", "1m", "--agents", "4",
         "--duration", "5m", "--protocol", "legacy", *ECHO, "-o", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 20
    while sessions_held(url) < 4:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130, err
    assert "interrupted" in err
    summary = valid(out)["summary"]
    assert summary["seconds"] < 60
    assert summary["sessions"]["closed"] == 4
    assert sessions_held(url) == 0


def test_nobody_there_is_exit_code_3(run):
    for extra in [[], ["--cold"]]:
        done = run("run", "http://127.0.0.1:9/mcp", "--rate", "5/s", "--duration", "1s", *extra, *ECHO)
        assert done.returncode == 3, done.stdout + done.stderr


def test_shards_merge_into_the_whole_run(run, server, tmp_path):
    url = server()
    for shard in (1, 2):
        done = run("run", "steady", url, "--rate", "40/s", "--duration", "1s", "--agents", "4",
                   *ECHO, "--shard", f"{shard}/2", "--results", f"{shard}.json")
        assert done.returncode in (0, 1), done.stderr
    merged = run("merge", "1.json", "2.json", "-o", "whole.json")
    assert merged.returncode == 0, merged.stderr
    whole = valid((tmp_path / "whole.json").read_text())
    assert whole["summary"]["rate"]["intended"] == 44
    assert run("merge", "1.json", "1.json").returncode == 2
    compared = run("compare", "1.json", "2.json")
    assert compared.returncode == 0, compared.stdout + compared.stderr


def test_the_library_lists_what_can_run(run):
    listed = run("list")
    assert listed.returncode == 0
    names = [line.split()[0] for line in listed.stdout.splitlines()[1:]]
    assert {"burst-idle", "rollout", "idle-cut", "capacity"} <= set(names)
    for name in names:
        assert run("show", name).returncode == 0
        assert run("check", name).returncode == 0


def test_a_broken_scenario_is_told_with_its_places(run, tmp_path):
    (tmp_path / "a.yaml").write_text("agents: many\nscript: [connect]\ncolour: red\n")
    done = run("check", "a.yaml")
    assert done.returncode == 2
    assert "a.yaml:1:9: " in done.stderr and "a.yaml:3:1: " in done.stderr


def test_a_file_with_its_own_target_and_variables(run, server, tmp_path):
    url = server()
    (tmp_path / "a.yaml").write_text(
        f"name: mine\ntarget: {url}\nvars: {{text: hello}}\nagents: 2\nduration: 5s\n"
        "script: [connect, {call: echo, arguments: {text: '${text}'}, "
        "expect: {text_contains: bye}}, disconnect]\nthresholds: [errors == 0]\n")
    assert run("run", "a.yaml").returncode == 1
    done = run("run", "a.yaml", "--set", "text=bye")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [(["run", "steadi", "http://127.0.0.1:9/mcp"], "did you mean steady"),
     (["run", "http://127.0.0.1:9/mcp"], "neither a scenario nor a load"),
     (["run", "http://127.0.0.1:9/mcp", "--rate", "1/s", "--burst", "1/1s"], "exclude"),
     (["run", "http://127.0.0.1:9/mcp", "--rate", "1/s", "--closed"], "--closed"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--closed"], "--closed"),
     (["run", "http://127.0.0.1:9/mcp", "--burst", "thirty"], "--burst"),
     (["run", "http://127.0.0.1:9/mcp", "--rate", "1/s", "--idle", "1s"], "--idle"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--burst", "1/1s"], "--burst"),
     (["run", "ramp", "http://127.0.0.1:9/mcp", "--rate", "1/s"], "--rate"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--args", "{}"], "--args"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--set", "colour=red"], "colour"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--threshold", "p99 <"], "--threshold"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--shard", "3/2"], "shard"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--start-at", "noon"], "--start-at"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--threads", "0"], "--threads"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--cold", "--call", "echo"], "--cold"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--agents", "1000000"], "--source"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--http2", "--agents", "1000000"], "open files"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--source", "here"], "here"),
     (["run", "steady", "http://127.0.0.1:9/mcp", "--http2", "--source", "127.0.0.1"], "--source"),
     (["run", "steady"], "target"),
     (["list", "--rate", "1/s"], "--rate"),
     (["report", "nothing.json"], "nothing.json"),
     (["reprot"], "report"),
     ([], "what to do")])
def test_usage_errors_say_what_to_do(run, line, says):
    done = run(*line)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr
