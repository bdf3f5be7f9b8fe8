#include "cli/render/load/metrics.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/render/load/distribution.hpp"
#include "cli/render/load/otlp.hpp"
#include "tests/unit/recorder/simulation.hpp"

using namespace scenarios;
using namespace std::chrono_literals;
using nlohmann::json;
using simulation::at;
using simulation::seconds;

namespace {

/// Two calls that ended well, one tool error, one refused connection.
Recording small_run() {
  Recorder notes(simulation::options());
  for (const double time : {0.015, 0.3})
    notes.request({.step = 1, .intended = at(1), .started = at(1), .ended = at(1 + time)});
  notes.request({.step = 1,
                 .intended = at(1),
                 .started = at(2),
                 .ended = at(2.015),
                 .failure = Failure::tool_error});
  notes.request({.step = 1,
                 .intended = at(3),
                 .started = at(3),
                 .ended = at(3.001),
                 .failure = Failure::refused});
  notes.session_opened(at(0));
  notes.session_closed(at(4), seconds(4));
  notes.schedule_ended(at(4));
  return notes.recording();
}

const cli::LoadMetric* find(const std::vector<cli::LoadMetric>& metrics, std::string_view name) {
  const auto found = std::ranges::find(metrics, name, &cli::LoadMetric::name);
  return found == metrics.end() ? nullptr : &*found;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

cli::OtlpContext context() {
  return {.resource = {{"service.name", "mcpctl"}},
          .peer = {{"server.port", "8080"}},
          .steps = simulation::options().steps,
          .start = cli::OtlpContext::Wall(1'700'000'000s),
          .start_on_loop = simulation::start};
}

}  // namespace

TEST_CASE("load metrics: a value on a bound counts as below it, and one above it does not") {
  Histogram histogram;
  for (const std::uint64_t micros : {1UL, 10'000UL, 10'100UL, 20'000UL, 400'000'000UL})
    histogram.add(micros);
  const auto result = cli::distribution_of(histogram, cli::convention_bounds());
  CHECK(result.counts[0] == 2);
  CHECK(result.counts[1] == 2);
  CHECK(result.counts.back() == 1);
  CHECK(result.count() == 5);
  CHECK(result.sum == doctest::Approx(400.04).epsilon(0.001));
}

TEST_CASE("load metrics: what ended well and each class of failures are series of their own") {
  const auto metrics = cli::load_metrics(small_run());
  const auto* durations = find(metrics, "mcp.client.operation.duration");
  REQUIRE(durations != nullptr);
  REQUIRE(durations->points.size() == 3);
  const auto count = [&](std::size_t point) {
    return std::get<cli::Distribution>(durations->points.at(point).value).count();
  };
  CHECK(count(0) == 2);
  CHECK(count(1) == 1);
  CHECK(count(2) == 1);
  CHECK(durations->points[0].attributes.back().name == "gen_ai.tool.name");
  CHECK(durations->points[1].attributes.back().value == "refused");
  CHECK(durations->points[2].attributes.back().value == "tool_error");
  CHECK(find(metrics, "mcp.client.session.duration") != nullptr);
  CHECK(find(metrics, "mcpctl.load.time_to_return") == nullptr);
}

TEST_CASE("load metrics: durations that a file does not hold are left out, not guessed") {
  auto recording = small_run();
  recording.by_step[1].failed_from_start.clear();
  CHECK(find(cli::load_metrics(recording), "mcp.client.operation.duration") == nullptr);
}

TEST_CASE(
    "load metrics: Prometheus has the conventions' names, escaped labels and whole families") {
  Results results{.scenario = "a\"b\\c",
                  .target = "http://[::1]:8080/mcp",
                  .protocol_version = "2025-11-25",
                  .transport = "streamable-http",
                  .thresholds = {"requests > 3", "error_rate < 1%"},
                  .recording = small_run()};
  const auto text = cli::render_load_prometheus(results);
  const std::string labels =
      R"(target="http://[::1]:8080/mcp",scenario="a\"b\\c",mcp_protocol_version="2025-11-25",)"
      R"(network_transport="tcp",network_protocol_name="http",server_address="::1",)"
      R"(server_port="8080")";
  CHECK(contains(text, "mcpctl_load_passed{" + labels + "} 0\n"));
  CHECK(contains(text, "# TYPE mcp_client_operation_duration_seconds histogram\n"));
  const std::string call =
      labels +
      R"(,mcp_method_name="tools/call",gen_ai_operation_name="execute_tool",gen_ai_tool_name="echo")";
  CHECK(
      contains(text, "mcp_client_operation_duration_seconds_bucket{" + call + ",le=\"0.02\"} 1\n"));
  CHECK(
      contains(text, "mcp_client_operation_duration_seconds_bucket{" + call + ",le=\"+Inf\"} 2\n"));
  CHECK(contains(text, "mcp_client_operation_duration_seconds_count{" + call + "} 2\n"));
  CHECK(contains(text, "mcpctl_load_requests_total{" + call + ",outcome=\"refused\"} 1\n"));
  CHECK(contains(text, ",threshold=\"error_rate < 1%\"} 0\n"));
  CHECK(contains(text, "mcpctl_load_duration_seconds{" + labels + "} 4\n"));
}

TEST_CASE("load metrics: OTLP has 64-bit integers as texts, and sums that only grow") {
  const auto now = cli::OtlpContext::Wall(1'700'000'004s);
  const auto body = json::parse(cli::otlp_metrics(cli::load_metrics(small_run()), context(), now));
  const auto& scope = body.at("resourceMetrics").at(0).at("scopeMetrics").at(0);
  CHECK(scope.at("scope").at("name") == "mcpctl.load");
  const auto named = [&](std::string_view name) -> const json& {
    return *std::ranges::find_if(scope.at("metrics"),
                                 [&](const json& one) { return one.at("name") == name; });
  };
  const auto& histogram = named("mcp.client.operation.duration").at("histogram");
  CHECK(histogram.at("aggregationTemporality") == 2);
  const auto& point = histogram.at("dataPoints").at(0);
  CHECK(point.at("count") == "2");
  CHECK(point.at("bucketCounts").size() == point.at("explicitBounds").size() + 1);
  CHECK(point.at("bucketCounts").at(1) == "1");
  CHECK(point.at("startTimeUnixNano") == "1700000000000000000");
  CHECK(point.at("timeUnixNano") == "1700000004000000000");
  CHECK(point.at("attributes").back() ==
        json{{"key", "server.port"}, {"value", {{"intValue", "8080"}}}});
  const auto& sum = named("mcpctl.load.sessions_opened").at("sum");
  CHECK(sum.at("isMonotonic") == true);
  CHECK(sum.at("dataPoints").at(0).at("asInt") == "1");
}

TEST_CASE("load metrics: a traced call is a client span with the conventions' name") {
  const scenarios::TracedRequest traced{.ids = {.trace_high = 1, .trace_low = 2, .span = 3},
                                        .step = 1,
                                        .started = at(1),
                                        .ended = at(1.5),
                                        .failure = Failure::http_status,
                                        .http_status = 503};
  const auto body = json::parse(cli::otlp_traces({&traced, 1}, context()));
  const auto& span = body.at("resourceSpans").at(0).at("scopeSpans").at(0).at("spans").at(0);
  CHECK(span.at("traceId") == "00000000000000010000000000000002");
  CHECK(span.at("spanId") == "0000000000000003");
  CHECK(span.at("name") == "tools/call echo");
  CHECK(span.at("kind") == 3);
  CHECK(span.at("startTimeUnixNano") == "1700000001000000000");
  CHECK(span.at("endTimeUnixNano") == "1700000001500000000");
  CHECK(span.at("status").at("code") == 2);
  const json status = {{"key", "http.response.status_code"}, {"value", {{"intValue", "503"}}}};
  CHECK(std::ranges::find(span.at("attributes"), status) != span.at("attributes").end());
}
