#include "tests/server/modern_rules.hpp"

#include <doctest/doctest.h>

using mcp::testserver::decode_field;

TEST_CASE("header value: the examples of the specification decode to their originals") {
  CHECK(decode_field("us-west1") == "us-west1");
  CHECK(decode_field("=?base64?SGVsbG8sIOS4lueVjA==?=") == "Hello, \xE4\xB8\x96\xE7\x95\x8C");
  CHECK(decode_field("=?base64?IHBhZGRlZCA=?=") == " padded ");
  CHECK(decode_field("=?base64?bGluZTEKbGluZTI=?=") == "line1\nline2");
  CHECK(decode_field("=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=") == "=?base64?literal?=");
  CHECK(decode_field("") == "");
}

TEST_CASE("header value: what is neither plain ASCII nor base64 is malformed") {
  CHECK_FALSE(decode_field("\xC3\xA9").has_value());
  CHECK_FALSE(decode_field("a\x01").has_value());
  CHECK_FALSE(decode_field("=?base64?abc?=").has_value());
  CHECK_FALSE(decode_field("=?base64?a*==?=").has_value());
}
