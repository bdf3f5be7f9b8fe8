#include "scenarios/search_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace scenarios {
namespace {

using Found = IdleLadder::Verdict;

std::string cutter(const IdleLadder::Result& result) {
  const auto status = result.http_status == 0 ? "" : fmt::format(": HTTP {}", result.http_status);
  switch (result.by) {
    case CutBy::fin:
      return "by FIN" + status;
    case CutBy::rst:
      return "by RST" + status;
    case CutBy::not_found:
      return "by the server, which no longer knows it" + status;
    case CutBy::server:
      return "by an error of the server or a gateway" + status;
    case CutBy::silence:
      break;
  }
  return "by silence: nothing came any more" + status;
}

/// With one decimal, and never more exact than that.
std::string tolerance(mcp::Duration duration) {
  const double seconds = std::chrono::duration<double>(duration).count();
  return fmt::format("±{:.1f} s", std::max(0.1, seconds));
}

/// What a person may compare the time with.
std::string signs(const IdleFinding& finding) {
  const auto& result = finding.result;
  std::string text;
  if (result.announced) {
    text += fmt::format("; announced Keep-Alive: timeout={}", result.announced->count());
  }
  if (finding.subject != Subject::stream) return text;
  if (!result.keep_alive_seen) return text + "; no keep-alive was seen";
  text += "; keep-alives came";
  if (result.keep_alive_every) {
    text += " every " + mcp::format_duration(*result.keep_alive_every);
  }
  return text;
}

std::string_view cut_word(Subject subject) {
  return subject == Subject::session ? "lost" : "cut";
}

std::string unfinished(const IdleFinding& finding) {
  const auto& result = finding.result;
  if (result.trials == 0) return "nothing is known yet";
  const auto lives = result.survived == mcp::Duration::zero()
                         ? std::string("not known after how long")
                         : "alive after " + mcp::format_duration(result.survived);
  if (result.cut == mcp::Duration::max()) return lives + ", and no cut was seen yet";
  return fmt::format("{}, {} after {}, {}", lives, cut_word(finding.subject),
                     mcp::format_duration(result.cut), cutter(result));
}

}  // namespace

std::string_view to_string(SearchEnd end) {
  static constexpr std::array<std::string_view, 3> names = {"complete", "interrupted",
                                                            "out_of_time"};
  return names[static_cast<std::size_t>(end)];
}

std::string to_text(const IdleFinding& finding) {
  if (!finding.absent.empty()) return finding.absent;
  const auto& result = finding.result;
  const auto word = cut_word(finding.subject);
  const auto* idle = finding.subject == Subject::stream ? "of silence" : "idle";
  auto noise = result.contradictions == 0 ? std::string()
                                          : fmt::format("; {} of {} waits said otherwise",
                                                        result.contradictions, result.trials);
  switch (result.verdict) {
    case Found::searching:
      return unfinished(finding) + signs(finding);
    case Found::never_cut:
      return fmt::format("none {} up to {}{}{}", word, mcp::format_duration(result.survived),
                         signs(finding), noise);
    case Found::always_cut:
      return fmt::format("{} within {} {}, {}{}", word, mcp::format_duration(result.cut), idle,
                         cutter(result), signs(finding));
    case Found::contradictory:
      return fmt::format("{} at no single time{}: several servers may differ", word, noise);
    case Found::found:
      break;
  }
  return fmt::format("{} after {} ({}) {}, {}{}{}", word, mcp::format_duration(result.time()),
                     tolerance(result.tolerance()), idle, cutter(result), signs(finding), noise);
}

bool is_answered(const SearchReport& report) {
  if (report.end != SearchEnd::complete) return false;
  if (const auto* capacity = std::get_if<CapacityReport>(&report.found)) {
    const auto verdict = capacity->result.verdict;
    return verdict == CapacityFinder::Verdict::found ||
           verdict == CapacityFinder::Verdict::never_broken;
  }
  return std::ranges::all_of(std::get<IdleReport>(report.found).findings, [](const auto& finding) {
    return !finding.absent.empty() || (finding.result.verdict != Found::searching &&
                                       finding.result.verdict != Found::contradictory);
  });
}

}  // namespace scenarios
