#include "probes/drift/semver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "mcp/base/text.hpp"

namespace probes::drift {
namespace {

constexpr std::size_t core_numbers = 3;

bool is_digits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_number(std::string_view text) {
  return is_digits(text) && (text == "0" || text.front() != '0');
}

bool is_identifier(std::string_view text) {
  return !text.empty() && text.find_first_not_of(
                              "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-") ==
                              std::string_view::npos;
}

std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> parts;
  for (auto dot = text.find('.'); dot != std::string_view::npos; dot = text.find('.')) {
    parts.emplace_back(text.substr(0, dot));
    text.remove_prefix(dot + 1);
  }
  parts.emplace_back(text);
  return parts;
}

std::strong_ordering compare_numbers(const std::string& left, const std::string& right) {
  if (left.size() != right.size()) return left.size() <=> right.size();
  return left <=> right;
}

/// Section 11.4: numbers by value, words by their letters, numbers before words.
std::strong_ordering compare_identifiers(const std::string& left, const std::string& right) {
  if (is_digits(left) && is_digits(right)) return compare_numbers(left, right);
  if (is_digits(left) != is_digits(right))
    return is_digits(left) ? std::strong_ordering::less : std::strong_ordering::greater;
  return left <=> right;
}

std::optional<std::vector<std::string>> read_identifiers(std::string_view text) {
  auto parts = split(text);
  if (!std::ranges::all_of(parts, is_identifier)) return std::nullopt;
  return parts;
}

/// Rules that tell of words, pictures and hints only: nobody who calls the server has to change.
bool is_text_only(std::string_view rule) {
  static constexpr std::array ends = {
      "comment-changed",  "cost-increased", "description-changed", "details-changed",
      "examples-changed", "icon-changed",   "icon-origin-changed", "made-explicit",
      "meta-changed",     "order-changed",  "size-changed",        "title-changed"};
  static constexpr std::array names = {"cache-scope-added",
                                       "cache-scope-public-to-private",
                                       "instructions-changed",
                                       "instructions-removed",
                                       "resource-annotations-changed",
                                       "schema-equivalent",
                                       "schema-id-changed",
                                       "text-injection-pattern",
                                       "ttl-decreased",
                                       "ttl-increased",
                                       "ttl-zero-stated",
                                       "unknown-keyword-changed"};
  return std::ranges::find(names, rule) != names.end() ||
         std::ranges::any_of(ends, [rule](std::string_view end) { return rule.ends_with(end); });
}

VersionPart part_for(const Change& change, bool initial_development) {
  // These judge the version itself, not what stands behind it.
  if (change.rule.starts_with("server-version-")) return VersionPart::none;
  if (change.severity == Severity::breaking)
    return initial_development ? VersionPart::minor : VersionPart::major;
  return is_text_only(change.rule) ? VersionPart::patch : VersionPart::minor;
}

std::string_view because(const std::vector<Change>& changes, VersionPart needed) {
  const bool breaks = std::ranges::any_of(
      changes, [](const Change& each) { return each.severity == Severity::breaking; });
  if (needed == VersionPart::none) return "Nothing changed, so no part of the version has to grow";
  if (needed == VersionPart::major) return "Breaking changes ask for a new major version";
  if (needed == VersionPart::patch) return "Changed texts ask for a new patch version";
  return breaks ? "Below 1.0.0, breaking changes ask for a new minor version"
                : "Changes that add or alter something ask for a new minor version";
}

std::string missing(const std::string& older, const std::string& newer) {
  const auto* which = older.empty() && newer.empty() ? "neither server tells its version"
                      : older.empty()                ? "the old server tells no version"
                                                     : "the new server tells no version";
  return fmt::format("; {}.", which);
}

std::string outcome(const SemanticVersion& older, const SemanticVersion& newer,
                    const SemverVerdict& verdict) {
  const auto pair = fmt::format("{} → {}", mcp::printable(verdict.older_version),
                                mcp::printable(verdict.newer_version));
  if (newer < older) return fmt::format(", but {} goes back.", pair);
  const auto grown = newer.grown_since(older);
  if (verdict.needed == VersionPart::none)
    return grown == VersionPart::none ? std::string(".") : fmt::format(" ({}).", pair);
  if (grown == VersionPart::none)
    return fmt::format(", but the version is still {}.", mcp::printable(verdict.newer_version));
  if (!verdict.grew_enough)
    return fmt::format(", but {} is only a {} one.", pair, to_string(grown));
  return grown == verdict.needed
             ? fmt::format(", and {} is one.", pair)
             : fmt::format(", and {} is even a {} one.", pair, to_string(grown));
}

}  // namespace

