#include "probes/drift/change.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "mcp/base/digest.hpp"
#include "probes/drift/rule.hpp"

namespace probes::drift {
namespace {

constexpr std::array severities = {
    std::pair{Severity::safe, std::string_view("safe")},
    std::pair{Severity::dangerous, std::string_view("dangerous")},
    std::pair{Severity::breaking, std::string_view("breaking")},
};

constexpr std::size_t fingerprint_digits = 16;

// Canonical texts, each closed by a byte that JSON text and rule ids do not hold.
std::string fingerprint_of(const Change& change) {
  std::string text;
  for (const std::string_view part :
       {std::string_view(change.rule), std::string_view(change.kind), std::string_view(change.name),
        std::string_view(change.pointer)}) {
    text.append(part).push_back('\0');
  }
  for (const auto& value : {change.before, change.after}) {
    text.append(value ? value->text() : "").push_back('\0');
  }
  const std::string digest = mcp::sha256_digest(text);
  return digest.substr(digest.find(':') + 1, fingerprint_digits);
}

}  // namespace

std::string_view to_string(Severity severity) {
  return std::ranges::find(severities, severity, &decltype(severities)::value_type::first)->second;
}

std::optional<Severity> severity_named(std::string_view name) {
  const auto* found =
      std::ranges::find(severities, name, &decltype(severities)::value_type::second);
  if (found == severities.end()) return std::nullopt;
  return found->first;
}

std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::input:
      return "input";
    case Direction::output:
      return "output";
    case Direction::both:
      return "both";
    case Direction::mcp:
      return "mcp";
    case Direction::fleet:
      return "fleet";
  }
  return "mcp";
}

bool comes_first(const Change& left, const Change& right) {
  if (left.severity != right.severity) return left.severity > right.severity;
  return std::tie(left.kind, left.name, left.pointer, left.rule, left.fingerprint) <
         std::tie(right.kind, right.name, right.pointer, right.rule, right.fingerprint);
}

Change make_change(Change change) {
  const Rule* rule = find_rule(change.rule);
  if (rule == nullptr) throw std::logic_error("no such drift rule: " + change.rule);
  change.severity = rule->severity;
  change.direction = rule->direction;
  change.fingerprint = fingerprint_of(change);
  return change;
}

}  // namespace probes::drift
