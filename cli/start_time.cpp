#include "cli/start_time.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>

#include "mcp/base/text.hpp"

namespace cli {
namespace {

/// The digits at that place, and nothing else.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return std::nullopt;
  const auto part = text.substr(from, count);
  if (part.find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  int value = 0;
  std::from_chars(part.data(), part.data() + part.size(), value);
  return value;
}

std::optional<std::chrono::milliseconds> fraction(std::string_view text) {
  if (text.empty()) return std::chrono::milliseconds(0);
  if (text.front() != '.' || text.size() < 2 || text.size() > 4) return std::nullopt;
  const auto value = digits(text, 1, text.size() - 1);
  if (!value) return std::nullopt;
  constexpr std::array scale = {100, 10, 1};
  return std::chrono::milliseconds(*value * scale.at(text.size() - 2));
}

std::optional<scenarios::Results::Start> parse(std::string_view text) {
  // YYYY-MM-DDTHH:MM:SS[.fff]Z
  if (text.size() < 20 || text.back() != 'Z') return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') {
    return std::nullopt;
  }
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  const auto rest = fraction(text.substr(19, text.size() - 20));
  if (!year || !month || !day || !hour || !minute || !second || !rest) return std::nullopt;
  const std::chrono::year_month_day date(std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second) + *rest;
}

}  // namespace

mcp::Result<scenarios::Results::Start> read_start_time(const std::string& text) {
  if (const auto time = parse(text)) return *time;
  return mcp::fail(mcp::ErrorKind::usage, "--start-at: " + mcp::quoted(text) + " is no time",
                   "write it in UTC: 2026-11-21T07:00:00Z");
}

}  // namespace cli
