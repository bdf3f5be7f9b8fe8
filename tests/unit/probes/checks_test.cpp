#include "probes/health/checks.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "tests/unit/probes/fake_access.hpp"

namespace {

using namespace std::chrono_literals;
using probes::Finding;
using probes::Severity;
using Findings = std::vector<Finding>;

probes::Observation seen_with(std::vector<mcp::Json> tools) {
  probes::Observation seen;
  seen.phases = {{.name = probes::PhaseName::tools}};
  seen.peer = peer_with(R"({"tools":{"listChanged":false},"resources":{"subscribe":true}})");
  seen.tools.emplace();
  seen.tools->items = std::move(tools);
  seen.tools->pages = 1;
  return seen;
}

probes::Observation seen_with_result(const std::string& result) {
  auto seen = seen_with({tool_named("echo")});
  seen.call_result = nlohmann::json::parse(result);
  return seen;
}

const std::chrono::system_clock::time_point today = std::chrono::sys_days(2026y / 1 / 10);

probes::Observation seen_with_expiry(std::chrono::system_clock::duration left) {
  auto seen = seen_with({});
  seen.connection.emplace();
  seen.connection->earliest_certificate_expiry = today + left;
  return seen;
}

}  // namespace

TEST_CASE("checks: each has an id of its own") {
  std::set<std::string_view> ids;
  for (const auto& check : probes::health_checks()) ids.insert(check.id);
  CHECK(ids.size() == probes::health_checks().size());
}

TEST_CASE("checks: none applies to a server that was never reached") {
  for (const auto& check : probes::health_checks()) {
    CAPTURE(check.id);
    CHECK_FALSE(check.run(probes::Observation(), {.today = today}).has_value());
  }
}

TEST_CASE("tools.empty: declared tools that are not there are an error unless none are expected") {
  const auto found = check_tools_empty(seen_with({}), {});
  REQUIRE(found->size() == 1);
  CHECK(found->front().message == "the server declares tools, and lists none");
  CHECK(check_tools_empty(seen_with({tool_named("a")}), {})->empty());
  CHECK_FALSE(check_tools_empty(seen_with({}), {.min_tools = 0}).has_value());
}

TEST_CASE("tools.too-few: the count is held against --min-tools") {
  const auto seen = seen_with({tool_named("a"), tool_named("b")});
  CHECK(check_tools_count(seen, {.min_tools = 2})->empty());
  CHECK(check_tools_count(seen, {.min_tools = 3}) ==
        Findings{
            {.id = "tools.too-few", .message = "2 tools are listed, and at least 3 are required"}});
}

TEST_CASE("tools.too-few: a server without the tools capability has none") {
  auto seen = seen_with({});
  seen.tools.reset();
  CHECK(check_tools_count(seen, {.min_tools = 1}) ==
        Findings{{.id = "tools.too-few",
                  .message = "0 tools are listed, and at least 1 are required",
                  .hint = "the server does not declare the tools capability"}});
}

TEST_CASE("tools.missing: what is required and not listed is named, with a likely typo") {
  const auto seen = seen_with({tool_named("create_issue"), tool_named("search")});
  CHECK(check_tools_required(seen, {.require_tools = {"search"}})->empty());
  CHECK(check_tools_required(seen, {.require_tools = {"create_isue", "search", "zap"}}) ==
        Findings{{.id = "tools.missing",
                  .message = "required, and not listed: create_isue, zap",
                  .hint = "listed is create_issue: renamed, or a typo?"}});
}

TEST_CASE("tools.duplicate: names that come more than once are counted") {
  const auto seen = seen_with({tool_named("b"), tool_named("a"), tool_named("b"), tool_named("b")});
  const auto found = check_tools_unique(seen, {});
  REQUIRE(found->size() == 1);
  CHECK(found->front().severity == Severity::error);
  CHECK(found->front().message == "tool names must be unique: b (3 times)");
  CHECK(check_tools_unique(seen_with({tool_named("a"), tool_named("b")}), {})->empty());
}

TEST_CASE("tools.invalid: each kind of bad definition is told, and many are counted") {
  std::vector<mcp::Json> tools;
  for (const auto* text :
       {R"({"name":"none"})", R"({"name":"array","inputSchema":[]})",
        R"({"name":"untyped","inputSchema":{}})", R"({"inputSchema":{"type":"object"}})",
        R"("text")", R"({"name":"string","inputSchema":{"type":"string"}})", R"({"name":"more"})"})
    tools.emplace_back(nlohmann::json::parse(text));
  tools.push_back(tool_named("fine"));
  const auto found = check_tools_valid(seen_with(tools), {});
  REQUIRE(found->size() == 1);
  CHECK(found->front().message ==
        "invalid definitions: none: no inputSchema, array: inputSchema is not an object, "
        "untyped: inputSchema is not of type \"object\", a tool without a name, "
        "a tool without a name and 2 more");
  CHECK(check_tools_valid(seen_with({tool_named("fine")}), {})->empty());
}

