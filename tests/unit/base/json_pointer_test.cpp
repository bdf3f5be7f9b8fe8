#include "mcp/base/json_pointer.hpp"

#include <doctest/doctest.h>

TEST_CASE("json pointer: a token's escapes stand for the tilde and the slash") {
  CHECK(mcp::unescape_token("") == "");
  CHECK(mcp::unescape_token("a~1b~0c") == "a/b~c");
  CHECK(mcp::unescape_token("~01") == "~1");
}

TEST_CASE("json pointer: nothing else may follow a tilde") {
  CHECK(mcp::unescape_token("a~") == std::nullopt);
  CHECK(mcp::unescape_token("a~2b") == std::nullopt);
}
