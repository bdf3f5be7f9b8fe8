"""Thousands of probes of v1 SDK servers: their sessions and their memory are where they were.

MCPCTL_RESIDUE_PROBES says how many (10000 for the whole of it)."""

import os
import re
import time
from pathlib import Path

import pytest

from exporter_process import running_exporter
from processes import ServerProcess, wait_until
from servers import SERVERS

PROBES = int(os.environ.get("MCPCTL_RESIDUE_PROBES", "2000"))
# Of so many probes at a time; each has a module of its own, because equal ones would be shared.
MODULES = [f"worker{number}" for number in range(8)]
# A server that kept what a session takes (a server object with its tools: tens of kilobytes) would
# grow by a multiple of this.
GROWTH = 1.25
NAMES = ["server-everything, streamableHttp", "Python SDK v1, sessions"]


def resident(pid):
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class Watched:
    """What a server holds: sessions in its own words, memory as the kernel sees it."""

    def __init__(self, process):
        self.process = process

    def sessions(self):
        """(opened, open now)"""
        log = self.process.log()
        opened = set(re.findall(self.process.server.log_opened, log))
        return len(opened), len(opened - set(re.findall(self.process.server.log_closed, log)))

    def figures(self, label):
        opened, left = self.sessions()
        held = {"resident": resident(self.process.process.pid)}
        residue = self.process.residue()
        held["sessions kept"] = residue["sessions"]
        if "heap" in residue:
            held["heap"] = residue["heap"]
        print(f"{self.process.server.name}, {label}: {opened} sessions opened, {left} left, "
              + ", ".join(f"{name} {value}" for name, value in held.items()))
        return held


def with_collector(spec):
    """node says how much is in use, not what it has not cleaned up yet."""
    if "--import" not in spec.command:
        return spec
    return type(spec)(**vars(spec) | {"command": spec.command.replace("node ", "node --expose-gc ", 1)})


@pytest.mark.parametrize("name", NAMES)
def test_probes_leave_neither_sessions_nor_memory(binary, deps, tmp_path, name):
    spec = with_collector(next(spec for spec in SERVERS if spec.name == name))
    modules = "".join(f"  {module}: {{protocol: legacy}}\n" for module in MODULES)
    warm_up = max(PROBES // 10, 200)
    with ServerProcess(spec, deps, tmp_path / "log") as process:
        config = tmp_path / "modules.yml"
        config.write_text(f"targets: [{process.url}]\nmodules:\n{modules}")
        server = Watched(process)
        with running_exporter(binary, tmp_path, "--config", config, "--max-rate", 0) as exporter:
            server.figures("at its start")
            exporter.probe_often(process.url, MODULES, warm_up)
            wait_until(lambda: server.sessions() == (warm_up, 0), 20, "the end of all sessions")
            before = server.figures(f"after {warm_up} probes")
            own_before = exporter.metrics()
            begin = time.monotonic()
            exporter.probe_often(process.url, MODULES, PROBES - warm_up)
            took = time.monotonic() - begin
            wait_until(lambda: server.sessions() == (PROBES, 0), 20, "the end of all sessions")
            after = server.figures(f"after {PROBES} probes, {(PROBES - warm_up) / took:.0f} a second")
            own_after = exporter.metrics()
    assert after["sessions kept"] == 0
    kind = "heap" if "heap" in before else "resident"
    assert after[kind] < before[kind] * GROWTH, (before, after)
    assert after["resident"] < before["resident"] * 1.3 + 32 * 2**20, (before, after)
    assert own_after["mcpctl_exporter_sessions_left_total"] == 0
    print(f"exporter: {own_before['process_resident_memory_bytes']:.0f} bytes resident before, "
          f"{own_after['process_resident_memory_bytes']:.0f} after; "
          f"{own_after['process_open_fds']:.0f} descriptors")
    assert own_after["process_resident_memory_bytes"] < 1.2 * own_before["process_resident_memory_bytes"]
    assert own_after["process_open_fds"] <= own_before["process_open_fds"]
