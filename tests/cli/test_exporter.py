"""`mcpctl exporter` against test servers: what a scrape gets, what is refused, what is left."""

import json
import os
import re
import signal
import socket
import subprocess
import threading
import time

import jsonschema
import pytest
import yaml

from running_exporters import MCPCTL, ROOT, check_metrics, running_exporter

SCHEMA = json.loads((ROOT / "cli/render/schema/exporter.schema.json").read_text(encoding="utf-8"))
SLOW = 5 if os.environ.get("MCPCTL_SLOW_BUILD") else 1




@pytest.fixture
def configure(tmp_path):
    def write(content, name="modules.yml"):
        path = tmp_path / name
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content))
        return path

    return write


def wait_until(condition, what, seconds=20):
    deadline = time.monotonic() + seconds * SLOW
    while not (result := condition()):
        assert time.monotonic() < deadline, what
        time.sleep(0.02)
    return result


def test_a_scrape_gets_the_series_of_blackbox_exporter_without_a_target_label(server):
    url = server()
    with running_exporter("--allow-target", url) as exporter:
        answer = exporter.probe(url)
    assert answer.status == 200
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    metrics = answer.metrics()
    assert metrics["probe_success"] == 1
    assert 0 < metrics["probe_duration_seconds"] < 10
    assert metrics["probe_ip_protocol"] == 4
    assert metrics["probe_http_status_code"] == 200
    assert metrics["probe_http_ssl"] == 0
    phases = {"resolve", "connect", "tls", "processing", "transfer"}
    assert {f'probe_http_duration_seconds{{phase="{phase}"}}' for phase in phases} <= metrics.keys()
    assert metrics["probe_dns_lookup_time_seconds"] >= 0
    assert 'probe_mcp_duration_seconds{phase="handshake"}' in metrics
    assert metrics["probe_mcp_tools"] > 0
    assert "target=" not in answer.body
    assert check_metrics(answer.body) == ""


def test_promtool_accepts_each_kind_of_answer(server, configure):
    url, dead = server(), "http://127.0.0.1:1/mcp"
    config = configure({
        "targets": [url, dead],
        "modules": {"call": {"call": {"tool": "echo", "arguments": {"text": "hi"},
                                      "expect_text": "^hi$"}},
                    "tcp": {"depth": "tcp"}}})
    with running_exporter("--config", config) as exporter:
        for target, module, success in [(url, "call", 1), (url, "tcp", 1), (dead, "mcp", 0)]:
            answer = exporter.probe(target, module)
            assert answer.metrics()["probe_success"] == success
            assert check_metrics(answer.body) == ""
        own = exporter.ask("/metrics")
    assert check_metrics(own.body) == ""
    assert own.metrics()['mcpctl_exporter_probes_total{module="mcp",result="failure"}'] == 1


def test_a_server_over_tls_tells_when_its_certificate_expires(server, configure, tmp_path):
    certificate, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-keyout", key, "-out", certificate], check=True, capture_output=True)
    url = server("--tls-cert", certificate, "--tls-key", key)
    config = configure({"targets": ["127.0.0.1"], "modules": {
        "trusting": {"ca_file": "cert.pem"},
        "strict": {"ca_file": "cert.pem", "cert_crit": 7}}})
    with running_exporter("--config", config) as exporter:
        metrics = exporter.probe(url, "trusting").metrics()
        strict = exporter.probe(url, "strict").metrics()
        untrusting = exporter.probe(url).metrics()
    left = metrics["probe_ssl_earliest_cert_expiry"] - time.time()
    assert 2 * 86400 < left < 3 * 86400 + 60
    assert metrics["probe_success"] == 1 and metrics["probe_http_ssl"] == 1
    assert strict["probe_success"] == 0
    assert untrusting["probe_success"] == 0


def test_debug_tells_the_log_the_metrics_and_the_module_without_its_secrets(server, configure):
    url = server()
    config = configure({"targets": [url], "modules": {"deep": {"headers": {"X-Key": "hunter2"}}}})
    with running_exporter("--config", config) as exporter:
        debug = exporter.probe(url, "deep", debug="true")
        page, shown = exporter.ask("/"), exporter.ask("/config")
        logged = exporter.ask("/logs", id=1)
    assert re.search(r"# Log\nOK .* lists 7 tools, ", debug.body)
    assert re.search(r"\n  handshake +[\d.]+ ms  streamable-http", debug.body)
    assert "\nprobe_success 1\n" in debug.body
    assert "X-Key: <hidden>" in debug.body and "X-Key: <hidden>" in shown.body
    assert "hunter2" not in debug.body + page.body + shown.body + logged.body
    assert logged.body == debug.body
    assert 'href="logs?id=1"' in page.body and url in page.body
    jsonschema.Draft202012Validator(SCHEMA).validate(yaml.safe_load(shown.body))


