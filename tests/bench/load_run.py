"""One `mcpctl load run` under observation: its memory, its CPU time, its connections, its results."""

import json
import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path

from load_server import CLIENT_CORE, MCPCTL, on_core


class LoadRun:
    """Starts at once; `finish` waits for its end and gives its results."""

    def __init__(self, folder: Path, *options, core: int | None = CLIENT_CORE):
        self.results = folder / "results.json"
        self.log = folder / "mcpctl.log"
        command = [MCPCTL, "load", "run", *options, "--results", self.results, "--cold", "--noproxy",
                   "--no-era-cache"]
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                list(map(str, command)) if core is None else on_core(core, command),
                stdout=log, stderr=subprocess.STDOUT, env={**os.environ, "HOME": str(folder)},
            )

    def cpu_seconds(self) -> float:
        return cpu_seconds(self.process.pid)

    def sockets(self) -> int:
        count = 0
        folder = f"/proc/{self.process.pid}/fd"
        for name in os.listdir(folder):
            try:
                count += os.readlink(f"{folder}/{name}").startswith("socket:")
            except OSError:
                pass  # closed meanwhile
        return count

    def wait_for_sockets(self, count: int, seconds: float) -> int:
        """How many there are when it has so many, or after that time."""
        end = time.monotonic() + seconds
        while (there := self.sockets()) < count and time.monotonic() < end:
            if self.process.poll() is not None:
                raise SystemExit(f"bench: mcpctl ended too early:\n{self.log.read_text()[-2000:]}")
            time.sleep(0.2)
        return there

    def finish(self, interrupt: bool = False, seconds: float = 120) -> dict:
        """Its results, and in `peak_mib` its largest memory."""
        if interrupt:
            self.process.send_signal(signal.SIGINT)
        end = time.monotonic() + seconds
        while True:
            pid, status, usage = os.wait4(self.process.pid, os.WNOHANG)
            if pid:
                break
            if time.monotonic() > end:
                self.process.kill()
                end += 10
            time.sleep(0.02)
        self.process.returncode = os.waitstatus_to_exitcode(status)
        if self.process.returncode not in (0, 1, 130) or not self.results.exists():
            raise SystemExit(f"bench: mcpctl failed with {self.process.returncode}:\n{self.log.read_text()[-2000:]}")
        return {**json.loads(self.results.read_text()), "peak_mib": usage.ru_maxrss / 1024}


def cpu_seconds(pid: int) -> float:
    """Of all threads of a process, to the nanosecond."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


def connections_by_source(port: int) -> Counter:
    """How many connections to that port of this machine stand, by the address that they come from."""
    sources = Counter()
    with open("/proc/net/tcp") as table:
        next(table)
        for line in table:
            fields = line.split()
            if fields[3] == "01" and int(fields[2].split(":")[1], 16) == port:
                raw = bytes.fromhex(fields[1].split(":")[0])
                sources[".".join(str(byte) for byte in reversed(raw))] += 1
    return sources