TEST_CASE("tools.rejected: a tool that clients must leave out is a warning") {
  auto seen = seen_with({tool_named("fine")});
  seen.tools->rejected.push_back({.name = "odd", .reason = "x-mcp-header is empty"});
  const auto found = check_tools_rejected(seen, {});
  REQUIRE(found->size() == 1);
  CHECK(found->front().severity == Severity::warning);
  CHECK(found->front().message == "clients must leave out: odd: x-mcp-header is empty");
}

TEST_CASE("tools: names are escaped and cut") {
  const auto name = "\x1b]0;" + std::string(1000, 'x');
  const auto found = check_tools_unique(seen_with({tool_named(name), tool_named(name)}), {});
  REQUIRE(found->size() == 1);
  CHECK(found->front().message.find('\x1b') == std::string::npos);
  CHECK(found->front().message.size() < 150);
}

TEST_CASE("capability.missing: dotted paths are followed, and false is not declared") {
  const auto seen = seen_with({});
  const probes::ProbeOptions present{.require_capabilities = {"tools", "resources.subscribe"}};
  CHECK(check_capabilities(seen, present)->empty());
  const probes::ProbeOptions absent{
      .require_capabilities = {"tools.listChanged", "prompts", "tools.listChanged.deep"}};
  const auto found = check_capabilities(seen, absent);
  REQUIRE(found->size() == 3);
  CHECK(found->at(1) == Finding{.id = "capability.missing",
                                .message = "capability prompts is required, and not declared",
                                .hint = "declared: resources, tools"});
}

TEST_CASE("call.error: a tool's isError is told with its text") {
  const auto seen = seen_with_result(
      R"({"isError":true,"content":[{"type":"text","text":"disk full\nat line 1"}]})");
  CHECK(
      check_call_result(seen, {}) ==
      Findings{{.id = "call.error", .message = "the tool answered with an error: \"disk full\""}});
  CHECK(check_call_result(seen_with_result(R"({"content":[]})"), {})->empty());
  CHECK(check_call_result(seen_with_result(R"({"isError":false})"), {})->empty());
}

TEST_CASE("call.expectation and call.text: each tells what there is instead") {
  const auto seen = seen_with_result(R"({"content":[{"type":"text","text":"5"}]})");
  probes::ToolCall call{.tool = "add"};
  call.expectations.push_back(*probes::Expectation::parse("/content/0/text=6"));
  call.expectations.push_back(*probes::Expectation::parse("/content/0/type=text"));
  call.text = *probes::TextPattern::parse("^6$");
  const probes::ProbeOptions options{.call = call};
  CHECK(check_call_expectations(seen, options) ==
        Findings{{.id = "call.expectation",
                  .message = "the result has at /content/0/text: \"5\", expected 6"}});
  CHECK(
      check_call_text(seen, options) ==
      Findings{{.id = "call.text", .message = "the result's text does not match \"^6$\": \"5\""}});
}

TEST_CASE("certificate.expiry: warning and critical are told apart by days") {
  const probes::ProbeOptions options{
      .cert_warn = std::chrono::days(14), .cert_crit = std::chrono::days(3), .today = today};
  CHECK(check_certificate(seen_with_expiry(std::chrono::days(15)), options)->empty());
  const auto warning = check_certificate(seen_with_expiry(std::chrono::days(13) + 1h), options);
  REQUIRE(warning->size() == 1);
  CHECK(warning->front().severity == Severity::warning);
  CHECK(warning->front().message == "a certificate of the chain expires in 13 days");
  const auto critical = check_certificate(seen_with_expiry(std::chrono::days(3)), options);
  CHECK(critical->front().severity == Severity::error);
  const auto expired = check_certificate(seen_with_expiry(-25h), options);
  CHECK(expired->front().message == "a certificate of the chain has expired 2 days ago");
}

TEST_CASE("certificate.expiry: no threshold, no check") {
  CHECK_FALSE(check_certificate(seen_with_expiry(1h), {.cert_warn = std::nullopt, .today = today})
                  .has_value());
}

TEST_CASE("latency.exceeded: the slowest phase is named") {
  auto seen = seen_with({});
  seen.phases = {{.name = probes::PhaseName::connect, .time = 1ms},
                 {.name = probes::PhaseName::tools, .time = 900ms}};
  seen.total = 901ms;
  CHECK(check_latency(seen, {.max_latency = 1s})->empty());
  CHECK(check_latency(seen, {.max_latency = 500ms}) ==
        Findings{{.id = "latency.exceeded",
                  .message = "took 901 ms, and 500 ms is allowed",
                  .hint = "most of it went into tools (900 ms)"}});
}

TEST_CASE("server.warning and session.left: oddities degrade, they do not fail") {
  auto seen = seen_with({});
  seen.warnings = {"2 lines on stdout are no messages"};
  seen.residue = probes::Residue::left;
  seen.close_problem = "DELETE: HTTP 500";
  CHECK(check_warnings(seen, {}) == Findings{{.id = "server.warning",
                                              .severity = Severity::warning,
                                              .message = "2 lines on stdout are no messages"}});
  const auto left = check_residue(seen, {});
  REQUIRE(left->size() == 1);
  CHECK(left->front().severity == Severity::warning);
  CHECK(left->front().message == "what the probe opened could not be cleaned up: DELETE: HTTP 500");
}
