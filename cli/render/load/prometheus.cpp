#include "cli/render/load/metrics.hpp"
#include "mcp/base/text.hpp"

namespace cli {

std::string render_load_prometheus(const scenarios::Results& results) {
  auto labels = peer_attributes(results);
  labels.insert(labels.begin(), {{"target", mcp::printable(results.target)},
                                 {"scenario", mcp::printable(results.scenario)}});
  std::string text;
  for (const auto& metric : verdict_metrics(results)) text += exposition(metric, labels);
  for (const auto& metric : load_metrics(results.recording)) text += exposition(metric, labels);
  return text;
}

}  // namespace cli
