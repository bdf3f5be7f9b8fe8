#include "mcp/schema/decimal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "mcp/base/text.hpp"
#include "mcp/schema/natural.hpp"

namespace mcp::schema {
namespace {

std::string_view take_digits(std::string_view& text) {
  const auto count = std::min(text.find_first_not_of("0123456789"), text.size());
  const auto digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take(std::string_view& text, std::string_view any_of) {
  if (text.empty() || !any_of.contains(text.front())) return false;
  text.remove_prefix(1);
  return true;
}

/// The exponent part after its mark; nullopt when it is not one, beyond the limit when it is
/// too large to hold.
std::optional<int> take_exponent(std::string_view& text) {
  const bool negative = text.starts_with('-');
  take(text, "+-");
  const auto digits = take_digits(text);
  if (digits.empty()) return std::nullopt;
  int value = 0;
  const auto outcome = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (outcome.ec != std::errc{}) value = 1'000'000;
  value = std::min(value, 1'000'000);
  return negative ? -value : value;
}

}  // namespace

Decimal::Decimal(bool negative, std::string digits, int exponent)
    : negative_(negative), digits_(std::move(digits)), exponent_(exponent) {
  digits_.erase(0, std::min(digits_.find_first_not_of('0'), digits_.size()));
  while (digits_.ends_with('0')) {
    digits_.pop_back();
    ++exponent_;
  }
  if (digits_.empty()) {
    negative_ = false;
    exponent_ = 0;
  }
}

Decimal::Decimal(std::int64_t value)
    : Decimal(value < 0, fmt::format("{}", value).substr(value < 0 ? 1 : 0), 0) {}

Result<Decimal> Decimal::parse(std::string_view text) {
  auto rest = text;
  const auto refuse = [text] {
    return fail(ErrorKind::usage, fmt::format("{} is not a number", quoted(text, 60)));
  };
  const bool negative = take(rest, "-");
  std::string digits(take_digits(rest));
  if (digits.empty() || (digits.size() > 1 && digits.front() == '0')) return refuse();
  int exponent = 0;
  if (take(rest, ".")) {
    const auto fraction = take_digits(rest);
    if (fraction.empty()) return refuse();
    digits += fraction;
    exponent = -static_cast<int>(std::min<std::size_t>(fraction.size(), 1'000'000));
  }
  if (take(rest, "eE")) {
    const auto power = take_exponent(rest);
    if (!power) return refuse();
    exponent += *power;
  }
  if (!rest.empty()) return refuse();
  Decimal value(negative, std::move(digits), exponent);
  if (value.digits_.size() > limit || std::abs(value.exponent_) > limit) {
    return fail(ErrorKind::limit,
                fmt::format("the number {} has more than {} digits", quoted(text, 60), limit));
  }
  return value;
}

Decimal Decimal::power_of_ten(int exponent) {
  return {false, "1", exponent};
}

std::optional<std::int64_t> Decimal::to_int64() const {
  if (!is_integer() || exponent_ > 19) return std::nullopt;
  const auto digits = fmt::format("{}{}", negative_ ? "-" : "", is_zero() ? "0" : digits_at(0));
  std::int64_t value = 0;
  const auto* end = digits.data() + digits.size();
  const auto outcome = std::from_chars(digits.data(), end, value);
  if (outcome.ec != std::errc{} || outcome.ptr != end) return std::nullopt;
  return value;
}

std::string Decimal::text() const {
  if (is_zero()) return "0";
  const std::string sign(negative_ ? 1 : 0, '-');
  if (exponent_ >= 0 && exponent_ <= 20) return sign + digits_at(0);
  const int size = static_cast<int>(digits_.size());
  const int point = size + exponent_;  // how many digits stand before the point
  if (exponent_ < 0 && point > 0) {
    return sign + digits_.substr(0, point) + "." + digits_.substr(point);
  }
  if (exponent_ < 0 && point > -10) return sign + "0." + std::string(-point, '0') + digits_;
  const auto fraction = size > 1 ? fmt::format(".{}", digits_.substr(1)) : std::string();
  return fmt::format("{}{}{}e{}", sign, digits_.front(), fraction, point - 1);
}

std::string Decimal::digits_at(int exponent) const {
  return is_zero() ? digits_ : digits_ + std::string(exponent_ - exponent, '0');
}

Decimal Decimal::operator-() const {
  return {!negative_, digits_, exponent_};
}

Decimal operator+(const Decimal& left, const Decimal& right) {
  const int exponent = std::min(left.exponent_, right.exponent_);
  const auto one = left.digits_at(exponent);
  const auto two = right.digits_at(exponent);
  if (left.negative_ == right.negative_) {
    return {left.negative_, natural::add(one, two), exponent};
  }
  if (natural::compare(one, two) >= 0) {
    return {left.negative_, natural::subtract(one, two), exponent};
  }
  return {right.negative_, natural::subtract(two, one), exponent};
}

Decimal operator*(const Decimal& left, const Decimal& right) {
  return {left.negative_ != right.negative_, natural::multiply(left.digits_, right.digits_),
          left.exponent_ + right.exponent_};
}

std::strong_ordering operator<=>(const Decimal& left, const Decimal& right) {
  if (left.negative_ != right.negative_) return right.negative_ <=> left.negative_;
  if (left.is_zero() || right.is_zero()) return right.is_zero() <=> left.is_zero();
  const auto& larger = left.negative_ ? right : left;
  const auto& smaller = left.negative_ ? left : right;
  const auto magnitude = [](const Decimal& value) {
    return static_cast<int>(value.digits_.size()) + value.exponent_;
  };
  if (magnitude(larger) != magnitude(smaller)) return magnitude(larger) <=> magnitude(smaller);
  return larger.digits_ <=> smaller.digits_;
}

Decimal floor_quotient(const Decimal& value, const Decimal& step) {
  const int exponent = std::min(value.exponent_, step.exponent_);
  auto parts = natural::divide(value.digits_at(exponent), step.digits_at(exponent));
  if (!value.negative_) return {false, std::move(parts.quotient), 0};
  if (!parts.remainder.empty()) parts.quotient = natural::add(parts.quotient, "1");
  return {true, std::move(parts.quotient), 0};
}

bool is_multiple(const Decimal& value, const Decimal& step) {
  const int exponent = std::min(value.exponent_, step.exponent_);
  return natural::divide(value.digits_at(exponent), step.digits_at(exponent)).remainder.empty();
}

Decimal least_common_multiple(const Decimal& left, const Decimal& right) {
  const int exponent = std::min(left.exponent_, right.exponent_);
  const auto one = left.digits_at(exponent);
  const auto two = right.digits_at(exponent);
  const auto divisor = natural::greatest_common_divisor(one, two);
  return {false, natural::multiply(natural::divide(one, divisor).quotient, two), exponent};
}

}  // namespace mcp::schema
