#include "probes/drift/semantic_version.hpp"

#include <algorithm>

namespace probes::drift {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view identifier_symbols =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-";

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

/// Section 2: no leading zeros.
bool is_plain_number(std::string_view text) {
  return is_number(text) && (text.size() == 1 || text.front() != '0');
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (;;) {
    const auto dot = text.find('.');
    parts.emplace_back(text.substr(0, dot));
    if (dot == std::string_view::npos) return parts;
    text.remove_prefix(dot + 1);
  }
}

bool is_identifier(const std::string& text) {
  return !text.empty() && text.find_first_not_of(identifier_symbols) == std::string::npos;
}

bool is_prerelease(const std::string& text) {
  return is_identifier(text) && (!is_number(text) || is_plain_number(text));
}

std::strong_ordering compare_numbers(const std::string& left, const std::string& right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

std::strong_ordering compare_identifiers(const std::string& left, const std::string& right) {
  const bool left_is_number = is_number(left);
  if (left_is_number != is_number(right)) {
    return left_is_number ? std::strong_ordering::less : std::strong_ordering::greater;
  }
  return left_is_number ? compare_numbers(left, right) : left <=> right;
}

}  // namespace

std::optional<SemanticVersion> SemanticVersion::parse(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  const auto plus = text.find('+');
  if (plus != std::string_view::npos &&
      !std::ranges::all_of(split(text.substr(plus + 1)), is_identifier)) {
    return std::nullopt;
  }
  text = text.substr(0, plus);
  const auto hyphen = text.find('-');
  auto numbers = split(text.substr(0, hyphen));
  if (numbers.size() != 3 || !std::ranges::all_of(numbers, is_plain_number)) return std::nullopt;
  std::vector<std::string> prerelease;
  if (hyphen != std::string_view::npos) prerelease = split(text.substr(hyphen + 1));
  if (!std::ranges::all_of(prerelease, is_prerelease)) return std::nullopt;
  return SemanticVersion{std::move(numbers[0]), std::move(numbers[1]), std::move(numbers[2]),
                         std::move(prerelease)};
}

// Section 11.
std::strong_ordering operator<=>(const SemanticVersion& left, const SemanticVersion& right) {
  for (const auto part :
       {&SemanticVersion::major, &SemanticVersion::minor, &SemanticVersion::patch}) {
    const auto order = compare_numbers(left.*part, right.*part);
    if (order != 0) return order;
  }
  if (left.prerelease.empty() || right.prerelease.empty()) {
    return left.prerelease.empty() <=> right.prerelease.empty();
  }
  return std::lexicographical_compare_three_way(left.prerelease.begin(), left.prerelease.end(),
                                                right.prerelease.begin(), right.prerelease.end(),
                                                compare_identifiers);
}

bool operator==(const SemanticVersion& left, const SemanticVersion& right) {
  return (left <=> right) == 0;
}

}  // namespace probes::drift
