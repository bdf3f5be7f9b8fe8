#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/render/load/otlp.hpp"
#include "cli/render/load/otlp_attributes.hpp"

namespace cli {
namespace {

using nlohmann::json;
using Kind = LoadMetric::Kind;

/// AGGREGATION_TEMPORALITY_CUMULATIVE (metrics.proto).
constexpr int cumulative = 2;

void put_distribution(json& point, const Distribution& distribution) {
  json counts = json::array();
  for (const auto count : distribution.counts) counts.push_back(fmt::to_string(count));
  point["bucketCounts"] = std::move(counts);
  point["explicitBounds"] = distribution.bounds;
  point["count"] = fmt::to_string(distribution.count());
  point["sum"] = distribution.sum;
}

json point_json(const MetricPoint& metric, const OtlpContext& context, OtlpContext::Wall now) {
  json point = {{"attributes", otlp_attributes(metric.attributes, context.peer)},
                {"startTimeUnixNano", otlp_time(context.start)},
                {"timeUnixNano", otlp_time(std::max(now, context.start))}};
  if (const auto* distribution = std::get_if<Distribution>(&metric.value)) {
    put_distribution(point, *distribution);
  } else if (const auto* count = std::get_if<std::uint64_t>(&metric.value)) {
    point["asInt"] = fmt::to_string(*count);
  } else {
    point["asDouble"] = std::get<double>(metric.value);
  }
  return point;
}

json metric_json(const LoadMetric& metric, const OtlpContext& context, OtlpContext::Wall now) {
  json points = json::array();
  for (const auto& point : metric.points) points.push_back(point_json(point, context, now));
  json data = {{"dataPoints", std::move(points)}};
  if (metric.kind != Kind::gauge) data["aggregationTemporality"] = cumulative;
  if (metric.kind == Kind::counter) data["isMonotonic"] = true;
  const auto* kind = metric.kind == Kind::counter ? "sum"
                     : metric.kind == Kind::gauge ? "gauge"
                                                  : "histogram";
  return {{"name", metric.name},
          {"unit", metric.unit},
          {"description", metric.help},
          {kind, std::move(data)}};
}

}  // namespace

std::string otlp_metrics(std::span<const LoadMetric> metrics, const OtlpContext& context,
                         OtlpContext::Wall now) {
  json list = json::array();
  for (const auto& metric : metrics) list.push_back(metric_json(metric, context, now));
  return otlp_document("resourceMetrics", "scopeMetrics", "metrics", std::move(list), context);
}

}  // namespace cli