std::optional<SemanticVersion> SemanticVersion::parse(std::string_view text) {
  if (text.starts_with('v')) text.remove_prefix(1);
  if (const auto plus = text.find('+'); plus != std::string_view::npos) {
    if (!read_identifiers(text.substr(plus + 1))) return std::nullopt;
    text = text.substr(0, plus);
  }
  SemanticVersion version;
  if (const auto dash = text.find('-'); dash != std::string_view::npos) {
    auto identifiers = read_identifiers(text.substr(dash + 1));
    const auto is_valid = [](const std::string& each) {
      return !is_digits(each) || is_number(each);
    };
    if (!identifiers || !std::ranges::all_of(*identifiers, is_valid)) return std::nullopt;
    version.prerelease_ = std::move(*identifiers);
    text = text.substr(0, dash);
  }
  version.core_ = split(text);
  if (version.core_.size() != core_numbers || !std::ranges::all_of(version.core_, is_number))
    return std::nullopt;
  return version;
}

std::strong_ordering operator<=>(const SemanticVersion& left, const SemanticVersion& right) {
  for (std::size_t i = 0; i < core_numbers; ++i) {
    const auto order = compare_numbers(left.core_[i], right.core_[i]);
    if (order != 0) return order;
  }
  if (left.is_prerelease() != right.is_prerelease())
    return left.is_prerelease() ? std::strong_ordering::less : std::strong_ordering::greater;
  const auto shared = std::min(left.prerelease_.size(), right.prerelease_.size());
  for (std::size_t i = 0; i < shared; ++i) {
    const auto order = compare_identifiers(left.prerelease_[i], right.prerelease_[i]);
    if (order != 0) return order;
  }
  return left.prerelease_.size() <=> right.prerelease_.size();
}

VersionPart SemanticVersion::grown_since(const SemanticVersion& older) const {
  static constexpr std::array parts = {VersionPart::major, VersionPart::minor, VersionPart::patch};
  if (*this <= older) return VersionPart::none;
  for (std::size_t i = 0; i < core_numbers; ++i) {
    if (core_[i] != older.core_[i]) return parts[i];
  }
  if (core_[2] != "0") return VersionPart::patch;
  return core_[1] != "0" ? VersionPart::minor : VersionPart::major;
}

std::string_view to_string(VersionPart part) {
  switch (part) {
    case VersionPart::none:
      return "none";
    case VersionPart::patch:
      return "patch";
    case VersionPart::minor:
      return "minor";
    case VersionPart::major:
      return "major";
  }
  return "none";
}

VersionPart needed_part(const std::vector<Change>& changes, bool initial_development) {
  auto needed = VersionPart::none;
  for (const Change& change : changes)
    needed = std::max(needed, part_for(change, initial_development));
  return needed;
}

SemverVerdict judge_versions(const std::vector<Change>& changes, const std::string& older,
                             const std::string& newer) {
  const auto from = SemanticVersion::parse(older);
  const auto to = SemanticVersion::parse(newer);
  SemverVerdict verdict{.needed = needed_part(changes, from && from->is_initial()),
                        .older_version = older,
                        .newer_version = newer};
  const auto ask = because(changes, verdict.needed);
  if (older.empty() || newer.empty()) {
    verdict.reason = fmt::format("{}{}", ask, missing(older, newer));
  } else if (!from || !to) {
    verdict.reason = fmt::format("{}; {} is not a semantic version (semver.org).", ask,
                                 mcp::quoted(from ? newer : older, 60));
  } else {
    verdict.grew_enough = *to >= *from && to->grown_since(*from) >= verdict.needed;
    verdict.reason = fmt::format("{}{}", ask, outcome(*from, *to, verdict));
  }
  return verdict;
}

}  // namespace probes::drift
