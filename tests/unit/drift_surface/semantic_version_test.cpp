#include "probes/drift/semantic_version.hpp"

#include <doctest/doctest.h>

using probes::drift::SemanticVersion;

namespace {

SemanticVersion version(std::string_view text) {
  const auto parsed = SemanticVersion::parse(text);
  REQUIRE_MESSAGE(parsed.has_value(), std::string(text));
  return *parsed;
}

}  // namespace

TEST_CASE("semantic version: the order is that of semver.org section 11") {
  constexpr std::string_view ascending[] = {"0.9.0",
                                            "1.0.0-alpha",
                                            "1.0.0-alpha.1",
                                            "1.0.0-alpha.beta",
                                            "1.0.0-beta",
                                            "1.0.0-beta.2",
                                            "1.0.0-beta.11",
                                            "1.0.0-rc.1",
                                            "1.0.0",
                                            "1.9.0",
                                            "1.10.0",
                                            "2.0.0",
                                            "99999999999999999999.0.0"};
  for (std::size_t index = 1; index < std::size(ascending); ++index) {
    CAPTURE(ascending[index]);
    CHECK(version(ascending[index - 1]) < version(ascending[index]));
  }
}

TEST_CASE("semantic version: build metadata and a leading v do not count") {
  CHECK(version("v1.2.3+build.5") == version("1.2.3"));
  CHECK(version("1.2.3-a+b") == version("1.2.3-a"));
}

TEST_CASE("semantic version: what is no semantic version is said to be none") {
  for (const auto* text : {"", "1", "1.2", "1.2.3.4", "01.2.3", "1.2.3-", "1.2.3-01", "a.b.c",
                           "1.2.3-a..b", "1.2.-3", "2025-11-25", "vv1.2.3"}) {
    CAPTURE(text);
    CHECK(!SemanticVersion::parse(text));
  }
}
