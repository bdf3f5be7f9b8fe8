"""The programs that put load on a server, told the same: so many connections, the same body. A turn
of one gives its CPU time a request and its requests a second, both taken in the middle of its run,
so that starting and connecting are in neither."""

import json
import os
import shutil
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from load_run import cpu_seconds
from load_server import CLIENT_CORE, MCPCTL, StaticServer, on_core

TOOLS = Path(os.environ.get("MCPCTL_BENCH_TOOLS", "build/bench-tools")).resolve()
LONG = 600  # seconds: a turn ends by Ctrl-C

# What mcpctl sends, to the byte, but for the digits of the id.
BODY = (
    '{"jsonrpc":"2.0","id":4294967297,"method":"tools/call",'
    '"params":{"arguments":{"text":"hello"},"name":"echo"}}'
)
FIELDS = {
    "User-Agent": "bench",
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "Mcp-Session-Id": "4f1c0c667d3b4a539c9d5a4e4f7f2d11",
    "MCP-Protocol-Version": "2025-11-25",
}

# Each agent asks, waits for the answer and asks again. With `quiet` it first waits for a time that
# differs from agent to agent, so that few of many are busy at a time.
SCENARIO = """
name: calls
agents: {{count: {agents}, arrive: {{over: {arrive}}}}}
loop: closed
requests:
  - call: echo
    arguments: {{text: hello}}
script:
  - connect
{quiet}  - repeat: [request]
duration: {duration}
"""


@dataclass
class Turn:
    """What a program did within a window of its run."""

    cpu: float  # microseconds a request
    rate: float  # requests a second


class Clients:
    """The commands of all programs against one server; their input files lie in `folder`."""

    def __init__(self, server: StaticServer, folder: Path):
        self.server = server
        self.folder = folder
        self.body = folder / "call.json"
        self.body.write_text(BODY)
        self.results = folder / "results.json"
        self.script = folder / "call.lua"
        fields = "\n".join(f'wrk.headers["{name}"] = "{value}"' for name, value in FIELDS.items())
        self.script.write_text(f"wrk.method = 'POST'\nwrk.body = '{BODY}'\n{fields}\n")

    def mcpctl(self, connections: int, scheme: str = "http", quiet: str = "", arrive: str = "0s") -> list:
        scenario = self.folder / "calls.yaml"
        scenario.write_text(SCENARIO.format(
            agents=connections, arrive=arrive, duration=f"{LONG}s", quiet=f"  - think: {quiet}\n" if quiet else "",
        ))
        return [MCPCTL, "load", "run", scenario, self.server.url(scheme), "--threads", "1", "--cold",
                "--protocol", "legacy", "--noproxy", "--cacert", self.server.certificate,
                "--results", self.results]

    def wrk(self, connections: int, scheme: str = "http") -> list:
        return ["wrk", "-t1", f"-c{connections}", f"-d{LONG}s", "-s", self.script, self.server.url(scheme)]

    def h2load(self, connections: int, scheme: str = "http") -> list:
        fields = [word for name, value in FIELDS.items() for word in ("-H", f"{name}: {value}")]
        return ["h2load", "--h1", "-t1", f"-c{connections}", f"-D{LONG}", "-d", self.body, *fields,
                self.server.url(scheme)]

    def hey(self, connections: int) -> list:
        fields = [word for name, value in FIELDS.items() for word in ("-H", f"{name}: {value}")]
        return ["hey", "-cpus", "1", "-z", f"{LONG}s", "-c", connections, "-m", "POST", "-D", self.body,
                *fields, self.server.url()]

    def autocannon(self, connections: int) -> list:
        fields = [word for name, value in FIELDS.items() for word in ("-H", f"{name}={value}")]
        return [*node("autocannon"), "-c", connections, "-d", LONG, "-m", "POST", "-i", self.body,
                "--no-progress", *fields, self.server.url()]

    def inspector(self, connections: int) -> list:
        return [*node("inspector"), "--cli", self.server.url(), "--method", "tools/call",
                "--tool-name", "echo", "--tool-arg", "text=hello", "--load",
                "--load-concurrency", connections, "--load-duration", LONG]

    def turn(self, command: list, warm_up: float, window: float) -> Turn:
        log = self.folder / f"{Path(command[1] if command[0] == TOOLS / 'bin/node' else command[0]).name}.log"
        with log.open("w") as output:
            client = subprocess.Popen(
                on_core(CLIENT_CORE, command), stdout=output, stderr=subprocess.STDOUT,
                env={**os.environ, "HOME": str(self.folder)}, cwd=self.folder,
            )
        try:
            time.sleep(warm_up)
            before = self._reading(client.pid)
            time.sleep(window)
            after = self._reading(client.pid)
            if client.poll() is not None:
                raise SystemExit(f"bench: {log.stem} ended too early:\n{log.read_text()[-2000:]}")
        finally:
            self._end(client)
        requests = after.requests - before.requests
        if requests <= 0:
            raise SystemExit(f"bench: {log.stem} sent nothing:\n{log.read_text()[-2000:]}")
        if command[0] == MCPCTL:
            self._check_results()
        return Turn((after.cpu - before.cpu) / requests * 1e6, requests / (after.at - before.at))

    @dataclass
    class Reading:
        at: float
        cpu: float
        requests: int

    def _reading(self, pid: int) -> Reading:
        return self.Reading(time.monotonic(), cpu_seconds(pid), self.server.requests())

    def _end(self, client: subprocess.Popen) -> None:
        client.send_signal(signal.SIGINT)
        try:
            client.wait(timeout=30)
        except subprocess.TimeoutExpired:
            client.kill()
            client.wait(timeout=30)

    def _check_results(self) -> None:
        """A fast way to fail is no speed: every answer must have passed."""
        every = json.loads(self.results.read_text())["summary"]["all"]
        if every["failed"]:
            raise SystemExit(f"bench: mcpctl saw failures: {every['failures']}")


def node(program: str) -> list:
    return [TOOLS / "bin/node", TOOLS / "node_modules/.bin" / program]


def is_there(program: str) -> bool:
    if program in ("autocannon", "inspector"):
        return all(part.exists() for part in node(program))
    return shutil.which(program) is not None
