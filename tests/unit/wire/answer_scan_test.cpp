#include "mcp/wire/answer_scan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <vector>

using namespace mcp;
using Shape = AnswerScan::Shape;

namespace {

Shape shape_of(const nlohmann::json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return Shape::absent;
  if (found->is_null()) return Shape::null;
  if (found->is_boolean()) return Shape::boolean;
  if (found->is_number()) return Shape::number;
  if (found->is_string()) return Shape::string;
  return found->is_array() ? Shape::array : Shape::object;
}

bool is_true(const nlohmann::json& object, const char* key, const char* inner) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_object()) return false;
  const auto member = found->find(inner);
  return member != found->end() && *member == true;
}

/// Where the scan and a full decoding disagree.
void check_agreement(const std::string& text) {
  CAPTURE(text);
  const auto scan = scan_answer(text);
  const auto value = nlohmann::json::parse(text, nullptr, false);
  REQUIRE(scan.valid == !value.is_discarded());
  if (!scan.valid || !value.is_object() || scan.is_ambiguous) return;
  CHECK(scan.result == shape_of(value, "result"));
  CHECK(scan.error == shape_of(value, "error"));
  CHECK(scan.has_method == value.contains("method"));
  CHECK(scan.is_error == is_true(value, "result", "isError"));
  CHECK(scan.is_version_2 == (value.contains("jsonrpc") && value["jsonrpc"] == "2.0"));
  CHECK(scan.id.empty() == !value.contains("id"));
  if (!scan.id.empty()) CHECK(nlohmann::json::parse(scan.id) == value["id"]);
  if (!scan.error_code.empty()) {
    CHECK(nlohmann::json::parse(scan.error_code) == value["error"]["code"]);
  }
}

/// Texts that hold something of each rule of the grammar.
const std::vector<std::string>& seeds() {
  static const std::vector<std::string> texts = {
      R"({"jsonrpc":"2.0","id":7,"result":{"content":[{"type":"text","text":"hi"}],"isError":false}})",
      R"({"jsonrpc":"2.0","id":"a-7","error":{"code":-32601,"message":"no \"such\" method"}})",
      R"( { "id" : null , "jsonrpc" : "2.0" , "result" : { } } )",
      R"({"jsonrpc":"2.0","method":"ping","id":1.5e3,"params":[true,false,null,[],{}]})",
      R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"x":"\u00e9\ud83d\ude00\n\/"}})",
      "{\"id\":1,\"result\":\"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xed\x9f\xbf\xf4\x8f\xbf\xbf\"}",
      R"({"id":1,"i\u0064":2,"result":{},"result":3})",
      R"([-0,0.5,-12.25E-3,1e308,123456789012345678901234567890,"",[[[[]]]],{"a":{"b":{}}}])",
  };
  return texts;
}

}  // namespace

TEST_CASE("answer scan: a result, with its id as it stands and its shape") {
  const std::string text = seeds()[0];
  const auto scan = scan_answer(text);
  CHECK(scan.is_answer());
  CHECK(scan.id == "7");
  CHECK(scan.result == Shape::object);
  CHECK_FALSE(scan.is_error);
  CHECK(scan_answer(seeds()[4]).is_error);
  CHECK(scan.result_type.empty());
  CHECK(scan_answer(R"({"result":{"resultType":"complete"}})").result_type == "\"complete\"");
  CHECK(scan_answer(R"({"result":{"resultType":1,"resultType":2}})").is_ambiguous);
}

TEST_CASE("answer scan: an error, with its code") {
  const auto scan = scan_answer(seeds()[1]);
  CHECK(scan.is_answer());
  CHECK(scan.id == "\"a-7\"");
  CHECK(scan.error == Shape::object);
  CHECK(scan.error_code == "-32601");
}

