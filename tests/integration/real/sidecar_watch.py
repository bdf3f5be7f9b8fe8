"""A running `mcpctl sidecar`, and when its answers changed."""

import http.client
import subprocess
import threading
import time
import urllib.request

import processes

PATHS = ("/readyz", "/livez")


class Sidecar:
    """`with` ends with it gone by SIGTERM. Asks its endpoints some ten times a second meanwhile."""

    def __init__(self, binary, url, log, *options):
        self.port, self.log_path = processes.free_port(), log
        self.changes = {path: [] for path in PATHS}  # (time, status), the newest last
        self._argv = [binary, "sidecar", url, f"--listen=127.0.0.1:{self.port}", *options]
        self._over = threading.Event()

    def __enter__(self):
        with self.log_path.open("wb") as log:
            self.process = subprocess.Popen(self._argv, stdout=log, stderr=log)
        try:
            processes.wait_until(self._listens, 30, "the sidecar listens")
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def _listens(self):
        assert self.process.poll() is None, f"the sidecar ended:\n{self.log_path.read_text()}"
        return processes.accepts(self.port)

    def _watch(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        while not self._over.wait(0.02):
            for path in PATHS:
                connection.request("GET", path)
                answer = connection.getresponse()
                answer.read()
                seen = self.changes[path]
                if not seen or seen[-1][1] != answer.status:
                    seen.append((time.monotonic(), answer.status))
        connection.close()

    def status(self, path):
        return self.changes[path][-1][1] if self.changes[path] else None

    def await_status(self, path, status, limit):
        processes.wait_until(lambda: self.status(path) == status, limit, f"{path} {status}: {self.get('/status')}")
        return self.changes[path][-1][0]

    def first_after(self, path, status, begun):
        """When it first changed to that status after `begun`; none if it did not."""
        return next((when for when, code in self.changes[path] if when > begun and code == status), None)

    def get(self, path):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5) as answer:
            return answer.read().decode()

    def metric(self, name, **labels):
        """The sum of the samples with these labels."""
        lines = [line for line in self.get("/metrics").splitlines() if line.startswith((name + " ", name + "{"))]
        wanted = [f'{key}="{value}"' for key, value in labels.items()]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if all(each in line for each in wanted))

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()
        self.process.terminate()
        try:
            self.exit_code = self.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise
