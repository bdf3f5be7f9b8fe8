#include "mcp/transport/retry_after.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <string_view>
#include <vector>

#include "mcp/base/text.hpp"

namespace mcp {
namespace {

std::optional<std::int64_t> to_number(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = error == std::errc{} && end == text.data() + text.size();
  return whole && number >= 0 ? std::optional(number) : std::nullopt;
}

std::optional<std::int64_t> to_month(std::string_view name) {
  static constexpr std::array<std::string_view, 12> names = {
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto found = std::ranges::find(names, name);
  if (found == names.end()) return std::nullopt;
  return found - names.begin() + 1;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  constexpr std::string_view separators = " ,:-";
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(separators), text.size()));
    if (text.empty()) return words;
    words.push_back(text.substr(0, text.find_first_of(separators)));
    text.remove_prefix(words.back().size());
  }
}

/// All three forms of RFC 9110 section 5.6.7. They differ in where the month stands and in the
/// digits of the year: "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
/// "Sun Nov  6 08:49:37 1994".
std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view text) {
  const auto words = words_of(text);
  if (words.size() < 7) return std::nullopt;
  const bool is_asctime = to_month(words[1]).has_value();
  const auto month = to_month(words[is_asctime ? 1 : 2]);
  const auto day = to_number(words[is_asctime ? 2 : 1]);
  auto year = to_number(words[is_asctime ? 6 : 3]);
  const std::size_t clock = is_asctime ? 3 : 4;
  const auto hour = to_number(words[clock]);
  const auto minute = to_number(words[clock + 1]);
  const auto second = to_number(words[clock + 2]);
  if (!month || !day || !year || !hour || !minute || !second) return std::nullopt;
  if (*year > 9999 || *day > 31 || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  if (*year < 100) *year += *year < 70 ? 2000 : 1900;
  const std::chrono::year_month_day date(std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day)));
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace

std::optional<std::int64_t> retry_after_seconds(const HttpResponseHead& head) {
  const auto* field = head.find("Retry-After");
  if (field == nullptr) return std::nullopt;
  if (const auto seconds = to_number(trim(*field))) return seconds;
  const auto* date_field = head.find("Date");
  if (date_field == nullptr) return std::nullopt;
  const auto then = parse_http_date(*field);
  const auto now = parse_http_date(*date_field);
  if (!then || !now) return std::nullopt;
  return std::max<std::int64_t>(0, (*then - *now).count());
}

}  // namespace mcp