TEST_CASE("answer scan: what is JSON and no answer") {
  for (const std::string text :
       {"[]", "7", "{}", R"({"jsonrpc":"2.0","id":1})", R"({"jsonrpc":"2.0","result":{}})",
        R"({"id":1,"result":{}})", R"({"jsonrpc":"1.0","id":1,"result":{}})",
        R"({"jsonrpc":"2.0","id":1,"result":{},"error":{}})",
        R"({"jsonrpc":"2.0","id":1,"method":"x","result":{}})"}) {
    CAPTURE(text);
    const auto scan = scan_answer(text);
    CHECK(scan.valid);
    CHECK_FALSE(scan.is_answer());
  }
}

TEST_CASE("answer scan: repeated members and keys with escapes need the whole decoder") {
  CHECK(scan_answer(R"({"jsonrpc":"2.0","id":1,"id":2,"result":{}})").is_ambiguous);
  CHECK(scan_answer(R"({"jsonrpc":"2.0","id":1,"result":{"isError":true,"isError":false}})")
            .is_ambiguous);
  CHECK(scan_answer(R"({"jsonrpc":"2.0","id":1,"result":{"is\u0045rror":true}})").is_ambiguous);
  CHECK(scan_answer(R"({"jsonrpc":"2.0","i\u0064":1,"result":{}})").is_ambiguous);
  CHECK_FALSE(scan_answer(R"({"jsonrpc":"2.0","id":1,"result":{"a":{"\u0045":1}}})").is_ambiguous);
}

TEST_CASE("answer scan: nesting is bounded") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(scan_answer(nested(256)).valid);
  CHECK_FALSE(scan_answer(nested(257)).valid);
  CHECK_FALSE(scan_answer(std::string(1'000'000, '[')).valid);
  const std::string result = R"({"jsonrpc":"2.0","id":1,"result":{"a":)";
  CHECK(scan_answer(result + nested(254) + "}}").valid);
  CHECK_FALSE(scan_answer(result + nested(255) + "}}").valid);
}

TEST_CASE("answer scan: it agrees with nlohmann on texts that are JSON and that are not") {
  for (const auto& text : seeds()) check_agreement(text);
  for (const std::string text : {"",
                                 " ",
                                 "{",
                                 "}",
                                 "[1,]",
                                 "{\"a\":1,}",
                                 "{\"a\" 1}",
                                 "{a:1}",
                                 "01",
                                 "-",
                                 "1.",
                                 ".5",
                                 "1e",
                                 "1e+",
                                 "+1",
                                 "1e999",
                                 "-1e999",
                                 "0e999",
                                 "1e-999",
                                 "nul",
                                 "truefalse",
                                 "\"",
                                 "\"\\",
                                 "\"\\x\"",
                                 "\"\\u12g4\"",
                                 "\"\\ud800\"",
                                 "\"\\udc00\"",
                                 "\"\\ud800\\u0041\"",
                                 "\"\x1f\"",
                                 "\"\x7f\"",
                                 "\"\x80\"",
                                 "\"\xc0\xaf\"",
                                 "\"\xe0\x80\x80\"",
                                 "\"\xed\xa0\x80\"",
                                 "\"\xf4\x90\x80\x80\"",
                                 "\"\xc3\"",
                                 "\xef\xbb\xbf{}",
                                 "\xef\xbb{}",
                                 "{}x",
                                 "{} {}",
                                 "\v1"}) {
    check_agreement(text);
  }
  check_agreement(std::string(400, '9'));
  check_agreement(std::string(200, '9'));
}

TEST_CASE("answer scan: it agrees with nlohmann on texts with random damage") {
  std::mt19937 random(20250618);
  const auto below = [&](std::size_t bound) { return random() % bound; };
  const std::string bytes =
      "{}[]\",:\\ u0123456789abcdefEe+-.tfn\x1f\x80\xc3\xa9\xed\xf4 isErrorid";
  for (int round = 0; round < 60'000; ++round) {
    auto text = seeds()[below(seeds().size())];
    for (auto damage = below(4); damage > 0 && !text.empty(); --damage) {
      const auto at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = bytes[below(bytes.size())];
          break;
        case 1:
          text.insert(at, 1, bytes[below(bytes.size())]);
          break;
        case 2:
          text.erase(at, 1 + below(3));
          break;
        default:
          text.resize(at);
          break;
      }
    }
    check_agreement(text);
  }
}
