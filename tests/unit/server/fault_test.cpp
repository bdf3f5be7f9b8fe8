#include "tests/server/fault.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace std::chrono_literals;
using mcp::testserver::Fault;
using mcp::testserver::parse_fault;

namespace {

std::string problem(std::string_view spec) {
  const auto fault = parse_fault(spec);
  return fault ? std::string() : fault.error().message;
}

}  // namespace

TEST_CASE("fault: a kind alone strikes always") {
  const auto fault = parse_fault("wrong-id").value();
  CHECK(fault.kind == Fault::Kind::wrong_id);
  CHECK(fault.probability == 1);
  CHECK(fault.fits("anything"));
}

TEST_CASE("fault: the main parameter may stand without its name") {
  CHECK(parse_fault("delay:200ms")->time == 200ms);
  CHECK(parse_fault("delay:time=200ms")->time == 200ms);
  CHECK(parse_fault("stall:10")->bytes == 10);
  CHECK(parse_fault("huge:2m")->bytes == 2UL * 1024 * 1024);
  CHECK(parse_fault("rpc-error:-32000")->number == -32000);
}

TEST_CASE("fault: parameters have defaults") {
  CHECK(parse_fault("stall")->bytes == 0);
  CHECK_FALSE(parse_fault("truncate")->bytes_given);
  CHECK(parse_fault("huge")->bytes == 100UL * 1024 * 1024);
  CHECK(parse_fault("deep")->number == 100'000);
  CHECK(parse_fault("rpc-error")->number == -32603);
}

TEST_CASE("fault: a status takes a body, headers and Retry-After, with bytes escaped by percent") {
  const auto fault =
      parse_fault("status:503,retry-after=3,body=a%2Cb%40c,type=text/plain,header=X-A: b=c")
          .value();
  CHECK(fault.number == 503);
  CHECK(fault.text == "a,b@c");
  const mcp::HeaderList wanted{{.name = "Retry-After", .value = "3"},
                               {.name = "Content-Type", .value = "text/plain"},
                               {.name = "X-A", .value = "b=c"}};
  CHECK(fault.headers == wanted);
}

TEST_CASE("fault: conditions come behind the at sign") {
  const auto fault = parse_fault("reset:0@method=tools/*,p=0.25,every=3,from=2,until=9,after=10s");
  CHECK(fault->method == "tools/*");
  CHECK(fault->probability == 0.25);
  CHECK(fault->every == 3);
  CHECK(fault->from == 2);
  CHECK(fault->until == 9);
  CHECK(fault->after == 10s);
  CHECK(fault->fits("tools/list"));
  CHECK_FALSE(fault->fits("ping"));
}

TEST_CASE("fault: the tool list changes after N requests for tools") {
  const auto fault = parse_fault("tools-change:after=3").value();
  CHECK(fault.from == 4);
  CHECK(fault.method == "tools/*");
}

TEST_CASE("fault: what is wrong is named") {
  CHECK(problem("stahl:10") == "fault \"stahl:10\": there is no \"stahl\"");
  CHECK(problem("delay") == "fault \"delay\": needs time=");
  CHECK(problem("delay:soon") == "fault \"delay:soon\": bad value in \"soon\"");
  CHECK(problem("stall:speed=3") == "fault \"stall:speed=3\": unknown parameter \"speed=3\"");
  CHECK(problem("wrong-id:3") == "fault \"wrong-id:3\": unknown parameter \"3\"");
  CHECK(problem("status:99") == "fault \"status:99\": code must be from 200 to 599");
  CHECK(problem("reset@p=2") == "fault \"reset@p=2\": bad condition \"p=2\"");
  CHECK(problem("reset@often=1") == "fault \"reset@often=1\": bad condition \"often=1\"");
  CHECK(problem("reset@every=0") == "fault \"reset@every=0\": bad condition \"every=0\"");
}
