#include "tests/server/surface.hpp"

#include <doctest/doctest.h>

#include "tests/unit/server/exchange.hpp"

using namespace mcp::testserver;

TEST_CASE("surface: a snapshot is offered as it is, and its calls are echoed") {
  auto options = test_options();
  options.core.surface = parse_surface(R"({"tools":[{"name":"t","x":1,
      "inputSchema":{"type":"object","properties":{"a":{"type":"string","x-mcp-header":"A"}}}}],
      "prompts":[{"name":"p"}],"resources":[{"uri":"r:1","name":"r"}],
      "resourceTemplates":[{"uriTemplate":"t:{x}","name":"t"}],"other":true})")
                             .value();
  Exchange exchange(options);
  const auto session = exchange.open();
  const auto result = [&](std::string_view method, std::string_view params) {
    return exchange
        .call(session, R"({"jsonrpc":"2.0","id":1,"method":)" + json_string(method) +
                           R"(,"params":)" + std::string(params) + "}")
        ->body;
  };
  CHECK(result("tools/list", "{}").find(R"([{"name":"t","x":1, )") != std::string::npos);
  CHECK(result("tools/call", R"({"name":"t","arguments":{"a":"b"}})").find(R"({\"a\":\"b\"})") !=
        std::string::npos);
  CHECK(result("prompts/get", R"({"name":"p","arguments":{"q":"1"}})").find(R"({\"q\":\"1\"})") !=
        std::string::npos);
  CHECK(result("resources/read", R"({"uri":"t:9"})").find(R"("text":"t:9")") != std::string::npos);
  CHECK(options.core.surface.mirrored.at("t").front().header == "Mcp-Param-A");
}

TEST_CASE("surface: what is no snapshot is refused with its reason") {
  const auto problem = [](std::string_view text) { return parse_surface(text).error().message; };
  CHECK(problem("[]") == "surface: not a JSON object");
  CHECK(problem(R"({"tools":{}})") == "surface: \"tools\" is not an array");
  CHECK(problem(R"({"resources":[{"name":"x"}]})") ==
        "surface: an entry of \"resources\" has no \"uri\"");
}

TEST_CASE("surface: URIs fit templates whose variables stay within a segment") {
  std::vector<std::string> values;
  CHECK(matches_template("test://notes/{day}", "test://notes/monday", values));
  CHECK(values == std::vector<std::string>{"monday"});
  values.clear();
  CHECK(matches_template("a:{x}-{y}/z", "a:1-2/z", values));
  CHECK(values == std::vector<std::string>{"1", "2"});
  for (const auto* uri : {"test://notes/", "test://notes/a/b", "test://note/a", ""}) {
    CHECK_FALSE(matches_template("test://notes/{day}", uri, values));
  }
}
