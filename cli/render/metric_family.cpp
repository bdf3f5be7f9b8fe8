#include "cli/render/metric_family.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "cli/render/escape.hpp"

namespace cli {
namespace {

using Kind = MetricFamily::Kind;

std::string underscored(std::string_view name) {
  std::string text(name);
  std::ranges::replace(text, '.', '_');
  return text;
}

/// Dots become underscores, the unit and then `_total` are appended.
std::string family_name(const MetricFamily& metric) {
  auto name = underscored(metric.name);
  if (metric.unit == "s") name += "_seconds";
  if (metric.unit == "By") name += "_bytes";
  if (metric.unit.ends_with("/s")) name += "_per_second";
  if (metric.kind == Kind::counter) name += "_total";
  return name;
}

std::string_view type_of(Kind kind) {
  return kind == Kind::counter ? "counter" : kind == Kind::gauge ? "gauge" : "histogram";
}

std::string labels_text(const std::vector<Label>& common, const std::vector<Label>& own) {
  std::vector<std::string> parts;
  for (const auto* labels : {&common, &own})
    for (const auto& label : *labels)
      parts.push_back(
          fmt::format("{}=\"{}\"", underscored(label.name), label_escaped(label.value)));
  return fmt::format("{}", fmt::join(parts, ","));
}

std::string braced(const std::string& labels) {
  return labels.empty() ? "" : "{" + labels + "}";
}

std::string samples(const std::string& name, const std::string& labels,
                    const Distribution& distribution) {
  const auto comma = labels.empty() ? "" : ",";
  std::string text;
  std::uint64_t below = 0;
  for (std::size_t at = 0; at < distribution.bounds.size(); ++at) {
    below += distribution.counts[at];
    text += fmt::format("{}_bucket{{{}{}le=\"{}\"}} {}\n", name, labels, comma,
                        distribution.bounds[at], below);
  }
  const auto count = distribution.count();
  text += fmt::format("{}_bucket{{{}{}le=\"+Inf\"}} {}\n", name, labels, comma, count);
  text += fmt::format("{}_sum{} {}\n", name, braced(labels), distribution.sum);
  return text + fmt::format("{}_count{} {}\n", name, braced(labels), count);
}

}  // namespace

std::uint64_t Distribution::count() const {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

std::string exposition(const MetricFamily& family, const std::vector<Label>& common) {
  const auto name = family_name(family);
  auto text =
      fmt::format("# HELP {} {}\n# TYPE {} {}\n", name, family.help, name, type_of(family.kind));
  for (const auto& point : family.points) {
    const auto labels = labels_text(common, point.attributes);
    if (const auto* distribution = std::get_if<Distribution>(&point.value)) {
      text += samples(name, labels, *distribution);
    } else if (const auto* count = std::get_if<std::uint64_t>(&point.value)) {
      text += fmt::format("{}{} {}\n", name, braced(labels), *count);
    } else {
      text += fmt::format("{}{} {}\n", name, braced(labels), std::get<double>(point.value));
    }
  }
  return text;
}

}  // namespace cli
