#include <string>
#include <vector>

#include "cli/render/exposition.hpp"
#include "cli/render/format.hpp"

namespace cli {

std::string render_prometheus(std::span<const Document> documents, const RenderStyle&) {
  std::vector<Metric> metrics;
  for (const auto& document : documents) {
    for (auto metric : document.metrics) {
      // A text file has no scrape target of its own, so each sample names what it is about.
      metric.labels.insert(metric.labels.begin(), {"target", document.subject});
      metrics.push_back(std::move(metric));
    }
  }
  return exposition(metrics);
}

}  // namespace cli
