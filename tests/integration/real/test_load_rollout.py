"""mcpctl load run rollout against server-everything, which the test restarts while it runs."""

import json
import re
import subprocess
import time

import pytest

import processes
from servers import SERVERS

EVERYTHING = next(each for each in SERVERS if each.name == "server-everything, streamableHttp")


@pytest.fixture
def start(deps, tmp_path):
    """start(port) is a process whose log says which sessions it opened and closed."""
    running = []

    def begin(port):
        log = tmp_path / f"log-{len(running)}"
        with log.open("wb") as out:
            process = subprocess.Popen(processes.argv_of(EVERYTHING, deps, port), stdout=out,
                                       stderr=out, env=processes.environment(EVERYTHING, deps, port))
        process.log = log
        running.append(process)
        processes.wait_until(lambda: processes.accepts(port), 30, "the server")
        return process

    yield begin
    for process in running:
        process.kill()
        process.wait()


def held(process):
    text = process.log.read_text()
    opened = set(re.findall(EVERYTHING.log_opened, text))
    return opened - set(re.findall(EVERYTHING.log_closed, text))


def test_each_session_that_a_restart_of_server_everything_loses_is_told(binary, start):
    port = processes.free_port()
    before = start(port)
    load = subprocess.Popen(
        [binary, "load", "run", "rollout", f"http://127.0.0.1:{port}/mcp", "--agents", "15",
         "--duration", "15s", "--set", "every=500ms", "-o", "json"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    processes.wait_until(lambda: len(held(before)) == 15, 30, "15 sessions")
    time.sleep(1.5)  # each agent has had an answer
    lost = held(before)
    before.kill()
    before.wait()
    after = start(port)
    out, err = load.communicate(timeout=60)
    assert load.returncode == 1, err
    followed = json.loads(out)["recording"]["followed"]
    assert followed["lost"] == len(lost) == 15
    assert sorted(each["agent"] for each in followed["losses"]) == list(range(1, 16))
    # It has no 404: "No valid session ID provided" is a 400.
    assert followed["by_status"] == [{"http_status": 400, "count": 15}]
    assert (followed["never_back"], followed["unsure"]) == (0, 0)
    assert held(after) == set()
