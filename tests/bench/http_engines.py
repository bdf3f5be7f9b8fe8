#!/usr/bin/env python3
"""What a request costs the load driver's HTTP engine, beside wrk: ratios, checked against limits.

    HTTP_LOAD=build/release/tests/bench/http_load python3 tests/bench/http_engines.py [--strict]

Both send MCP tool calls to the same nginx, which answers each with the same JSON; ours checks every
answer, wrk none. They run in turns, nginx on one core and the client on another. CPU time is read
from the kernel, requests from nginx, in the same window of each run: the costs of starting and
connecting are not in it. `--strict` checks the limits of the design, else generous ones.
"""

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HTTP_LOAD = Path(os.environ.get("HTTP_LOAD", "build/release/tests/bench/http_load")).resolve()
STRICT = "--strict" in sys.argv
SLACK = 1.0 if STRICT else 1.3  # other work on a shared machine may disturb what is only a report
ROUNDS, WARM_UP, WINDOW, LONG = 5, 1.0, 2.0, 300  # seconds; a run ends by Ctrl-C
PATH = os.environ["PATH"] + ":/usr/sbin:/sbin"

ANSWER = (
    '{"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":'
    '"Echo: hello, this is the answer of the echo tool"}],"isError":false}}'
)

NGINX = """
daemon off; pid nginx.pid; error_log error.log; worker_processes 1; worker_rlimit_nofile 20000;
events {{ worker_connections 19000; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 3600s;
  client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  server {{
    listen 127.0.0.1:{plain} backlog=4096;
    listen 127.0.0.1:{tls} ssl backlog=4096;
    ssl_certificate server.pem; ssl_certificate_key server.key; ssl_protocols TLSv1.3;
    default_type application/json;
    location /status {{ stub_status; }}
    location / {{ return 200 '{answer}'; }}
  }}
}}
"""

WRK = """
wrk.method = "POST"
wrk.body = '{"jsonrpc":"2.0","id":0000000007,"method":"tools/call","params":' ..
           '{"name":"echo","arguments":{"message":"hello"}}}'
wrk.headers["User-Agent"] = "bench"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Accept"] = "application/json, text/event-stream"
wrk.headers["MCP-Protocol-Version"] = "2025-11-25"
wrk.headers["Mcp-Session-Id"] = "4f1c0c66-7d3b-4a53-9c9d-5a4e4f7f2d11"
"""


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Server:
    """nginx with a static answer, and its own count of requests."""

    def __init__(self, folder: Path):
        self.plain, self.tls = free_ports(2)
        self.certificate = folder / "server.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
             "-nodes", "-keyout", folder / "server.key", "-out", self.certificate, "-days", "2",
             "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"],
            check=True, capture_output=True,
        )
        text = NGINX.format(plain=self.plain, tls=self.tls, answer=ANSWER)
        (folder / "nginx.conf").write_text(text)
        self.process = subprocess.Popen(
            ["taskset", "-c", "0", shutil.which("nginx", path=PATH), "-p", folder, "-c", "nginx.conf",
             "-e", folder / "start.log"],
        )
        end = time.monotonic() + 10
        while True:
            try:
                self.requests()
                return
            except OSError:
                if time.monotonic() > end:
                    raise SystemExit("bench: nginx does not answer") from None
                time.sleep(0.05)

    def requests(self) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.plain}/status", timeout=5) as answer:
            return int(answer.read().splitlines()[2].split()[2])

    def url(self, scheme: str) -> str:
        return f"{scheme}://127.0.0.1:{self.tls if scheme == 'https' else self.plain}/mcp"


def cpu_seconds(pid: int) -> float:
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def cost(server: Server, command: list) -> float:
    """Microseconds of CPU time that a request takes the client."""
    client = subprocess.Popen(["taskset", "-c", "1", *map(str, command)], stdout=subprocess.PIPE, text=True)
    if command[0] == HTTP_LOAD:
        client.stdout.readline()  # all its connections stand
    time.sleep(WARM_UP)
    before = cpu_seconds(client.pid), server.requests()
    time.sleep(WINDOW)
    after = cpu_seconds(client.pid), server.requests()
    client.send_signal(signal.SIGINT)
    client.communicate(timeout=60)
    if client.returncode != 0:
        raise SystemExit(f"bench: {Path(command[0]).name} failed")
    return (after[0] - before[0]) / (after[1] - before[1]) * 1e6


def ours(server: Server, scheme: str, connections: int, *more) -> list:
    return [HTTP_LOAD, server.url(scheme), connections, LONG, "lean",
            "--ca", server.certificate, *more]


def wrk(server: Server, scheme: str, connections: int, script: Path) -> list:
    return [shutil.which("wrk"), "-t1", f"-c{connections}", f"-d{LONG}s",
            "-s", script, server.url(scheme)]


def compare(what: str, limit: float, one, other) -> bool:
    """Runs both in turns; whether the ratio keeps the limit. The cheapest run of each side counts:
    other work on the machine only ever makes a run dearer."""
    pairs = [(one(), other()) for _ in range(ROUNDS)]
    left, right = (min(side) for side in zip(*pairs))
    ratios = [a / b for a, b in pairs]
    allowed = limit * SLACK
    print(f"{what}: {left:.2f} us against {right:.2f} us: ratio {left / right:.2f}, "
          f"median of the pairs {statistics.median(ratios):.2f} (limit {allowed:.2f})"
          f"{' MISSED' if left / right > allowed else ''}", flush=True)
    return left / right <= allowed


def run(folder: Path) -> bool:
    script = folder / "call.lua"
    script.write_text(WRK)
    server = Server(folder)
    try:
        kept = [
            compare(f"{connections} connections, {scheme}, against wrk", limit,
                    lambda: cost(server, ours(server, scheme, connections)),
                    lambda: cost(server, wrk(server, scheme, connections, script)))
            for scheme, connections, limit in (("http", 64, 1.0), ("http", 1000, 1.1), ("https", 64, 1.1))
        ]
        kept.append(compare(
            "64 connections beside 8000 idle ones, against 64 alone", 1.25,
            lambda: cost(server, ours(server, "http", 64, "--idle", 8000)),
            lambda: cost(server, ours(server, "http", 64)),
        ))
        return all(kept)
    finally:
        server.process.terminate()
        server.process.wait(timeout=10)


def main() -> None:
    missing = [name for name in ("wrk", "nginx", "openssl", "taskset") if not shutil.which(name, path=PATH)]
    if missing:
        raise SystemExit(f"bench: {', '.join(missing)} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        # nginx drops its rights, and must still reach its files.
        os.chmod(folder, 0o755)
        sys.exit(0 if run(Path(folder)) else 1)


if __name__ == "__main__":
    main()
