"""mcpctl sidecar: its endpoints and what they say when the server beside it changes."""

import contextlib
import fcntl
import http.client
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import time
from pathlib import Path

import jsonschema
import pytest

from running_servers import MCPCTL
from running_sidecars import ERAS, FAST, OPENER, SLOW, era_of, run, running_sidecars, sessions_held

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = json.loads(
    (ROOT / "cli/render/schema/sidecar-status.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(
    SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
STDIO = ["--", MCPCTL, "testserver", "--stdio"]


@pytest.fixture
def sidecar():
    with running_sidecars() as start:
        yield start


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def latency(sidecar, path="/readyz"):
    """Seconds that one answer took on a connection that stands, and its status."""
    connection = http.client.HTTPConnection("127.0.0.1", sidecar.port, timeout=10)
    connection.connect()
    begin = time.perf_counter()
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    took = time.perf_counter() - begin
    connection.close()
    return took, answer.status


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("how", ERAS)
def test_it_is_ready_over_each_era_and_leaves_nothing_behind(sidecar, server, how):
    url = era_of(server(), how)
    beside = sidecar(url, *FAST, "--handshake-every", "3", *how)
    beside.wait_for("/readyz", 200)
    assert beside.ask("/readyz") == (200, "ok\n")
    assert beside.ask("/livez") == (200, "ok\n")
    assert beside.ask("/startupz") == (200, "ok\n")
    count = 'mcpctl_sidecar_probes_total{probe="%s",sign="good"}'
    beside.wait_until(lambda: beside.metrics()[count % "canary"] >= 3
                      and beside.metrics()[count % "handshake"] >= 2, "too few probes")
    status = beside.status()
    VALIDATOR.validate(status)
    assert status["state"] == "ready"
    assert status["canary"]["held"] is True
    assert status["surface"]["drifted"] is False
    assert status["server"]["name"] == "mcpctl-testserver"
    assert [each for each in status["recent"] if each["sign"] != "good"] == []
    assert beside.stop() == 0
    assert sessions_held(url) == 0
    assert re.search(r"Z ready: .+ \(after .+ starting\)$", beside.lines[1])
    assert re.search(r"Z stopped: .+ draining\)$", beside.lines[-1])


@pytest.mark.parametrize("listen", [":0", "[::]:0"])
def test_a_port_alone_is_that_of_both_families(sidecar, server, listen):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError as error:
        pytest.skip(f"this machine has no IPv6: {error}")
    beside = sidecar(server(), *FAST, listen=("--listen", listen))
    for host in ("127.0.0.1", "[::1]"):
        with OPENER.open(f"http://{host}:{beside.port}/livez", timeout=10) as answer:
            assert answer.read() == b"ok\n"
    assert re.search(r"listening on (\*|\[::\]):\d+ for", beside.lines[0])
    assert beside.stop() == 0


def test_a_stdio_server_is_owned_and_started_again(sidecar):
    beside = sidecar(*FAST, *STDIO)
    beside.wait_for("/readyz", 200)
    pid = beside.status()["child"]["pid"]
    os.kill(pid, signal.SIGKILL)
    beside.wait_until(lambda: (beside.status()["child"] or {}).get("pid") not in (pid, None),
                      "no other child")
    beside.wait_for("/readyz", 200)
    status = beside.status()
    VALIDATOR.validate(status)
    assert status["transport"] == "stdio"
    assert status["child"]["restarts"] == 1
    assert sum(status["canary"]["losses"].values()) == 1
    pid = status["child"]["pid"]
    assert beside.stop() == 0
    assert not Path(f"/proc/{pid}").exists()


def test_a_wedged_stdio_server_is_degraded_and_said_to_hang(sidecar):
    beside = sidecar("--interval", "100ms", "--timeout", "300ms", "--failure-threshold", "2", *STDIO)
    beside.wait_for("/readyz", 200)
    os.kill(beside.status()["child"]["pid"], signal.SIGSTOP)
    beside.wait_for("/readyz", 503)
    code, text = beside.ask("/readyz?verbose")
    assert code == 503
    assert re.search(r"^state +degraded for ", text, re.MULTILINE)
    assert beside.stop() == 0


@pytest.mark.parametrize("how", ERAS)
def test_a_frozen_server_fails_readyz_and_livez_by_their_thresholds_and_comes_back(
        sidecar, server, how):
    url = era_of(server(), how)
    beside = sidecar(url, "--interval", "100ms", "--timeout", "400ms", "--failure-threshold", "2",
                     "--liveness-threshold", "4", "--startup-grace", "0", *how)
    beside.wait_for("/readyz", 200)
    calm = statistics.median(latency(beside)[0] for _ in range(30))
    server.processes[0].send_signal(signal.SIGSTOP)
    beside.wait_for("/readyz", 503)
    assert beside.ask("/livez") == (200, "ok\n")
    # Answers come from what is known, also while a probe hangs.
    frozen = statistics.median(latency(beside)[0] for _ in range(30))
    assert frozen < max(0.05 if SLOW else 0.005, 3 * calm)
    beside.wait_for("/livez", 503)
    assert beside.ask("/startupz")[0] == 200
    status = beside.status()
    VALIDATOR.validate(status)
    assert status["state"] == "degraded"
    assert status["recent"][0]["failure"] == "timeout"
    server.processes[0].send_signal(signal.SIGCONT)
    beside.wait_for("/readyz", 200)
    beside.wait_for("/livez", 200)
    assert beside.stop() == 0
    assert sessions_held(url) == 0


def test_a_killed_server_is_degraded_and_ready_again_after_its_restart(sidecar, server):
    url = server("--era", "legacy")
    address = re.match(r"http://([^/]+)", url)[1]
    beside = sidecar(url, *FAST, "--failure-threshold", "2")
    beside.wait_for("/readyz", 200)
    server.processes[0].kill()
    server.processes[0].wait()
    beside.wait_for("/readyz", 503)
    assert beside.status()["recent"][0]["sign"] == "down"
    server("--era", "legacy", "--listen", address)
    beside.wait_for("/readyz", 200)
    # A handshake of its own may have found it back before the canary is opened again.
    beside.wait_until(lambda: beside.status()["canary"]["held"], "no canary")
    beside.wait_for_line(r"degraded: .+ready\)$")
    beside.wait_for_line(r" ready: .+ degraded\)$")
    assert beside.stop() == 0
    assert sessions_held(url) == 0


def test_a_server_that_is_not_there_is_waited_for(sidecar):
    port = free_port()
    beside = sidecar(f"http://127.0.0.1:{port}/mcp", *FAST)
    beside.wait_until(lambda: beside.status()["failures_in_row"] >= 2, "no failures")
    assert beside.ask("/readyz")[0] == 503
    assert beside.ask("/startupz")[0] == 503
    assert beside.ask("/livez") == (200, "ok\n")  # in its start-up grace
    assert beside.status()["state"] == "starting"
    assert beside.stop(signal.SIGINT) == 0


def test_other_tools_are_drift_and_fail_readyz_only_where_that_is_asked_for(
        sidecar, server, tmp_path):
    url = server()
    address = re.match(r"http://([^/]+)", url)[1]
    often = [*FAST, "--handshake-every", "2"]
    tolerant = sidecar(url, *often)
    strict = sidecar(url, *often, "--ready-requires", "stable-surface", "--failure-threshold", "1")
    for each in (tolerant, strict):
        each.wait_for("/readyz", 200)
        each.wait_until(lambda each=each: each.status()["surface"] is not None, "no surface")
    surface = tmp_path / "surface.json"
    surface.write_text(json.dumps({"tools": [{"name": "echo2", "inputSchema": {"type": "object"}}]}))
    server.processes[0].kill()
    server.processes[0].wait()
    server("--listen", address, "--surface", str(surface))
    for each in (tolerant, strict):
        each.wait_until(lambda each=each: each.status()["surface"]["drifted"], "no drift")
        assert {"+echo2", "-echo"} <= set(each.status()["surface"]["differing"])
        each.wait_for_line("the tools differ from those of the first handshake: .*echo")
    tolerant.wait_for("/readyz", 200)
    strict.wait_for("/readyz", 503)
    VALIDATOR.validate(strict.status())


@pytest.mark.parametrize("allowed", [False, True])
def test_a_protected_server_is_ready_only_where_that_is_allowed(sidecar, server, tmp_path, allowed):
    tokens = tmp_path / "tokens"
    tokens.write_text("hush\n")
    url = server("--auth-token-file", str(tokens))
    beside = sidecar(url, *FAST, "--startup-grace", "0", *(["--allow-protected"] * allowed))
    beside.wait_until(lambda: sum(each["count"] for each in beside.status()["probes"]) >= 8,
                      "too few probes")
    assert beside.ask("/readyz")[0] == (200 if allowed else 503)
    assert beside.ask("/livez")[0] == 200
    # With the token, from the environment as a Kubernetes secret brings it, it is an ordinary one.
    informed = sidecar(url, *FAST, environment={"MCPCTL_HEADER": "Authorization: Bearer hush"})
    informed.wait_for("/readyz", 200)
    assert "hush" not in informed.ask("/status")[1] + informed.ask("/metrics")[1]
    assert informed.stop() == 0
    assert all("hush" not in line for line in informed.lines)


def test_settings_come_from_the_line_then_the_environment_then_the_file(sidecar, server, tmp_path):
    url = server()
    file = tmp_path / "settings.yaml"
    file.write_text(f"target: {url}\ninterval: 3s\nhandshake-every: 3\nlog-format: json\n"
                    "timeout: 2s\nlisten: 192.0.2.1:1\n")
    beside = sidecar("--interval", "150ms", listen=(), environment={
        "MCPCTL_SETTINGS": str(file), "MCPCTL_INTERVAL": "2s", "MCPCTL_LISTEN": "127.0.0.1:0"})
    first = json.loads(beside.lines[0])
    assert (first["event"], first["target"], first["interval_seconds"]) == ("listening", url, 0.15)
    beside.wait_for("/readyz", 200)
    state = json.loads(beside.wait_for_line('"event":"state"'))
    assert (state["before"], state["state"]) == ("starting", "ready")


def test_mistakes_are_told_with_their_source_and_exit_2(tmp_path):
    done = run("http://127.0.0.1:1/mcp", environment={"MCPCTL_INTERVAL": "10 parsecs"})
    assert done.returncode == 2
    assert done.stderr.startswith('mcpctl: MCPCTL_INTERVAL: "10 parsecs" is not a duration\n')
    (tmp_path / "s.yaml").write_text("target: http://127.0.0.1:1/mcp\n\nintervall: 10s\n")
    done = run("--settings", str(tmp_path / "s.yaml"))
    assert done.returncode == 2
    assert done.stderr == (f'mcpctl: {tmp_path}/s.yaml:3: unknown key "intervall" '
                           "(did you mean interval?)\n")
    done = run("http://127.0.0.1:1/mcp", "--handshake-every", "0")
    assert (done.returncode, done.stderr) == (2, "mcpctl: --handshake-every: must be at least 1\n")
    done = run()
    assert done.returncode == 2
    assert "no target given" in done.stderr


def test_a_used_port_is_told_and_exits_2(sidecar):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = run("http://127.0.0.1:1/mcp", "--listen", address)
    assert done.returncode == 2
    assert done.stderr.startswith(f"mcpctl: --listen: cannot listen on {address}: ")
    # A port is free again at once: a sidecar that was restarted listens.
    first = sidecar("http://127.0.0.1:1/mcp", *FAST)
    again = ("--listen", f"127.0.0.1:{first.port}")
    assert first.ask("/livez")[0] == 200
    assert first.stop() == 0
    assert sidecar("http://127.0.0.1:1/mcp", *FAST, listen=again).ask("/livez")[0] == 200


def test_unknown_paths_and_methods_are_told_what_there_is(sidecar):
    beside = sidecar("http://127.0.0.1:1/mcp", *FAST)
    code, text = beside.ask("/healthz")
    assert code == 404
    for path in ("/readyz", "/livez", "/startupz", "/metrics", "/status", "/sessions", "/drain"):
        assert re.search(rf"^{path} ", text, re.MULTILINE)
    assert beside.ask("/readyz", "DELETE")[0] == 405
    assert beside.ask("/readyz", "HEAD") == (503, "")


@pytest.mark.parametrize("reader", ["asleep", "gone"])
def test_a_log_that_nobody_reads_holds_up_no_answer(server, reader):
    url = server()
    port = free_port()
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.write(writing, b"x" * 4096)
    process = subprocess.Popen([MCPCTL, "sidecar", url, *FAST, "--listen", f"127.0.0.1:{port}",
                                "--drain-timeout", "0"], stderr=writing)
    os.close(writing)
    if reader == "gone":
        os.close(reading)
    try:
        deadline = time.monotonic() + 30
        while True:
            with contextlib.suppress(OSError):
                if OPENER.open(f"http://127.0.0.1:{port}/readyz", timeout=5).status == 200:
                    break
            assert process.poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.terminate()
        assert process.wait(30) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        if reader == "asleep":
            os.close(reading)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
@pytest.mark.parametrize("how", ERAS + [STDIO])
def test_promtool_has_nothing_to_say_about_the_metrics(sidecar, server, how):
    words = how if how is STDIO else [era_of(server(), how), *how]
    beside = sidecar(*FAST, "--handshake-every", "2", *words)
    handshakes = 'mcpctl_sidecar_probes_total{probe="handshake",sign="good"}'
    beside.wait_until(lambda: beside.metrics()[handshakes] >= 2, "too few handshakes")
    text = beside.ask("/metrics")[1]
    assert "\nmcp_client_operation_duration_seconds_bucket{mcp_method_name=" in text
    assert "\nmcpctl_sidecar_probe_duration_seconds_count{phase=" in text
    checked = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                             text=True, timeout=60)
    assert (checked.returncode, checked.stdout + checked.stderr) == (0, "")
