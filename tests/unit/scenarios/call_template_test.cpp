#include "scenarios/call_template.hpp"

#include <doctest/doctest.h>

#include <string>

namespace scenarios {
namespace {

mcp::HttpRequest request(const std::string& id, const std::string& arguments) {
  return {.url = "http://127.0.0.1:1/mcp",
          .headers = {{"Accept", "application/json"}},
          .body = R"({"jsonrpc":"2.0","id":)" + id +
                  R"(,"method":"tools/call","params":{"_meta":)" +
                  R"({"id":5,"arguments":1},"arguments":)" + arguments + R"(,"name":"echo"}})"};
}

std::string bytes_of(const std::string& id, const std::string& arguments) {
  return mcp::prepare(request(id, arguments), "t")->bytes;
}

}  // namespace

TEST_CASE("call template: ids and arguments of any length give what would have been written") {
  auto made = CallTemplate::learn(request("98", R"({"id":98})"), "t", 98);
  REQUIRE(made.has_value());
  CHECK(made->takes_arguments());
  CHECK(made->with(99).bytes == bytes_of("99", R"({"id":98})"));
  CHECK(made->with(100).bytes == bytes_of("100", R"({"id":98})"));
  CHECK(made->with(7).bytes == bytes_of("7", R"({"id":98})"));
  for (const std::string arguments :
       {R"({})",
        R"({"text":"a longer one, so that the length has a digit more than before, )"
        R"(whatever the head may say of it"})",
        R"({"a":[1,2]})"}) {
    for (const std::int64_t id : {std::int64_t{1} << 32U, std::int64_t{1}, std::int64_t{42}}) {
      CAPTURE(arguments);
      CAPTURE(id);
      const auto& prepared = made->with(id, arguments);
      CHECK(prepared.bytes == bytes_of(std::to_string(id), arguments));
      CHECK(prepared.body_size == request(std::to_string(id), arguments).body.size());
    }
  }
}

TEST_CASE("call template: a request of another form is not learnt") {
  CHECK_FALSE(CallTemplate::learn(request("98", "{}"), "t", 97).has_value());
  CHECK_FALSE(CallTemplate::learn(request("\"98\"", "{}"), "t", 98).has_value());
  auto other = request("1", "{}");
  other.body = "[]";
  CHECK_FALSE(CallTemplate::learn(other, "t", 1).has_value());
  other.body = R"({"jsonrpc":"2.0","id":1,"method":"ping"})";
  auto ping = CallTemplate::learn(other, "t", 1);
  REQUIRE(ping.has_value());
  CHECK_FALSE(ping->takes_arguments());
  CHECK(ping->with(23456).bytes.ends_with(R"({"jsonrpc":"2.0","id":23456,"method":"ping"})"));
}

}  // namespace scenarios
