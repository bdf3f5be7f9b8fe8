"""Two replicas of server-everything behind nginx, restarted one after the other under load: with
`mcpctl sidecar --proxy` and a drain before each restart no session is cut, without them some are.

nginx cannot remember which replica gave a session its id, so the replicas put their name in front
of it, as a sessionIdGenerator does, and a map reads it. What has no session yet goes to either; a
replica that refuses it (503) or is away has it sent to the other one.
"""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "real"))

import processes  # noqa: E402
from installed import install  # noqa: E402
from servers import SERVERS  # noqa: E402
from test_proxies import MCPCTL, NGINX_HEAD, free_ports, wait_for  # noqa: E402

EVERYTHING = next(each for each in SERVERS if each.name == "server-everything, streamableHttp")
PREFIX = Path(processes.__file__).parent / "servers/session_prefix.mjs"
AGENTS, GRACE = 20, 25

NGINX = NGINX_HEAD.replace("worker_connections 64", "worker_connections 1024") + """
  map $http_mcp_session_id $replica {{ default either; ~^first- first; ~^second- second; }}
  upstream either {{ server 127.0.0.1:{first} max_fails=0; server 127.0.0.1:{second} max_fails=0; }}
  upstream first {{ server 127.0.0.1:{first}; }}
  upstream second {{ server 127.0.0.1:{second}; }}
  log_format sessions '$request_method $status $http_mcp_session_id';
  server {{
    listen 127.0.0.1:{nginx};
    access_log {folder}/access.log sessions;
    location / {{
      proxy_http_version 1.1; proxy_set_header Connection ""; proxy_buffering off;
      # initialize is a POST, and asking another replica for it is safe: none has taken it.
      proxy_next_upstream error timeout http_502 http_503 non_idempotent;
      proxy_pass http://$replica;
    }}
  }}
}}
"""

# Agents that ask a little in a session, end it, and soon begin the next one.
CHURN = """
name: drained
agents: {count: AGENTS, arrive: {over: 3s}, churn: {lifetime: 3s ± 50 %, pause: 300ms ± 50 %}}
requests: [{call: echo, arguments: {message: hello}}]
script: [connect, {repeat: [request, {think: 400ms ± 50 %}]}]
duration: 10m
""".replace("AGENTS", str(AGENTS))


class Replica:
    """A server on one port and, where it is drained, a sidecar with the proxy on another."""

    def __init__(self, name, deps, folder, with_sidecar):
        self.name, self.deps, self.folder, self.with_sidecar = name, deps, folder, with_sidecar
        self.server_port, self.proxy_port, self.sidecar_port = free_ports(3)
        self.server = self.sidecar = None
        self.starts = 0

    @property
    def port(self):
        return self.proxy_port if self.with_sidecar else self.server_port

    def start(self):
        self.starts += 1
        log = (self.folder / f"{self.name}-{self.starts}.log").open("wb")
        more = {"NODE_OPTIONS": f"--import {PREFIX}", "MCPCTL_TEST_REPLICA": self.name}
        with log:
            self.server = subprocess.Popen(
                processes.argv_of(EVERYTHING, self.deps, self.server_port), stdout=log, stderr=log,
                env=processes.environment(EVERYTHING, self.deps, self.server_port) | more)
        wait_for(self.server_port, 60)
        if self.with_sidecar:
            self.sidecar = subprocess.Popen(
                [MCPCTL, "sidecar", f"http://127.0.0.1:{self.server_port}/mcp", "--noproxy",
                 "--listen", f"127.0.0.1:{self.sidecar_port}", "--interval", "1s",
                 "--proxy", f"127.0.0.1:{self.proxy_port}"], stderr=subprocess.DEVNULL)
            wait_for(self.proxy_port)

    def drain(self):
        """What a preStop hook does."""
        url = f"http://127.0.0.1:{self.sidecar_port}/drain?wait={GRACE}s"
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(url, timeout=GRACE + 30) as answer:
            return json.load(answer)

    def stop(self):
        for process in (self.server, self.sidecar):
            if process is None or process.poll() is not None:
                continue
            process.terminate()
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


