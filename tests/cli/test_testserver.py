"""`mcpctl testserver` as a program: start, options, many clients, orderly end."""

import http.client
import json
import os
import signal
import socket
import subprocess
import threading
import time
from contextlib import contextmanager

import pytest

MCPCTL = os.environ["MCPCTL"]
FIELDS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}


@contextmanager
def serving(*options):
    """The server's process and its port."""
    server = subprocess.Popen([MCPCTL, "testserver", *options], stdout=subprocess.PIPE, text=True)
    try:
        line = server.stdout.readline()
        assert line.startswith("listening on http://127.0.0.1:"), line
        yield server, int(line.rsplit(":", 1)[1].split("/")[0])
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def post(connection, body, **fields):
    connection.request("POST", "/mcp", json.dumps(body), FIELDS | fields)
    answer = connection.getresponse()
    return answer, answer.read().decode()


def call(name, **arguments):
    return {"jsonrpc": "2.0", "id": 1, "method": "tools/call",
            "params": {"name": name, "arguments": arguments}}


def initialize(connection):
    answer, _ = post(connection, {
        "jsonrpc": "2.0", "id": 0, "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {},
                   "clientInfo": {"name": "test", "version": "1"}}})
    return answer.headers["Mcp-Session-Id"]


def usage_error(*options):
    run = subprocess.run([MCPCTL, "testserver", *options], capture_output=True, text=True, timeout=20)
    assert run.returncode == 2
    return run.stderr.splitlines()[0]


def test_the_ready_file_holds_the_url_while_it_serves(tmp_path):
    ready = tmp_path / "ready"
    with serving("--ready-file", str(ready)) as (server, port):
        for _ in range(100):
            if ready.exists():
                break
            time.sleep(0.02)
        assert ready.read_text() == f"http://127.0.0.1:{port}/mcp\n"
        server.send_signal(signal.SIGTERM)
        assert server.wait(10) == 0
        assert not ready.exists()


def test_wrong_options_are_usage_errors():
    assert usage_error("--listen", "here") == 'mcpctl: --listen: "here" is not ADDRESS:PORT'
    assert usage_error("--era", "old") == 'mcpctl: --era: "old" is none of both, legacy, modern'
    assert usage_error("--era", "modern", "--protocol", "2025-11-25") == \
        "mcpctl: --era and --protocol leave no revision to speak"
    assert usage_error("--tls-cert", "x") == "mcpctl: --tls-cert and --tls-key belong together"
    assert usage_error("--fault", "html", "--stdio") == 'mcpctl: fault "html": not over stdio'
    assert usage_error("--surface", "/no/such/file").startswith("mcpctl: /no/such/file: ")


def test_a_port_in_use_exits_3():
    with serving() as (_, port):
        run = subprocess.run([MCPCTL, "testserver", "--listen", f"127.0.0.1:{port}"],
                             capture_output=True, text=True, timeout=20)
    assert run.returncode == 3
    assert run.stderr.startswith(f"mcpctl: cannot listen on 127.0.0.1:{port}: Address already in use")


def test_every_fault_of_the_help_text_is_known():
    listed = subprocess.run([MCPCTL, "testserver", "--list-faults"], capture_output=True, text=True,
                            check=True).stdout
    named = usage_error("--fault", "nonsense")
    assert named == 'mcpctl: fault "nonsense": there is no "nonsense"'
    run = subprocess.run([MCPCTL, "testserver", "--fault", "nonsense"], capture_output=True, text=True)
    kinds = run.stderr.splitlines()[1].split(": ", 1)[1].split(", ")
    assert len(kinds) == 24
    for kind in kinds:
        assert f"\n  {kind}" in listed


