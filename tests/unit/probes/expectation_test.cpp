#include "probes/health/expectation.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace {

const mcp::Json result = nlohmann::json::parse(R"({
  "content": [{"type": "text", "text": "5"}, {"type": "image", "data": ""},
              {"type": "text", "text": "two\nlines"}],
  "structuredContent": {"sum": 5, "a/b": true, "m~n": null, "=": 1}})");

std::string mismatch(const std::string& text) {
  const auto expectation = probes::Expectation::parse(text);
  REQUIRE(expectation.has_value());
  return expectation->mismatch(result);
}

}  // namespace

TEST_CASE("expectation: a JSON value is compared as JSON") {
  CHECK(mismatch("/structuredContent/sum=5") == "");
  CHECK(mismatch("/structuredContent/sum=5.0") == "");
  CHECK(mismatch("/structuredContent/sum=6") == "/structuredContent/sum: 5, expected 6");
  CHECK(mismatch(R"(/structuredContent={"sum":5,"a/b":true,"m~n":null,"=":1})") == "");
}

TEST_CASE("expectation: a string matches its text, though that is JSON of another type") {
  CHECK(mismatch("/content/0/text=5") == "");
  CHECK(mismatch("/content/0/text=\"5\"") == "");
  CHECK(mismatch("/content/0/text=five") == R"(/content/0/text: "5", expected "five")");
}

TEST_CASE("expectation: escapes of RFC 6901 are understood") {
  CHECK(mismatch("/structuredContent/a~1b=true") == "");
  CHECK(mismatch("/structuredContent/m~0n=null") == "");
}

TEST_CASE("expectation: a place that is not there is told") {
  for (const auto* text : {"/content/3=1", "/content/00=1", "/content/-=1", "/content/x=1",
                           "/nothing=1", "/content/0/text/0=1"}) {
    CAPTURE(text);
    CHECK(mismatch(text).ends_with(": nothing there, expected 1"));
  }
}

TEST_CASE("expectation: the empty pointer is the whole result") {
  CHECK(mismatch("=1").ends_with("expected 1"));
}

TEST_CASE("expectation: a server's text is escaped and cut") {
  const auto expectation = probes::Expectation::parse("/text=x");
  const mcp::Json long_text = nlohmann::json{{"text", "\x1b[31m" + std::string(1000, 'a')}};
  const auto told = expectation->mismatch(long_text);
  CHECK(told.find('\x1b') == std::string::npos);
  CHECK(told.size() < 150);
}

TEST_CASE("expectation: what is not POINTER=VALUE is a usage error") {
  for (const auto* text : {"", "/a", "a=1", "/a~2=1", "/a~=1"}) {
    CAPTURE(text);
    const auto expectation = probes::Expectation::parse(text);
    REQUIRE_FALSE(expectation.has_value());
    CHECK(expectation.error().kind == mcp::ErrorKind::usage);
  }
}

TEST_CASE("text pattern: it is searched for anywhere, as an extended expression") {
  const auto pattern = probes::TextPattern::parse("^two$|(a|b)+c");
  REQUIRE(pattern.has_value());
  CHECK(pattern->matches("xxabac"));
  CHECK(pattern->matches("two"));
  CHECK_FALSE(pattern->matches("three"));
}

TEST_CASE("text pattern: text with NUL is searched to its end") {
  const auto pattern = probes::TextPattern::parse("end");
  CHECK(pattern->matches(std::string_view("\0 the end", 9)));
}

TEST_CASE("text pattern: anchors stand for line ends, as in grep") {
  const auto pattern = probes::TextPattern::parse("^two.*$");
  CHECK(pattern->matches("one\ntwo\nthree"));
  CHECK_FALSE(pattern->matches("one two\nthree"));
}

TEST_CASE("text pattern: only the first part of an endless text is searched") {
  const auto pattern = probes::TextPattern::parse("c");
  const std::string text(probes::TextPattern::searched_bytes, 'a');
  CHECK_FALSE(pattern->matches(text + "c"));
  CHECK(pattern->matches(text.substr(1) + "c"));
}

TEST_CASE("text pattern: a mistake in the expression is a usage error that says what") {
  const auto pattern = probes::TextPattern::parse("(a");
  REQUIRE_FALSE(pattern.has_value());
  CHECK(pattern.error().kind == mcp::ErrorKind::usage);
  CHECK(pattern.error().message.starts_with("--expect-text: \"(a\": "));
}

TEST_CASE("result text: text blocks are joined, others are left out") {
  CHECK(probes::text_of_result(result) == "5\ntwo\nlines");
  CHECK(probes::text_of_result(nlohmann::json("x")) == "");
  CHECK(probes::text_of_result(nlohmann::json{{"content", {1, 2}}}) == "");
}
