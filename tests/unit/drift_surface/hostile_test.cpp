#include <doctest/doctest.h>

#include <string>

#include "tests/unit/drift_surface/snapshots.hpp"

using namespace drift_surface;
using namespace probes::drift;

namespace {

/// Documents in which nothing has the type that it should have.
constexpr std::string_view hostile[] = {
    "{}",
    "7",
    "[]",
    "null",
    R"({"tools":3,"prompts":[],"resources":"x","resourceTemplates":null,"lists":7})",
    R"({"tools":{"x":3},"prompts":{"x":[]},"resources":{"x":null},"resourceTemplates":{"x":true}})",
    R"({"tools":{"x":{"name":1,"title":[],"description":{},"annotations":[],"icons":7,
        "_meta":"m","execution":[],"inputSchema":[],"outputSchema":"s"}}})",
    R"({"tools":{"x":{"annotations":{"readOnlyHint":1},"icons":[7,{"src":8},{"src":":"}],
        "execution":{"taskSupport":9},"inputSchema":{"properties":[],"x-mcp-header":7}}}})",
    R"({"prompts":{"x":{"arguments":7}},"resources":{"x":{"name":{},"size":"big"}}})",
    R"({"prompts":{"x":{"arguments":[1,{"name":2},{"name":"a","required":"yes"},{"name":"a"}]}}})",
    R"({"resourceTemplates":{"{":{"name":"n"},"{,}":{"name":"m"},"}{{?":{"name":"m"}}})",
    R"({"capabilities":[],"serverInfo":"s","instructions":{},"handshake":7,"discover":[]})",
    R"({"capabilities":{"tools":7,"resources":[],"extensions":3,"experimental":"e","tasks":0}})",
    R"({"serverInfo":{"name":[],"version":{},"icons":{}},"era":7,"protocolVersion":[]})",
    R"({"era":"modern","supportedVersions":{"a":1},"redacted":{"a":1},"digests":3})",
    R"({"lists":{"tools":{"order":7,"pages":"many","ttlMs":"x","cacheScope":7,"duplicates":3}}})",
    R"({"lists":{"tools":{"order":[7,"x","x"],"pages":-1,"ttlMs":-1,"duplicates":[7,{}]}}})",
    R"({"tools":{"":{},"\u0000":{},"a~b/c":{}},"lists":{"tools":[]}})",
};

}  // namespace

TEST_CASE("drift: any two documents can be compared, whatever their types") {
  for (const auto older : hostile) {
    for (const auto newer : hostile) {
      CAPTURE(older);
      CAPTURE(newer);
      const auto found = changes(older, newer);
      if (older == newer) CHECK(found.empty());
    }
  }
}

TEST_CASE("drift: a description of a megabyte is cut in the change, not in its fingerprint") {
  const std::string text(1'000'000, 'x');
  const auto compare = [&](const std::string& last) {
    return changes(R"({"tools":{"t":{"description":"a"}}})",
                   R"({"tools":{"t":{"description":")" + text + last + "\"}}}",
                   {.token_growth = 10'000'000});
  };
  const auto first = compare("1");
  const auto second = compare("2");
  REQUIRE(first.size() == 1);
  REQUIRE(second.size() == 1);
  CHECK(first.front().after->text().size() < 10'000);
  CHECK(first.front().why.size() < 500);
  CHECK(first.front().fingerprint != second.front().fingerprint);
}

TEST_CASE("drift: a name of a megabyte does not fill the sentence") {
  const std::string name(1'000'000, 'n');
  const auto found = changes("{}", "{\"tools\":{\"" + name + "\":{}}}");
  CHECK(only(found, "tool-added").why.size() < 300);
  CHECK(only(found, "tool-name-invalid").why.size() < 400);
}
