"""Sidecars for tests: a started process, its endpoints and its log."""

import contextlib
import json
import os
import re
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from running_servers import MCPCTL

SLOW = bool(os.environ.get("MCPCTL_SLOW_BUILD"))
# A proxy of the environment has no business on the loopback interface.
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))

FAST = ["--interval", "100ms", "--timeout", "1s"]
ERAS = [["--protocol", "legacy"], ["--protocol", "modern"], ["--transport", "http-sse"]]


def era_of(url, how):
    return url.replace("/mcp", "/sse") if "http-sse" in how else url


def sessions_held(url):
    base = re.match(r"(https?://[^/]+)", url)[1]
    with OPENER.open(base + "/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return float(re.search(r"^\S+_sessions (\S+)$", text, re.MULTILINE)[1])


def run(*arguments, environment=None):
    """A sidecar that is to end at once."""
    return subprocess.run([MCPCTL, "sidecar", *arguments], capture_output=True, text=True,
                          timeout=60, env={"PATH": os.environ["PATH"], **(environment or {})})


class Sidecar:
    """One running `mcpctl sidecar` on a free port."""

    def __init__(self, *arguments, environment=None, listen=("--listen", "127.0.0.1:0")):
        inherited = {name: value for name, value in os.environ.items()
                     if not name.startswith("MCPCTL_")}
        arguments = list(arguments)
        dashes = arguments.index("--") if "--" in arguments else len(arguments)
        self.process = subprocess.Popen(
            [MCPCTL, "sidecar", *arguments[:dashes], *listen, *arguments[dashes:]],
            # Where nobody counts sessions, a drain takes all of its time.
            env={**inherited, "MCPCTL_DRAIN_TIMEOUT": "100ms", **(environment or {})}, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        line = self.wait_for_line(r"listening on ")
        self.port = int(re.search(r"listening on \S+?:(\d+)[ \"]", line)[1])
        self.base = f"http://127.0.0.1:{self.port}"

    def proxied(self, url):
        """The URL of the same server through the sidecar's proxy."""
        address = re.search(r"proxy on (\S+?),", self.wait_for_line("proxy on "))[1]
        return re.sub(r"//[^/]+", f"//{address}", url)

    def sessions(self):
        return json.loads(self.ask("/sessions")[1])

    def read(self):
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    def wait_for_line(self, pattern, seconds=30):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in list(self.lines):
                if re.search(pattern, line):
                    return line
            if self.process.poll() is not None:
                self.reader.join(5)
                for line in self.lines:
                    if re.search(pattern, line):
                        return line
                raise AssertionError(f"the sidecar ended: {self.lines}")
            time.sleep(0.005)
        raise AssertionError(f"no line like {pattern}: {self.lines}")

    def ask(self, path, method="GET", timeout=30):
        """The status and the body."""
        request = urllib.request.Request(self.base + path, method=method)
        try:
            with OPENER.open(request, timeout=timeout) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def status(self):
        return json.loads(self.ask("/status")[1])

    def metrics(self):
        """name{labels} → value."""
        text = self.ask("/metrics")[1]
        return {name: float(value)
                for name, value in re.findall(r"^([^#\s]\S*?) (\S+)$", text, re.MULTILINE)}

    def wait_until(self, holds, what, seconds=30):
        deadline = time.monotonic() + seconds
        while not holds():
            assert self.process.poll() is None, f"the sidecar ended: {self.lines}"
            assert time.monotonic() < deadline, f"{what}: {self.ask('/status')[1]}\n{self.lines}"
            time.sleep(0.01)

    def wait_for(self, path, code, seconds=30):
        self.wait_until(lambda: self.ask(path)[0] == code, f"{path} is not {code}", seconds)

    def stop(self, with_signal=signal.SIGTERM, seconds=60):
        """The exit code; None where it had to be killed."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            code = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            code = None
        self.reader.join(5)
        return code


@contextlib.contextmanager
def running_sidecars():
    """What starts sidecars; at its end all of them end."""
    running = []

    def start(*arguments, **options):
        running.append(Sidecar(*arguments, **options))
        return running[-1]

    try:
        yield start
    finally:
        for sidecar in running:
            sidecar.stop()
