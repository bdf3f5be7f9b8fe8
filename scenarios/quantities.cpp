#include "scenarios/quantities.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "mcp/base/text.hpp"

namespace scenarios {
namespace {

using mcp::ErrorKind;
using mcp::fail;

constexpr std::int64_t thousand = 1000;

std::optional<std::int64_t> digits(std::string_view text) {
  std::int64_t value = 0;
  if (text.empty() || text.front() == '-') return std::nullopt;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (problem != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

/// A decimal with at most three places, in thousandths.
std::optional<std::int64_t> thousandths(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = digits(text.substr(0, point));
  if (!whole || *whole > 1'000'000'000'000) return std::nullopt;
  if (point == std::string_view::npos) return *whole * thousand;
  std::string places(text.substr(point + 1));
  if (places.empty() || places.size() > 3) return std::nullopt;
  places.resize(3, '0');
  const auto fraction = digits(places);
  if (!fraction) return std::nullopt;
  return *whole * thousand + *fraction;
}

std::string plain(std::int64_t value_in_thousandths) {
  if (value_in_thousandths % thousand == 0) return fmt::to_string(value_in_thousandths / thousand);
  auto text =
      fmt::format("{}.{:03}", value_in_thousandths / thousand, value_in_thousandths % thousand);
  text.erase(text.find_last_not_of('0') + 1);
  return text;
}

std::unexpected<mcp::Error> not_a(std::string_view what, std::string_view text,
                                  std::string_view example) {
  return fail(ErrorKind::usage, fmt::format("{} is no {}", mcp::quoted(text), what),
              fmt::format("write it like {}", example));
}

struct SpreadMark {
  std::size_t start;
  std::size_t length;
};

std::optional<SpreadMark> find_spread(std::string_view text) {
  for (const std::string_view mark : {"±", "+/-", "+-"}) {
    if (const auto found = text.find(mark); found != std::string_view::npos) {
      return SpreadMark{found, mark.size()};
    }
  }
  return std::nullopt;
}

}  // namespace

double Rate::per_second() const {
  return static_cast<double>(count) / std::chrono::duration<double>(per).count();
}

mcp::Duration Uneven::draw(Random& random) const {
  const std::int64_t half = mean.count() / thousand * permille;
  if (half == 0) return mean;
  const auto range = static_cast<std::uint64_t>(half) * 2 + 1;
  return mean - mcp::Duration(half) + mcp::Duration(static_cast<std::int64_t>(random.below(range)));
}

mcp::Duration Uneven::longest() const {
  return mean + mcp::Duration(mean.count() / thousand * permille);
}

mcp::Result<mcp::Duration> read_duration(std::string_view text) {
  text = mcp::trim(text);
  if (text == "0") return mcp::Duration::zero();
  constexpr std::string_view examples = "500ms, 8s, 1.5m or 2h";
  if (text.empty() || (text.back() >= '0' && text.back() <= '9')) {
    return not_a("duration", text, examples);
  }
  auto duration = mcp::parse_duration(text);
  if (!duration && duration.error().message.find("longer") == std::string::npos) {
    return not_a("duration", text, examples);
  }
  return duration;
}

mcp::Result<std::uint32_t> read_permille(std::string_view text) {
  auto number = mcp::trim(text);
  if (!number.ends_with('%')) return not_a("percentage", text, "20 % or 0.1 %");
  number.remove_suffix(1);
  const auto value = thousandths(mcp::trim(number));
  // Thousandths of a percent: the last two places would be lost.
  if (!value || *value % 100 != 0 || *value > 100 * thousand) {
    return not_a("percentage", text, "20 % or 0.1 %");
  }
  return static_cast<std::uint32_t>(*value / 100);
}

mcp::Result<Uneven> read_uneven(std::string_view text) {
  const auto mark = find_spread(text);
  if (!mark) {
    const auto mean = read_duration(text);
    if (!mean) return std::unexpected(mean.error());
    return Uneven{.mean = *mean};
  }
  const auto mean = read_duration(text.substr(0, mark->start));
  if (!mean) return std::unexpected(mean.error());
  const auto permille = read_permille(text.substr(mark->start + mark->length));
  if (!permille) return std::unexpected(permille.error());
  return Uneven{.mean = *mean, .permille = *permille};
}

mcp::Result<Rate> read_rate(std::string_view text) {
  constexpr std::string_view examples = "100/s, 0.5/s, 600/m or 30/8s";
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return not_a("rate", text, examples);
  const auto count = thousandths(mcp::trim(text.substr(0, slash)));
  const auto unit = mcp::trim(text.substr(slash + 1));
  const bool bare = unit == "s" || unit == "m" || unit == "h" || unit == "ms";
  const auto per = read_duration(bare ? fmt::format("1{}", unit) : std::string(unit));
  if (!count || !per || per->count() <= 0) return not_a("rate", text, examples);
  Rate rate{.count = *count, .per = *per};
  if (*count % thousand == 0) {
    rate.count /= thousand;
  } else if (*per <= std::chrono::hours(24)) {
    rate.per *= thousand;
  } else {
    return not_a("rate", text, examples);
  }
  if (rate.per_second() > 1e7) {
    return fail(ErrorKind::usage,
                fmt::format("{} is more than 10 million a second", mcp::quoted(text)));
  }
  return rate;
}

std::string to_text(const Rate& rate) {
  const bool seconds = rate.per % std::chrono::seconds(1) == mcp::Duration::zero();
  const auto per = std::chrono::duration_cast<std::chrono::seconds>(rate.per).count();
  if (seconds && per == 1) return fmt::format("{}/s", rate.count);
  if (seconds && per == thousand) return fmt::format("{}/s", plain(rate.count));
  return fmt::format("{}/{}", rate.count, mcp::format_duration(rate.per));
}

std::string to_text(const Uneven& uneven) {
  auto text = mcp::format_duration(uneven.mean);
  if (uneven.permille != 0)
    text += fmt::format(" ± {} %", plain(std::int64_t{uneven.permille} * 100));
  return text;
}

}  // namespace scenarios
