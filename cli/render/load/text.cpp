#include "cli/render/load/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "cli/render/load/followed_text.hpp"
#include "cli/render/load/incident_text.hpp"
#include "cli/render/load/search_text.hpp"
#include "cli/render/load/verdict.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"
#include "mcp/base/time.hpp"
#include "scenarios/diagnosis.hpp"
#include "scenarios/summary.hpp"
#include "scenarios/threshold.hpp"

namespace cli {
namespace {

using namespace scenarios;

std::string paint(std::string text, Tone tone, Colour colour) {
  if (colour == Colour::none) return text;
  const auto* code = tone == Tone::good ? "32" : tone == Tone::doubtful ? "33" : "31";
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

std::string time_of(std::uint64_t micros) {
  return mcp::format_duration(std::chrono::microseconds(micros));
}

std::string per_second(double rate) {
  return rate < 10 ? fmt::format("{:.3g}/s", rate) : fmt::format("{:.1f}/s", rate);
}

std::string indented(const std::string& block) {
  std::string text;
  std::string_view rest = block;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    text += end == 0 ? "\n" : fmt::format("  {}\n", rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return text;
}

std::string verdict_line(const Results& results, const Summary& summary,
                         const std::vector<Judgement>& judgements, Colour colour) {
  const auto verdict = load_verdict(summary, judgements);
  return fmt::format("{} {} {}: {}\n", paint(verdict.word, verdict.tone, colour),
                     mcp::printable(results.scenario), mcp::printable(results.target),
                     verdict.reason);
}

std::string threshold_lines(const std::vector<Judgement>& judgements, Colour colour) {
  std::string missed;
  std::string met;
  for (const auto& one : judgements) {
    const std::string line =
        fmt::format("{}: {}\n", mcp::printable(one.threshold.text), mcp::printable(one.reason));
    if (one.verdict == Verdict::met)
      met += fmt::format("  {}    {}", paint("met", Tone::good, colour), line);
    else
      missed += fmt::format("  {} {}", paint("missed", Tone::bad, colour), line);
  }
  return missed + met;
}

/// Why something was lost: beside the verdict, for it is what to act on.
std::string cause_lines(const Results& results, Colour colour) {
  std::string text;
  for (const auto& one : diagnose(results.recording, results.start)) {
    text += fmt::format("  {}  {}\n         {}\n", paint("cause", Tone::doubtful, colour),
                        one.conclusion, one.evidence);
  }
  return text;
}

std::string rate_lines(const Summary& summary, Colour colour) {
  std::string text =
      fmt::format("  {} at {} intended, {} answered in time ({:.1f} %)\n",
                  mcp::format_duration(summary.ran), per_second(summary.intended_rate),
                  per_second(summary.answered_rate), summary.rate_share() * 100);
  if (summary.saturation.saturated())
    text += fmt::format("  {}: {}\n", paint("generator saturated", Tone::doubtful, colour),
                        summary.saturation.reason());
  return text;
}

/// With its left column to the left and all others to the right.
std::string figures_table(std::vector<std::vector<std::string>> rows) {
  std::vector<std::size_t> widths;
  for (const auto& row : rows)
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths.resize(std::max(widths.size(), column + 1));
      widths[column] = std::max(widths[column], display_width(row[column]));
    }
  std::string text;
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string blanks(widths[column] - display_width(row[column]), ' ');
      text += column == 0 ? row[column] + blanks : "  " + blanks + row[column];
    }
    text += '\n';
  }
  return text;
}

std::vector<std::string> latency_row(const std::string& name, std::uint64_t requests,
                                     std::uint64_t failed, const Quantiles& latency) {
  std::vector<std::string> row = {name, fmt::to_string(requests), fmt::to_string(failed)};
  for (const auto value : {latency.p50, latency.p90, latency.p99, latency.p99_9, latency.max})
    row.push_back(latency.count == 0 ? "-" : time_of(value));
  return row;
}

std::string step_lines(const Summary& summary) {
  std::vector<std::vector<std::string>> rows = {
      {"from the intended start", "requests", "failed", "p50", "p90", "p99", "p99.9", "max"}};
  std::size_t used = 0;
  for (const auto& step : summary.steps) {
    if (step.requests == 0) continue;
    ++used;
    rows.push_back(latency_row(fitted(mcp::printable(step.name), 40), step.requests, step.failed,
                               step.from_intended));
  }
  if (used == 0) return {};
  if (used > 1)
    rows.push_back(
        latency_row("all", summary.all.requests, summary.all.failed, summary.all.from_intended));
  rows.push_back(latency_row("all, from the actual start", summary.all.requests, summary.all.failed,
                             summary.all.from_start));
  return indented("\n" + figures_table(std::move(rows)) + "\n");
}

std::string failure_line(const Summary& summary, const Recording& recording) {
  std::vector<std::string> classes;
  for (std::size_t at = 0; at < failure_count; ++at) {
    if (summary.all.failures[at] == 0) continue;
    classes.push_back(
        fmt::format("{} {}", summary.all.failures[at], to_string(static_cast<Failure>(at))));
  }
  if (classes.empty()) return {};
  std::vector<std::string> statuses;
  for (const auto& [status, count] : recording.statuses)
    statuses.push_back(fmt::format("{} × {}", count, status));
  std::string text = fmt::format("  failures     {}", fmt::join(classes, ", "));
  if (!statuses.empty()) text += fmt::format("; HTTP {}", fmt::join(statuses, ", "));
  return text + "\n";
}

std::string unfinished_line(const Summary& summary) {
  if (summary.all.abandoned + summary.all.not_started == 0) return {};
  return fmt::format("  unfinished   {} without an answer at the end, {} never sent\n",
                     summary.all.abandoned, summary.all.not_started);
}

std::string session_lines(const Summary& summary) {
  if (summary.sessions_opened + summary.sessions_lost == 0) return {};
  std::string text =
      fmt::format("  sessions     {} opened, {} closed, {} lost", summary.sessions_opened,
                  summary.sessions_closed, summary.sessions_lost);
  if (summary.sessions_reinitialised != 0)
    text += fmt::format(", {} back (after {}, at most {})", summary.sessions_reinitialised,
                        time_of(summary.time_to_return.p50), time_of(summary.time_to_return.max));
  return text + "\n";
}

std::string connection_line(const Summary& summary) {
  if (summary.connections_made + summary.reconnects + summary.connections_cut == 0) return {};
  return fmt::format("  connections  {} made, {}, {} cut\n", summary.connections_made,
                     counted(summary.reconnects, "reconnect", "reconnects"),
                     summary.connections_cut);
}

std::string lag_line(const Summary& summary) {
  if (summary.lag.count == 0) return {};
  return fmt::format("  start lag    p50 {}, p99 {}, max {}\n", time_of(summary.lag.p50),
                     time_of(summary.lag.p99), time_of(summary.lag.max));
}

}  // namespace

std::string render_load_text(const Results& results, Colour colour) {
  if (results.search) return render_search_text(results, colour);
  const Summary summary = summarize(results.recording);
  const auto judgements = judge_all(results);
  return verdict_line(results, summary, judgements, colour) + threshold_lines(judgements, colour) +
         cause_lines(results, colour) + "\n" + rate_lines(summary, colour) + step_lines(summary) +
         failure_line(summary, results.recording) + unfinished_line(summary) +
         session_lines(summary) + connection_line(summary) +
         incident_lines(results.recording.incidents) + lag_line(summary) +
         followed_lines(results.recording);
}

}  // namespace cli
