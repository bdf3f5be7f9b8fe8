#include "cli/render/load/metrics.hpp"

#include <fmt/format.h>

#include "cli/render/load/distribution.hpp"
#include "mcp/base/text.hpp"
#include "mcp/base/url.hpp"
#include "scenarios/summary.hpp"
#include "scenarios/threshold.hpp"

namespace cli {
namespace {

using namespace scenarios;
using Kind = LoadMetric::Kind;

std::vector<Label> with(std::vector<Label> attributes, std::string name, std::string value) {
  attributes.push_back({std::move(name), std::move(value)});
  return attributes;
}

/// Files of earlier versions do not say how long failed requests took.
bool knows_failed(const StepTotals& totals) {
  std::uint64_t known = 0;
  for (const auto& [failure, histogram] : totals.failed_from_start) known += histogram.count();
  return known == failed_requests(totals.failures);
}

/// One series of what ended well, and one for each class of failures.
void add_durations(LoadMetric& metric, const Step& step, const StepTotals& totals) {
  const auto attributes = step_attributes(step);
  auto well = distribution_of(totals.from_start, convention_bounds());
  std::vector<MetricPoint> failed;
  for (const auto& [failure, histogram] : totals.failed_from_start) {
    auto part = distribution_of(histogram, convention_bounds());
    if (counts_as_latency(failure)) subtract(well, part);
    failed.push_back(
        {with(attributes, "error.type", std::string(to_string(failure))), std::move(part)});
  }
  if (well.count() != 0) metric.points.push_back({attributes, std::move(well)});
  for (auto& point : failed) metric.points.push_back(std::move(point));
}

LoadMetric operation_durations(const Recording& recording) {
  LoadMetric metric{.name = "mcp.client.operation.duration",
                    .unit = "s",
                    .help =
                        "The duration of the MCP request from the time it was sent until its "
                        "answer was received or it failed",
                    .kind = Kind::histogram};
  for (std::size_t at = 0; at < recording.steps.size(); ++at)
    if (knows_failed(recording.by_step[at]))
      add_durations(metric, recording.steps[at], recording.by_step[at]);
  return metric;
}

LoadMetric session_durations(const Recording& recording) {
  LoadMetric metric{.name = "mcp.client.session.duration",
                    .unit = "s",
                    .help = "The duration of the MCP sessions that have ended",
                    .kind = Kind::histogram};
  if (!recording.session_duration.empty())
    metric.points.push_back({{}, distribution_of(recording.session_duration, convention_bounds())});
  if (!recording.lost_session_duration.empty())
    metric.points.push_back(
        {{{"error.type", "session_lost"}},
         distribution_of(recording.lost_session_duration, convention_bounds())});
  return metric;
}

LoadMetric latencies(const Recording& recording) {
  LoadMetric metric{.name = "mcpctl.load.latency",
                    .unit = "s",
                    .help = "Time from the intended start of a request to its answer or deadline",
                    .kind = Kind::histogram};
  for (std::size_t at = 0; at < recording.steps.size(); ++at)
    if (const auto& latency = recording.by_step[at].from_intended; !latency.empty())
      metric.points.push_back(
          {step_attributes(recording.steps[at]), distribution_of(latency, fine_bounds())});
  return metric;
}

LoadMetric requests(const Recording& recording) {
  LoadMetric metric{.name = "mcpctl.load.requests",
                    .unit = "{request}",
                    .help =
                        "Requests by what became of them: ok, a class of failures, abandoned "
                        "at the end, or not_started"};
  for (std::size_t at = 0; at < recording.steps.size(); ++at) {
    const auto& step = recording.by_step[at];
    const auto attributes = step_attributes(recording.steps[at]);
    const auto add = [&](std::string_view outcome, std::uint64_t count) {
      if (count != 0)
        metric.points.push_back({with(attributes, "outcome", std::string(outcome)), count});
    };
    add("ok", step.requests - failed_requests(step.failures));
    for (std::size_t failure = 0; failure < failure_count; ++failure)
      if (!is_stray(static_cast<Failure>(failure)))
        add(to_string(static_cast<Failure>(failure)), step.failures[failure]);
    add("abandoned", step.abandoned);
    add("not_started", step.not_started);
  }
  return metric;
}

LoadMetric strays(const Recording& recording) {
  LoadMetric metric{.name = "mcpctl.load.stray_answers",
                    .unit = "{answer}",
                    .help = "Answers that nobody waited for: late, twice, or with a wrong id"};
  FailureCounts counts{};
  for (const auto& step : recording.by_step)
    for (std::size_t at = 0; at < failure_count; ++at) counts[at] += step.failures[at];
  for (std::size_t at = 0; at < failure_count; ++at)
    if (is_stray(static_cast<Failure>(at)))
      metric.points.push_back(
          {{{"kind", std::string(to_string(static_cast<Failure>(at)))}}, counts[at]});
  return metric;
}

LoadMetric statuses(const Recording& recording) {
  LoadMetric metric{.name = "mcpctl.load.http_errors",
                    .unit = "{request}",
                    .help = "Requests that failed with an HTTP status, by status"};
  for (const auto& [status, count] : recording.statuses)
    metric.points.push_back({{{"http.response.status_code", fmt::to_string(status)}}, count});
  return metric;
}

LoadMetric counter(std::string_view name, std::string_view unit, std::string_view help,
                   std::uint64_t count) {
  return {.name = name, .unit = unit, .help = help, .points = {{{}, count}}};
}

LoadMetric gauge(std::string_view name, std::string_view unit, std::string_view help,
                 double value) {
  return {.name = name, .unit = unit, .help = help, .kind = Kind::gauge, .points = {{{}, value}}};
}

void add_counters(std::vector<LoadMetric>& metrics, const Recording& recording) {
  const auto& totals = recording.totals;
  const auto& incidents = recording.incidents;
  const auto add = [&](std::string_view name, std::string_view unit, std::string_view help,
                       std::uint64_t count) {
    metrics.push_back(counter(name, unit, help, count));
  };
  add("mcpctl.load.requests_intended", "{request}", "Requests that the schedule wanted",
      recording.lag.count());
  add("mcpctl.load.requests_late", "{request}", "Requests that the driver started too late",
      totals.late);
  add("mcpctl.load.answered_in_time", "{request}",
      "Requests that ended well before the schedule did", totals.answered_in_time);
  add("mcpctl.load.sessions_opened", "{session}",
      "Sessions opened, without those in place of lost "
      "ones",
      totals.sessions_opened);
  add("mcpctl.load.sessions_closed", "{session}", "Sessions closed in order",
      totals.sessions_closed);
  add("mcpctl.load.sessions_lost", "{session}", "Sessions that the server no longer knew",
      incidents.count(Subject::session));
  add("mcpctl.load.sessions_reinitialised", "{session}", "Sessions opened in place of lost ones",
      totals.sessions_reinitialised);
  add("mcpctl.load.connections_made", "{connection}", "Connections made, without reconnects",
      totals.connections_made);
  add("mcpctl.load.connections_cut", "{connection}", "Connections cut by the other side",
      incidents.count(Subject::connection));
  add("mcpctl.load.reconnects", "{connection}", "Connections made in place of others",
      totals.reconnects);
  add("mcpctl.load.streams_cut", "{stream}", "Event streams cut by the other side",
      incidents.count(Subject::stream));
  add("mcpctl.load.server_requests", "{request}", "Requests of the server that were answered",
      totals.server_requests);
}

}  // namespace

std::vector<LoadMetric> load_metrics(const Recording& recording) {
  std::vector<LoadMetric> metrics = {operation_durations(recording),
                                     session_durations(recording),
                                     latencies(recording),
                                     requests(recording),
                                     strays(recording),
                                     statuses(recording)};
  add_counters(metrics, recording);
  const auto add = [&](std::string_view name, std::string_view help, const Histogram& histogram) {
    if (histogram.empty()) return;
    metrics.push_back({.name = name,
                       .unit = "s",
                       .help = help,
                       .kind = Kind::histogram,
                       .points = {{{}, distribution_of(histogram, fine_bounds())}}});
  };
  add("mcpctl.load.start_lag", "Actual minus intended start of requests: the driver's own lateness",
      recording.lag);
  add("mcpctl.load.time_to_return", "From the loss of a session to the one in its place",
      recording.time_to_return);
  std::erase_if(metrics, [](const LoadMetric& metric) { return metric.points.empty(); });
  return metrics;
}

std::vector<Label> step_attributes(const Step& step) {
  std::vector<Label> attributes = {{"mcp.method.name", mcp::printable(step.method)}};
  if (step.name.empty()) return attributes;
  if (step.method == "tools/call") {
    attributes.push_back({"gen_ai.operation.name", "execute_tool"});
    attributes.push_back({"gen_ai.tool.name", mcp::printable(step.name)});
  } else if (step.method == "prompts/get") {
    attributes.push_back({"gen_ai.prompt.name", mcp::printable(step.name)});
  } else {
    attributes.push_back({"mcp.resource.uri", mcp::printable(step.name)});
  }
  return attributes;
}

std::vector<Label> peer_attributes(const Results& results) {
  std::vector<Label> attributes;
  const auto add = [&](std::string name, const std::string& value) {
    if (!value.empty()) attributes.push_back({std::move(name), mcp::printable(value)});
  };
  add("mcp.protocol.version", results.protocol_version);
  const bool is_http = !results.transport.empty() && results.transport != "stdio";
  add("network.transport", is_http ? "tcp" : results.transport.empty() ? "" : "pipe");
  if (is_http) add("network.protocol.name", "http");
  const auto url = mcp::parse_url(results.target);
  if (is_http && url) {
    add("server.address", url->host);
    add("server.port", fmt::to_string(url->port));
  }
  return attributes;
}

std::vector<LoadMetric> verdict_metrics(const Results& results) {
  const auto summary = summarize(results.recording);
  LoadMetric met{.name = "mcpctl.load.threshold_met",
                 .unit = "",
                 .help = "Whether the threshold was met",
                 .kind = Kind::gauge};
  bool all = true;
  for (const auto& one : judge_all(results)) {
    const bool is_met = one.verdict == Verdict::met;
    all = all && is_met;
    met.points.push_back({{{"threshold", mcp::printable(one.threshold.text)}}, is_met ? 1.0 : 0.0});
  }
  std::vector<LoadMetric> metrics = {
      gauge("mcpctl.load.passed", "", "Whether every threshold was met", all ? 1 : 0),
      gauge("mcpctl.load.duration", "s", "How long the schedule ran",
            std::chrono::duration<double>(summary.ran).count()),
      gauge("mcpctl.load.start_time", "s", "When the run started, in Unix time",
            std::chrono::duration<double>(results.start.time_since_epoch()).count()),
      gauge("mcpctl.load.intended_rate", "{request}/s", "Requests that the schedule wanted",
            summary.intended_rate),
      gauge("mcpctl.load.answered_rate", "{request}/s",
            "Requests that ended well before the schedule did", summary.answered_rate),
      gauge("mcpctl.load.generator_saturated", "",
            "Whether the driver was too slow, so that latencies are its own",
            summary.saturation.saturated() ? 1 : 0)};
  if (!met.points.empty()) metrics.insert(metrics.begin() + 1, std::move(met));
  return metrics;
}

}  // namespace cli
