#include <doctest/doctest.h>

#include "mcp/transport/http_failure.hpp"
#include "tests/unit/transport/http_rig.hpp"

using namespace mcp;

TEST_CASE("bounds: a JSON answer longer than the limit is a limit error as soon as it is") {
  HttpRig rig;
  rig.endpoint.limits.body_bytes = 100;
  auto& exchange = rig.call(1);
  exchange.head(200, json_type);
  exchange.data(std::string(60, ' '));
  CHECK(rig.seen.lines.empty());
  exchange.data(std::string(60, ' '));
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [limit] tools/list: the answer is longer than the limit of 100 bytes"});
  CHECK(exchange.cancelled());
}

TEST_CASE("bounds: a JSON answer that is announced as longer than the limit is not fetched") {
  HttpRig rig;
  rig.endpoint.limits.body_bytes = 100;
  auto& exchange = rig.call(1);
  exchange.head(200, {{"Content-Type", "application/json"}, {"Content-Length", "101"}});
  CHECK(rig.seen.lines ==
        Lines{"failed 1 [limit] tools/list: the answer is longer than the limit of 100 bytes"});
  CHECK(exchange.cancelled());
}

TEST_CASE("bounds: an event longer than the limit is a limit error") {
  HttpRig rig;
  rig.endpoint.limits.sse.line_bytes = 100;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  exchange.data("data: " + std::string(101, 'x'));
  CHECK(rig.seen.error.kind == ErrorKind::limit);
  CHECK(exchange.cancelled());
}

TEST_CASE("bounds: comments without end are a limit error") {
  HttpRig rig;
  rig.endpoint.limits.keepalives_in_row = 1000;
  auto& exchange = rig.call(1);
  exchange.head(200, sse_type);
  for (int i = 0; i <= 1000; ++i) exchange.data(": still here\n\n");
  CHECK(rig.seen.error.kind == ErrorKind::limit);
  CHECK(exchange.cancelled());
}

TEST_CASE("bounds: JSON that is nested too deep is a limit error") {
  HttpRig rig;
  const std::string deep(100'000, '[');
  rig.call(1).answer_json(200, R"({"jsonrpc":"2.0","id":1,"result":)" + deep);
  CHECK(rig.seen.error.kind == ErrorKind::limit);
}

TEST_CASE("bounds: an error page without end is judged by its start") {
  HttpRig rig;
  auto& exchange = rig.call(1);
  exchange.head(500, {{"Content-Type", "text/html"}});
  exchange.data("<title>Oops</title>" + std::string(HttpAnswer::body_limit, 'x'));
  CHECK(rig.seen.lines == Lines{"failed 1 [http] tools/list: HTTP 500 Internal Server Error: an "
                                "HTML page titled \"Oops\""});
  CHECK(exchange.cancelled());
}
