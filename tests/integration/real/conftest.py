"""Fixtures: the binary under test, the installed servers, one running server."""

import json
import os
import re
import subprocess
import time

import pytest

import installed
import processes
from processes import ServerProcess, argv_of, environment
from servers import SERVERS

processes.become_subreaper()


class Outcome:
    def __init__(self, arguments, completed):
        self.arguments = arguments
        self.code, self.out, self.err = completed.returncode, completed.stdout, completed.stderr

    def json(self):
        return json.loads(self.out)

    def __str__(self):
        command = " ".join(self.arguments)
        return f"mcpctl {command}\nexit {self.code}\n-- stdout\n{self.out}\n-- stderr\n{self.err}"


@pytest.fixture(scope="session")
def deps():
    return installed.install()


@pytest.fixture(scope="session")
def binary():
    return installed.binary()


@pytest.fixture
def mcpctl(binary, tmp_path):
    """Runs the program with an empty home; a stdio server may not outlive it."""

    def run(*arguments, env=os.environ):
        before = set(processes.children())
        try:
            completed = subprocess.run(
                [binary, *arguments], capture_output=True, text=True, timeout=60,
                env=env | {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "NO_COLOR": "1"})
        finally:
            orphans = {pid: name for pid, name in processes.children().items() if pid not in before}
            if "--" in arguments:
                processes.kill(orphans)
        assert not orphans or "--" not in arguments, f"mcpctl left {orphans} behind: {arguments}"
        return Outcome(arguments, completed)

    return run


@pytest.fixture
def testserver(binary, tmp_path):
    """The URL of a running `mcpctl testserver`."""
    ready = tmp_path / "ready"
    process = subprocess.Popen([binary, "testserver", "--ready-file", ready],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 20
    while not (ready.exists() and ready.read_text()):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    yield ready.read_text().strip()
    process.terminate()
    process.wait(timeout=10)


@pytest.fixture(scope="module", params=SERVERS, ids=lambda server: server.name)
def server(request, deps, tmp_path_factory):
    """One server after the other; each serves all tests of the module."""
    if request.param.transport == "stdio":
        yield StdioTarget(request.param, deps)
        return
    log = tmp_path_factory.mktemp("server") / "log"
    with ServerProcess(request.param, deps, log) as process:
        yield HttpTarget(request.param, process)


class StdioTarget:
    def __init__(self, spec, deps):
        self.spec, self.env = spec, environment(spec, deps)
        self.arguments = ["--", *argv_of(spec, deps)]

    def problems(self):
        return []


class HttpTarget:
    def __init__(self, spec, process):
        self.spec, self.process, self.env = spec, process, os.environ
        self.arguments = [process.url]

    def problems(self):
        """What the server still holds for us, in its own words."""
        return [*self._residue(), *self._log(), *self._processes()]

    def _residue(self):
        if not self.spec.residue:
            return []
        held = self.process.residue()
        if not self.spec.ends_sessions:
            held["sessions"] = held["opened"] - held["deletes"]
        return [f"{held[kind]} {kind} left: {held}" for kind in ("sessions", "streams") if held[kind]]

    def _log(self):
        if not self.spec.log_opened:
            return []
        log = self.process.log()
        left = set(re.findall(self.spec.log_opened, log)) - set(re.findall(self.spec.log_closed, log))
        return [f"its log does not end session {session}" for session in sorted(left)]

    def _processes(self):
        extra = self.process.extra_processes()
        return [f"{extra} processes more than at its start"] if extra > 0 else []
