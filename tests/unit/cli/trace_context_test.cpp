#include "cli/trace_context.hpp"

#include <doctest/doctest.h>

#include "tests/unit/cli/fake_world.hpp"

namespace {
const std::string valid = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
}

TEST_CASE("trace context: what the environment holds is passed on") {
  FakeWorld fake;
  fake.variables = {{"TRACEPARENT", valid}, {"TRACESTATE", "vendor=1"}};
  for (const bool wanted : {false, true}) {
    const auto context = cli::trace_context(wanted, fake.world);
    CHECK(context.traceparent == valid);
    CHECK(context.tracestate == "vendor=1");
  }
}

TEST_CASE("trace context: a fresh one is well-formed and never the same") {
  const FakeWorld fake;
  const auto one = cli::trace_context(true, fake.world).traceparent;
  CHECK(cli::is_traceparent(one));
  CHECK(one != cli::trace_context(true, fake.world).traceparent);
  CHECK(cli::trace_context(false, fake.world).traceparent.empty());
}

TEST_CASE("trace context: one that is malformed counts as none, and its state too") {
  for (std::string text : {"00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                           "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
                           "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                           "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01", "x"}) {
    CAPTURE(text);
    CHECK_FALSE(cli::is_traceparent(text));
    FakeWorld fake;
    fake.variables = {{"TRACEPARENT", text}, {"TRACESTATE", "vendor=1"}};
    CHECK(cli::trace_context(false, fake.world).traceparent.empty());
    CHECK(cli::trace_context(true, fake.world).tracestate.empty());
  }
}
