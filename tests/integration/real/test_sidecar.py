"""mcpctl sidecar beside real servers that are killed, frozen, restarted, robbed of their sessions and
given other tools: how long until /readyz says 503, and until it says 200 again."""

import json
import os
import random
import signal
import subprocess
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

import processes
from servers import SERVERS
from sidecar_watch import Sidecar

INTERVAL = 1.0
TIMEOUT = 0.8
LIVENESS = 4  # probes without an answer that fail /livez
TOOLS_EVERY = 2  # where a change of the tools is waited for, every second probe lists them
SLACK = 0.6  # for this machine, on top of the interval that the thresholds leave open
THRESHOLDS = (1, 3)
NAMES = {"server-everything, streamableHttp": "server-everything",
         "v2 SDK dual era, legacy with sessions": "v2 SDK, modern"}
OTHER = "v1 SDK simpleStreamableHttp, resumable"
OPTIONS = (f"--interval={INTERVAL:g}s", f"--timeout={TIMEOUT * 1000:g}ms", "--jitter=0%",
           f"--liveness-threshold={LIVENESS}", "--drain-timeout=0s")


def spec_of(name):
    return next(each for each in SERVERS if each.name == name)


class Server:
    """A server that can die and come back at its port."""

    def __init__(self, spec, deps, folder):
        self.spec, self.deps, self.folder, self.port = spec, deps, folder, processes.free_port()
        self.url, self.process = f"http://127.0.0.1:{self.port}{spec.path}", None

    def start(self, spec=None):
        """Returns when it answers."""
        spec = spec or self.spec
        with (self.folder / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                processes.argv_of(spec, self.deps, self.port), stdout=log, stderr=log,
                stdin=subprocess.DEVNULL, env=processes.environment(spec, self.deps, self.port))
        processes.wait_until(lambda: processes.accepts(self.port), 60, f"{spec.name} accepts")
        return self.ask("/__residue")

    def kill(self):
        self.process.kill()
        self.process.wait()
        return time.monotonic()

    def signal(self, number):
        os.kill(self.process.pid, number)
        return time.monotonic()

    def ask(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            answer.read()
        return time.monotonic()


@dataclass
class Row:
    """What one fault did; times in seconds, none: it did not happen."""

    server: str
    threshold: int
    fault: str
    down: float | None  # from the fault to 503
    down_expected: float | None
    back: float | None  # from the mending, or the 503 of a fault that mends itself, to 200
    livez: float | None  # from the fault to /livez 503
    livez_expected: float | None

    def problems(self):
        pairs = [("503", self.down, self.down_expected), ("/livez", self.livez, self.livez_expected)]
        if self.down is not None:
            pairs.append(("200", self.back, INTERVAL))
        for what, seen, expected in pairs:
            if (seen is None) != (expected is None):
                yield f"{what}: {seen}, expected {expected}"
            elif seen is not None and abs(seen - expected) > INTERVAL + SLACK:
                yield f"{what} after {seen:.2f} s, expected {expected:.2f} ± {INTERVAL:g} s"

    def cells(self):
        def cell(value, otherwise):
            return otherwise if value is None else f"{value:.2f} s"

        return (self.fault, self.server, str(self.threshold), cell(self.down, "stays 200"),
                cell(self.down_expected, "none"), cell(self.back, "–"), cell(self.livez, "stays 200"),
                cell(self.livez_expected, "none"))


HEAD = ("fault", "server", "--failure-threshold", "503 after", "expected ± 1 s", "200 after",
        "/livez 503 after", "expected ± 1 s")


def table(rows):
    lines = [HEAD, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines)]
    lines.insert(1, ["-" * width for width in widths])
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


