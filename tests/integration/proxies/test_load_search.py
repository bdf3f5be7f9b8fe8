"""mcpctl load run idle-cut and rollout through real proxies, whose time-outs and replicas are known."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from pathlib import Path

import jsonschema
import pytest

from test_proxies import MCPCTL, free_ports, wait_for

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((ROOT / "cli/render/schema/load.schema.json").read_text(encoding="utf-8"))

NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
  upstream one {{ server 127.0.0.1:{first}; }}
  # By the client's connection: an agent stays with its replica as long as that is there.
  upstream two {{
    hash $remote_port;
    server 127.0.0.1:{first} max_fails=0;
    server 127.0.0.1:{second} max_fails=0;
  }}
  server {{
    listen 127.0.0.1:{nginx};
    keepalive_timeout 4s 4s;
    location / {{ proxy_pass http://one; proxy_read_timeout 7s; }}
  }}
  server {{
    listen 127.0.0.1:{replicas};
    location / {{ proxy_pass http://two; proxy_next_upstream off; }}
  }}
}}
"""

HAPROXY = """
defaults
  mode http
  timeout connect 1s
  timeout client 11s
  timeout server 11s
  timeout tunnel 11s
frontend in
  bind 127.0.0.1:{haproxy}
  default_backend one
backend one
  server first 127.0.0.1:{first}
"""

NAMES = ["first", "second", "nginx", "replicas", "haproxy"]


class Machines:
    """Two replicas and what stands before them."""

    def __init__(self, folder: Path):
        self.ports = dict(zip(NAMES, free_ports(len(NAMES))))
        self.running = {}
        for program in ("nginx", "haproxy"):
            found = shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin")
            assert found, f"{program} is missing"
        for name, text in (("nginx.conf", NGINX), ("haproxy.cfg", HAPROXY)):
            (folder / name).write_text(text.format(folder=folder, **self.ports))
        for name in NAMES[:2]:
            self.start_replica(name)
        self.start("nginx", ["/usr/sbin/nginx", "-c", str(folder / "nginx.conf"),
                             "-e", str(folder / "start.log")])
        self.start("haproxy", ["/usr/sbin/haproxy", "-db", "-q", "-f", str(folder / "haproxy.cfg")])
        for port in self.ports.values():
            wait_for(port)

    def start(self, name, command):
        self.running[name] = subprocess.Popen(command, stdout=subprocess.DEVNULL,
                                              stderr=subprocess.DEVNULL)

    def start_replica(self, name):
        # Comments come so rarely that its streams are silent for the time of a test.
        self.start(name, [MCPCTL, "testserver", "--listen", f"127.0.0.1:{self.ports[name]}",
                          "--keep-alive", "10m", "--idle-timeout", "10m"])
        wait_for(self.ports[name])

    def kill(self, name):
        self.running[name].kill()
        self.running[name].wait(10)

    def url(self, name):
        return f"http://127.0.0.1:{self.ports[name]}/mcp"

    def count(self, name, counter):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.ports[name]}/metrics",
                                      timeout=10).read().decode()
        return int(re.search(rf"^mcp_testserver_{re.escape(counter)} (\d+)$", text, re.MULTILINE)[1])

    def stop(self):
        for process in reversed(self.running.values()):
            process.terminate()
        for process in self.running.values():
            process.wait(10)


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    started = Machines(tmp_path_factory.mktemp("machines"))
    try:
        yield started
    finally:
        started.stop()


def document(text):
    results = json.loads(text)
    jsonschema.Draft202012Validator(SCHEMA).validate(results)
    return results


