#include "mcp/auth/challenge.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

namespace {

using Parameters = std::map<std::string, std::string>;

/// The parameters of the Bearer challenge; "none" stands for no challenge.
Parameters bearer(std::string_view field) {
  const auto challenge = mcp::find_bearer_challenge(field);
  return challenge ? challenge->parameters : Parameters{{"none", ""}};
}

const Parameters none = {{"none", ""}};

}  // namespace

TEST_CASE("challenge: the parameters of a Bearer challenge are read, names in lower case") {
  CHECK(bearer(R"(Bearer Realm="mcp", ERROR=invalid_token)") ==
        Parameters{{"realm", "mcp"}, {"error", "invalid_token"}});
}

TEST_CASE("challenge: the URL of the protected resource metadata is read") {
  const auto challenge = mcp::find_bearer_challenge(
      R"(Bearer resource_metadata="https://mcp.example.com/.well-known/oauth-protected-resource")");
  REQUIRE(challenge.has_value());
  CHECK(challenge->parameter("resource_metadata") ==
        "https://mcp.example.com/.well-known/oauth-protected-resource");
  CHECK_FALSE(challenge->parameter("scope").has_value());
}

TEST_CASE("challenge: the scheme is compared without case") {
  CHECK(bearer(R"(bEARER scope="a b")") == Parameters{{"scope", "a b"}});
}

TEST_CASE("challenge: a Bearer challenge without parameters is one") {
  CHECK(bearer("Bearer") == Parameters{});
  CHECK(bearer("Bearer , Basic realm=\"x\"") == Parameters{});
}

TEST_CASE("challenge: quoted strings keep commas, equal signs and escaped quotes") {
  CHECK(bearer(R"(Bearer error_description="no, \"a=b\" \\ c", error="x")") ==
        Parameters{{"error_description", R"(no, "a=b" \ c)"}, {"error", "x"}});
}

TEST_CASE("challenge: blanks around the equal sign and empty list elements are allowed") {
  CHECK(bearer(",, Bearer  realm = \"a\" ,, scope\t=\tb ,") ==
        Parameters{{"realm", "a"}, {"scope", "b"}});
}

TEST_CASE("challenge: the Bearer challenge is found behind others in the same field") {
  CHECK(bearer(R"(Basic realm="a, Bearer b", Digest nonce="x", qop=auth, Bearer scope=s)") ==
        Parameters{{"scope", "s"}});
  CHECK(bearer(R"(Negotiate, Bearer realm="m", Basic realm="b")") == Parameters{{"realm", "m"}});
}

TEST_CASE("challenge: a token68 of another scheme is passed over") {
  CHECK(bearer("Negotiate YII+/abc==, Bearer realm=m") == Parameters{{"realm", "m"}});
}

TEST_CASE("challenge: a Bearer challenge with a token68 is none") {
  CHECK(bearer("Bearer abc/def==") == none);
}

TEST_CASE("challenge: other schemes alone give none") {
  CHECK(bearer(R"(Basic realm="x")") == none);
  CHECK(bearer("") == none);
}

TEST_CASE("challenge: a malformed value gives none") {
  for (const char* garbage :
       {"Bearer realm=\"open", "Bearer realm=", "Bearer realm=\"a\" scope=b", "Bearer realm==",
        "Bearer =x", "Bearer/x", "<html>", "Bearer realm=\"a\", realm=\"b\"", "Bearer realm=a b",
        "Bearer realm=\"a\\", "{\"error\":1}", "Bearer realm=\"a\x01\"", "Bearer a=b, @"}) {
    CAPTURE(garbage);
    CHECK(bearer(garbage) == none);
  }
}