def test_only_what_is_listed_is_probed_and_nothing_but_http(server):
    url = server()
    with running_exporter("--allow-target", "mcp.test") as exporter:
        refused = exporter.probe(url)
        assert refused.status == 403
        assert refused.body == f"The target {url} is not on the list of targets.\n"
        assert exporter.metrics()['mcpctl_exporter_refusals_total{reason="not_allowed"}'] == 1
    with running_exporter("--allow-any-target") as exporter:
        assert exporter.probe(url).metrics()["probe_success"] == 1
        for target in ("file:///etc/passwd", "@server", "cat /etc/passwd", "ftp://127.0.0.1/"):
            assert exporter.probe(target).status == 400
        assert exporter.probe(url, "nothing").status == 400
        assert exporter.ask("/probe").status == 400


def test_a_redirect_is_not_followed_to_where_the_list_does_not_reach():
    asked = []

    def serve(listener, answer):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(10)
                asked.append((listener.getsockname()[1], connection.recv(65536)))
                connection.sendall(answer)

    inside, outside = socket.create_server(("127.0.0.1", 0)), socket.create_server(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in (outside, inside)]
    redirect = (f"HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:{ports[1]}/mcp\r\n"
                "Content-Length: 0\r\nConnection: close\r\n\r\n").encode()
    with outside, inside:
        for listener, answer in ((outside, redirect), (inside, b"HTTP/1.1 200 OK\r\n\r\n")):
            threading.Thread(target=serve, args=(listener, answer), daemon=True).start()
        with running_exporter("--allow-target", f"127.0.0.1:{ports[0]}") as exporter:
            answer = exporter.probe(f"http://127.0.0.1:{ports[0]}/mcp")
    assert answer.metrics()["probe_success"] == 0
    assert {port for port, _ in asked} == {ports[0]}


def test_credentials_go_to_listed_targets_only_even_if_anything_is_allowed(server, configure, tmp_path):
    (tmp_path / "token").write_text("t0ken\n")
    (tmp_path / "tokens").write_text("t0ken\n")
    listed = server("--auth-token-file", tmp_path / "tokens")
    other = server()
    config = configure({"targets": [listed], "modules": {"secret": {"token_file": "token"}}})
    with running_exporter("--config", config, "--allow-any-target") as exporter:
        assert exporter.probe(listed, "secret").metrics()["probe_success"] == 1
        assert exporter.probe(listed).metrics()["probe_http_status_code"] == 401
        assert exporter.probe(other).metrics()["probe_success"] == 1
        refused = exporter.probe(other, "secret")
    assert refused.status == 403
    assert refused.body.startswith("The module secret has credentials, which go to the targets on")


def test_a_probe_is_over_before_the_scrape_is(server):
    url = server("--fault", "delay:60s")
    with running_exporter("--allow-target", url, "--timeout-offset", "200ms") as exporter:
        begin = time.monotonic()
        metrics = exporter.probe(url, headers={"X-Prometheus-Scrape-Timeout-Seconds": "1.5"}).metrics()
        took = time.monotonic() - begin
        assert exporter.probe(url, headers={"X-Prometheus-Scrape-Timeout-Seconds": "x"}).status == 400
    assert metrics["probe_success"] == 0
    assert metrics["probe_timeout_seconds"] == pytest.approx(1.3)
    assert metrics["probe_duration_seconds"] <= 1.5
    assert took < 1.5 * SLOW + 1


def test_it_answers_at_once_while_all_probes_hang(server, configure):
    url = server("--fault", "delay:60s")
    modules = {f"m{number}": None for number in range(5)}
    config = configure({"targets": [url], "modules": modules})
    with running_exporter("--config", config, "--max-concurrent", 4) as exporter:
        hanging = [threading.Thread(target=exporter.probe, args=(url, f"m{number}"),
                                    kwargs={"headers": {"X-Prometheus-Scrape-Timeout-Seconds": "5"}})
                   for number in range(4)]
        for thread in hanging:
            thread.start()
        wait_until(lambda: exporter.metrics()["mcpctl_exporter_probes_running"] == 4, "four probes run")
        begin = time.monotonic()
        assert exporter.ask("/-/healthy").body == "ok\n"
        refused = exporter.probe(url, "m4")
        assert time.monotonic() - begin < 0.5 * SLOW
        assert refused.status == 503 and refused.headers["Retry-After"] == "1"
        for thread in hanging:
            thread.join()


