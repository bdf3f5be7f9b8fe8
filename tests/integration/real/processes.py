"""Server processes: started on a free loopback port, watched, always reaped.

This process is the subreaper of everything below it, so that a child which
somebody forgot turns up here and can be counted instead of vanishing to pid 1.
"""

import ctypes
import json
import os
import shlex
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).resolve().parent
PR_SET_CHILD_SUBREAPER = 36


def become_subreaper():
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_CHILD_SUBREAPER)")


def wait_until(condition, seconds, what):
    """Polls, because the servers say nothing that could be waited for."""
    deadline = time.monotonic() + seconds
    while not (result := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds} s"
        time.sleep(0.02)
    return result


def process_table():
    """pid → (parent, state, name) of every process."""
    table = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            head, tail = stat.read_text().rsplit(")", 1)
        except (FileNotFoundError, ProcessLookupError):
            continue
        state, parent = tail.split()[:2]
        table[int(stat.parent.name)] = (int(parent), state, head.split("(", 1)[1])
    return table


def descendants(root):
    table, found, layer = process_table(), [], [root]
    while layer:
        layer = [pid for pid, (parent, _, _) in table.items() if parent in layer]
        found += layer
    return found


def children():
    """What is directly below this process, zombies included: pid → name."""
    return {pid: name for pid, (parent, _, name) in process_table().items() if parent == os.getpid()}


def reap(pids):
    """Buries those of the adopted children that have ended."""
    for pid in pids:
        try:
            os.waitpid(pid, os.WNOHANG)
        except ChildProcessError:
            pass


def kill(pids):
    """Ends adopted children that nobody waits for any more."""
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except (ProcessLookupError, ChildProcessError):
            pass


def argv_of(server, deps, port=0):
    names = {
        "modules": deps / "node_modules", "python": deps / "python/bin",
        "python_v1": deps / "python-v1/bin", "servers": HERE / "servers", "port": port,
    }
    return [word.format(**names) for word in shlex.split(server.command)]


def environment(server, deps, port=0):
    return os.environ | {
        "PATH": f"{deps / 'bin'}:{os.environ['PATH']}",
        "MCPCTL_TEST_MODULES": str(deps),
        "MCPCTL_TEST_PORT": str(port), "PORT": str(port), "MCP_PORT": str(port),
        "NO_COLOR": "1", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1",
    } | server.env


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class ServerProcess:
    """One HTTP server; `with` ends with it and everything below it gone."""

    def __init__(self, server, deps, log_path):
        self.server, self.deps, self.log_path = server, deps, Path(log_path)
        self.port, self._idle, self._siblings = free_port(), 0, set(children())
        self.url = f"http://127.0.0.1:{self.port}{server.path}"

    def __enter__(self):
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(
                argv_of(self.server, self.deps, self.port),
                env=environment(self.server, self.deps, self.port),
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                start_new_session=True)
        self._siblings |= {self.process.pid}
        try:
            wait_until(self._ready, 90, f"{self.server.name} accepts connections")
        except BaseException:
            self.__exit__()
            raise
        self._idle = len(descendants(self.process.pid))
        return self

    def _ready(self):
        assert self.process.poll() is None, f"{self.server.name} ended:\n{self.log()}"
        return accepts(self.port)

    def log(self):
        return self.log_path.read_text(errors="replace")

    def extra_processes(self):
        """The gateways start a child for each session: what is more now than at the start."""
        strangers = set(children()) - self._siblings
        reap(strangers)
        return len(descendants(self.process.pid)) - self._idle + len(strangers & set(children()))

    def residue(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/__residue", timeout=5) as answer:
            return json.load(answer)

    def __exit__(self, *_):
        below = [*descendants(self.process.pid), *(set(children()) - self._siblings)]
        for number in (signal.SIGTERM, signal.SIGKILL):
            for pid in [self.process.pid, *below]:
                try:
                    os.kill(pid, number)
                except ProcessLookupError:
                    pass
            try:
                wait_until(lambda: self._gone(below), 3, f"the end of {self.server.name}")
                return
            except AssertionError:
                if number == signal.SIGKILL:
                    raise

    def _gone(self, below):
        reap(below)
        return self.process.poll() is not None and not set(below) & set(process_table())
