"""The proxy of `mcpctl sidecar` before servers that we did not write: clients see no difference, and
sessions are counted while there are some."""

import json
import os
import signal
import subprocess
import urllib.request

import pytest

import processes
from processes import ServerProcess, wait_until
from servers import SERVERS

OVER_HTTP = [each for each in SERVERS if each.transport != "stdio"]
# They have neither a GET stream nor subscriptions/listen.
SILENT = {"v1 SDK jsonResponseStreamableHttp", "v1 SDK simpleStatelessStreamableHttp",
          "supergateway, stateless", "fastmcp, sessions", "fastmcp, stateless"}
OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


class Proxied:
    def __init__(self, binary, process, log_path):
        self.spec = process.server
        proxy, self.port = processes.free_port(), processes.free_port()
        self.url = f"http://127.0.0.1:{proxy}{self.spec.path}"
        with log_path.open("wb") as log:
            self.process = subprocess.Popen(
                [binary, "sidecar", process.url, "--noproxy", "--listen", f"127.0.0.1:{self.port}",
                 "--proxy", f"127.0.0.1:{proxy}", "--interval", "1s"], stderr=log)
        try:
            wait_until(lambda: processes.accepts(proxy), 20, "the proxy listens")
        except BaseException:
            self.stop()
            raise

    def ask(self, path):
        with OPENER.open(f"http://127.0.0.1:{self.port}{path}", timeout=40) as answer:
            return json.load(answer)

    def active(self):
        said = self.ask("/sessions")
        assert (said["source"], said["upper_bound"]) == ("proxy", False)
        return said["active"]

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(40)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module", params=OVER_HTTP, ids=lambda server: server.name)
def proxied(request, deps, binary, tmp_path_factory):
    folder = tmp_path_factory.mktemp("proxied")
    with ServerProcess(request.param, deps, folder / "log") as process:
        sidecar = Proxied(binary, process, folder / "sidecar.log")
        try:
            yield sidecar
        finally:
            sidecar.stop()


def test_a_client_finds_the_server_as_it_is(mcpctl, proxied):
    outcome = mcpctl("probe", "-o", "json", "--timeout", "20s", proxied.url)
    assert outcome.code == 0, str(outcome)
    report, spec = outcome.json(), proxied.spec
    assert (report["transport"], report["era"], report["revision"]) == \
        (spec.transport, spec.era, spec.revision)
    assert report["tools"]["count"] >= 1


def test_a_tools_answer_comes_through(mcpctl, proxied):
    tool, arguments, text = proxied.spec.call
    outcome = mcpctl("call", "-o", "json", "--timeout", "20s", "--args", json.dumps(arguments),
                     proxied.url, tool)
    assert outcome.code == 0, str(outcome)
    assert text in "\n".join(item.get("text", "") for item in outcome.json()["result"]["content"])


def test_a_session_is_counted_while_it_is_there(mcpctl, proxied, binary, tmp_path):
    # Sessions that a server has no way to end stay until they were idle for --session-idle.
    wait_until(lambda: proxied.active() == 0 or not proxied.spec.ends_sessions, 10, "no session")
    before = proxied.active()
    if proxied.spec.name in SILENT:
        outcome = mcpctl("listen", "--for", "200ms", proxied.url)
        assert outcome.code != 0, str(outcome)
        wait_until(lambda: proxied.active() == before, 10, "no session again")
        return
    listener = subprocess.Popen([binary, "listen", proxied.url], stdout=subprocess.DEVNULL,
                                stderr=subprocess.PIPE, env=os.environ | {"HOME": str(tmp_path)})
    try:
        wait_until(lambda: proxied.active() == before + 1, 20, "the listener is counted")
    finally:
        listener.send_signal(signal.SIGINT)
        listener.communicate(timeout=30)
    wait_until(lambda: proxied.active() == before, 20, "the listener has gone")
