#include "cli/render/watch_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "cli/render/load/sparkline.hpp"
#include "cli/utc_time.hpp"

namespace cli {
namespace {

/// What takes a fifth of the time or more, and not so little that it does not matter.
constexpr int worth_naming = 5;
constexpr auto too_short = std::chrono::milliseconds(1);
constexpr std::size_t widest_verdict = 12;

std::string verdict_text(const Document& document, Colour colour) {
  auto text = document.verdict;
  for (auto& letter : text)
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  text = fmt::format("{:<{}}", text, widest_verdict);
  if (colour == Colour::none) return text;
  const auto* code = document.level == Level::ok        ? "32"
                     : document.level == Level::warning ? "33"
                                                        : "31";
  return fmt::format("\x1b[1;{}m{}\x1b[0m", code, text);
}

std::string long_phases(const Document& document) {
  std::string text;
  for (const auto& phase : document.phases) {
    if (!phase.time || *phase.time < too_short || *phase.time * worth_naming < document.total)
      continue;
    text += fmt::format("{}{} {}", text.empty() ? "" : ", ", phase.name,
                        mcp::format_duration(*phase.time));
  }
  return text;
}

}  // namespace

void Uptime::add(Time time, bool up, mcp::Duration latency) {
  if (runs_ == 0 || up != up_) since_ = time;
  up_ = up;
  ++runs_;
  newest_.push_back(up ? std::optional(std::chrono::duration<double>(latency).count())
                       : std::nullopt);
  if (newest_.size() > drawn) newest_.pop_front();
  if (!up) return;
  ++good_;
  sum_ += latency;
  fastest_ = std::min(fastest_.value_or(latency), latency);
  slowest_ = std::max(slowest_.value_or(latency), latency);
}

std::optional<mcp::Duration> Uptime::mean() const {
  if (good_ == 0) return std::nullopt;
  return sum_ / static_cast<mcp::Duration::rep>(good_);
}

std::string Uptime::drawing() const {
  const std::vector<std::optional<double>> values(newest_.begin(), newest_.end());
  std::string text;
  for (const char letter : sparkline(values)) {
    if (letter == ' ') {
      text += "×";
    } else {
      text += letter;
    }
  }
  // A bar is one column wide, whatever its bytes are.
  return std::string(drawn - newest_.size(), ' ') + text;
}

std::string Uptime::share() const {
  if (good_ == runs_) return "100 %";
  const auto permille = good_ * 1000 / runs_;
  return good_ > 0 && permille == 0 ? "0.1 %"
                                    : fmt::format("{}.{} %", permille / 10, permille % 10);
}

std::string watch_line(const Document& document, const Uptime& uptime, Uptime::Time time,
                       Colour colour) {
  const bool is_good = document.level == Level::ok;
  const auto detail = is_good ? long_phases(document) : document.reason;
  auto line = fmt::format("{}  {}{:>9}  {}  {:>7} ok, {} since {}", utc_time(time),
                          verdict_text(document, colour), mcp::format_duration(document.total),
                          uptime.drawing(), uptime.share(), uptime.is_up() ? "up" : "down",
                          utc_time(uptime.since()));
  if (!detail.empty()) line += "  " + detail;
  return line + '\n';
}

std::string watch_summary(const Uptime& uptime, mcp::Duration watched) {
  if (uptime.runs() == 0) return "no probe was finished";
  auto text = fmt::format("{} of {} probes ok ({}) in {}, {} since {}", uptime.good(),
                          uptime.runs(), uptime.share(), mcp::format_duration(watched),
                          uptime.is_up() ? "up" : "down", utc_time(uptime.since()));
  if (const auto mean = uptime.mean())
    text +=
        fmt::format("; fastest {}, mean {}, slowest {}", mcp::format_duration(*uptime.fastest()),
                    mcp::format_duration(*mean), mcp::format_duration(*uptime.slowest()));
  return text;
}

}  // namespace cli
