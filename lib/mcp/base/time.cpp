#include "mcp/base/time.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

struct Unit {
  std::string_view name;
  double seconds;
};
constexpr std::array units = {Unit{"ms", 0.001}, Unit{"s", 1}, Unit{"m", 60}, Unit{"h", 3600},
                              Unit{"", 1}};
/// Far above every sensible deadline, and far below what a Duration can hold.
constexpr double longest_seconds = 366.0 * 24 * 3600;

/// Three significant digits, without zeros at the end.
std::string significant(double value) {
  const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 1 ? 2 : 3;
  auto text = fmt::format("{:.{}f}", value, decimals);
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string minutes_and_more(double seconds) {
  const auto whole = static_cast<std::int64_t>(std::llround(seconds));
  if (whole < 3600) return fmt::format("{}m {:02}s", whole / 60, whole % 60);
  const auto minutes = static_cast<std::int64_t>(std::llround(seconds / 60));
  return fmt::format("{}h {:02}m", minutes / 60, minutes % 60);
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  const auto refuse = [text] {
    return fail(ErrorKind::usage, fmt::format("{} is not a duration", quoted(text)),
                "write a number with ms, s, m or h, for example 500ms or 1.5m");
  };
  // from_chars takes "inf", "nan" and a sign too.
  if (text.empty() || text.front() < '0' || text.front() > '9') return refuse();
  double number = 0;
  const auto [end, problem] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  if (problem != std::errc{}) return refuse();
  const auto rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const auto& unit : units) {
    if (rest != unit.name) continue;
    if (number * unit.seconds > longest_seconds) {
      return fail(ErrorKind::usage, fmt::format("{} is longer than a year", quoted(text)));
    }
    return std::chrono::duration_cast<Duration>(
        std::chrono::duration<double>(number * unit.seconds));
  }
  return refuse();
}

std::string format_duration(Duration duration) {
  const double signed_seconds = std::chrono::duration<double>(duration).count();
  const double seconds = std::abs(signed_seconds);
  const std::string_view sign = signed_seconds < 0 ? "-" : "";
  // Limits stand half a step lower, so that no rounding shows "1000 ms" or "60 s".
  if (seconds < 0.9995) return fmt::format("{}{} ms", sign, significant(seconds * 1000));
  if (seconds < 59.95) return fmt::format("{}{} s", sign, significant(seconds));
  return fmt::format("{}{}", sign, minutes_and_more(seconds));
}

}  // namespace mcp
