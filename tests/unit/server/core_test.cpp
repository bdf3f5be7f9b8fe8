#include "tests/server/core.hpp"

#include <doctest/doctest.h>

#include "tests/unit/server/exchange.hpp"

using namespace mcp::testserver;

namespace {

/// The answer of the pure core to one legacy request.
std::string answer(std::string_view method, std::string_view params) {
  const Core core(test_options().core);
  const auto view = *JsonView::parse(params);
  return core.handle({.id = "7", .method = method, .params = view}).response;
}

}  // namespace

TEST_CASE("core: echo answers with the text as it was written") {
  CHECK(answer("tools/call", R"({"name":"echo","arguments":{"text":"a\u00e9\n"}})") ==
        R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"a\u00e9\n"}]}})");
}

TEST_CASE("core: add gives the sum as text and as structured content") {
  CHECK(answer("tools/call", R"({"name":"add","arguments":{"a":2,"b":0.5}})") ==
        R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"2.5"}],)"
        R"("structuredContent":{"sum":2.5}}})");
  CHECK(answer("tools/call", R"({"name":"add","arguments":{"a":1e300,"b":1}})").find("1e+300") !=
        std::string::npos);
}

TEST_CASE("core: big answers with as many bytes as asked, up to a limit") {
  CHECK(answer("tools/call", R"({"name":"big","arguments":{"size":3}})").find(R"("xxx")") !=
        std::string::npos);
  CHECK(answer("tools/call", R"({"name":"big","arguments":{"size":999999999999}})")
            .find(R"("isError":true)") != std::string::npos);
}

TEST_CASE("core: wrong arguments are tool errors, an unknown tool is a protocol error") {
  CHECK(answer("tools/call", R"({"name":"echo","arguments":{}})").find(R"("isError":true)") !=
        std::string::npos);
  CHECK(answer("tools/call", R"({"name":"fail"})").find(R"("isError":true)") != std::string::npos);
  CHECK(answer("tools/call", R"({"name":"none"})") ==
        R"({"jsonrpc":"2.0","id":7,"error":{"code":-32602,"message":"Unknown tool: none"}})");
  CHECK(answer("tools/call", R"({"name":"echo","arguments":[]})").find("-32602") !=
        std::string::npos);
}

TEST_CASE("core: methods of the other era are unknown") {
  CHECK(answer("server/discover", "{}").find("-32601") != std::string::npos);
  CHECK(answer("subscriptions/listen", "{}").find("-32601") != std::string::npos);
}

TEST_CASE("core: prompts need their arguments, and completion knows their values") {
  CHECK(answer("prompts/get", R"({"name":"greeting","arguments":{"name":"Ada"}})")
            .find("Hello, Ada.") != std::string::npos);
  CHECK(answer("prompts/get", R"({"name":"greeting"})").find("-32602") != std::string::npos);
  CHECK(answer("completion/complete", R"({"ref":{"type":"ref/prompt","name":"greeting"},)"
                                      R"("argument":{"name":"tone","value":"f"}})") ==
        R"({"jsonrpc":"2.0","id":7,"result":{"completion":{"values":["formal"],"total":1,)"
        R"("hasMore":false}}})");
}

TEST_CASE("core: templates are read with their variable") {
  CHECK(answer("resources/read", R"({"uri":"test://notes/monday"})").find("Notes of monday") !=
        std::string::npos);
}
