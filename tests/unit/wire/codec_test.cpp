#include "mcp/wire/codec.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

using namespace mcp;
using nlohmann::json;

namespace {

/// The one message of a text.
template <typename Type>
Type only(std::string_view text) {
  auto messages = decode(text);
  REQUIRE_MESSAGE(messages.has_value(), (messages ? "" : messages.error().message));
  REQUIRE(messages->size() == 1);
  REQUIRE(std::holds_alternative<Type>(messages->front()));
  return std::get<Type>(messages->front());
}

std::string refusal(std::string_view text) {
  const auto messages = decode(text);
  return messages ? "decoded" : messages.error().message;
}

}  // namespace

TEST_CASE("codec: a request is decoded") {
  const auto request = only<Request>(
      R"({"jsonrpc":"2.0","id":0,"method":"elicitation/create","params":{"mode":"form"}})");
  CHECK(request.id == RequestId(0));
  CHECK(request.method == "elicitation/create");
  CHECK(*request.params == json{{"mode", "form"}});
}

TEST_CASE("codec: ids are integers or strings, and an integer may be written as 1.0") {
  CHECK(only<Request>(R"({"jsonrpc":"2.0","id":"a","method":"ping"})").id == RequestId("a"));
  CHECK(only<Request>(R"({"jsonrpc":"2.0","id":-7,"method":"ping"})").id == RequestId(-7));
  CHECK(only<Request>(R"({"jsonrpc":"2.0","id":"","method":"ping"})").id == RequestId(""));
  CHECK(only<ResultResponse>(R"({"jsonrpc":"2.0","id":3.0,"result":{}})").id == RequestId(3));
  CHECK(only<Request>(R"({"jsonrpc":"2.0","id":9223372036854775807,"method":"ping"})").id ==
        RequestId(std::int64_t{9223372036854775807}));
}

TEST_CASE("codec: a message without id and with a method is a notification") {
  const auto notification = only<Notification>(R"({"jsonrpc":"2.0","method":"notifications/x"})");
  CHECK(notification.method == "notifications/x");
  CHECK(notification.params->is_null());
}

TEST_CASE("codec: null params are absent params") {
  CHECK(
      only<Request>(R"({"jsonrpc":"2.0","id":1,"method":"ping","params":null})").params->is_null());
}

TEST_CASE("codec: a result is decoded, whatever its type") {
  const auto response = only<ResultResponse>(R"({"jsonrpc":"2.0","id":5,"result":{"a":1}})");
  CHECK(response.id == RequestId(5));
  CHECK(*response.result == json{{"a", 1}});
  CHECK(only<ResultResponse>(R"({"jsonrpc":"2.0","id":5,"result":null})").result->is_null());
}

TEST_CASE("codec: an error is decoded with its data") {
  const auto error = only<ErrorResponse>(
      R"({"jsonrpc":"2.0","id":5,"error":{"code":-32022,"message":"no","data":{"supported":[]}}})");
  CHECK(error.id == RequestId(5));
  CHECK(error.code == -32022);
  CHECK(error.message == "no");
  CHECK(**error.data == json{{"supported", json::array()}});
}

TEST_CASE("codec: an error may lack its id, its data and its text") {
  for (const std::string id : {"", R"("id":null,)"}) {
    const auto error = only<ErrorResponse>(R"({"jsonrpc":"2.0",)" + id + R"("error":{"code":0}})");
    CHECK(!error.id.has_value());
    CHECK(error.code == 0);
    CHECK(error.message == "");
    CHECK(!error.data.has_value());
  }
}

TEST_CASE("codec: a null beside the other member of a response means its absence") {
  CHECK(only<ResultResponse>(R"({"jsonrpc":"2.0","id":5,"result":{},"error":null})").id ==
        RequestId(5));
  CHECK(only<ErrorResponse>(R"({"jsonrpc":"2.0","id":5,"result":null,"error":{"code":1}})").code ==
        1);
}

TEST_CASE("codec: unknown shapes are protocol errors that quote the bytes") {
  for (const std::string text : {
           "1",
           "\"text\"",
           "null",
           "{}",
           "[]",
           "[1]",
           R"([[]])",
           R"({"id":1,"method":"ping"})",
           R"({"jsonrpc":"1.0","id":1,"method":"ping"})",
           R"({"jsonrpc":2.0,"id":1,"method":"ping"})",
           R"({"jsonrpc":"2.0","id":null,"method":"ping"})",
           R"({"jsonrpc":"2.0","id":1.5,"method":"ping"})",
           R"({"jsonrpc":"2.0","id":1e300,"method":"ping"})",
           R"({"jsonrpc":"2.0","id":18446744073709551615,"method":"ping"})",
           R"({"jsonrpc":"2.0","id":true,"method":"ping"})",
           R"({"jsonrpc":"2.0","id":{},"method":"ping"})",
           R"({"jsonrpc":"2.0","id":1,"method":7})",
           R"({"jsonrpc":"2.0","id":1,"method":"ping","params":[1]})",
           R"({"jsonrpc":"2.0","id":1,"method":"ping","params":"x"})",
           R"({"jsonrpc":"2.0","id":1,"method":"ping","result":{}})",
           R"({"jsonrpc":"2.0","id":1})",
           R"({"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1}})",
           R"({"jsonrpc":"2.0","id":1,"result":null,"error":null})",
           R"({"jsonrpc":"2.0","id":1,"error":null})",
           R"({"jsonrpc":"2.0","id":1,"error":"text"})",
           R"({"jsonrpc":"2.0","id":1,"error":{"message":"x"}})",
           R"({"jsonrpc":"2.0","id":1,"error":{"code":"1"}})",
           R"({"jsonrpc":"2.0","id":[],"error":{"code":1}})",
           R"({"jsonrpc":"2.0","result":{}})",
           R"({"jsonrpc":"2.0","id":null,"result":{}})",
       }) {
    CAPTURE(text);
    const auto messages = decode(text);
    REQUIRE(!messages.has_value());
    CHECK(messages.error().kind == ErrorKind::protocol);
    CHECK(messages.error().message.starts_with("not a JSON-RPC message: \""));
  }
  CHECK(refusal("{\"a\":\"\u202e\"}") == "not a JSON-RPC message: \"{\"a\":\"\\u{202e}\"}\"");
}

