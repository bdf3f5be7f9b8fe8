#include "probes/drift/semver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "mcp/base/text.hpp"

namespace probes::drift {
namespace {

/// Rules that tell of words only: nobody who calls the server has to change anything.
bool is_text_only(std::string_view rule) {
  static constexpr std::array ends = {"description-changed", "title-changed", "icon-changed",
                                      "icon-origin-changed", "order-changed", "comment-changed",
                                      "examples-changed"};
  static constexpr std::array names = {"annotation-default-made-explicit",
                                       "instructions-changed",
                                       "instructions-removed",
                                       "pagination-page-size-changed",
                                       "schema-equivalent",
                                       "schema-id-changed",
                                       "text-injection-pattern",
                                       "unknown-keyword-changed",
                                       "tool-meta-changed",
                                       "ttl-decreased",
                                       "cache-scope-public-to-private"};
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
  const auto grown = grown_part(older, newer);
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

VersionPart grown_part(const SemanticVersion& older, const SemanticVersion& newer) {
  if (newer <= older) return VersionPart::none;
  if (newer.major != older.major) return VersionPart::major;
  if (newer.minor != older.minor) return VersionPart::minor;
  if (newer.patch != older.patch || newer.patch != "0") return VersionPart::patch;
  return newer.minor != "0" ? VersionPart::minor : VersionPart::major;
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
  SemverVerdict verdict{.needed = needed_part(changes, from && from->major == "0"),
                        .older_version = older,
                        .newer_version = newer};
  const auto ask = because(changes, verdict.needed);
  if (older.empty() || newer.empty()) {
    verdict.reason = fmt::format("{}{}", ask, missing(older, newer));
  } else if (!from || !to) {
    verdict.reason = fmt::format("{}; {} is not a semantic version (semver.org).", ask,
                                 mcp::quoted(from ? newer : older, 60));
  } else {
    verdict.grew_enough = *to >= *from && grown_part(*from, *to) >= verdict.needed;
    verdict.reason = fmt::format("{}{}", ask, outcome(*from, *to, verdict));
  }
  return verdict;
}

}  // namespace probes::drift
