#include <doctest/doctest.h>

#include <array>

#include "cli/render/format.hpp"
#include "tests/unit/render/documents.hpp"

TEST_CASE("junit: a case a phase and a check, a suite a target") {
  CHECK(cli::render_junit(std::array{healthy_document(), refused_document()}, {}) ==
        R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="mcpctl" tests="7" failures="1" errors="0" skipped="2" time="1.500000">
  <testsuite name="http://localhost:3000/mcp" tests="4" failures="0" errors="0" skipped="1" time="0.012500">
    <testcase classname="mcpctl.phase" name="connect" time="0.000250">
      <system-out>127.0.0.1</system-out>
    </testcase>
    <testcase classname="mcpctl.phase" name="handshake" time="0.012000">
      <system-out>legacy era</system-out>
    </testcase>
    <testcase classname="mcpctl.phase" name="tools" time="0.000000">
      <skipped message="not offered by the server"/>
    </testcase>
    <testcase classname="mcpctl.check" name="tools.duplicate" time="0.000000"/>
  </testsuite>
  <testsuite name="http://[::1]:1/a,b" tests="3" failures="1" errors="0" skipped="1" time="1.500000">
    <testcase classname="mcpctl.phase" name="resolve" time="0.000000"/>
    <testcase classname="mcpctl.phase" name="connect" time="1.500000">
      <failure type="unreachable" message="&lt;refused&gt; &amp; &quot;100%&quot; | gone">&lt;refused&gt; &amp; &quot;100%&quot; | gone
is it running: yes\no?</failure>
    </testcase>
    <testcase classname="mcpctl.phase" name="handshake" time="0.000000">
      <skipped/>
    </testcase>
  </testsuite>
</testsuites>
)");
}

TEST_CASE("junit: a target that could not be tried is one failed case") {
  cli::Document document{.subject = "@nobody",
                         .verdict = "misconfigured",
                         .level = cli::Level::unknown,
                         .reason = "no such server"};
  const auto text = cli::render_junit(std::array{document}, {});
  CHECK(text.find(R"(tests="1" failures="1")") != std::string::npos);
  CHECK(text.find(R"(<failure type="misconfigured" message="no such server">)") !=
        std::string::npos);
}

TEST_CASE("prometheus: families stand together, with the target as a label, and are escaped") {
  CHECK(cli::render_prometheus(std::array{healthy_document(), refused_document()}, {}) ==
        R"(# HELP probe_success Whether the probe was a success
# TYPE probe_success gauge
probe_success{target="http://localhost:3000/mcp"} 1
probe_success{target="http://[::1]:1/a,b"} 0
# HELP probe_mcp_duration_seconds Duration by phase
# TYPE probe_mcp_duration_seconds gauge
probe_mcp_duration_seconds{target="http://localhost:3000/mcp",phase="connect"} 0.00025
probe_mcp_duration_seconds{target="http://localhost:3000/mcp",phase="handshake"} 0.012
# HELP probe_mcp_info A \\ and\na line
# TYPE probe_mcp_info gauge
probe_mcp_info{target="http://[::1]:1/a,b",name="q\"b\\n\n"} 1
)");
}

TEST_CASE("nagios: status and performance data on the first line, details below") {
  CHECK(cli::render_nagios(std::array{healthy_document()}, {}) ==
        "MCP OK - everything 1.0.0 lists 2 tools, 12.5 ms | time=0.0125s;;0.5;0;5 tools=2;;1:;0\n");
  CHECK(cli::render_nagios(std::array{refused_document()}, {}) ==
        "MCP CRITICAL - connect: <refused> & \"100%\" / gone | 'it''s time'=1.5s;;;0\n"
        "is it running: yes\\no?\n");
  CHECK(cli::render_nagios(std::array{unhealthy_document()}, {}) ==
        "MCP CRITICAL - 3 tools are missing (and 1 more error)\n"
        "roll back\n"
        "tools.missing: 3 tools are missing\n"
        "tools.duplicate: a twice\n"
        "certificate.expiry: expires in 2 days\n");
}

TEST_CASE("nagios: of several targets the worst is named, and values carry their target") {
  CHECK(cli::render_nagios(std::array{healthy_document(), refused_document()}, {}) ==
        "MCP CRITICAL - 1 of 2 targets are not ok, the worst: http://[::1]:1/a,b: "
        "connect: <refused> & \"100%\" / gone | "
        "'http://localhost:3000/mcp time'=0.0125s;;0.5;0;5 "
        "'http://localhost:3000/mcp tools'=2;;1:;0 'http://[::1]:1/a,b it''s time'=1.5s;;;0\n"
        "[OK] http://localhost:3000/mcp: everything 1.0.0 lists 2 tools, 12.5 ms\n"
        "[CRITICAL] http://[::1]:1/a,b: connect: <refused> & \"100%\" / gone\n");
}

TEST_CASE("github: a command a verdict and a finding, escaped as the runner reads them") {
  CHECK(cli::render_github(std::array{healthy_document(), refused_document()}, {}) ==
        "::notice title=MCP ok::http://localhost:3000/mcp: everything 1.0.0 lists 2 tools, "
        "12.5 ms\n"
        "::error title=MCP unreachable::http://[::1]:1/a,b: connect: <refused> & \"100%25\" | "
        "gone%0Ais it running: yes\\no?\n");
  CHECK(cli::render_github(std::array{unhealthy_document()}, {}) ==
        "::error title=MCP unhealthy::@prod: 3 tools are missing (and 1 more error)%0Aroll back\n"
        "::error title=MCP tools.duplicate::@prod: a twice\n"
        "::warning title=MCP certificate.expiry::@prod: expires in 2 days%0Arenew it\n"
        "::notice title=MCP odd::@prod: odd thing\n");
}
