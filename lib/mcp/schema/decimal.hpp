#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mcp/base/error.hpp"

namespace mcp::schema {

/// A number as JSON writes it, exact: sign, digits and a power of ten. Every sum, product and
/// remainder is exact too. Equal numbers are equal values (1.0 is 1).
class Decimal {
 public:
  Decimal() = default;  // zero
  explicit Decimal(std::int64_t value);

  /// Reads the number grammar of RFC 8259 section 6. More than `limit` significant digits, or an
  /// exponent beyond ±`limit`, is an error of kind limit.
  static Result<Decimal> parse(std::string_view text);
  static constexpr int limit = 400;
  static Decimal power_of_ten(int exponent);

  bool is_zero() const { return digits_.empty(); }
  bool is_negative() const { return negative_; }
  bool is_integer() const { return exponent_ >= 0; }
  /// How many digits stand after the point.
  int decimals() const { return exponent_ < 0 ? -exponent_ : 0; }
  std::size_t significant_digits() const { return digits_.size(); }
  std::optional<std::int64_t> to_int64() const;
  /// A JSON number, short: plain digits, or with an exponent where those would be long.
  std::string text() const;

  Decimal operator-() const;
  friend Decimal operator+(const Decimal& left, const Decimal& right);
  friend Decimal operator-(const Decimal& left, const Decimal& right) { return left + -right; }
  friend Decimal operator*(const Decimal& left, const Decimal& right);
  friend std::strong_ordering operator<=>(const Decimal& left, const Decimal& right);
  friend bool operator==(const Decimal& left, const Decimal& right) = default;

  /// The integer q with q·step ≤ value < (q+1)·step; `step` must be positive.
  friend Decimal floor_quotient(const Decimal& value, const Decimal& step);
  friend bool is_multiple(const Decimal& value, const Decimal& step);
  /// Of two positive numbers.
  friend Decimal least_common_multiple(const Decimal& left, const Decimal& right);

 private:
  Decimal(bool negative, std::string digits, int exponent);
  std::string digits_at(int exponent) const;

  bool negative_ = false;
  std::string digits_;  // neither a leading nor a trailing zero; empty for zero
  int exponent_ = 0;
};

Decimal floor_quotient(const Decimal& value, const Decimal& step);
bool is_multiple(const Decimal& value, const Decimal& step);
Decimal least_common_multiple(const Decimal& left, const Decimal& right);

}  // namespace mcp::schema
