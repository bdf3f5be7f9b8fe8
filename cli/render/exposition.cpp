#include "cli/render/exposition.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

namespace cli {
namespace {

/// Text exposition format 0.0.4: a backslash and a line feed are escaped in HELP lines, a double
/// quote too in label values.
enum class Place { help, label };

std::string escaped(std::string_view text, Place place) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\\') {
      result += "\\\\";
    } else if (letter == '\n') {
      result += "\\n";
    } else if (letter == '"' && place == Place::label) {
      result += "\\\"";
    } else {
      result += letter;
    }
  }
  return result;
}

std::string sample(const Metric& metric) {
  std::string labels;
  for (const auto& label : metric.labels)
    labels += fmt::format("{}{}=\"{}\"", labels.empty() ? "" : ",", label.name,
                          escaped(label.value, Place::label));
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
                              escaped(metric.help, Place::help), metric.name, type);
    family.samples += sample(metric);
  }
  std::string text;
  for (const auto& name : order) text += families[name].head + families[name].samples;
  return text;
}

}  // namespace cli