class Fleet:
    """nginx in front of two replicas."""

    def __init__(self, folder, with_sidecar):
        deps = install()
        folder.mkdir()
        self.folder = folder
        self.replicas = [Replica(name, deps, folder, with_sidecar) for name in ("first", "second")]
        [self.port] = free_ports(1)
        ports = {replica.name: replica.port for replica in self.replicas}
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder, nginx=self.port, **ports))
        (folder / "churn.yaml").write_text(CHURN)

    def __enter__(self):
        try:
            for replica in self.replicas:
                replica.start()
            self.nginx = subprocess.Popen(["/usr/sbin/nginx", "-c", self.folder / "nginx.conf",
                                           "-e", self.folder / "start.log"])
            wait_for(self.port)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for replica in self.replicas:
            replica.stop()
        if nginx := getattr(self, "nginx", None):
            nginx.terminate()
            nginx.wait(20)

    def sessions_given(self):
        """By the logs of the servers as they run now."""
        return sum((self.folder / f"{each.name}-{each.starts}.log").read_text(errors="replace")
                   .count("Session initialized with ID") for each in self.replicas)

    def refused_sessions(self):
        """Sessions with a request that failed, by nginx's log. server-everything answers 400 for an
        id that it does not know."""
        lines = (line.split(" ") for line in (self.folder / "access.log").read_text().splitlines())
        return {session for method, status, session in lines
                if method == "POST" and session != "-" and int(status) >= 400}

    def roll(self):
        """A rolling restart; what each drain said."""
        said = []
        for replica in self.replicas:
            if replica.with_sidecar:
                said.append(replica.drain())
            replica.stop()
            replica.start()
        return said


def roll_under_load(fleet):
    """The load's results, and what the drains said."""
    load = subprocess.Popen(
        [MCPCTL, "load", "run", str(fleet.folder / "churn.yaml"), f"http://127.0.0.1:{fleet.port}/mcp",
         "--protocol", "legacy", "--cold", "--noproxy", "-o", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        processes.wait_until(lambda: fleet.sessions_given() >= 2 * AGENTS, 60, "sessions come and go")
        said = fleet.roll()
        processes.wait_until(lambda: fleet.sessions_given() >= AGENTS, 60, "sessions on new servers")
        load.send_signal(signal.SIGINT)
        out, err = load.communicate(timeout=90)
    finally:
        load.kill()
        load.wait()
    assert out, err
    return json.loads(out), said


def figures(results):
    steps = {step["name"]: step for step in results["summary"]["steps"]}
    calls = next(step for name, step in steps.items() if name.startswith("tools/call"))
    sessions = results["summary"]["sessions"]
    return {"sessions": sessions["opened"], "lost": sessions["lost"],
            "refused": steps["connect"]["failed"], "calls": calls["requests"], "failed": calls["failed"]}


def test_a_drained_rolling_restart_cuts_no_session_and_a_plain_one_does(tmp_path, capsys):
    with Fleet(tmp_path / "plain", with_sidecar=False) as fleet:
        plain = figures(roll_under_load(fleet)[0])
        assert fleet.refused_sessions()
    with Fleet(tmp_path / "drained", with_sidecar=True) as fleet:
        results, said = roll_under_load(fleet)
        drained = figures(results)
        assert fleet.refused_sessions() == set()
    with capsys.disabled():
        print(f"\nrolling restart of two server-everything behind nginx, {AGENTS} agents that churn")
        for name, each in (("plain restart", plain), ("drained through the proxy", drained)):
            print(f"  {name:<26} {each['sessions']:>4} sessions, {each['lost']:>2} lost; "
                  f"{each['calls']:>4} calls, {each['failed']:>2} failed; "
                  f"{each['refused']} new sessions failed")
        for replica, drain in zip(("first", "second"), said):
            print(f"  drain of the {replica} replica: {json.dumps(drain)}")
    assert plain["lost"] > 0
    assert (drained["lost"], drained["failed"], drained["refused"]) == (0, 0, 0)
    assert [(drain["drained"], drain["cut"], drain["source"]) for drain in said] == \
        [(True, 0, "proxy")] * 2
    assert all(drain["took_seconds"] < GRACE for drain in said)