class Trial:
    """One server and the sidecar beside it, through every fault."""

    def __init__(self, binary, server, threshold, log):
        self.binary, self.server, self.threshold, self.log = binary, server, threshold, log
        self.name, self.rows, self.problems = NAMES[server.spec.name], [], []
        self.random = random.Random(f"{self.name} {threshold}")

    def sidecar(self, *more):
        return Sidecar(self.binary, self.server.url, self.log,
                       f"--failure-threshold={self.threshold}", *OPTIONS, *more)

    def limit(self):
        return (self.threshold + LIVENESS + 4) * INTERVAL + 20

    def note(self, sidecar, fault, begun, mended, expected, livez_expected=None):
        """`mended`: when the server was well again; none: the fault passes by itself."""
        down = sidecar.first_after("/readyz", 503, begun)
        livez = sidecar.first_after("/livez", 503, begun)
        back = down and sidecar.first_after("/readyz", 200, max(down, mended or 0))
        self.rows.append(Row(
            self.name, self.threshold, fault, down and down - begun, expected,
            back and back - max(down, mended or 0), livez and livez - begun, livez_expected))

    def expected(self, hangs=False):
        """The server fails between two probes, and each failure is one interval after the last."""
        return self.threshold * INTERVAL + (TIMEOUT if hangs else 0)

    def breaks(self, sidecar, fault, begin, mend, hangs=False):
        begun = begin()
        sidecar.await_status("/readyz", 503, self.limit())
        sidecar.await_status("/livez", 503, self.limit())
        mended = mend()
        sidecar.await_status("/readyz", 200, self.limit())
        sidecar.await_status("/livez", 200, self.limit())
        livez = LIVENESS * INTERVAL + (TIMEOUT if hangs else 0)
        self.note(sidecar, fault, begun, mended, self.expected(hangs), livez)

    def restarts(self, sidecar):
        begun = self.server.kill()
        mended = self.server.start()
        self.settle(sidecar)
        # Each probe of that time fails, and the one after it, which finds that the session is lost.
        failures = (mended - begun) / INTERVAL + 1
        seen = sidecar.first_after("/readyz", 503, begun)
        expected = self.expected() if seen or failures >= self.threshold + 1 else None
        self.note(sidecar, f"restart ({mended - begun:.1f} s)", begun, mended, expected,
                  self.livez_of_a_pause(sidecar, begun, mended))

    def livez_of_a_pause(self, sidecar, begun, mended):
        """A machine that takes seconds to start the server is away for as many probes."""
        long = mended - begun > (LIVENESS - 1) * INTERVAL
        return LIVENESS * INTERVAL if long and sidecar.first_after("/livez", 503, begun) else None

    def settle(self, sidecar):
        """Some rounds of good probes, and then any moment between two."""
        good = sidecar.metric("mcpctl_sidecar_probes_total", sign="good")
        processes.wait_until(
            lambda: sidecar.metric("mcpctl_sidecar_probes_total", sign="good") >= good + 3,
            self.limit(), f"good probes of {self.name}")
        sidecar.await_status("/readyz", 200, self.limit())
        time.sleep(self.random.uniform(0, INTERVAL))

    def loses_sessions(self, sidecar):
        losses = sidecar.metric("mcpctl_sidecar_canary_losses_total")
        begun = self.server.ask("/__forget")
        self.settle(sidecar)
        self.note(sidecar, "sessions cut", begun, None, self.expected() if self.threshold == 1 else None)
        if sidecar.metric("mcpctl_sidecar_canary_losses_total") != losses + 1:
            self.problems.append(f"{self.name}: the loss of the canary was not counted once")

    def changes_tools(self, sidecar, fault, change, back, strict):
        """By default a drift is told and changes nothing; with stable-surface it does."""
        changes = sidecar.metric("mcpctl_sidecar_surface_changes_total")
        begun = change()
        processes.wait_until(
            lambda: sidecar.metric("mcpctl_sidecar_surface_changes_total") == changes + 1,
            self.limit(), "the change of the tools is seen")
        if not strict:
            self.settle(sidecar)
            self.note(sidecar, fault, begun, None, None)
            back()
            return
        sidecar.await_status("/readyz", 503, self.limit())
        mended = back()
        sidecar.await_status("/readyz", 200, self.limit())
        # Within two intervals the tools are listed, and from then on each probe is a failure.
        self.note(sidecar, fault + ", stable-surface", begun, mended, self.expected())

    def is_replaced(self, sidecar, strict):
        """Another server comes up at the same port."""
        changes = sidecar.metric("mcpctl_sidecar_surface_changes_total")
        begun = self.server.kill()
        up = mended = self.server.start(spec_of(OTHER))
        processes.wait_until(
            lambda: sidecar.metric("mcpctl_sidecar_surface_changes_total") == changes + 1,
            self.limit(), "the change of the tools is seen")
        if strict:
            sidecar.await_status("/readyz", 503, self.limit())
            self.server.kill()
            mended = self.server.start()
            sidecar.await_status("/readyz", 200, self.limit())
        else:
            self.settle(sidecar)
        fault = "another server" + (", stable-surface" if strict else "")
        happened = strict or sidecar.first_after("/readyz", 503, begun)
        self.note(sidecar, fault, begun, mended, self.expected() if happened else None,
                  self.livez_of_a_pause(sidecar, begun, up))
        if not strict:
            self.server.kill()
            self.server.start()
            self.settle(sidecar)

    def tools(self, sidecar, strict):
        if "dual era" not in self.server.spec.name:
            return self.is_replaced(sidecar, strict)

        def toggle():
            return self.server.ask("/__tools")

        return self.changes_tools(sidecar, "one more tool", toggle, toggle, strict)

    def run(self):
        self.server.start()
        try:
            self.runs_through(self.faults)
            self.runs_through(lambda each: self.tools(each, strict=False), f"--handshake-every={TOOLS_EVERY}")
            self.runs_through(lambda each: self.tools(each, strict=True), f"--handshake-every={TOOLS_EVERY}",
                              "--ready-requires=stable-surface")
            self.nothing_is_left()
        finally:
            self.server.kill()
        return self

    def runs_through(self, faults, *options):
        with self.sidecar(*options) as sidecar:
            sidecar.await_status("/readyz", 200, self.limit())
            self.settle(sidecar)
            faults(sidecar)
        if sidecar.exit_code != 0:
            self.problems.append(f"{self.name}: the sidecar's exit code is {sidecar.exit_code}")

    def faults(self, sidecar):
        self.breaks(sidecar, "kill", self.server.kill, self.server.start)
        self.settle(sidecar)
        self.breaks(sidecar, "freeze", lambda: self.server.signal(signal.SIGSTOP),
                    lambda: self.server.signal(signal.SIGCONT), hangs=True)
        self.settle(sidecar)
        self.restarts(sidecar)
        self.settle(sidecar)
        self.loses_sessions(sidecar)

    def nothing_is_left(self):
        def held():
            with urllib.request.urlopen(f"http://127.0.0.1:{self.server.port}/__residue") as answer:
                return answer.read().decode()

        processes.wait_until(lambda: '"sessions":0,"streams":0' in held(), 5,
                             f"{self.name} holds nothing of the sidecar's")