class Watcher(threading.Thread):
    """Says by plain sockets when something idle was really cut: a busy proxy is later than it says."""

    BODY = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": {"name": "watcher", "version": "1"}}}).encode()

    def __init__(self, port, subject):
        super().__init__()
        self.port, self.subject, self.seconds = port, subject, None
        self.start()

    def ask(self, method, body=b"", more=""):
        link = socket.create_connection(("127.0.0.1", self.port), 30)
        link.settimeout(60)
        link.sendall(f"{method} /mcp HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                     f"Accept: application/json, text/event-stream\r\n{more}"
                     f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        return link, link.recv(65536).decode()

    def run(self):
        link, head = self.ask("POST", self.BODY)
        if self.subject == "stream":
            session = re.search(r"(?im)^mcp-session-id: *(\S+)", head)[1]
            link, head = self.ask("GET", more=f"Mcp-Session-Id: {session}\r\n")
        begun = time.monotonic()
        while link.recv(4096):
            pass
        self.seconds = time.monotonic() - begun


def is_found(finding, seconds, watchers):
    """Within half a second of what was configured, or of what the proxy really did."""
    assert finding["verdict"] == "found", finding
    for watcher in watchers:
        watcher.join()
    measured = [each.seconds for each in watchers if each.subject == finding["subject"]]
    lowest, highest = min(measured + [seconds]), max(measured + [seconds])
    assert lowest - 0.5 <= finding["seconds"] <= highest + 0.5, (finding, measured)
    return True


def watch(port):
    return [Watcher(port, subject) for subject in ("connection", "stream") for _ in range(3)]


def hunt(url, protocol, longest="20s"):
    done = subprocess.run([MCPCTL, "load", "run", "idle-cut", url, "--protocol", protocol, "--set",
                           f"longest={longest}", "-o", "json"],
                          capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return {each["subject"]: each for each in document(done.stdout)["search"]["idle"]}


@pytest.mark.parametrize("protocol", ["legacy", "modern"])
def test_the_times_after_which_nginx_cuts_are_found(machines, protocol):
    watchers = watch(machines.ports["nginx"])
    found = hunt(machines.url("nginx"), protocol)
    # proxy_read_timeout ends a silent stream, keepalive_timeout an idle connection.
    assert is_found(found["stream"], 7, watchers)
    assert (found["stream"]["by"], found["stream"]["keep_alive_seen"]) == ("fin", False)
    assert is_found(found["connection"], 4, watchers)
    assert (found["connection"]["by"], found["connection"]["announced_seconds"]) == ("fin", 4)
    if protocol == "legacy":
        assert found["session"]["verdict"] == "never_cut"
    else:
        assert found["session"]["absent"]
    assert all(found[each]["contradictions"] == 0 for each in ("stream", "connection"))


def test_the_times_after_which_haproxy_cuts_are_found(machines):
    watchers = watch(machines.ports["haproxy"])
    found = hunt(machines.url("haproxy"), "legacy", "15s")
    assert is_found(found["stream"], 11, watchers)
    assert is_found(found["connection"], 11, watchers)
    assert found["session"]["verdict"] == "never_cut"


def start_rollout(machines, others, agents=20):
    """`others` are the sessions of earlier tests, by replica."""
    process = subprocess.Popen(
        [MCPCTL, "load", "run", "rollout", machines.url("replicas"), "--agents", str(agents),
         "--duration", "2m", "--set", "every=500ms", "--protocol", "legacy", "-o", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    end = time.monotonic() + 30
    while sum(machines.count(name, "sessions") - others[name] for name in others) < agents:
        assert process.poll() is None and time.monotonic() < end
        time.sleep(0.1)
    return process


def test_each_session_of_two_replicas_that_are_restarted_in_turn_is_told(machines):
    others = {name: machines.count(name, "sessions") for name in NAMES[:2]}
    process = start_rollout(machines, others)
    held = {}
    for name in NAMES[:2]:
        time.sleep(1.5)  # every agent has had an answer since the last restart
        held[name] = machines.count(name, "sessions") - others[name]
        machines.kill(name)
        time.sleep(1)
        machines.start_replica(name)
        time.sleep(2)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    results = document(out)
    followed = results["recording"]["followed"]
    assert held["first"] > 0 and held["second"] > 0
    # Each session that a replica held when it went is lost once, and no other is.
    assert followed["lost"] == sum(held.values()) == len(followed["losses"])
    assert (followed["never_back"], followed["unsure"]) == (0, 0)
    assert followed["sessions"] == 20 + followed["lost"]
    assert followed["by_status"] == [{"http_status": 404, "count": followed["lost"]}]
    assert results["summary"]["sessions"]["lost"] == followed["lost"]
    first = followed["losses"][: held["first"]]
    assert len({each["agent"] for each in first}) == held["first"]
    for each in followed["losses"]:
        assert each["last_answer_nanos"] < each["lost_nanos"] < each["back_nanos"]
