#include "cli/render/load/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string_view>

#include "cli/render/load/sparkline.hpp"
#include "cli/text_table.hpp"
#include "mcp/base/text.hpp"

namespace cli {
namespace {

enum class Tone : std::uint8_t { plain, strong, doubtful, bad };

/// Of two lines the one with the higher rank goes first when there is no room.
struct Line {
  int rank = 0;
  std::string text;
  Tone tone = Tone::plain;
};

std::string paint(const std::string& text, Tone tone, Colour colour) {
  if (colour == Colour::none || tone == Tone::plain) return text;
  const std::string_view code = tone == Tone::strong ? "1" : tone == Tone::doubtful ? "33" : "31";
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string time_of(std::uint64_t micros) {
  return mcp::format_duration(std::chrono::microseconds(micros));
}

/// "0:07", "12:00" or "1:00:00".
std::string clock(std::chrono::seconds time) {
  const auto seconds = time.count();
  const auto minutes_and_seconds = fmt::format("{:02}:{:02}", seconds / 60 % 60, seconds % 60);
  if (seconds >= 3600) return fmt::format("{}:{}", seconds / 3600, minutes_and_seconds);
  return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
}

std::string clock(mcp::Duration time) {
  return clock(std::chrono::floor<std::chrono::seconds>(time));
}

std::string per_second(double rate) {
  return fmt::format("{:.1f}/s", rate);
}

std::string bar(double share, std::size_t width) {
  const auto full =
      static_cast<std::size_t>(std::clamp(share, 0.0, 1.0) * static_cast<double>(width));
  std::string text;
  for (std::size_t at = 0; at < width; ++at) text += at < full ? "█" : "░";
  return text;
}

std::string time_line(const LiveView& view) {
  const auto phase = mcp::printable(view.phase);
  if (view.so_far < mcp::Duration::zero()) {
    return fmt::format("  starts in {}",
                       clock(std::chrono::ceil<std::chrono::seconds>(-view.so_far)));
  }
  if (!view.length) return fmt::format("  {}  {}", clock(view.so_far), phase);
  constexpr std::size_t bar_width = 24;
  const auto so_far = std::min(view.so_far, *view.length);
  const auto left = std::chrono::ceil<std::chrono::seconds>(*view.length - so_far);
  const double share = view.length->count() == 0 ? 1.0
                                                 : static_cast<double>(so_far.count()) /
                                                       static_cast<double>(view.length->count());
  return fmt::format("  {} of {}  {}  {} left  {}", clock(so_far), clock(*view.length),
                     bar(share, bar_width), clock(left), phase);
}

std::string rate_line(const LiveHistory& history) {
  const auto& figures = history.figures();
  return fmt::format("  rate       {} of {} intended  {} in flight  {} requests",
                     per_second(history.rate()), per_second(history.intended_rate()),
                     figures.in_flight, figures.requests);
}

std::string percentiles_line(std::string_view label, const LiveHistory::Percentiles& latency,
                             std::string_view of) {
  if (latency.count == 0) return fmt::format("  {:<10} no answers  {}", label, of);
  return fmt::format("  {:<10} p50 {:<8}  p99 {:<8}  {}", label, time_of(latency.p50),
                     time_of(latency.p99), of);
}

std::string spark_line(std::string_view label, const std::vector<std::optional<double>>& values,
                       const std::string& highest, std::size_t columns) {
  constexpr std::size_t left = 13;
  const std::size_t right = display_width(highest) + 2;
  const std::size_t room =
      std::min<std::size_t>(columns > left + right ? columns - left - right : 0, 60);
  const auto shown = std::min(room, values.size());
  const std::span all(values);
  return fmt::format("  {:<10} {}  {}", label, sparkline(all.last(shown)), highest);
}

std::string session_line(const scenarios::LiveFigures& figures) {
  auto text = fmt::format("  sessions   {} open, {} lost", figures.sessions, figures.sessions_lost);
  if (figures.sessions_reinitialised != 0)
    text += fmt::format(", {} back", figures.sessions_reinitialised);
  if (figures.connections_cut != 0)
    text += fmt::format("; {} connections cut", figures.connections_cut);
  if (figures.reconnects != 0) text += fmt::format("; {} reconnects", figures.reconnects);
  return text;
}

std::string error_line(const scenarios::LiveFigures& figures) {
  std::vector<std::pair<std::uint64_t, std::string_view>> classes;
  for (std::size_t at = 0; at < scenarios::failure_count; ++at) {
    if (figures.failures[at] == 0) continue;
    classes.emplace_back(figures.failures[at], to_string(static_cast<scenarios::Failure>(at)));
  }
  if (classes.empty()) return "  errors     none";
  std::ranges::stable_sort(classes, std::greater{}, [](const auto& one) { return one.first; });
  const double share = figures.requests == 0 ? 0
                                             : static_cast<double>(figures.failed) /
                                                   static_cast<double>(figures.requests);
  std::vector<std::string> parts;
  parts.reserve(classes.size());
  for (const auto& [count, name] : classes) parts.push_back(fmt::format("{} {}", count, name));
  return fmt::format("  errors     {} ({:.1f} %): {}", figures.failed, share * 100,
                     fmt::join(parts, ", "));
}

void add_sparklines(std::vector<Line>& lines, const LiveHistory& history, std::size_t columns) {
  std::vector<std::optional<double>> rates;
  std::vector<std::optional<double>> latencies;
  double highest_rate = 0;
  std::uint64_t highest = 0;
  for (const auto& point : history.points()) {
    rates.emplace_back(point.rate);
    latencies.emplace_back(point.p99 ? std::optional(static_cast<double>(*point.p99))
                                     : std::nullopt);
    highest_rate = std::max(highest_rate, point.rate);
    highest = std::max(highest, point.p99.value_or(0));
  }
  if (rates.empty()) return;
  lines.push_back({7, spark_line("rate", rates, "up to " + per_second(highest_rate), columns)});
  lines.push_back({6, spark_line("p99", latencies, "up to " + time_of(highest), columns)});
}

std::vector<Line> all_lines(const LiveView& view, std::size_t columns) {
  const auto& history = view.history;
  const auto& figures = history.figures();
  std::vector<Line> lines = {
      {2, fmt::format("{}  {}", mcp::printable(view.scenario), mcp::printable(view.target)),
       Tone::strong},
      {1, time_line(view)},
      {9, ""},
      {0, rate_line(history)},
      {3, percentiles_line("latency", history.latest(), "last 5 s")},
      {5, percentiles_line("", history.whole(), "whole run")}};
  add_sparklines(lines, history, columns);
  lines.push_back(
      {4, session_line(figures), figures.sessions_lost != 0 ? Tone::doubtful : Tone::plain});
  lines.push_back({3, error_line(figures), figures.failed != 0 ? Tone::bad : Tone::plain});
  if (figures.late != 0) {
    lines.push_back(
        {8, fmt::format("  late       {} requests were started late by this machine", figures.late),
         Tone::doubtful});
  }
  return lines;
}

}  // namespace

std::vector<std::string> render_live(const LiveView& view, TerminalSize window, Colour colour) {
  const std::size_t columns = window.columns > 1 ? window.columns - 1 : 1;
  auto lines = all_lines(view, columns);
  while (!lines.empty() && lines.size() >= std::max<std::size_t>(window.rows, 2)) {
    lines.erase(std::ranges::max_element(lines, {}, &Line::rank));
  }
  std::vector<std::string> texts;
  texts.reserve(lines.size());
  for (const auto& line : lines)
    texts.push_back(paint(fitted(line.text, columns), line.tone, colour));
  return texts;
}

}  // namespace cli
