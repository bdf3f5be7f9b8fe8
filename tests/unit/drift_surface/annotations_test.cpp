#include <doctest/doctest.h>

#include "tests/unit/drift_surface/snapshots.hpp"

using namespace drift_surface;
using namespace probes::drift;

namespace {

std::vector<std::string> told(std::string_view older, std::string_view newer) {
  const auto document = [](std::string_view annotations) {
    return R"({"tools":{"t":{"name":"t")" + std::string(annotations) + "}}}";
  };
  return rules_of(changes(document(older), document(newer)));
}
using Rules = std::vector<std::string>;

}  // namespace

TEST_CASE("annotations: an absent hint is its default, whatever holds it is there or not") {
  CHECK(told("", R"(,"annotations":{"readOnlyHint":true})") == Rules{"read-only-hint-gained"});
  CHECK(told(R"(,"annotations":{"openWorldHint":false})", "") == Rules{"open-world-hint-gained"});
}

TEST_CASE("annotations: what a tool may destroy counts only while it writes") {
  CHECK(told(R"(,"annotations":{"readOnlyHint":true,"destructiveHint":false})",
             R"(,"annotations":{"readOnlyHint":false,"destructiveHint":true})") ==
        Rules{"read-only-hint-lost"});
  CHECK(told(R"(,"annotations":{"readOnlyHint":true,"idempotentHint":true})",
             R"(,"annotations":{"readOnlyHint":true,"idempotentHint":false})") ==
        Rules{"other-member-changed"});
}

TEST_CASE("annotations: several defaults written out are one change") {
  const auto found =
      changes(R"({"tools":{"t":{"annotations":{"idempotentHint":false}}}})",
              R"({"tools":{"t":{"annotations":{"readOnlyHint":false,"destructiveHint":true}}}})");
  REQUIRE(found.size() == 1);
  CHECK(found.front().why ==
        "Tool \"t\" now states readOnlyHint false and destructiveHint true and no longer states "
        "idempotentHint false, which is what the specification takes for granted.");
}

TEST_CASE("annotations: a hint of another type counts as absent") {
  CHECK(told(R"(,"annotations":{"readOnlyHint":true})",
             R"(,"annotations":{"readOnlyHint":"true"})") == Rules{"read-only-hint-lost"});
}