TEST_CASE("codec: a text that is no JSON is a protocol error") {
  CHECK(refusal("Accepted") == "not JSON: \"Accepted\"");
}

TEST_CASE("codec: a batch gives its messages in order") {
  const auto messages =
      decode(R"([{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","id":1,"result":{}},)"
             R"({"jsonrpc":"2.0","id":2,"error":{"code":-1,"message":"x"}}])");
  REQUIRE(messages.has_value());
  REQUIRE(messages->size() == 3);
  CHECK(std::get<Notification>((*messages)[0]).method == "a");
  CHECK(std::get<ResultResponse>((*messages)[1]).id == RequestId(1));
  CHECK(std::get<ErrorResponse>((*messages)[2]).code == -1);
}

TEST_CASE("codec: one bad message spoils its batch") {
  CHECK(refusal(R"([{"jsonrpc":"2.0","method":"a"},{}])") ==
        R"(not a JSON-RPC message: "[{"jsonrpc":"2.0","method":"a"},{}]")");
}

TEST_CASE("codec: the size of a batch is bounded") {
  const std::string two = R"([{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","method":"b"}])";
  CHECK(decode(two, {.batch = 2}).has_value());
  const auto messages = decode(two, {.batch = 1});
  REQUIRE(!messages.has_value());
  CHECK(messages.error().kind == ErrorKind::limit);
  CHECK(messages.error().message == "a batch of 2 messages is larger than the limit of 1");
}

TEST_CASE("codec: a message nested 100,000 deep is a limit error") {
  std::string text = R"({"jsonrpc":"2.0","id":1,"result":)";
  for (int level = 0; level < 100'000; ++level) text += "{\"a\":[";
  const auto messages = decode(text);
  REQUIRE(!messages.has_value());
  CHECK(messages.error().kind == ErrorKind::limit);
}

TEST_CASE("codec: messages are encoded on one line") {
  CHECK(encode(Request{.id = 1, .method = "tools/list", .params = {}}) ==
        R"({"jsonrpc":"2.0","id":1,"method":"tools/list"})");
  CHECK(encode(Request{.id = "a\"b", .method = "x", .params = json{{"k", "1\n2"}}}) ==
        R"({"jsonrpc":"2.0","id":"a\"b","method":"x","params":{"k":"1\n2"}})");
  CHECK(encode(Notification{.method = "n", .params = json::object()}) ==
        R"({"jsonrpc":"2.0","method":"n","params":{}})");
  CHECK(encode(ResultResponse{.id = 0, .result = json::object()}) ==
        R"({"jsonrpc":"2.0","id":0,"result":{}})");
}

TEST_CASE("codec: errors are encoded with what they have") {
  ErrorResponse error;
  error.code = -1;
  error.message = "no";
  CHECK(encode(error) == R"({"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"no"}})");
  error.id = RequestId("x");
  error.data = json{{"a", 1}};
  CHECK(encode(error) ==
        R"({"jsonrpc":"2.0","id":"x","error":{"code":-1,"message":"no","data":{"a":1}}})");
}

TEST_CASE("codec: invalid UTF-8 of our own is replaced") {
  CHECK(encode(Notification{.method = "\xff", .params = {}}) ==
        "{\"jsonrpc\":\"2.0\",\"method\":\"\ufffd\"}");
}

TEST_CASE("codec: what was encoded decodes to the same") {
  const auto text = R"({"jsonrpc":"2.0","id":"é\u0000","method":"m","params":{"a":[1.5,true]}})";
  const auto messages = decode(text);
  REQUIRE(messages.has_value());
  const auto again = decode(encode(messages->front()));
  REQUIRE(again.has_value());
  CHECK(std::get<Request>(again->front()).id == std::get<Request>(messages->front()).id);
  CHECK(std::get<Request>(again->front()).params == std::get<Request>(messages->front()).params);
}

TEST_CASE("message: ids are told apart by their type when shown") {
  CHECK(to_string(RequestId(1)) == "1");
  CHECK(to_string(RequestId("1")) == "\"1\"");
  CHECK(to_string(RequestId("\x1b")) == "\"\\x1b\"");
}
