#include "mcp/schema/natural.hpp"

#include <algorithm>
#include <cstddef>
#include <utility>
#include <vector>

namespace mcp::schema::natural {
namespace {

int digit_from_end(std::string_view digits, std::size_t index) {
  return index < digits.size() ? digits[digits.size() - 1 - index] - '0' : 0;
}

void strip_leading_zeros(std::string& digits) {
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
}

}  // namespace

std::strong_ordering compare(std::string_view left, std::string_view right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

std::string add(std::string_view left, std::string_view right) {
  std::string sum;
  int carry = 0;
  for (std::size_t index = 0; index < std::max(left.size(), right.size()) || carry != 0; ++index) {
    carry += digit_from_end(left, index) + digit_from_end(right, index);
    sum += static_cast<char>('0' + carry % 10);
    carry /= 10;
  }
  std::ranges::reverse(sum);
  return sum;
}

std::string subtract(std::string_view left, std::string_view right) {
  std::string difference;
  int borrow = 0;
  for (std::size_t index = 0; index < left.size(); ++index) {
    const int digit = digit_from_end(left, index) - digit_from_end(right, index) - borrow;
    borrow = digit < 0 ? 1 : 0;
    difference += static_cast<char>('0' + digit + 10 * borrow);
  }
  std::ranges::reverse(difference);
  strip_leading_zeros(difference);
  return difference;
}

std::string multiply(std::string_view left, std::string_view right) {
  std::vector<int> columns(left.size() + right.size(), 0);
  for (std::size_t one = 0; one < left.size(); ++one) {
    int carry = 0;
    for (std::size_t two = 0; two < right.size() || carry != 0; ++two) {
      carry += columns[one + two] + digit_from_end(left, one) * digit_from_end(right, two);
      columns[one + two] = carry % 10;
      carry /= 10;
    }
  }
  std::string product;
  for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
    product += static_cast<char>('0' + *column);
  }
  strip_leading_zeros(product);
  return product;
}

Division divide(std::string_view dividend, std::string_view divisor) {
  Division result;
  for (const char digit : dividend) {
    if (!result.remainder.empty() || digit != '0') result.remainder += digit;
    char times = '0';
    while (compare(result.remainder, divisor) >= 0) {
      result.remainder = subtract(result.remainder, divisor);
      ++times;
    }
    if (!result.quotient.empty() || times != '0') result.quotient += times;
  }
  return result;
}

std::string greatest_common_divisor(std::string left, std::string right) {
  while (!right.empty()) {
    auto remainder = divide(left, right).remainder;
    left = std::exchange(right, std::move(remainder));
  }
  return left;
}

}  // namespace mcp::schema::natural
