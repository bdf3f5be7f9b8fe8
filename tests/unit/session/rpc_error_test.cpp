#include "mcp/session/rpc_error.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace mcp;
using nlohmann::json;

namespace {

ErrorResponse response(std::int64_t code, std::string message, std::optional<Json> data = {}) {
  ErrorResponse out;
  out.code = code;
  out.message = std::move(message);
  out.data = std::move(data);
  return out;
}

}  // namespace

TEST_CASE("rpc error: the message names method, code and text, safe to print") {
  const auto error = to_error("tools/call", response(-32602, "bad \x1b[31mname"));
  CHECK(error.kind == ErrorKind::rpc);
  CHECK(error.message == "tools/call: server answered -32602: bad \\x1b[31mname");
  CHECK(error.rpc_code == -32602);
  CHECK(!error.rpc_data.has_value());
  CHECK(error.hint == "");
}

TEST_CASE("rpc error: an empty text leaves only the code, and a long one is cut") {
  CHECK(to_error("ping", response(0, "")).message == "ping: server answered 0");
  CHECK(to_error("ping", response(1, std::string(600, 'x'))).message ==
        "ping: server answered 1: " + std::string(500, 'x') + "… (600 bytes)");
}

TEST_CASE("rpc error: the data is kept") {
  CHECK(**to_error("x", response(1, "m", json{{"a", 1}})).rpc_data == json{{"a", 1}});
}

TEST_CASE("rpc error: an unsupported version says which ones are supported") {
  const auto error =
      to_error("x", response(-32022, "no", json{{"supported", {"2027-01-01", 5, "2025-\x1b"}}}));
  CHECK(error.hint == "the server supports 2027-01-01, 2025-\\x1b");
  CHECK(supported_versions(error) == std::vector<std::string>{"2027-01-01", "2025-\x1b"});
}

TEST_CASE("rpc error: a missing capability is named") {
  const auto error = to_error(
      "x", response(-32021, "no", json{{"requiredCapabilities", {{"sampling", json::object()}}}}));
  CHECK(error.hint == "the server requires the client capabilities {\"sampling\":{}}");
}

TEST_CASE("rpc error: data of another shape gives no hint and no versions") {
  for (const json& data : {json(1), json("x"), json::array({1}), json{{"supported", 1}}}) {
    const auto error = to_error("x", response(-32022, "no", data));
    CHECK(error.hint == "");
    CHECK(supported_versions(error).empty());
    CHECK(to_error("x", response(-32021, "no", data)).hint == "");
  }
}
