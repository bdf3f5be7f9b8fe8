"""Prometheus text and OpenTelemetry export of `mcpctl load`, as those who read them do."""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from collector import Collector, attributes

MCPCTL = os.environ["MCPCTL"]
ECHO = ["--call", "echo", "--args", '{"text":"hello ${agent.id}"}']


@pytest.fixture
def run(tmp_path):
    def start(*arguments, **environment):
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **environment}
        return subprocess.run([MCPCTL, "load", *arguments], env=environment, cwd=tmp_path,
                              capture_output=True, text=True, timeout=120)

    return start


@pytest.fixture
def collector():
    one = Collector()
    yield one
    one.close()
    assert one.problems == []


def samples(text):
    """(name, {label: value}) → value; every line that is no comment must be a sample."""
    found = {}
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        name, labels, value = re.fullmatch(r'(\w+)\{(.*)\} (\S+)', line).groups()
        pairs = frozenset(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels))
        assert (name, pairs) not in found
        found[name, pairs] = float(value)
    return found


def total(found, name, **labels):
    return sum(value for (each, pairs), value in found.items()
               if each == name and set(labels.items()) <= pairs)


def promtool(text):
    check = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                           text=True)
    assert (check.returncode, check.stderr, check.stdout) == (0, "", "")


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed")
def test_prometheus_text_passes_promtool_and_holds_the_numbers_of_the_json(run, server):
    url = server("--fault", "status:503@every=10")
    done = run("run", url, "--rate", "50/s", "--duration", "1s", "--agents", "3", *ECHO,
               "--results", "a.json", "-o", "prometheus")
    assert done.returncode == 1, done.stderr
    promtool(done.stdout)
    report = run("report", "a.json", "-o", "prometheus")
    assert (report.stdout, report.returncode) == (done.stdout, 1)
    summary = json.loads(run("report", "a.json", "-o", "json").stdout)["summary"]
    found = samples(done.stdout)
    requests, failures = summary["all"]["requests"], summary["all"]["failures"]
    assert failures["http_status"] >= 4
    assert total(found, "mcp_client_operation_duration_seconds_count") == requests
    for name, count in failures.items():
        assert total(found, "mcp_client_operation_duration_seconds_count", error_type=name) == count
        assert total(found, "mcpctl_load_requests_total", outcome=name) == count
    assert total(found, "mcpctl_load_http_errors_total",
                 http_response_status_code="503") == failures["http_status"]
    assert total(found, "mcpctl_load_requests_total", outcome="ok") == requests - sum(
        failures.values())
    sessions = summary["sessions"]
    assert total(found, "mcp_client_session_duration_seconds_count") == (
        sessions["closed"] + sessions["lost"])
    assert total(found, "mcpctl_load_passed") == 0
    assert total(found, "mcpctl_load_duration_seconds") == pytest.approx(summary["seconds"])
    call = {"mcp_method_name": "tools/call", "gen_ai_tool_name": "echo",
            "gen_ai_operation_name": "execute_tool", "network_transport": "tcp",
            "server_address": "127.0.0.1", "mcp_protocol_version": "2026-07-28"}
    assert total(found, "mcp_client_operation_duration_seconds_count", **call) >= 50


def test_other_actions_have_no_prometheus_text(run):
    done = run("list", "-o", "prometheus")
    assert (done.returncode, done.stdout) == (2, "")


def test_a_collector_gets_the_whole_run_and_traces_that_the_server_can_join(
        run, collector, recording_server):
    done = run("run", recording_server.url, "--rate", "40/s", "--duration", "2s", "--agents", "2",
               "--protocol", "2025-06-18", *ECHO, "-o", "json", "--otlp", collector.url + "/",
               "--trace-sample", "100%",
               OTEL_METRIC_EXPORT_INTERVAL="500", OTEL_EXPORTER_OTLP_HEADERS="x-key=secret")
    assert done.returncode == 0, done.stderr + done.stdout
    summary = json.loads(done.stdout)["summary"]
    assert {headers["x-key"] for headers in collector.headers} == {"secret"}
    assert re.search(rf"^mcpctl: otlp: {collector.url}: \d sets of metrics, 80 traces$",
                     done.stderr, re.MULTILINE), done.stderr
    resources = {json.dumps(one, sort_keys=True) for one in collector.resources}
    assert len(resources) == 1
    resource = json.loads(resources.pop())
    assert resource["service.name"] == "mcpctl"
    assert resource["mcpctl.load.target"] == recording_server.url

    # Metrics: cumulative, and in the end those of the report.
    assert len(collector.metrics) >= 3
    counts = [sum(int(point["count"]) for point in
                  one["mcp.client.operation.duration"]["histogram"]["dataPoints"])
              for one in collector.metrics if "mcp.client.operation.duration" in one]
    assert counts == sorted(counts) and counts[-1] == summary["all"]["requests"]
    last = collector.metrics[-1]
    point = next(point for point in last["mcp.client.operation.duration"]["histogram"]["dataPoints"]
                 if attributes(point)["mcp.method.name"] == "tools/call")
    assert point["explicitBounds"] == [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120,
                                       300]
    assert attributes(point) == {
        "mcp.method.name": "tools/call", "gen_ai.operation.name": "execute_tool",
        "gen_ai.tool.name": "echo", "mcp.protocol.version": "2025-06-18",
        "network.transport": "tcp", "network.protocol.name": "http",
        "server.address": "127.0.0.1", "server.port": str(recording_server.port)}
    assert last["mcp.client.operation.duration"]["unit"] == "s"
    assert "mcp.client.session.duration" in last and "mcpctl.load.passed" in last

    # Traces: one span for each call, and the server saw exactly these as parents.
    spans = {f"00-{span['traceId']}-{span['spanId']}-01": span for span in collector.spans}
    assert len(spans) == len(collector.spans) == 80
    calls = [message for message in recording_server.messages if message.get("method") == "tools/call"]
    assert {call["params"]["_meta"]["traceparent"] for call in calls} == set(spans)
    assert {call["traceparent header"] for call in calls} == set(spans)
    for span in collector.spans:
        assert (span["name"], span["kind"]) == ("tools/call echo", 3)
        assert 0 <= int(span["endTimeUnixNano"]) - int(span["startTimeUnixNano"]) < 10**10
        assert "status" not in span


