#include "mcp/session/revision.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace mcp;

TEST_CASE("revision: each one is read back from its text") {
  for (const auto revision : all_revisions) CHECK(parse_revision(to_string(revision)) == revision);
  CHECK(to_string(Revision::v2025_06_18) == "2025-06-18");
}

TEST_CASE("revision: unknown texts are none") {
  for (const std::string text : {"", "2025-11-26", "2025-11-25 ", "latest", "DRAFT-2026-v1"}) {
    CAPTURE(text);
    CHECK(!parse_revision(text).has_value());
  }
}

TEST_CASE("revision: the modern era begins with 2026-07-28") {
  CHECK(era_of(Revision::v2025_11_25) == Era::legacy);
  CHECK(era_of(Revision::v2026_07_28) == Era::modern);
  CHECK(to_string(Era::legacy) == "legacy");
  CHECK(to_string(Era::modern) == "modern");
}
