"""The official client scenarios, but for authorization.

Each passes only if the runner says so, if the checks named here really ran, and if
the lines named here are among what the client printed: "EXIT-CODE ARGUMENTS ANSWER".
"""

import re

import pytest

LEGACY, MODERN = "2025-11-25", "2026-07-28"

# scenario: (revisions it is played in, checks that must succeed, lines that must be printed)
SCENARIOS = {
    "initialize": (["2025-06-18", LEGACY], ["mcp-client-initialization"], [r"0 info \S+ \{"]),
    "tools_call": (
        ["2025-06-18", LEGACY, MODERN], ["tool-add-numbers", "wire-schema-valid"],
        [r"0 call \S+ add_numbers .*The sum of 1 and 1 is 2"]),
    "elicitation-sep1034-client-defaults": (
        [LEGACY],
        [f"client-elicitation-sep1034-{kind}-default"
         for kind in ("string", "integer", "number", "enum", "boolean")],
        [r"0 call .*Elicitation completed"]),
    "sse-retry": (
        [LEGACY],
        ["client-sse-graceful-reconnect", "client-sse-retry-timing", "client-sse-last-event-id"],
        [r"0 call .*Reconnection test completed successfully"]),
    "request-metadata": (
        [MODERN],
        ["sep-2575-http-client-sends-version-header", "sep-2575-client-populates-meta",
         "sep-2575-client-sends-client-info", "sep-2575-http-version-header-matches-meta",
         "sep-2575-client-retry-supported-version"],
        [r"0 info ", r"0 list tools "]),
    "http-standard-headers": (
        [MODERN],
        ["ClientMcpMethodHeader_" + method for method in (
            "tools_list", "tools_call", "resources_list", "resources_read", "prompts_list", "prompts_get")]
        + ["ClientMcpNameHeader_" + method for method in ("tools_call", "resources_read", "prompts_get")],
        [r"0 call ", r"0 read \S+ file:///path/to/file%20name.txt ", r"0 prompt \S+ test_prompt "]),
    "http-custom-headers": (
        [MODERN],
        ["sep-2243-client-supports-custom-headers", "sep-2243-client-mirrors-designated-params",
         "sep-2243-client-encode-values", "sep-2243-client-base64-unsafe", "sep-2243-client-omit-null",
         "ClientCustomHeader_EmptyVal", "ClientCustomHeader_CrLf"],
        [r"0 call \S+ test_custom_headers ", r"0 call \S+ test_custom_headers_null "]),
    "http-invalid-tool-headers": (
        [MODERN],
        ["sep-2243-client-reject-invalid-tool", "sep-2243-x-mcp-header-charset",
         "sep-2243-x-mcp-header-unique", "sep-2243-x-mcp-header-primitive-only"],
        [r"0 call \S+ valid_tool "]),
    "json-schema-ref-no-deref": ([MODERN], ["sep-2106-no-network-ref-deref"], [r"0 list tools .*lookup_user"]),
    "json-schema-2020-12-preservation": (
        [LEGACY, MODERN],
        ["wire-schema-valid", "json-schema-2020-12-client-echo-completed",
         "json-schema-2020-12-client-$schema-preserved", "json-schema-2020-12-client-$defs-preserved",
         "json-schema-2020-12-client-additionalProperties-preserved",
         "sep-2106-client-composition-keywords-preserved",
         "sep-2106-client-conditional-keywords-preserved", "sep-2106-client-anchor-keyword-preserved"],
        [r"0 call \S+ json_schema_echo .*echoed"]),
    "sep-2322-client-request-state": (
        [MODERN],
        ["sep-2322-client-request-state-echoed", "sep-2322-client-jsonrpc-id-different",
         "sep-2322-client-no-state-omitted", "sep-2322-client-parallel-isolation",
         "sep-2322-default-result-type-complete"],
        [r"0 call .*echo-state-ok", r"0 call .*no-state-ok", r"0 call .*no-result-type-test-ok"]),
    # None: without --spec-version the extension's scenarios count as 2025-11-25.
    "sep-2640-client-no-prefetch": (
        [None, MODERN], ["sep-2640-host-no-prefetch"], [r"0 skills list .*pdf-processing"]),
    "sep-2640-client-verify-digest": (
        [None, MODERN], ["sep-2640-host-verify-digest"], [r"[1-9]\d* skills load "]),
    "sep-2640-client-verify-size": (
        [None, MODERN], ["sep-2640-host-size-mismatch-failure"], [r"[1-9]\d* skills load "]),
    "sep-2640-client-verify-frontmatter": (
        [None, MODERN], ["sep-2640-host-frontmatter-comparison"], [r"[1-9]\d* skills load "]),
}
RUNS = [(scenario, version) for scenario, (versions, _, _) in SCENARIOS.items() for version in versions]


@pytest.mark.parametrize("scenario, version", RUNS)
def test_scenario_passes(play, scenario, version):
    _, checks, lines = SCENARIOS[scenario]
    outcome = play(scenario, version)
    assert outcome.passed, str(outcome)
    missing = set(checks) - outcome.succeeded()
    assert not missing, f"never ran or did not succeed: {sorted(missing)}\n{outcome}"
    for line in lines:
        assert re.search("^" + line, outcome.printed, re.MULTILINE), f"no line {line!r}\n{outcome}"
