#include "cli/render/exposition.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "cli/render/escape.hpp"

namespace cli {
namespace {

std::string sample(const Metric& metric) {
  std::string labels;
  for (const auto& label : metric.labels)
    labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", label.name,
                          label_escaped(label.value));
  if (!labels.empty()) labels = "{" + labels + "}";
  return fmt::format("{}{} {}\n", metric.name, labels, metric.value);
}

struct Family {
  std::string head;
  std::string samples;
};

}  // namespace

std::string exposition(std::span<const Metric> metrics) {
  // All samples of one name must stand together.
  std::vector<std::string> order;
  std::map<std::string, Family> families;
  for (const auto& metric : metrics) {
    auto& family = families[metric.name];
    if (family.samples.empty()) order.push_back(metric.name);
    const auto* type = metric.kind == MetricKind::counter ? "counter" : "gauge";
    family.head = fmt::format("# HELP {} {}\n# TYPE {} {}\n", metric.name,
                              help_escaped(metric.help), metric.name, type);
    family.samples += sample(metric);
  }
  std::string text;
  for (const auto& name : order) text += families[name].head + families[name].samples;
  return text;
}

}  // namespace cli
