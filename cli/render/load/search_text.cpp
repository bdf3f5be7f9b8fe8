#include "cli/render/load/search_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <variant>
#include <vector>

#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"
#include "scenarios/threshold.hpp"

namespace cli {
namespace {

using namespace scenarios;

std::string_view plural(Subject subject) {
  switch (subject) {
    case Subject::session:
      return "sessions";
    case Subject::connection:
      return "connections";
    case Subject::stream:
      break;
  }
  return "streams";
}

bool is_cut(const IdleFinding& finding) {
  return finding.result.verdict == IdleLadder::Verdict::found ||
         finding.result.verdict == IdleLadder::Verdict::always_cut;
}

std::string headline(const IdleReport& report) {
  std::vector<std::string_view> cut;
  for (const auto& finding : report.findings) {
    if (is_cut(finding)) cut.push_back(plural(finding.subject));
  }
  if (cut.empty()) return "nothing was cut while idle";
  return fmt::format("idle {} are cut", fmt::join(cut, " and "));
}

std::string details(const IdleReport& report) {
  std::string text;
  for (const auto& finding : report.findings) {
    text += fmt::format("  {}: {}\n", plural(finding.subject), mcp::printable(to_text(finding)));
    if (finding.failed != 0 && finding.absent.empty()) {
      text += fmt::format("    {} waits taught nothing: they could not connect, or failed\n",
                          finding.failed);
    }
  }
  return text;
}

std::string headline(const CapacityReport& report) {
  return to_text(report.result);
}

std::string details(const CapacityReport& report) {
  TextTable table{.header = {"  RATE", "ANSWERED", "P99", "", "WHY"}, .rows = {}};
  for (const auto& step : report.steps) {
    const auto* word = step.saturated ? "not driven" : step.kept ? "kept" : "broke";
    table.rows.push_back({"  " + to_text(step.rate),
                          fmt::format("{:.1f}/s", step.answered_per_second),
                          mcp::format_duration(step.p99), word, mcp::printable(step.reason)});
  }
  return table.render(0);
}

std::string paint(std::string_view word, bool is_good, Colour colour) {
  if (colour == Colour::none) return std::string(word);
  return fmt::format("\x1b[1;{}m{}\x1b[0m", is_good ? 32 : 33, word);
}

std::string_view verdict_word(const SearchReport& report) {
  if (report.end == SearchEnd::interrupted) return "INTERRUPTED";
  if (report.end == SearchEnd::out_of_time) return "OUT OF TIME";
  if (const auto* capacity = std::get_if<CapacityReport>(&report.found)) {
    if (capacity->result.verdict == CapacityFinder::Verdict::saturated) return "SATURATED";
  }
  return is_answered(report) ? "FOUND" : "NOT FOUND";
}

/// Of a capacity search they are told by its steps.
std::string missed(const Results& results) {
  if (std::holds_alternative<CapacityReport>(results.search->found)) return {};
  std::string text;
  for (const auto& one : judge_all(results)) {
    text += fmt::format("  {} {}: {}\n", one.verdict == Verdict::met ? "met" : "missed",
                        mcp::printable(one.threshold.text), mcp::printable(one.reason));
  }
  return text;
}

}  // namespace

LoadVerdict search_verdict(const SearchReport& report) {
  return {.word = std::string(verdict_word(report)),
          .tone = is_answered(report) ? Tone::good : Tone::doubtful,
          .reason = std::visit([](const auto& found) { return headline(found); }, report.found)};
}

std::string render_search_text(const Results& results, Colour colour) {
  const auto& report = *results.search;
  const auto verdict = search_verdict(report);
  return std::visit(
      [&](const auto& found) {
        return fmt::format("{} {} {}: {}\n{}\n{}",
                           paint(verdict.word, verdict.tone == Tone::good, colour),
                           mcp::printable(results.scenario), mcp::printable(results.target),
                           mcp::printable(verdict.reason), missed(results), details(found));
      },
      report.found);
}

}  // namespace cli