def test_traces_are_few_unless_more_are_asked_for(run, collector, recording_server):
    done = run("run", recording_server.url, "--rate", "200/s", "--duration", "1s", "--agents", "2",
               *ECHO, "--protocol", "2025-06-18", "--otlp", collector.url)
    assert done.returncode in (0, 1), done.stderr
    assert re.search(r"^  otlp         \S+: 1 set of metrics, \d+ traces$", done.stdout,
                     re.MULTILINE), done.stdout
    assert 1 <= len(collector.spans) <= 14
    traced = [message for message in recording_server.messages
              if "traceparent" in message.get("params", {}).get("_meta", {})]
    assert len(traced) == len(collector.spans)


def test_a_failing_collector_is_a_warning_and_changes_no_verdict(run, collector, server):
    url = server()
    arguments = ["run", url, "--rate", "20/s", "--duration", "1s", *ECHO, "--threshold",
                 "requests > 5", "--otlp"]
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{unused.getsockname()[1]}"
        done = run(*arguments, address)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stderr.count(f"mcpctl: warning: --otlp: {address}: ") == 1
    assert re.search(rf"^  otlp         {address}: 0 sets of metrics, 0 traces, \d+ dropped; "
                     r"2 exports failed: ", done.stdout, re.MULTILINE), done.stdout
    collector.status = 503
    done = run(*arguments, collector.url)
    assert done.returncode == 0
    assert "it answered with HTTP status 503" in done.stderr
    quiet = run(*arguments, collector.url, "-q")
    assert (quiet.returncode, quiet.stderr) == (0, "")


def test_what_a_collector_takes_in_part_is_counted(run, collector, server):
    collector.answer = {"partialSuccess": {"rejectedSpans": "2", "errorMessage": "no"}}
    done = run("run", server(), "--rate", "20/s", "--duration", "1s", *ECHO, "--otlp",
               collector.url, "--trace-sample", "1")
    assert re.search(r"18 traces, 2 dropped|1\d traces, \d dropped", done.stdout), done.stdout


@pytest.mark.parametrize("arguments, what", [
    (["--otlp", "collector"], "--otlp: "),
    (["--otlp", "http://127.0.0.1:1", "--trace-sample", "many"], "--trace-sample: "),
    (["--trace-sample", "1%"], "--trace-sample: belongs to --otlp URL")])
def test_wrong_options_are_told_before_anything_is_sent(run, arguments, what):
    done = run("run", "http://127.0.0.1:1/mcp", "--rate", "1/s", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"mcpctl: {what}")


@pytest.fixture
def recording_server():
    """A legacy server with the tool echo that keeps every message."""
    one = RecordingServer()
    yield one
    one.close()


class RecordingServer:
    def __init__(self):
        self.messages = []
        recorder = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802 (the base class's name)
                message = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                message["traceparent header"] = self.headers["traceparent"]
                recorder.messages.append(message)
                result = recorder.result(message)
                if result is None:
                    return self.reply(202, b"")
                self.reply(200, json.dumps({"jsonrpc": "2.0", "id": message["id"],
                                            "result": result}).encode())

            def do_GET(self):  # noqa: N802
                self.reply(405, b"")

            def do_DELETE(self):  # noqa: N802
                self.reply(200, b"")

            def reply(self, status, body):
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/mcp"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @staticmethod
    def result(message):
        match message.get("method"):
            case "initialize":
                return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}},
                        "serverInfo": {"name": "recorder", "version": "1"}}
            case "tools/list":
                return {"tools": [{"name": "echo", "inputSchema": {"type": "object"}}]}
            case "tools/call":
                return {"content": [{"type": "text", "text": "ok"}]}
            case _:
                return None if "id" not in message else {}

    def close(self):
        self.server.shutdown()
        self.server.server_close()
