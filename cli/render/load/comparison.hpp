#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cli/render/format.hpp"
#include "scenarios/comparison.hpp"
#include "scenarios/results.hpp"

namespace cli {

/// One of two runs that were compared.
struct ComparedRun {
  std::string file;  // as it was named
  std::string scenario;
  std::string target;
  std::string start;  // RFC 3339
  double seconds = 0;
  std::uint64_t requests = 0;
  bool saturated = false;
};
ComparedRun compared_run(std::string file, const scenarios::Results& results);

struct ComparisonDocument {
  ComparedRun before;
  ComparedRun after;
  scenarios::Comparison comparison;
  double confidence = 0.95;
  int exit_status = 0;
};

/// "worse", "unclear" (not worse, as far as it could be judged) or "ok".
std::string_view verdict_word(const ComparisonDocument& document);
/// One sentence: what that word rests on.
std::string verdict_reason(const ComparisonDocument& document);
/// What to know before believing it (other scenarios, a saturated generator), a sentence each.
std::vector<std::string> doubts(const ComparisonDocument& document);
/// The metrics, those that are worse first.
std::vector<scenarios::MetricComparison> worst_first(const scenarios::Comparison& comparison);
/// A metric's cells, as people read them: "12.3 ms", "+20.1 % (+15.0 to +25.3)".
struct MetricTexts {
  std::string before;
  std::string after;
  std::string change;
};
MetricTexts texts_of(const scenarios::MetricComparison& metric);

/// A way of writing a comparison; the text ends in a line feed.
struct ComparisonFormat {
  std::string_view name;
  std::string (*render)(const ComparisonDocument& document, Colour colour);
};
/// `--output NAME`; errors are of kind usage.
mcp::Result<ComparisonFormat> find_comparison_format(std::string_view name);

/// Two runs side by side.
std::string render_comparison_text(const ComparisonDocument& document, Colour colour);
std::string render_comparison_json(const ComparisonDocument& document, Colour colour);
std::string render_comparison_markdown(const ComparisonDocument& document, Colour colour);
std::string render_comparison_github(const ComparisonDocument& document, Colour colour);

}  // namespace cli