def test_a_drain_finishes_calls_and_ends_streams():
    with serving("--stateless", "--answers", "json") as (server, port):
        results = []

        def slow():
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            results.append(post(connection, call("slow", ms=400)))

        thread = threading.Thread(target=slow)
        thread.start()
        time.sleep(0.2)
        server.send_signal(signal.SIGTERM)
        time.sleep(0.1)
        with pytest.raises(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        thread.join()
        answer, body = results[0]
        assert answer.status == 200
        assert answer.headers["Connection"] == "close"
        assert "done after 400 ms" in body
        assert server.wait(5) == 0


def test_a_drain_ends_get_streams_and_does_not_wait_beyond_its_limit():
    with serving("--drain", "500ms") as (server, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        session = initialize(connection)
        stream = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        stream.request("GET", "/mcp", headers={"Accept": "text/event-stream",
                                               "Mcp-Session-Id": session})
        answer = stream.getresponse()
        stuck = socket.create_connection(("127.0.0.1", port))
        body = json.dumps(call("slow", ms=60000))
        stuck.sendall(f"POST /mcp HTTP/1.1\r\nAccept: */*\r\nContent-Type: application/json\r\n"
                      f"Mcp-Session-Id: {session}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
        time.sleep(0.2)
        start = time.monotonic()
        server.send_signal(signal.SIGTERM)
        assert answer.read() == b""  # a clean end of the chunks: else http.client would raise
        assert server.wait(5) == 0
        assert 0.4 < time.monotonic() - start < 3
        stuck.close()


def test_calls_are_answered_while_a_thousand_streams_are_open():
    with serving() as (_, port):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        session = initialize(connection)
        request = (f"GET /mcp HTTP/1.1\r\nAccept: text/event-stream\r\n"
                   f"Mcp-Session-Id: {session}\r\n\r\n").encode()
        streams = []
        for _ in range(1000):
            stream = socket.create_connection(("127.0.0.1", port))
            stream.sendall(request)
            streams.append(stream)
        for stream in streams:
            assert stream.recv(4096).startswith(b"HTTP/1.1 200 OK")
        answer, body = post(connection, call("echo", text="hi"), **{"Mcp-Session-Id": session})
        assert answer.status == 200
        assert '"text":"hi"' in body
        connection.request("GET", "/metrics")
        assert "\nmcp_testserver_streams 1000\n" in connection.getresponse().read().decode()
        for stream in streams:
            stream.close()


def test_stdio_answers_what_was_asked_before_the_input_ended():
    lines = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize",
         "params": {"protocolVersion": "2025-03-26", "capabilities": {},
                    "clientInfo": {"name": "test", "version": "1"}}},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        [{"jsonrpc": "2.0", "id": "a", "method": "ping"}, call("echo", text="x\ny")],
        {"jsonrpc": "2.0", "id": 2, "method": "nothing"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines) + "{\n"
    run = subprocess.run([MCPCTL, "testserver", "--stdio"], input=text, capture_output=True,
                         text=True, timeout=20)
    assert run.returncode == 0
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    assert answers[0]["result"]["protocolVersion"] == "2025-03-26"
    assert answers[1] == [
        {"jsonrpc": "2.0", "id": "a", "result": {}},
        {"jsonrpc": "2.0", "id": 1, "result": {"content": [{"type": "text", "text": "x\ny"}]}}]
    assert answers[2]["error"]["code"] == -32601
    assert answers[3]["error"]["code"] == -32700
    assert len(answers) == 4


def test_stdio_names_the_subscriptions_that_it_ends():
    with subprocess.Popen([MCPCTL, "testserver", "--stdio"], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as server:
        meta = {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
                "io.modelcontextprotocol/clientCapabilities": {}}
        server.stdin.write(json.dumps({
            "jsonrpc": "2.0", "id": 5, "method": "subscriptions/listen",
            "params": {"_meta": meta, "notifications": {"toolsListChanged": True}}}) + "\n")
        server.stdin.flush()
        assert "acknowledged" in server.stdout.readline()
        server.send_signal(signal.SIGTERM)
        rest = [json.loads(line) for line in server.stdout]
        assert rest[0]["id"] == 5
        assert rest[1]["method"] == "notifications/cancelled"
        assert rest[1]["params"]["requestId"] == 5
        assert server.wait(5) == 0
