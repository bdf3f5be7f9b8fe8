"""An exporter for a test: started on a free port, asked, ended."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MCPCTL = os.environ.get("MCPCTL", str(ROOT / "build/release/cli/mcpctl"))
LISTENS = re.compile(r"exporter listens on (?P<address>\S+)")
DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def metrics(self):
        """{'name{labels}': value}."""
        samples = [line.rsplit(" ", 1) for line in self.body.splitlines()
                   if line and not line.startswith("#")]
        return {name: float(value) for name, value in samples}


class Exporter:
    def __init__(self, process):
        self.process, self.errors = process, []
        self._found = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._found.wait(30) and self.url, "".join(self.errors)

    url = None

    def _read(self):
        for line in self.process.stderr:
            self.errors.append(line)
            if listens := LISTENS.search(line):
                self.url = f"http://{listens['address']}"
                self._found.set()
        self._found.set()

    def ask(self, path, headers=None, method="GET", **parameters):
        query = "?" + urllib.parse.urlencode(parameters) if parameters else ""
        request = urllib.request.Request(self.url + path + query, headers=headers or {}, method=method)
        try:
            with DIRECT.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.headers, answer.read().decode())
        except urllib.error.HTTPError as error:
            return Answer(error.code, error.headers, error.read().decode())

    def probe(self, target, module=None, headers=None, **parameters):
        if module:
            parameters["module"] = module
        return self.ask("/probe", headers, target=target, **parameters)

    def metrics(self):
        return self.ask("/metrics").metrics()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        code = self.process.wait(timeout=30)
        self._reader.join(10)
        return code


@contextlib.contextmanager
def running_exporter(*arguments, env=None):
    process = subprocess.Popen(
        [MCPCTL, "exporter", "--listen", "127.0.0.1:0", *map(str, arguments)], text=True,
        env={"PATH": os.environ["PATH"], "no_proxy": "*", **(env or {})},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        yield Exporter(process)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=30)


def check_metrics(text):
    """What promtool has to say about a text of metrics; empty when nothing."""
    done = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True,
                          text=True, timeout=60)
    return done.stdout + done.stderr + (f"exit {done.returncode}" if done.returncode else "")
