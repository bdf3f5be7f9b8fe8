#include "probes/drift/semver.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

using namespace probes::drift;

namespace {

SemanticVersion version(std::string_view text) {
  const auto parsed = SemanticVersion::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), text);
  return *parsed;
}

VersionPart grown(std::string_view older, std::string_view newer) {
  return version(newer).grown_since(version(older));
}

std::vector<Change> changes_of(std::initializer_list<std::pair<const char*, Severity>> rules) {
  std::vector<Change> changes;
  for (const auto& [rule, severity] : rules)
    changes.push_back({.rule = rule, .severity = severity});
  return changes;
}

}  // namespace

TEST_CASE("semver: precedence is that of semver.org 2.0.0, section 11") {
  const std::array rising = {"1.0.0-alpha",  "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta",
                             "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",       "1.0.0",
                             "1.0.1",        "1.2.0",         "1.10.0",           "2.0.0"};
  for (std::size_t i = 0; i < rising.size(); ++i) {
    for (std::size_t j = 0; j < rising.size(); ++j) {
      CAPTURE(rising[i]);
      CAPTURE(rising[j]);
      CHECK((version(rising[i]) <=> version(rising[j])) == (i <=> j));
    }
  }
}

TEST_CASE("semver: build metadata takes no part in precedence, and numbers have no bound") {
  CHECK((version("1.0.0+a") <=> version("1.0.0+b.7")) == 0);
  CHECK(version("99999999999999999999999.0.0") > version("99999999999999999999998.0.0"));
  CHECK(version("v1.2.3") == version("1.2.3"));
}

TEST_CASE("semver: what is no semantic version is refused") {
  for (const char* text :
       {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.02.3", "1.2.3-", "1.2.3-01", "1.2.3-a..b", "1.2.3+",
        "1.2.3+a_b", "-1.2.3", "1.2.x", "latest", "V1.2.3", " 1.2.3"}) {
    CAPTURE(text);
    CHECK_FALSE(SemanticVersion::parse(text).has_value());
  }
}

TEST_CASE("semver: the part that grew is the first that differs") {
  CHECK(grown("1.2.3", "2.0.0") == VersionPart::major);
  CHECK(grown("1.2.3", "1.3.0") == VersionPart::minor);
  CHECK(grown("1.2.3", "1.2.4") == VersionPart::patch);
  CHECK(grown("1.2.3", "1.2.3+build") == VersionPart::none);
  CHECK(grown("1.2.3", "1.2.2") == VersionPart::none);
  CHECK(grown("1.2.3", "2.0.0-rc.1") == VersionPart::major);
}

TEST_CASE("semver: from a pre-release on, the part is the one that its core began") {
  CHECK(grown("2.0.0-rc.1", "2.0.0-rc.2") == VersionPart::major);
  CHECK(grown("2.0.0-rc.1", "2.0.0") == VersionPart::major);
  CHECK(grown("1.3.0-rc.1", "1.3.0") == VersionPart::minor);
  CHECK(grown("1.2.4-rc.1", "1.2.4") == VersionPart::patch);
}

TEST_CASE("semver: the worst change says which part has to grow") {
  const auto breaking =
      changes_of({{"tool-removed", Severity::breaking}, {"tool-added", Severity::safe}});
  CHECK(needed_part(breaking, false) == VersionPart::major);
  CHECK(needed_part(breaking, true) == VersionPart::minor);
  CHECK(needed_part(changes_of({{"tool-added", Severity::safe}}), false) == VersionPart::minor);
  CHECK(needed_part(changes_of({{"read-only-hint-gained", Severity::dangerous}}), false) ==
        VersionPart::minor);
  CHECK(needed_part(changes_of({{"tool-description-changed", Severity::dangerous},
                                {"tool-order-changed", Severity::safe}}),
                    false) == VersionPart::patch);
  CHECK(needed_part(changes_of({{"tool-surface-context-cost-increased", Severity::dangerous},
                                {"annotation-default-made-explicit", Severity::safe}}),
                    false) == VersionPart::patch);
  CHECK(needed_part(changes_of({{"input-default-changed", Severity::dangerous}}), false) ==
        VersionPart::minor);
  CHECK(needed_part({}, false) == VersionPart::none);
}

TEST_CASE("semver: a judgement of the version itself asks for no part") {
  CHECK(needed_part(changes_of({{"server-version-regressed", Severity::dangerous}}), false) ==
        VersionPart::none);
}

TEST_CASE("semver: the reason is a sentence that says what is asked and what was done") {
  const auto breaking = changes_of({{"tool-removed", Severity::breaking}});
  const auto reason = [&](const char* older, const char* newer) {
    return judge_versions(breaking, older, newer).reason;
  };
  CHECK(reason("1.2.3", "2.0.0") ==
        "Breaking changes ask for a new major version, and 1.2.3 → 2.0.0 is one.");
  CHECK(reason("1.2.3", "1.3.0") ==
        "Breaking changes ask for a new major version, but 1.2.3 → 1.3.0 is only a minor one.");
  CHECK(reason("1.2.3", "1.2.3") ==
        "Breaking changes ask for a new major version, but the version is still 1.2.3.");
  CHECK(reason("1.2.3", "1.2.2") ==
        "Breaking changes ask for a new major version, but 1.2.3 → 1.2.2 goes back.");
  CHECK(reason("0.2.3", "1.0.0") ==
        "Below 1.0.0, breaking changes ask for a new minor version, and 0.2.3 → 1.0.0 is even a "
        "major one.");
  CHECK(reason("1.2", "1.3.0") ==
        "Breaking changes ask for a new major version; \"1.2\" is not a semantic version "
        "(semver.org).");
  CHECK(reason("", "") ==
        "Breaking changes ask for a new major version; neither server tells its version.");
}

TEST_CASE("semver: it grew enough when at least the needed part grew") {
  const auto added = changes_of({{"tool-added", Severity::safe}});
  CHECK(judge_versions(added, "1.2.3", "1.3.0").grew_enough);
  CHECK(judge_versions(added, "1.2.3", "2.0.0").grew_enough);
  CHECK_FALSE(judge_versions(added, "1.2.3", "1.2.4").grew_enough);
  CHECK_FALSE(judge_versions(added, "1.2.3", "").grew_enough);
  CHECK(judge_versions({}, "1.2.3", "1.2.3").grew_enough);
  CHECK_FALSE(judge_versions({}, "1.2.3", "1.2.2").grew_enough);
}
