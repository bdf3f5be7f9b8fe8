#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "cli/render/document.hpp"

namespace cli {

/// A histogram with explicit bounds: `counts` has one more than `bounds`, for what lies above.
struct Distribution {
  std::vector<double> bounds;  // upper ones, inclusive
  std::vector<std::uint64_t> counts;
  double sum = 0;

  std::uint64_t count() const;
};

struct MetricPoint {
  std::vector<Label> attributes;  // OpenTelemetry's names: mcp.method.name, error.type, …
  std::variant<double, std::uint64_t, Distribution> value;
};

/// A metric under OpenTelemetry's rules for names and units; where the semantic conventions for MCP
/// (opentelemetry.io, status development) have one, it is theirs.
struct MetricFamily {
  enum class Kind : std::uint8_t { counter, gauge, histogram };

  std::string_view name;  // dots between its parts
  std::string_view unit;  // UCUM: "s", "By", "{request}"; empty: none
  std::string_view help;
  Kind kind = Kind::counter;
  std::vector<MetricPoint> points;
};

/// The family in the Prometheus text format 0.0.4, its name and unit translated as OpenTelemetry's
/// exporters do it; each sample has the labels of `common` too.
std::string exposition(const MetricFamily& family, const std::vector<Label>& common = {});

}  // namespace cli
