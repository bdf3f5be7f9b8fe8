"""mcpctl through nginx and haproxy as people put them before MCP servers: one and two replicas."""

import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

MCPCTL = os.environ["MCPCTL"]

# Up to the servers: one process in the foreground, and all that it writes in the test's folder.
NGINX_HEAD = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
"""

NGINX = NGINX_HEAD + """
  upstream one {{ server 127.0.0.1:{first}; }}
  upstream two {{ server 127.0.0.1:{first}; server 127.0.0.1:{second}; }}
  server {{ listen 127.0.0.1:{default}; location / {{ proxy_pass http://one; }} }}
  server {{ listen 127.0.0.1:{spread}; location / {{ proxy_pass http://two; }} }}
  server {{
    listen 127.0.0.1:{streaming};
    location / {{
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
      proxy_pass http://one;
    }}
  }}
}}
"""

HAPROXY = """
defaults
  mode http
  timeout client 30s
  timeout server 30s
  timeout connect 1s
frontend in
  bind 127.0.0.1:{sticky}
  default_backend replicas
backend replicas
  balance roundrobin
  stick-table type string len 64 size 10k expire 30m
  stick store-response res.hdr(Mcp-Session-Id)
  stick on req.hdr(Mcp-Session-Id)
  server first 127.0.0.1:{first}
  server second 127.0.0.1:{second}
"""

NAMES = ["first", "second", "default", "spread", "streaming", "sticky"]


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def wait_for(port: int, deadline: float = 10) -> None:
    end = time.monotonic() + deadline
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 0.2).close()
            return
        except OSError:
            assert time.monotonic() < end, f"nothing listens on port {port}"
            time.sleep(0.02)


@pytest.fixture(scope="module")
def ports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxies")
    known = dict(zip(NAMES, free_ports(len(NAMES))))
    for program in ("nginx", "haproxy"):
        assert shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin"), f"{program} is missing"
    for name, text in (("nginx.conf", NGINX), ("haproxy.cfg", HAPROXY)):
        (folder / name).write_text(text.format(folder=folder, **known))
    commands = [
        *([MCPCTL, "testserver", "--listen", f"127.0.0.1:{known[name]}"] for name in NAMES[:2]),
        ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"), "-e", str(folder / "start.log")],
        ["/usr/sbin/haproxy", "-db", "-q", "-f", str(folder / "haproxy.cfg")],
    ]
    running = [subprocess.Popen(each, stdout=subprocess.DEVNULL) for each in commands]
    try:
        for port in known.values():
            wait_for(port)
        yield known
    finally:
        for process in reversed(running):
            process.terminate()
        for process in running:
            process.wait(10)


def probe(port: int, protocol: str, path: str = "/mcp") -> dict:
    done = subprocess.run(
        [MCPCTL, "probe", f"http://127.0.0.1:{port}{path}", "--protocol", protocol,
         "--no-era-cache", "-o", "json"],
        capture_output=True, text=True, timeout=30, check=False,
    )
    return json.loads(done.stdout) | {"exit": done.returncode}


@pytest.mark.parametrize("protocol", ["legacy", "modern", "auto"])
@pytest.mark.parametrize("proxy", ["default", "streaming", "sticky"])
def test_a_server_behind_a_proxy_is_healthy(ports, proxy, protocol):
    report = probe(ports[proxy], protocol)
    assert (report["verdict"], report["exit"]) == ("ok", 0), report["reason"]


@pytest.mark.parametrize("proxy", ["default", "streaming"])
def test_the_event_stream_of_http_sse_comes_through_nginx(ports, proxy):
    report = probe(ports[proxy], "legacy", "/sse")
    assert (report["verdict"], report["transport"]) == ("ok", "http-sse"), report["reason"]


def test_sessions_that_are_spread_over_replicas_are_told_as_lost(ports):
    # nginx sends initialize to one replica and notifications/initialized to the other.
    report = probe(ports["spread"], "legacy")
    assert (report["verdict"], report["exit"]) == ("session-lost", 7), report["reason"]
    assert "load balancer" in report["hint"]


def test_the_modern_era_needs_no_stickiness(ports):
    report = probe(ports["spread"], "modern")
    assert (report["verdict"], report["exit"]) == ("ok", 0), report["reason"]


def test_a_streamed_answer_is_whole_behind_a_buffering_proxy(ports):
    done = subprocess.run(
        [MCPCTL, "call", f"http://127.0.0.1:{ports['default']}/mcp", "slow", "ms=200", "steps=2"],
        capture_output=True, text=True, timeout=30, check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "done" in done.stdout
