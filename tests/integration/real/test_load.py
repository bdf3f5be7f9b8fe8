"""burst-idle against servers that we did not write: nothing fails, and nothing of ours is left."""

import json
from pathlib import Path

import jsonschema
import pytest

from processes import wait_until
from servers import SERVERS

AGENTS = 50
SCHEMA = Path(__file__).resolve().parents[3] / "cli/render/schema/load.schema.json"
# With the protocol that is spoken: sessions are of the legacy one.
RUNS = [
    ("server-everything, streamableHttp", "legacy"),
    ("v2 SDK dual era, legacy with sessions", "legacy"),
    ("v2 SDK dual era, legacy with sessions", "modern"),
    ("mcp-proxy (PyPI), streamable", "legacy"),
]
BY_NAME = {spec.name: spec for spec in SERVERS}


def load(mcpctl, server, protocol, *arguments):
    tool, values, _ = server.spec.call
    done = mcpctl("load", "run", "burst-idle", *server.arguments, "--agents", str(AGENTS),
                  "--burst", "6/1s", "--idle", "2s", "--duration", "8s", "--set", "arrive=1s",
                  "--call", tool, "--args", json.dumps(values), "--protocol", protocol,
                  "-o", "json", *arguments)
    # 1: a busy machine is too slow for the rate. All else is judged below.
    assert done.code in (0, 1), str(done)
    results = done.json()
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(results)
    return results


def left_behind(server):
    problems = []

    def clean():
        problems[:] = server.problems()
        return not problems

    try:
        # A server notices a closed connection a moment later.
        wait_until(clean, 5, "the server is rid of us")
    except AssertionError:
        pass
    return problems


def sessions_of(server):
    """How many sessions it had opened so far, in its own words; None where it does not say."""
    opened = server.spec.residue and server.process.residue()["opened"]
    return opened or None


@pytest.mark.parametrize(
    ("server", "protocol"), [(BY_NAME[name], protocol) for name, protocol in RUNS],
    indirect=["server"], ids=[f"{name}, {protocol}" for name, protocol in RUNS])
def test_fifty_agents_burst_and_idle_and_leave(mcpctl, server, protocol):
    before = sessions_of(server) or 0
    summary = load(mcpctl, server, protocol)["summary"]
    assert summary["all"]["failed"] == 0, summary["all"]["failures"]
    # Three bursts of six calls by each, and handshakes; the third may be cut short by the end.
    assert summary["all"]["requests"] >= AGENTS * (2 * 6 + 1)
    assert summary["sessions"] == {
        **summary["sessions"], "opened": AGENTS, "closed": AGENTS, "lost": 0, "reinitialised": 0}
    after = sessions_of(server)
    if after is not None:
        # One more looked at the tools before the run.
        assert after - before == AGENTS + 1
    assert left_behind(server) == []
