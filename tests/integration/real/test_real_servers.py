"""mcpctl against servers that we did not write, and nothing of ours left in them."""

import json

import pytest

from processes import wait_until

PHASES = {"stdio": {"handshake", "tools", "close"},
          "http-sse": {"resolve", "connect", "handshake", "tools", "close"},
          "streamable-http": {"resolve", "connect", "handshake", "tools", "close"}}


@pytest.fixture(autouse=True)
def nothing_is_left(request, server):
    """After every test: no session, no stream, no process of ours."""
    yield
    problems = None

    def clean():
        nonlocal problems
        problems = server.problems()
        return not problems

    try:
        # A server notices a closed connection a moment later.
        wait_until(clean, 3, "the server is rid of us")
    except AssertionError:
        pytest.fail(f"{server.spec.name}: " + "; ".join(problems), pytrace=False)


def run(mcpctl, server, verb, *arguments):
    """Options first: behind `--` everything belongs to the command."""
    command = [verb, *arguments, *server.arguments]
    outcome = mcpctl(*command, env=server.env)
    assert outcome.code == 0, str(outcome)
    return outcome.json()


def verdict(report):
    return {key: report.get(key) for key in ("verdict", "transport", "era", "revision")}


def expected(server, era=None, revision=None):
    spec = server.spec
    return {"verdict": "ok", "transport": spec.transport,
            "era": era or spec.era, "revision": revision or spec.revision}


def test_probe_finds_transport_era_and_revision_by_itself(mcpctl, server):
    report = run(mcpctl, server, "probe", "-o", "json", "--timeout", "20s")
    assert verdict(report) == expected(server)
    assert report["schema_version"] == 1
    assert report["server"]["name"]
    assert report["tools"]["count"] >= 1


def test_probe_times_every_phase(mcpctl, server):
    report = run(mcpctl, server, "probe", "-o", "json", "--timeout", "20s")
    phases = {phase["name"]: phase for phase in report["phases"]}
    assert PHASES[server.spec.transport] <= set(phases)
    assert {phase["status"] for phase in phases.values()} == {"ok"}
    assert all(phase["millis"] >= 0 for phase in phases.values())


def test_probe_with_the_transport_given(mcpctl, server):
    report = run(mcpctl, server, "probe", "-o", "json", "--timeout", "20s",
                 "--transport", server.spec.transport)
    assert verdict(report) == expected(server)


def test_probe_with_another_protocol_given(mcpctl, server):
    for protocol, era, revision in server.spec.also:
        report = run(mcpctl, server, "probe", "-o", "json", "--timeout", "20s", "--protocol", protocol)
        assert verdict(report) == expected(server, era, revision), f"--protocol {protocol}"


def test_list_names_the_tool_and_its_schema(mcpctl, server):
    answer = run(mcpctl, server, "list", "tools", "-o", "json", "--timeout", "20s")
    schemas = {tool["name"]: tool["inputSchema"] for tool in answer["tools"]}
    assert schemas[server.spec.call[0]]["type"] == "object"


def test_call_gives_the_tools_answer(mcpctl, server):
    tool, arguments, text = server.spec.call
    outcome = mcpctl("call", "-o", "json", "--timeout", "20s", "--args", json.dumps(arguments),
                     *server.arguments[:1 if server.spec.path else 0], tool,
                     *server.arguments[1 if server.spec.path else 0:], env=server.env)
    assert outcome.code == 0, str(outcome)
    result = outcome.json()["result"]
    assert not result.get("isError"), str(outcome)
    assert text in "\n".join(item.get("text", "") for item in result["content"])
