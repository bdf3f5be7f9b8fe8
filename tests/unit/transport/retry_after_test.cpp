#include "mcp/transport/retry_after.hpp"

#include <doctest/doctest.h>

namespace {

std::optional<std::int64_t> wait(const char* retry_after, const char* date = nullptr) {
  mcp::HttpResponseHead head{.status = 503, .headers = {{"retry-after", retry_after}}};
  if (date != nullptr) head.headers.push_back({"Date", date});
  return mcp::retry_after_seconds(head);
}

}  // namespace

TEST_CASE("retry after: a number of seconds is taken as it is") {
  CHECK(wait("120") == 120);
  CHECK(wait(" 0 ") == 0);
}

TEST_CASE("retry after: a date is taken relative to the answer's own date") {
  CHECK(wait("Sun, 06 Nov 1994 08:50:07 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == 30);
  CHECK(wait("Mon, 07 Nov 1994 00:00:00 GMT", "Sun, 06 Nov 1994 23:59:59 GMT") == 1);
}

TEST_CASE("retry after: the two obsolete forms of a date are read") {
  CHECK(wait("Sunday, 06-Nov-94 08:50:07 GMT", "Sun Nov  6 08:49:37 1994") == 30);
}

TEST_CASE("retry after: a date in the past means now") {
  CHECK(wait("Sun, 06 Nov 1994 08:00:00 GMT", "Sun, 06 Nov 1994 08:49:37 GMT") == 0);
}

TEST_CASE("retry after: a date without the answer's own date is of no use") {
  CHECK_FALSE(wait("Sun, 06 Nov 1994 08:50:07 GMT").has_value());
}

TEST_CASE("retry after: garbage is of no use") {
  for (const char* garbage : {"", "soon", "-5", "1.5", "99999999999999999999", "Sun, 32 Nov 1994",
                              "Sun, 31 Feb 1994 08:50:07 GMT", "Sun, 06 Nov 1994 25:50:07 GMT"}) {
    CAPTURE(garbage);
    CHECK_FALSE(wait(garbage, "Sun, 06 Nov 1994 08:49:37 GMT").has_value());
  }
}

TEST_CASE("retry after: an answer without the field has none") {
  CHECK_FALSE(mcp::retry_after_seconds({.status = 503, .headers = {}}).has_value());
}
