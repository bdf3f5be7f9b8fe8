#pragma once

#include <compare>
#include <string>
#include <string_view>

namespace mcp::schema {

/// Arithmetic on natural numbers of any size, written as their decimal digits without leading
/// zeros; zero is the empty text. School methods: schemas hold few and short numbers.
namespace natural {

struct Division {
  std::string quotient;
  std::string remainder;
};

std::strong_ordering compare(std::string_view left, std::string_view right);
std::string add(std::string_view left, std::string_view right);
/// `left` must not be less than `right`.
std::string subtract(std::string_view left, std::string_view right);
std::string multiply(std::string_view left, std::string_view right);
/// `divisor` must not be zero.
Division divide(std::string_view dividend, std::string_view divisor);
std::string greatest_common_divisor(std::string left, std::string right);

}  // namespace natural
}  // namespace mcp::schema
