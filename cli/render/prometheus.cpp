#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "cli/render/format.hpp"

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

std::string sample(const Metric& metric, const std::string& subject) {
  // A text file has no scrape target of its own, so each sample names what it is about.
  auto labels = fmt::format("target=\"{}\"", escaped(subject, Place::label));
  for (const auto& label : metric.labels)
    labels += fmt::format(",{}=\"{}\"", label.name, escaped(label.value, Place::label));
  return fmt::format("{}{{{}}} {}\n", metric.name, labels, metric.value);
}

struct Family {
  std::string help;
  std::string samples;
};

}  // namespace

std::string render_prometheus(std::span<const Document> documents, const RenderStyle&) {
  // All samples of one name must stand together.
  std::vector<std::string> order;
  std::map<std::string, Family> families;
  for (const auto& document : documents) {
    for (const auto& metric : document.metrics) {
      auto& family = families[metric.name];
      if (family.samples.empty()) order.push_back(metric.name);
      family.help = metric.help;
      family.samples += sample(metric, document.subject);
    }
  }
  std::string text;
  for (const auto& name : order) {
    const auto& family = families[name];
    text += fmt::format("# HELP {} {}\n# TYPE {} gauge\n{}", name,
                        escaped(family.help, Place::help), name, family.samples);
  }
  return text;
}

}  // namespace cli
