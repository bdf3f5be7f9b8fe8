"""An exporter for tests against real servers: started on a free loopback port, asked, ended."""

import contextlib
import http.client
import os
import signal
import subprocess
import threading
import urllib.parse

from processes import accepts, free_port, wait_until


class Exporter:
    def __init__(self, process, port):
        self.process, self.port = process, port
        self.address = f"127.0.0.1:{port}"

    def get(self, path, connection=None, headers=None):
        made = connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            made.request("GET", path, headers=headers or {})
            answer = made.getresponse()
            return answer.status, answer.read().decode()
        finally:
            if not connection:
                made.close()

    def probe(self, target, module="mcp", connection=None):
        query = urllib.parse.urlencode({"target": target, "module": module})
        status, body = self.get(f"/probe?{query}", connection)
        assert status == 200, body
        return samples(body)

    def metrics(self):
        return samples(self.get("/metrics")[1])

    def probe_often(self, target, modules, count):
        """Each module has a connection of its own and probes until all have made `count` together."""
        bad, share = [], [count // len(modules)] * len(modules)
        share[0] += count - sum(share)

        def work(module, times):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            try:
                for _ in range(times):
                    metrics = self.probe(target, module, connection)
                    if metrics["probe_success"] != 1:
                        bad.append(metrics)
            except BaseException as problem:
                bad.append(problem)
                raise
            finally:
                connection.close()

        threads = [threading.Thread(target=work, args=each) for each in zip(modules, share)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert bad == []


def samples(text):
    lines = [line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#")]
    return {name: float(value) for name, value in lines}


@contextlib.contextmanager
def running_exporter(binary, folder, *arguments):
    port = free_port()
    with (folder / "exporter.log").open("wb") as log:
        process = subprocess.Popen(
            [binary, "exporter", "--listen", f"127.0.0.1:{port}", *map(str, arguments)],
            env=os.environ | {"no_proxy": "*"}, stdout=log, stderr=log)

    def ready():
        assert process.poll() is None, (folder / "exporter.log").read_text()
        return accepts(port)

    try:
        wait_until(ready, 30, "the exporter listens")
        yield Exporter(process, port)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