@pytest.fixture(scope="module")
def trials(deps, binary, tmp_path_factory):
    made = []
    for name in NAMES:
        for threshold in THRESHOLDS:
            folder = tmp_path_factory.mktemp("sidecar")
            made.append(Trial(binary, Server(spec_of(name), deps, folder), threshold, folder / "log"))
    with ThreadPoolExecutor(len(made)) as pool:
        return list(pool.map(Trial.run, made))


def test_faults_of_real_servers_are_told_when_the_thresholds_say(trials, capsys):
    rows = [row for trial in trials for row in trial.rows]
    with capsys.disabled():
        print("\n" + table(rows))
    problems = [f"{row.fault}, {row.server}, {row.threshold}: {problem}"
                for row in rows for problem in row.problems()]
    assert problems + [each for trial in trials for each in trial.problems] == []


class OwnServer:
    """`mcpctl testserver` at one port, again and again."""

    def __init__(self, binary):
        self.binary, self.port, self.process = binary, processes.free_port(), None

    def start(self, *options):
        self.process = subprocess.Popen([self.binary, "testserver", "--listen", f"127.0.0.1:{self.port}",
                                         *options],
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        processes.wait_until(lambda: processes.accepts(self.port), 20, "the testserver accepts")

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()


@pytest.mark.parametrize(("options", "readyz"), [
    (["--auth-token-file", "{folder}/tokens"], 503), (["--fault", "status:500"], 503),
    (["--fault", "status:429"], 200)], ids=["401", "500", "429"])
def test_a_server_that_answers_with_an_error_is_never_restarted(binary, tmp_path, options, readyz):
    (tmp_path / "tokens").write_text("secret\n")
    server = OwnServer(binary)
    server.start()
    try:
        with Sidecar(binary, f"http://127.0.0.1:{server.port}/mcp", tmp_path / "log", "--interval=200ms",
                     "--liveness-threshold=4", "--drain-timeout=0s") as sidecar:
            sidecar.await_status("/readyz", 200, 20)
            server.kill()
            server.start(*[word.format(folder=tmp_path) for word in options])
            probes = sidecar.metric("mcpctl_sidecar_probes_total")
            processes.wait_until(lambda: sidecar.metric("mcpctl_sidecar_probes_total") >= probes + 8,
                                 30, "twice as many probes as the liveness threshold")
            assert sidecar.await_status("/readyz", readyz, 5)
            assert [code for _, code in sidecar.changes["/livez"]] == [200]
    finally:
        server.kill()


@pytest.mark.parametrize("fault", ["never started", "hangs"])
def test_a_restart_by_a_probe_that_failed_is_no_drain_for_good(binary, tmp_path, fault):
    """Kubernetes runs preStop then too, and the sidecar outlives the restart."""
    server = OwnServer(binary)
    with Sidecar(binary, f"http://127.0.0.1:{server.port}/mcp", tmp_path / "log", "--interval=200ms",
                 "--timeout=150ms", "--liveness-threshold=3", "--drain-timeout=0s") as sidecar:
        try:
            if fault == "hangs":
                server.start()
                sidecar.await_status("/readyz", 200, 20)
                os.kill(server.process.pid, signal.SIGSTOP)
                sidecar.await_status("/livez", 503, 20)
            begun = time.monotonic()
            sidecar.get("/drain?wait=55s")
            assert time.monotonic() - begun < 4
            assert json.loads(sidecar.get("/status"))["state"] != "draining"
            server.kill()
            server.start()
            sidecar.await_status("/readyz", 200, 20)
            assert json.loads(sidecar.get("/status"))["state"] == "ready"
            assert sidecar.get("/startupz") == "ok\n"
        finally:
            server.kill()