def test_a_client_that_goes_away_ends_its_probe_and_no_session_is_left(server, configure):
    url = server(*LEGACY_AND_SLOW)
    with running_exporter("--config", configure(PATIENT), "--allow-target", url) as exporter:
        port = int(exporter.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(f"GET /probe?target={url} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            wait_until(lambda: not has_room_for_a_session(url), "the probe has its session")
        wait_until(lambda: exporter.metrics()["mcpctl_exporter_probes_running"] == 0, "it ends")
        ended = exporter.metrics()['mcpctl_exporter_probes_total{module="mcp",result="interrupted"}']
        assert exporter.metrics()["mcpctl_exporter_sessions_left_total"] == 0
    assert ended == 1
    wait_until(lambda: has_room_for_a_session(url), "no session is left")


def test_a_bad_new_file_keeps_the_old_one_and_a_good_one_takes_its_place(server, configure):
    url = server()
    config = configure({"targets": [url]})
    with running_exporter("--config", config) as exporter:
        configure("targets: [10.0.0.1/8]\nmodules:\n  a: {dept: tls}\n")
        refused = exporter.ask("/-/reload", method="POST")
        assert refused.status == 500
        assert f"{config}:1:11: " in refused.body and f"{config}:3:7: " in refused.body
        assert exporter.metrics()["mcpctl_exporter_config_last_reload_successful"] == 0
        assert exporter.probe(url).metrics()["probe_success"] == 1
        exporter.process.send_signal(signal.SIGHUP)
        wait_until(lambda: "stays in use" in "".join(exporter.errors), "the warning")
        configure({"targets": [url], "modules": {"fresh": {"depth": "tcp"}}})
        exporter.process.send_signal(signal.SIGHUP)
        wait_until(lambda: exporter.probe(url, "fresh").status == 200, "the new module")
        assert exporter.metrics()["mcpctl_exporter_config_last_reload_successful"] == 1
        assert exporter.ask("/-/reload").status == 405


def has_room_for_a_session(url):
    """A server of --max-sessions 1 takes one more only if none was left."""
    done = subprocess.run([MCPCTL, "probe", "--noproxy", "--no-era-cache", "--depth", "handshake", url],
                          capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 4), done.stdout + done.stderr
    return done.returncode == 0


# The probe tries again when has_room_for_a_session holds the only session at that moment.
PATIENT = {"modules": {"mcp": {"timeout": "500s", "retries": 10}}}
LEGACY_AND_SLOW = ["--era", "legacy", "--max-sessions", "1", "--fault", "delay:60s@method=tools/list"]


def test_sigterm_ends_running_probes_deletes_their_sessions_and_exits_with_0(server, configure):
    url = server(*LEGACY_AND_SLOW)
    with running_exporter("--config", configure(PATIENT), "--allow-target", url) as exporter:
        answers = []
        thread = threading.Thread(target=lambda: answers.append(exporter.probe(url)))
        thread.start()
        wait_until(lambda: not has_room_for_a_session(url), "the probe has its session")
        begin = time.monotonic()
        assert exporter.end() == 0
        assert time.monotonic() - begin < 5 * SLOW
        thread.join()
    assert answers[0].status == 503 and answers[0].body == "The exporter is ending.\n"
    wait_until(lambda: has_room_for_a_session(url), "no session is left")


def run(*arguments):
    return subprocess.run([MCPCTL, "exporter", *map(str, arguments)], capture_output=True, text=True,
                          timeout=60)


def test_check_validates_the_file_and_exits(configure):
    good = configure({"targets": ["localhost"], "modules": {"a": {"depth": "tcp"}}})
    done = run("--check", "--config", good)
    assert (done.returncode, done.stdout) == (0, f"{good}: ok, 3 modules\n")
    bad = configure("modules:\n  a:\n    timeout: soon\n")
    done = run("--check", "--config", bad)
    assert done.returncode == 2
    assert f"{bad}:3:14: " in done.stderr
    missing = configure({"modules": {"a": {"token_file": "nowhere"}}})
    done = run("--check", "--config", missing)
    assert done.returncode == 2 and "module a: " in done.stderr and "nowhere" in done.stderr


def test_what_cannot_be_is_told_with_exit_code_2(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("--listen", f"127.0.0.1:{port}", "--allow-any-target")
        assert done.returncode == 2 and str(port) in done.stderr
    for arguments in (["--listen", "9115x"], ["--max-concurrent", "0"], ["--max-rate", "-1"],
                      ["--allow-target", "*"], ["http://127.0.0.1/mcp"], ["--timeout-offset", "a"],
                      ["--config", tmp_path / "nowhere.yml"]):
        assert run(*arguments).returncode == 2, arguments


def test_options_come_from_the_environment_too(server):
    url = server()
    with running_exporter(env={"MCPCTL_ALLOW_TARGET": url, "MCPCTL_MAX_CONCURRENT": "3"}) as exporter:
        assert exporter.probe(url).metrics()["probe_success"] == 1
        assert exporter.metrics()["mcpctl_exporter_probes_limit"] == 3


def test_without_targets_it_says_that_it_will_refuse_all():
    with running_exporter() as exporter:
        assert "no target is allowed" in "".join(exporter.errors)
        assert exporter.end(signal.SIGINT) == 0


def test_the_schema_is_one_and_refuses_what_the_exporter_refuses():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"modules": {"a": {"transport": "stdio"}}}, SCHEMA)
