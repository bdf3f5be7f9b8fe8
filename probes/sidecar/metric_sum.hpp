#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mcp/base/error.hpp"

namespace probes::sidecar {

/// Which samples of a Prometheus page are meant: a name, and labels that must have these values.
struct MetricSelector {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
};

/// Reads `mcp_sessions` or `mcp_sessions{state="open"}`; anything else is a usage error.
mcp::Result<MetricSelector> parse_metric_selector(std::string_view text);

/// Adds the samples of a metric up while the page comes in (Prometheus text format 0.0.4). Keeps at
/// most one line; one that is too long for a sample is passed over.
class MetricSum {
 public:
  explicit MetricSum(const MetricSelector& selector) : selector_(selector) {}

  void feed(std::string_view bytes);
  /// The sum, at the page's end; nothing where no sample matched.
  std::optional<double> finish();

 private:
  void take_line(std::string_view line);

  const MetricSelector& selector_;
  std::string line_;
  bool too_long_ = false;
  std::optional<double> sum_;
};

}  // namespace probes::sidecar
