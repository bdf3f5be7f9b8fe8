#pragma once

#include <chrono>
#include <span>
#include <string>
#include <vector>

#include "cli/render/load/metrics.hpp"
#include "scenarios/tracer.hpp"

namespace cli {

/// What stands beside the figures in what is sent to an OpenTelemetry collector.
struct OtlpContext {
  using Wall = std::chrono::sys_time<std::chrono::nanoseconds>;

  std::vector<Label> resource;  // who sends: service.name, …
  std::vector<Label> peer;      // peer_attributes: of every data point and span
  std::vector<scenarios::Step> steps;
  /// The start of the run on two clocks.
  Wall start;
  mcp::TimePoint start_on_loop;
};

/// Bodies for /v1/metrics and /v1/traces: OTLP in its JSON encoding (64-bit integers as texts, ids
/// in hexadecimal digits, enums as numbers). Sums and histograms are cumulative since the start.
std::string otlp_metrics(std::span<const LoadMetric> metrics, const OtlpContext& context,
                         OtlpContext::Wall now);
/// Client spans, named by method and target.
std::string otlp_traces(std::span<const scenarios::TracedRequest> traces,
                        const OtlpContext& context);

}  // namespace cli
